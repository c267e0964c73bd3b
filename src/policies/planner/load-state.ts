/** Loads a state: reads hosts and guests of a snapshot into numbers, and leaves out what is not known. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the snapshot by construction */
import {
  type Cluster,
  guestMemory,
  guestSubject,
  holds,
  type HostId,
  hostSubject,
  lookFor,
  type ObservedGuest,
  type ObservedHost,
  type PassedOver,
  type Unknown,
  unknown,
} from '../../model/index.js';
import type { Constraint } from '../constraint.js';
import { notFresh } from '../constraints/known.js';
import type { Resource } from '../phases/load.js';
import { admission } from './admission.js';
import { latelyOf } from './lately.js';
import { insertSorted, type State } from './state.js';
import { membersOf, tiesOf } from './ties.js';
import { join, movableUnits } from './units.js';

/** What a state is made by. */
export interface Reading {
  readonly resource: Resource;
  readonly constraints: readonly Constraint[];
  /** How long a move of a guest is expected to take, in milliseconds; infinite where nobody knows. */
  readonly durationOf: (guest: ObservedGuest, from: ObservedHost) => number;
}

/** A state, and the hosts that take no part with the reasons. */
export interface Loaded {
  readonly state: State;
  readonly passedOver: readonly PassedOver[];
}

const rule = 'planner';

/** The reading of a guest, or -1 where it is not known. */
const readingOf = ({ knowledge, signals }: ObservedGuest, name: string): number => {
  const value = signals[name];
  return knowledge.kind === 'fresh' && typeof value === 'number' && value >= 0 && value < Infinity ? value : -1;
};

const whyNot = (guest: ObservedGuest, name: string): readonly Unknown[] => {
  const subject = guestSubject(guest.id);
  return guest.knowledge.kind === 'fresh'
    ? [unknown({ rule, subject, measure: name, why: 'not measured' })]
    : notFresh(rule, subject, guest.knowledge);
};

/** Reads a snapshot whose hosts and guests are in the order of names. */
export const loadState = (cluster: Cluster, { resource, constraints, durationOf }: Reading): Loaded => {
  const { hosts: all, guests, migrations } = cluster;
  const number = new Map<HostId, number>();
  for (let h = 0; h < all.length; h++) number.set(all[h]!.id, h);
  const going = new Map(migrations.map((migration) => [migration.guest, migration]));
  const load = new Float64Array(all.length);
  const taken = new Float64Array(all.length);
  const on: number[][] = all.map(() => []);
  const against: (Unknown[] | undefined)[] = all.map(({ id, knowledge }) =>
    knowledge.kind === 'fresh' ? undefined : [...notFresh(rule, hostSubject(id), knowledge)],
  );
  const tell = (host: number, because: readonly Unknown[]): void => {
    if (against[host]) against[host].push(...because);
    else against[host] = [...because];
  };
  const count = guests.length;
  const guestLoad = new Float64Array(count);
  const memory = new Float64Array(count);
  const guestHost = new Int32Array(count);
  const movable = new Uint8Array(count);
  for (let g = 0; g < count; g++) {
    const guest = guests[g]!;
    const host = number.get(guest.host) ?? -1;
    guestHost[g] = host;
    memory[g] = guest.memory;
    if (host >= 0) taken[host] = taken[host]! + guest.memory;
    const migration = going.size === 0 ? undefined : going.get(guest.id);
    const end = migration === undefined ? host : (number.get(migration.to) ?? -1);
    if (migration !== undefined && end >= 0 && end !== host) taken[end] = taken[end]! + guest.memory;
    const reading = readingOf(guest, resource.name);
    if (reading < 0 || host < 0) {
      if (end >= 0)
        tell(
          end,
          host < 0
            ? [unknown({ rule, subject: guestSubject(guest.id), measure: 'host', why: 'not in the inventory' })]
            : whyNot(guest, resource.name),
        );
      continue;
    }
    const own = resource.taken(reading, guest, all[host]!);
    guestLoad[g] = own;
    if (end >= 0) load[end] = load[end]! + own;
    if (guest.migratable && migration === undefined) {
      movable[g] = 1;
      insertSorted(on[host]!, g, guestLoad);
    }
  }
  const known = new Set<string>();
  if (migrations.length > 0) for (const { id } of guests) known.add(id);
  for (const { guest, to } of migrations) {
    const end = number.get(to);
    if (end !== undefined && !known.has(guest))
      tell(end, [unknown({ rule, subject: guestSubject(guest), measure: resource.name, why: 'not in the inventory' })]);
  }
  const capacity = Float64Array.from(all, (host) => resource.capacity(host));
  const room = Float64Array.from(all, guestMemory);
  const passedOver: PassedOver[] = [];
  const kept: number[] = [];
  all.forEach(({ id, state: value }, h) => {
    const subject = hostSubject(id);
    if (value !== 'active')
      passedOver.push({ subject, because: [lookFor({ rule, subject, measure: 'state', value, among: ['active'] })] });
    else if (against[h]) passedOver.push({ subject, because: against[h].filter((reason) => !holds(reason)) });
    else kept.push(h);
  });
  const units = movableUnits(cluster, constraints, guests, movable);
  join(units, { guestLoad, guestMemory: memory, guestHost, movable, on });
  const ties = tiesOf(guests, units);
  const grouped = new Uint8Array(count);
  for (const g of ties.keys()) grouped[g] = 1;
  let waits: Float64Array | undefined;
  const led = new Set([...units.values()].flatMap(([, ...others]) => others));
  // Guests that leave together share the way, so they take as long as one after the other.
  const durations = (): Float64Array =>
    (waits ??= Float64Array.from(guests, (_, g) => {
      const host = all[guestHost[g]!];
      if (led.has(g)) return 0;
      return host ? membersOf(units, g).reduce((sum, member) => sum + durationOf(guests[member]!, host), 0) : Infinity;
    }));
  const whole = { guests, guestLoad, guestMemory: memory, movable, units, ties, grouped, durations };
  if (kept.length === all.length) {
    const admitted = admission(cluster, constraints, all, guests, units);
    const lately = latelyOf(cluster, (host) => number.get(host));
    return {
      state: { ...whole, ...admitted, hosts: all, capacity, room, load, taken, guestHost, on, lately },
      passedOver,
    };
  }
  // Hosts that take no part are left out, so that no search has to ask.
  const place = new Int32Array(all.length).fill(-1);
  kept.forEach((h, i) => (place[h] = i));
  const hosts = kept.map((h) => all[h]!);
  const pick = (values: Float64Array): Float64Array => Float64Array.from(kept, (h) => values[h]!);
  return {
    state: {
      ...whole,
      hosts,
      capacity: pick(capacity),
      room: pick(room),
      load: pick(load),
      taken: pick(taken),
      guestHost: guestHost.map((h) => (h < 0 ? -1 : place[h]!)),
      on: kept.map((h) => on[h]!),
      lately: latelyOf(cluster, (host) => {
        const h = number.get(host);
        return h === undefined || place[h]! < 0 ? undefined : place[h];
      }),
      ...admission(cluster, constraints, hosts, guests, units),
    },
    passedOver,
  };
};
