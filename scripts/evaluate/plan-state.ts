/** Cluster states: a file of format `cluster-state/1` as a snapshot, its names and figures checked. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { type Cluster, mbps, mebibytes, mebibytesPerSecond, megahertz, seconds } from '../../src/model/index.js';

const schema = z.object({
  format: z.literal('cluster-state/1'),
  hosts: z.array(
    z.object({
      id: z.string(),
      cores: z.number().positive(),
      mhz: z.number().positive(),
      cpuCapacity: z.number().positive(),
      memMiB: z.number().positive(),
      memReservedMiB: z.number().nonnegative(),
      linkMbps: z.number().positive(),
    }),
  ),
  vms: z.array(
    z.object({
      id: z.string(),
      host: z.string(),
      vcpus: z.number().positive(),
      cpuUse: z.number().nonnegative(),
      memMiB: z.number().positive(),
      dirtyMiBs: z.number().nonnegative(),
      /** What a move of it weighs, 1 for one like any other. */
      priority: z.exactOptional(z.number().nonnegative()),
    }),
  ),
});

/** A cluster state as it stands in its file. */
export type ClusterState = z.infer<typeof schema>;

/**
 * Reads a file.
 *
 * @throws Error where the file is none, names a host that it does not list, or lists a name twice
 */
export const readClusterState = (path: string): ClusterState => {
  const state = schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  const hosts = new Set(state.hosts.map(({ id }) => id));
  const stray = state.vms.find(({ host }) => !hosts.has(host));
  if (stray) throw new Error(`${path}: ${stray.id} stands on ${stray.host}, which is not listed`);
  if (hosts.size < state.hosts.length || new Set(state.vms.map(({ id }) => id)).size < state.vms.length)
    throw new Error(`${path}: a name is listed twice`);
  return state;
};

/** The clock that readings are quoted at, so that a guest's use is the same wherever it runs, is that of its host. */
const none: readonly never[] = [];
const at = seconds(60);
const knowledge = { kind: 'fresh', at } as const;

/** A cluster state as a snapshot: each guest's use as a share of its virtual processors, each host with one migration network. */
export const clusterOf = ({ hosts, vms }: ClusterState): Cluster => {
  const clocks = new Map(hosts.map(({ id, cpuCapacity, cores }) => [id, cpuCapacity / cores]));
  return {
    at,
    hosts: hosts.map((host) => ({
      id: host.id,
      state: 'active',
      cpu: {
        clock: megahertz(host.cpuCapacity / host.cores),
        cores: host.cores,
        threads: host.cores,
        architecture: 'x86_64',
      },
      memory: { total: mebibytes(host.memMiB), reserved: mebibytes(host.memReservedMiB) },
      storage: none,
      networks: [{ role: 'migration', link: `link ${host.id}`, bandwidth: mbps(host.linkMbps) }],
      devices: none,
      power: none,
      labels: {},
      knowledge,
      signals: {},
    })),
    guests: vms.map((vm) => ({
      id: vm.id,
      host: vm.host,
      vcpus: vm.vcpus,
      memory: mebibytes(vm.memMiB),
      devices: none,
      labels: {},
      together: none,
      apart: none,
      pins: none,
      migratable: true,
      knowledge,
      signals: {
        cpu: vm.cpuUse / (vm.vcpus * (clocks.get(vm.host) ?? 1)),
        ...(vm.dirtyMiBs > 0 ? { dirty: { rate: mebibytesPerSecond(vm.dirtyMiBs), window: seconds(1) } } : {}),
      },
    })),
    migrations: none,
    past: none,
  };
};
