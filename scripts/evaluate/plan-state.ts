/** Cluster states: a file of format `cluster-state/1` as a snapshot, its names and figures checked. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { readDocument } from '../../src/configuration/index.js';
import {
  byName,
  type Cluster,
  mbps,
  mebibytes,
  mebibytesPerSecond,
  megahertz,
  seconds,
} from '../../src/model/index.js';
import { jsonOf } from './json-of.js';

const form = z.object({
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
export type ClusterState = z.infer<typeof form>;

/** Names are unique, and guests stand on hosts that are listed. */
const schema = form.superRefine(({ hosts, vms }, context) => {
  const refuse = (path: readonly (string | number)[], message: string): void => {
    context.addIssue({ code: 'custom', path: [...path], message });
  };
  for (const [list, things] of Object.entries({ hosts, vms })) {
    const first = new Map<string, number>();
    things.forEach(({ id }, i) => {
      const before = first.get(id);
      if (before === undefined) first.set(id, i);
      else refuse([list, i, 'id'], `${id} is the name of ${list}[${before}] already`);
    });
  }
  const listed = new Set(hosts.map(({ id }) => id));
  vms.forEach(({ id, host }, i) => {
    if (!listed.has(host)) refuse(['vms', i, 'host'], `${id} stands on ${host}, which is not listed`);
  });
});

/**
 * Reads a file.
 *
 * @throws Error where the file is none or no JSON, ConfigurationError with every value that was not taken, by file and path
 */
export const readClusterState = (path: string): ClusterState =>
  readDocument(schema, jsonOf(path, readFileSync(path, 'utf8')), path);

/** A state with its hosts and guests in the order of names, as a snapshot has them. */
export const inOrder = (state: ClusterState): ClusterState => {
  const order = (a: { readonly id: string }, b: { readonly id: string }): number => byName(a.id, b.id);
  return { ...state, hosts: [...state.hosts].sort(order), vms: [...state.vms].sort(order) };
};

const none: readonly never[] = [];
const at = seconds(60);
const knowledge = { kind: 'fresh', at } as const;

/**
 * What a guest's use reads as: nothing where it is more than its host has, which cannot have been measured. Readings are quoted at the
 * clock of the host, so that a guest's use is the same wherever it runs.
 */
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
