/** Whether a move tears a guest from those that it must stand together with. */
import {
  byName,
  type Cluster,
  compare,
  type GuestId,
  guestSubject,
  lookup,
  type ObservedGuest,
} from '../../model/index.js';
import type { Constraint } from '../constraint.js';

/** Members of each together-group; remembered per list of guests, which a snapshot with more moves in flight shares. */
const remembered = /* @__PURE__ */ new WeakMap<object, ReadonlyMap<string, readonly ObservedGuest[]>>();

const groups = ({ guests }: Cluster): ReadonlyMap<string, readonly ObservedGuest[]> => {
  const known = remembered.get(guests);
  if (known) return known;
  const members = new Map<string, readonly ObservedGuest[]>();
  for (const guest of guests)
    for (const group of guest.together) members.set(group, [...(members.get(group) ?? []), guest]);
  remembered.set(guests, members);
  return members;
};

/**
 * A guest goes where at least as many members of each of its together-groups are, or are on their way to, as it leaves behind.
 * So a group that stands on one host is left only by all of its members, with the others in flight to the same
 * destination; and a group that is torn already may come together again, and is never torn further.
 */
export const keptTogether: Constraint = {
  name: 'together',
  judge: ({ guest, from, to }, cluster) => {
    if (guest.together.length === 0) return [];
    const { migrationOf } = lookup(cluster);
    return guest.together.map((group) => {
      const others = (groups(cluster).get(group) ?? []).filter(({ id }) => id !== guest.id);
      const ends = others.map((other) => migrationOf(other.id)?.to ?? other.host);
      return compare({
        rule: 'together',
        subject: guestSubject(guest.id),
        measure: `guests of the together-group ${group} at ${to.id}, against those left at ${from.id}`,
        value: ends.filter((end) => end === to.id).length,
        relation: 'at least',
        limit: ends.filter((end) => end === from.id).length,
        unit: 'count',
      });
    });
  },
};

/** The guest and all that must leave its host with it, through all their together-groups, sorted by name. */
export const companions = (guest: ObservedGuest, cluster: Cluster): readonly ObservedGuest[] => {
  const found = new Map<GuestId, ObservedGuest>([[guest.id, guest]]);
  // A map is walked in the order of insertion, those inserted on the way included.
  for (const member of found.values())
    for (const group of member.together)
      for (const other of groups(cluster).get(group) ?? [])
        if (other.host === guest.host && !found.has(other.id)) found.set(other.id, other);
  return [...found.values()].sort((a, b) => byName(a.id, b.id));
};
