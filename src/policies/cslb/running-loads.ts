/** Running loads: the loads of hosts from planned move to planned move, of which each changes two. */
import { byName, type Cluster, type HostId, lookup, type Proposal } from '../../model/index.js';
import {
  evaluateLoads,
  type GuestLoad,
  type HostLoad,
  type ReadingOf,
  type Resource,
  shareOf,
  type UnknownLoad,
} from '../phases/load.js';

/** Loads that follow the moves planned. Holds state, hidden in the decision that made it. */
export interface RunningLoads {
  /** Loads in the order of the snapshot's hosts. */
  readonly all: () => readonly (HostLoad | UnknownLoad)[];
  /** Takes a planned move in: the same as if all loads were evaluated again with it in flight. */
  readonly moved: (move: Pick<Proposal, 'guest' | 'from' | 'to'>) => void;
}

const sumOf = (carried: readonly GuestLoad[]): number => carried.reduce((sum, { taken }) => sum + taken, 0);

/** What a host will carry that it does not yet: the guests in flight towards it, whose loads its own sum holds already. */
const arriving = (cluster: Cluster, host: HostId, resource: Resource, readingOf: ReadingOf): readonly GuestLoad[] => {
  const { arrivals, guest: guestOf, host: hostOf } = lookup(cluster);
  return arrivals(host).flatMap(({ guest: id }) => {
    const guest = guestOf(id);
    const from = guest && hostOf(guest.host);
    if (!from || guest.host === host) return [];
    // The load of the host is known, so that of this guest is.
    return [{ guest, taken: resource.granted?.(guest) ?? resource.taken(readingOf(guest) ?? 0, guest, from) }];
  });
};

/** Evaluates the loads of a snapshot once, and then only what a move changes. */
export const runningLoads = (cluster: Cluster, resource: Resource, readingOf: ReadingOf): RunningLoads => {
  const loads = [...evaluateLoads(cluster, resource, readingOf)];
  const places = new Map(loads.map(({ host }, i) => [host.id, i]));
  /** All that a host carries in the end, sorted by name, so that sums are taken in one order. */
  const carried = new Map<HostId, readonly GuestLoad[]>();
  const carriedBy = ({ host, guests }: HostLoad): readonly GuestLoad[] =>
    carried.get(host.id) ??
    [...guests, ...arriving(cluster, host.id, resource, readingOf)].sort((a, b) => byName(a.guest.id, b.guest.id));

  const set = (load: HostLoad, all: readonly GuestLoad[], guests: readonly GuestLoad[]): void => {
    carried.set(load.host.id, all);
    const taken = sumOf(all);
    loads[places.get(load.host.id) ?? -1] = { ...load, taken, share: shareOf(taken, load.host, resource), guests };
  };

  return {
    all: () => loads,
    moved: ({ guest: id, from, to }) => {
      const [source, destination] = [from, to].map((host) => loads[places.get(host) ?? -1]);
      if (source?.kind !== 'known' || destination?.kind !== 'known') return;
      const load = source.guests.find(({ guest }) => guest.id === id);
      if (!load) return;
      const stays = ({ guest }: GuestLoad): boolean => guest.id !== id;
      const [left, gained] = [carriedBy(source).filter(stays), [...carriedBy(destination), load]];
      set(source, left, source.guests.filter(stays));
      set(
        destination,
        gained.sort((a, b) => byName(a.guest.id, b.guest.id)),
        destination.guests,
      );
    },
  };
};
