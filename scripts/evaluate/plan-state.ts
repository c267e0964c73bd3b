/** Cluster states: a file of format `cluster-state/1` as a snapshot, its names and figures checked. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { ConfigurationError, type ConfigurationProblem, readDocument } from '../../src/configuration/index.js';
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

/** A name of a list that stands there a second time, or a guest's host that is not listed. */
const strayNames = (file: string, { hosts, vms }: ClusterState): readonly ConfigurationProblem[] => {
  const again = (list: string, ids: readonly string[]): readonly ConfigurationProblem[] => {
    const first = new Map<string, number>();
    return ids.flatMap((id, i) => {
      const before = first.get(id);
      if (before === undefined) first.set(id, i);
      return before === undefined
        ? []
        : [{ path: `${file}.${list}[${i}].id`, message: `${id} is the name of ${list}[${before}] already` }];
    });
  };
  const listed = new Set(hosts.map(({ id }) => id));
  return [
    ...again(
      'hosts',
      hosts.map(({ id }) => id),
    ),
    ...again(
      'vms',
      vms.map(({ id }) => id),
    ),
    ...vms.flatMap(({ id, host }, i) =>
      listed.has(host)
        ? []
        : [{ path: `${file}.vms[${i}].host`, message: `${id} stands on ${host}, which is not listed` }],
    ),
  ];
};

/**
 * Reads a file.
 *
 * @throws Error where the file is none or no JSON, {@link ConfigurationError} with every value that was not taken, by file and path
 */
export const readClusterState = (path: string): ClusterState => {
  const text = readFileSync(path, 'utf8').replace(/^\u{FEFF}/u, '');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    throw new Error(`${path}: is not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const state = readDocument(schema, content, path);
  const strays = strayNames(path, state);
  if (strays.length > 0) throw new ConfigurationError(strays);
  return state;
};

/** A state with its hosts and guests in the order of names, as a snapshot has them. */
export const byName = (state: ClusterState): ClusterState => {
  const order = (a: { readonly id: string }, b: { readonly id: string }): number =>
    a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
  return { ...state, hosts: [...state.hosts].sort(order), vms: [...state.vms].sort(order) };
};

/** The clock that readings are quoted at, so that a guest's use is the same wherever it runs, is that of its host. */
const none: readonly never[] = [];
const at = seconds(60);
const knowledge = { kind: 'fresh', at } as const;

/** What a guest's use reads as: nothing where it is more than its host has, which cannot have been measured. */
const useOf = (
  { cpuUse, vcpus }: ClusterState['vms'][number],
  host: ClusterState['hosts'][number] | undefined,
): { readonly cpu?: number } =>
  host === undefined || cpuUse > host.cpuCapacity ? {} : { cpu: cpuUse / (vcpus * (host.cpuCapacity / host.cores)) };

/** A cluster state as a snapshot: each guest's use as a share of its virtual processors, each host with one migration network. */
export const clusterOf = ({ hosts, vms }: ClusterState): Cluster => {
  const places = new Map(hosts.map((host) => [host.id, host]));
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
        ...useOf(vm, places.get(vm.host)),
        ...(vm.dirtyMiBs > 0 ? { dirty: { rate: mebibytesPerSecond(vm.dirtyMiBs), window: seconds(1) } } : {}),
      },
    })),
    migrations: none,
    past: none,
  };
};
