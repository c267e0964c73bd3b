/** Merges what several policies watch into one watch, and gives each its own names back. */
import type { AnySignal, Watch } from '../metrics/index.js';
import type { Cluster, SignalValues } from '../model/index.js';

/** One watch for several, and for each of them the snapshot as it asked for it. */
export interface MergedWatch {
  readonly watch: Watch;
  /** In the order of the watches given. The same snapshot where nothing had to be renamed. */
  readonly views: readonly ((cluster: Cluster) => Cluster)[];
}

type Signals = Readonly<Record<string, AnySignal>>;
/** From the name that a policy uses to the name in the merged watch. */
type Names = ReadonlyMap<string, string>;

interface MergedSide {
  readonly signals: Signals;
  readonly names: readonly Names[];
}

const free = (name: string, signal: AnySignal, taken: ReadonlyMap<string, AnySignal>): string => {
  for (let i = 1; ; i++) {
    const candidate = i === 1 ? name : `${name} (${i})`;
    const there = taken.get(candidate);
    // Two signals of one name are the same signal.
    if (there === undefined || there.name === signal.name) return candidate;
  }
};

const mergeSide = (sides: readonly (Signals | undefined)[]): MergedSide => {
  const taken = new Map<string, AnySignal>();
  const names = sides.map((side = {}) => {
    const own = new Map<string, string>();
    for (const [name, signal] of Object.entries(side)) {
      const merged = free(name, signal, taken);
      taken.set(merged, signal);
      own.set(name, merged);
    }
    return own;
  });
  return { signals: Object.fromEntries(taken), names };
};

const renames = (names: Names): boolean => [...names].some(([own, merged]) => own !== merged);

const renamed = (signals: SignalValues, names: Names): SignalValues =>
  Object.fromEntries([...names].map(([own, merged]) => [own, signals[merged]]));

const viewOf = (hosts: Names, guests: Names): ((cluster: Cluster) => Cluster) => {
  const [hostsDiffer, guestsDiffer] = [renames(hosts), renames(guests)];
  if (!hostsDiffer && !guestsDiffer) return (cluster) => cluster;
  return (cluster) => ({
    ...cluster,
    hosts: hostsDiffer
      ? cluster.hosts.map((host) => ({ ...host, signals: renamed(host.signals, hosts) }))
      : cluster.hosts,
    guests: guestsDiffer
      ? cluster.guests.map((guest) => ({ ...guest, signals: renamed(guest.signals, guests) }))
      : cluster.guests,
  });
};

/**
 * One watch for several. Signals of one name are folded once; where two watches use one name for different signals, the later
 * one's is folded under another name, and its view carries it back.
 */
export const mergeWatches = (watches: readonly Watch[]): MergedWatch => {
  const host = mergeSide(watches.map((watch) => watch.host));
  const guest = mergeSide(watches.map((watch) => watch.guest));
  return {
    watch: { host: host.signals, guest: guest.signals },
    views: watches.map((_, i) => viewOf(host.names[i] ?? new Map(), guest.names[i] ?? new Map())),
  };
};
