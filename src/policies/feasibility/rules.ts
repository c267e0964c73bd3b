/** Rules of a placement: what every guest's place must keep, one item for each rule that could be lifted by itself. */
import {
  byName,
  type Cluster,
  guestMemory,
  type GuestId,
  type HostId,
  type ObservedGuest,
  type ObservedHost,
} from '../../model/index.js';
import { type Constraint, refusals } from '../constraint.js';
import { sameArchitecture } from '../constraints/architecture.js';
import { enoughCores } from '../constraints/cores.js';
import { sameCpuModel } from '../constraints/cpu-model.js';
import { devicesPresent } from '../constraints/devices.js';
import { imageReachable } from '../constraints/image.js';

/** A rule that a placement must keep, as plain data: what kind it is and whom it binds. */
export type PlacementRule =
  /** Members of the group stand on one host, or on different ones. */
  | { readonly kind: 'together' | 'apart'; readonly group: string; readonly guests: readonly GuestId[] }
  /** The guest stands on one of these hosts. */
  | { readonly kind: 'pins'; readonly guest: GuestId; readonly hosts: readonly HostId[] }
  /** The guest may not be moved from its host. */
  | { readonly kind: 'fixed'; readonly guest: GuestId; readonly host: HostId }
  /** The host carries no guests: it is draining, failing or off. */
  | { readonly kind: 'state'; readonly host: HostId; readonly state: ObservedHost['state'] }
  /** Guests fit into the memory of their hosts. */
  | { readonly kind: 'memory' }
  /** The guest cannot stand on these hosts for what it needs: devices, cores, an image, another processor. */
  | { readonly kind: 'needs'; readonly name: string; readonly guest: GuestId; readonly without: readonly HostId[] };

const grouped = (guests: readonly ObservedGuest[], kind: 'together' | 'apart'): readonly PlacementRule[] => {
  const members = new Map<string, GuestId[]>();
  for (const guest of guests)
    for (const group of guest[kind]) {
      const there = members.get(group);
      if (there) there.push(guest.id);
      else members.set(group, [guest.id]);
    }
  return [...members]
    .filter(([, ids]) => ids.length > 1)
    .sort(([a], [b]) => byName(a, b))
    .map(([group, ids]) => ({ kind, group, guests: ids }));
};

/** Rules that depend on the guest and the host alone. */
const fitting: readonly Constraint[] = [sameArchitecture, sameCpuModel, enoughCores, devicesPresent, imageReachable];

const needsOf = (guest: ObservedGuest, { hosts }: Cluster): readonly PlacementRule[] => {
  const from = hosts.find(({ id }) => id === guest.host);
  if (!from) return [];
  const none: Cluster = { at: 0, hosts: [], guests: [], migrations: [], past: [] };
  return fitting.flatMap((constraint): readonly PlacementRule[] => {
    const without = hosts
      .filter((to) => to !== from && refusals([constraint], { guest, from, to }, none).length > 0)
      .map(({ id }) => id);
    return without.length > 0 ? [{ kind: 'needs', name: constraint.name, guest: guest.id, without }] : [];
  });
};

/** All rules that bind the guests of a snapshot. */
export const rulesOf = (cluster: Cluster): readonly PlacementRule[] => [
  ...grouped(cluster.guests, 'together'),
  ...grouped(cluster.guests, 'apart'),
  ...cluster.guests.flatMap((guest): readonly PlacementRule[] => [
    ...(guest.pins.length > 0 ? [{ kind: 'pins' as const, guest: guest.id, hosts: guest.pins }] : []),
    ...(guest.migratable ? [] : [{ kind: 'fixed' as const, guest: guest.id, host: guest.host }]),
    ...needsOf(guest, cluster),
  ]),
  ...cluster.hosts.flatMap(({ id, state }): readonly PlacementRule[] =>
    state === 'active' ? [] : [{ kind: 'state', host: id, state }],
  ),
  ...(cluster.guests.length > 0 ? [{ kind: 'memory' as const }] : []),
];

/** A rule in words. */
export const sayRule = (rule: PlacementRule, { hosts, guests }: Cluster): string => {
  switch (rule.kind) {
    case 'together':
      return `${rule.guests.join(', ')} together (${rule.group})`;
    case 'apart':
      return `${rule.guests.join(', ')} apart (${rule.group})`;
    case 'pins':
      return `${rule.guest} only on ${rule.hosts.join(', ')}`;
    case 'fixed':
      return `${rule.guest} not to be moved from ${rule.host}`;
    case 'state':
      return `${rule.host} ${rule.state}`;
    case 'memory': {
      const wanted = guests.reduce((sum, { memory }) => sum + memory, 0);
      const there = hosts.reduce((sum, host) => sum + guestMemory(host), 0);
      return `memory (${Math.round(wanted / 1024 ** 2)} MiB wanted of ${Math.round(there / 1024 ** 2)} MiB in all, host by host)`;
    }
    case 'needs':
      return `${rule.guest} not on ${rule.without.join(', ')} (${rule.name})`;
  }
};
