/** Probes: the snapshots on which modules hang or fall: nothing at all, nothing to move, nowhere to go, little to know. */
import { type Cluster, gibibytes, gigahertz, type ObservedGuest, type ObservedHost } from '../../model/index.js';

const host = (id: string): ObservedHost => ({
  id,
  state: 'active',
  cpu: { clock: gigahertz(2), cores: 4, threads: 4, architecture: 'x86_64' },
  memory: { total: gibibytes(16), reserved: gibibytes(1) },
  storage: [{ id: 'shared', access: 'nfs' }],
  networks: [],
  devices: [],
  power: [],
  labels: {},
  knowledge: { kind: 'fresh', at: 0 },
  signals: {},
});

const guest = (id: string, on: string): ObservedGuest => ({
  id,
  host: on,
  vcpus: 1,
  memory: gibibytes(1),
  devices: [],
  image: { storage: 'shared' },
  labels: {},
  together: [],
  apart: [],
  pins: [],
  migratable: true,
  knowledge: { kind: 'fresh', at: 0 },
  signals: {},
});

const cluster = (hosts: readonly ObservedHost[], guests: readonly ObservedGuest[]): Cluster => ({
  at: 0,
  hosts,
  guests,
  migrations: [],
  past: [],
});

/** The snapshots on which modules hang or fall: nothing at all, nothing to move, nowhere to go, and one guest of whom nothing is known. */
export const probes: readonly Cluster[] = [
  cluster([], []),
  cluster([host('a')], []),
  cluster([host('a')], [guest('x', 'a')]),
  cluster([host('a'), host('b')], [guest('x', 'a'), guest('y', 'a')]),
];
