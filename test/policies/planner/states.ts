/** Small clusters for the tests of planners, of equal hosts and of guests by their loads and memories. */
import { type Cluster, gibibytes, type ObservedGuest, type ObservedHost } from '../../../src/model/index.js';
import { cpuCycles, loadState, type PlannerState, standardConstraints } from '../../../src/policies/index.js';

/** A guest: the share of a host's processors that it takes, and its memory in gibibytes. */
export type GuestOf = readonly [load: number, memory: number];

const knowledge = { kind: 'fresh', at: 0 } as const;

/** Hosts of 10 cores and so much memory for guests, with their guests. Names may be given another beginning. */
export const clusterOf = (hosts: readonly (readonly GuestOf[])[], memory = 64, name = ''): Cluster => ({
  at: 0,
  hosts: hosts.map((_, h): ObservedHost => ({
    id: `${name}host-${h}`,
    state: 'active',
    cpu: { clock: 1e9, cores: 10, threads: 10, architecture: 'x86_64' },
    memory: { total: gibibytes(memory), reserved: 0 },
    storage: [],
    networks: [{ role: 'migration', link: `link-${h}`, bandwidth: 1e9 }],
    devices: [],
    power: [],
    labels: {},
    knowledge,
    signals: {},
  })),
  guests: hosts.flatMap((guests, h) =>
    guests.map(([load, size], g): ObservedGuest => ({
      id: `${name}guest-${h}-${g}`,
      host: `${name}host-${h}`,
      vcpus: 10,
      memory: gibibytes(size),
      devices: [],
      labels: {},
      together: [],
      apart: [],
      pins: [],
      migratable: true,
      knowledge,
      signals: { cpu: load },
    })),
  ),
  migrations: [],
  past: [],
});

/** The state of a cluster by the standard constraints; a move of any guest takes a second. */
export const stateOf = (cluster: Cluster): PlannerState =>
  loadState(cluster, { resource: cpuCycles, constraints: standardConstraints, durationOf: () => 1000 }).state;
