/** Admission: what the constraints say of a guest and a host, in constant time for guests of which nothing special is asked. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { type Cluster, holds, lookup, type ObservedGuest, type ObservedHost } from '../../model/index.js';
import { type Constraint, refusals } from '../constraint.js';
import { enoughMemory } from '../constraints/memory.js';
import { standardConstraints } from '../constraints/standard.js';
import { judgeUnit } from '../leaving.js';
import type { State } from './state.js';
import type { GuestUnits } from './ties.js';

/** Whether the standard constraints ask nothing of a guest but memory, cores and an architecture. */
const isPlain = ({ cpuModel, devices, image, apart, together, pins }: ObservedGuest): boolean =>
  cpuModel === undefined &&
  image === undefined &&
  devices.length === 0 &&
  apart.length === 0 &&
  together.length === 0 &&
  pins.length === 0;

/**
 * Judges a guest and a host by all constraints but memory, which is counted as the plan grows. The hosts and the guests in
 * question are freshly known and active, and the guests at rest; so for the standard constraints and a guest without special
 * needs only cores and architecture are left. For everything else the constraints themselves are asked, once for each pair.
 */
export const admission = (
  cluster: Cluster,
  constraints: readonly Constraint[],
  hosts: readonly ObservedHost[],
  guests: readonly ObservedGuest[],
  units: GuestUnits,
): Pick<State, 'admits' | 'plain'> => {
  const standard =
    constraints === standardConstraints || standardConstraints.every((each) => constraints.includes(each));
  const plainly = standard && constraints.length === standardConstraints.length;
  const architectures = new Map<string, number>();
  const kinds = Int32Array.from(hosts, ({ cpu }) => {
    const known = architectures.get(cpu.architecture);
    if (known !== undefined) return known;
    architectures.set(cpu.architecture, architectures.size);
    return architectures.size - 1;
  });
  const cores = Int32Array.from(hosts, ({ cpu }) => cpu.cores);
  const vcpus = Int32Array.from(guests, (guest) => guest.vcpus);
  const asked = constraints.filter((constraint) => constraint !== enoughMemory);
  const plain = Uint8Array.from(guests, (guest) => (plainly && isPlain(guest) ? 1 : 0));
  const uniform = architectures.size <= 1;
  const answers = new Map<number, boolean>();
  const ask = (guest: number, host: number): boolean => {
    const key = guest * hosts.length + host;
    const known = answers.get(key);
    if (known !== undefined) return known;
    const from = lookup(cluster).host(guests[guest]!.host);
    const [one, to, unit] = [guests[guest]!, hosts[host]!, units.get(guest)];
    const members = unit?.map((member) => guests[member]!);
    const answer =
      from !== undefined &&
      (members
        ? judgeUnit(asked, members, from, to, cluster).every((reasons) => reasons.every(holds))
        : refusals(asked, { guest: one, from, to }, cluster).length === 0);
    answers.set(key, answer);
    return answer;
  };
  const architectureOf = new Map(uniform ? [] : hosts.map(({ id }, h) => [id, kinds[h]!]));
  const admits: State['admits'] = (guest, host) =>
    plain[guest] === 1
      ? cores[host]! >= vcpus[guest]! && (uniform || architectureOf.get(guests[guest]!.host) === kinds[host])
      : ask(guest, host);
  // Where hosts differ in architecture, or some have fewer cores than a guest needs, not every host is open to it.
  const fewest = cores.reduce((least, each) => Math.min(least, each), Infinity);
  return { admits, plain: plain.map((each, g) => (each === 1 && uniform && vcpus[g]! <= fewest ? 1 : 0)) };
};
