/** Cluster states made from a seed, for benchmarks of planners, and how they are timed. */
import {
  type Cluster,
  gbps,
  gibibytes,
  gigahertz,
  mebibytes,
  type ObservedGuest,
  type ObservedHost,
} from '../../src/model/index.js';
import { numbersFrom } from '../../scripts/numbers.js';
import { cpuCycles, loadState, type PlannerState, standardConstraints } from '../../src/policies/index.js';

/** `random`: guests placed blindly; `tight`: so that memory is nine tenths full as well. */
export type Shape = 'random' | 'tight';

const cores = 32;
const knowledge = { kind: 'fresh', at: 0 } as const;

const named = (kind: string, i: number): string => `${kind}-${String(i).padStart(5, '0')}`;

/** So many equal hosts, and ten times as many guests of 1 to 16 virtual processors. */
export const stateOf = (hosts: number, shape: Shape, seed: number): Cluster => {
  const next = numbersFrom(seed);
  const memory = new Float64Array(hosts);
  const room = gibibytes(252);
  const guests = Array.from({ length: hosts * 10 }, (_, i): ObservedGuest => {
    const vcpus = 2 ** Math.floor(next() * 4.2);
    const size = gibibytes(vcpus * 2 * 2 ** Math.floor(next() * 2));
    const used = 0.05 + 0.9 * next();
    let host = Math.floor(next() * hosts);
    while ((memory[host] ?? 0) + size > room * 0.9) host = (host + 1) % hosts;
    memory[host] = (memory[host] ?? 0) + size;
    return {
      id: named('guest', i),
      host: named('host', host),
      vcpus,
      memory: size,
      devices: [],
      labels: {},
      together: [],
      apart: [],
      pins: [],
      migratable: true,
      knowledge,
      signals: { cpu: used },
    };
  });
  // Every guest grows until its host is nine tenths full.
  const grown = ({ memory: size, ...guest }: ObservedGuest): ObservedGuest => {
    const full = (room * 0.92) / (memory[Number(guest.host.slice('host-'.length))] ?? 1);
    return { ...guest, memory: mebibytes(Math.max(256, Math.floor((size * full) / mebibytes(256)) * 256)) };
  };
  return {
    at: 0,
    hosts: Array.from({ length: hosts }, (_, i): ObservedHost => ({
      id: named('host', i),
      state: 'active',
      cpu: { clock: gigahertz(2.6), cores, threads: cores, architecture: 'x86_64' },
      memory: { total: room + gibibytes(4), reserved: gibibytes(4) },
      storage: [],
      networks: [{ role: 'migration', link: named('link', i), bandwidth: gbps(10) }],
      devices: [],
      power: [],
      labels: {},
      knowledge,
      signals: {},
    })),
    guests: shape === 'tight' ? guests.map(grown) : guests,
    migrations: [],
    past: [],
  };
};

/** The state of a cluster by the standard constraints. */
export const read = (cluster: Cluster): PlannerState =>
  loadState(cluster, { resource: cpuCycles, constraints: standardConstraints, durationOf: () => 1 }).state;

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Median of runs that are warm, in milliseconds; the warming lasts so many milliseconds at most. */
export const timed = (work: () => unknown, warming = 300): number => {
  const begun = performance.now();
  for (let i = 0; i < 5000 && performance.now() - begun < warming; i++) work();
  return median(
    Array.from({ length: 15 }, () => {
      const start = performance.now();
      work();
      return performance.now() - start;
    }),
  );
};
