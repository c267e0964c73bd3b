/** Search for a placement that keeps rules: depth first, from where guests stand now, and given up after so many steps. */
import { byName, type Bytes, type Cluster, guestMemory, type GuestId, type HostId } from '../../model/index.js';
import type { PlacementRule } from './rules.js';

/** What came of a search. `undecided`: it was given up. */
export type Found = 'feasible' | 'infeasible' | 'undecided';

/** Guests that stand on one host, wherever that is. */
interface Block {
  readonly guests: readonly GuestId[];
  readonly memory: Bytes;
  /** Groups of which it has a member, and may stand beside no other. */
  readonly apart: readonly string[];
  /** Hosts that it may stand on, those where it stands now first. */
  readonly hosts: readonly HostId[];
}

/** Guests joined by the together-rules, through all of them. */
const joinedBy = (guests: readonly GuestId[], rules: readonly PlacementRule[]): readonly (readonly GuestId[])[] => {
  const blocks = new Map<GuestId, readonly GuestId[]>(guests.map((id) => [id, [id]]));
  for (const rule of rules) {
    if (rule.kind !== 'together') continue;
    const all = [...new Set(rule.guests.flatMap((id) => blocks.get(id) ?? []))];
    for (const id of all) blocks.set(id, all);
  }
  return [...new Set(blocks.values())];
};

/** The blocks, those with fewest places first; `undefined` where one holds two that must be kept apart. */
const blocksOf = (cluster: Cluster, rules: readonly PlacementRule[]): readonly Block[] | undefined => {
  const guests = new Map(cluster.guests.map((guest) => [guest.id, guest]));
  const shut = new Set(rules.flatMap((rule) => (rule.kind === 'state' ? [rule.host] : [])));
  const allowed = new Map<GuestId, (host: HostId) => boolean>();
  const narrow = (id: GuestId, by: (host: HostId) => boolean): void => {
    const before = allowed.get(id);
    allowed.set(id, before ? (host) => before(host) && by(host) : by);
  };
  const groups = new Map<GuestId, string[]>();
  for (const rule of rules) {
    if (rule.kind === 'pins') narrow(rule.guest, (host) => rule.hosts.includes(host));
    if (rule.kind === 'fixed') narrow(rule.guest, (host) => host === rule.host);
    if (rule.kind === 'needs') narrow(rule.guest, (host) => !rule.without.includes(host));
    if (rule.kind === 'apart') for (const id of rule.guests) groups.set(id, [...(groups.get(id) ?? []), rule.group]);
  }
  const blocks: Block[] = [];
  for (const ids of joinedBy(
    cluster.guests.map(({ id }) => id),
    rules,
  )) {
    const apart = ids.flatMap((id) => groups.get(id) ?? []);
    if (new Set(apart).size < apart.length) return undefined;
    const here = new Set(ids.map((id) => guests.get(id)?.host));
    const hosts = cluster.hosts
      .map(({ id }) => id)
      .filter((host) => !shut.has(host) && ids.every((id) => allowed.get(id)?.(host) ?? true))
      .sort((a, b) => Number(here.has(b)) - Number(here.has(a)) || byName(a, b));
    blocks.push({ guests: ids, memory: ids.reduce((sum, id) => sum + (guests.get(id)?.memory ?? 0), 0), apart, hosts });
  }
  return blocks.sort(
    (a, b) => a.hosts.length - b.hosts.length || b.memory - a.memory || byName(a.guests[0] ?? '', b.guests[0] ?? ''),
  );
};

/**
 * Looks for a placement of all guests that keeps the rules. Exact where it ends within its steps; moves in flight do not matter,
 * for it asks whether there is any placement at all, not how to come to it.
 *
 * @param steps - places to try before it is given up
 */
export const search = (cluster: Cluster, rules: readonly PlacementRule[], steps: number): Found => {
  const blocks = blocksOf(cluster, rules);
  if (!blocks) return 'infeasible';
  const countsMemory = rules.some(({ kind }) => kind === 'memory');
  const free = new Map(cluster.hosts.map((host) => [host.id, guestMemory(host)]));
  if (
    countsMemory &&
    blocks.reduce((sum, { memory }) => sum + memory, 0) > [...free.values()].reduce((a, b) => a + b, 0)
  )
    return 'infeasible';
  const places = new Map<Block, HostId>();
  const taken = new Set<string>();
  const key = (host: HostId, group: string): string => JSON.stringify([host, group]);
  let left = steps;
  /** Depth first with a stack of its own, for there may be thousands of guests. */
  const next: number[] = [];
  const undo = (block: Block): void => {
    const host = places.get(block);
    if (host === undefined) return;
    places.delete(block);
    free.set(host, (free.get(host) ?? 0) + block.memory);
    for (const group of block.apart) taken.delete(key(host, group));
  };
  for (let depth = 0; depth < blocks.length;) {
    const block = blocks[depth];
    if (!block) break;
    undo(block);
    const from = next[depth] ?? 0;
    const at = block.hosts.findIndex(
      (host, i) =>
        i >= from &&
        (!countsMemory || (free.get(host) ?? 0) >= block.memory) &&
        block.apart.every((group) => !taken.has(key(host, group))),
    );
    const host = block.hosts[at];
    if (host === undefined) {
      next[depth] = 0;
      depth -= 1;
      if (depth < 0) return 'infeasible';
      continue;
    }
    left -= 1;
    if (left < 0) return 'undecided';
    next[depth] = at + 1;
    places.set(block, host);
    free.set(host, (free.get(host) ?? 0) - block.memory);
    for (const group of block.apart) taken.add(key(host, group));
    depth += 1;
    next[depth] = 0;
  }
  return 'feasible';
};
