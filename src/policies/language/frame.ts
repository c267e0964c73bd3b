/** Frame: one evaluation of a rule: the snapshot, the moves planned so far, and what the rule's names stand for just now. */
import {
  type Cluster,
  type Host,
  type HostId,
  lookup,
  type Lookup,
  type ObservedGuest,
  type PassedOver,
  type Proposal,
  type Reason,
  type SignalValues,
} from '../../model/index.js';
import { planned } from '../constraint.js';
import { cpuCycles, evaluateLoads, type HostLoad, shareOf, type UnknownLoad } from '../phases/load.js';

/** Name of the signal that demands are made of. */
const demandSignal = 'level(cpu)';

/** How a guest without a reading counts: not at all, so that nothing is known, or as wanting all of its vCPUs. */
export type Unread = 'unknown' | 'in full';

/** One evaluation. It lives as long as one call of `plan`, and nobody else sees it. */
export interface Frame {
  /** The policy's name: every reason names it. */
  readonly rule: string;
  readonly snapshot: Cluster;
  /** What stands at each place of a name. */
  readonly values: unknown[];
  /** Evidence gathered by the rules around the present action. */
  readonly grounds: (readonly Reason[])[];
  readonly moves: readonly Proposal[];
  readonly passedOver: PassedOver[];
  /** The snapshot with the moves planned so far in flight. */
  readonly now: () => Cluster;
  /** Adds moves that are made together. */
  readonly add: (moves: readonly Proposal[]) => void;
  /** Asks something with moves added, and takes them back. */
  readonly trial: <Answer>(moves: readonly Proposal[], ask: () => Answer) => Answer;
  readonly at: () => Lookup<SignalValues, SignalValues>;
  /** What a host is asked for, moves planned so far counted as arrived. */
  readonly load: (host: HostId, unread: Unread) => number | undefined;
  /** Moves planned so far, from or to a host. */
  readonly planned: (host: HostId) => number;
  /** Works something out once, and again when moves were planned if it changes with them. */
  readonly once: <Value>(key: object, changes: boolean, make: () => Value) => Value;
}

/** Reading of a guest's processor use, where it is freshly known. */
const used = ({ signals }: ObservedGuest, unread: Unread): number | undefined => {
  const reading = signals[demandSignal];
  return typeof reading === 'number' ? reading : unread === 'in full' ? 1 : undefined;
};

/** What a guest takes of the host that it stands on, in cycles per second; not known where it is not freshly known. */
export const takenBy = (guest: ObservedGuest, host: Host | undefined, unread: Unread): number | undefined => {
  const reading = guest.knowledge.kind === 'fresh' && host ? used(guest, unread) : undefined;
  return reading === undefined || host === undefined ? undefined : cpuCycles.taken(reading, guest, host);
};

/** Demand as a share of what a host offers, to nine decimals, as everywhere. */
export const demandShare = (taken: number, host: Host): number => shareOf(taken, host, cpuCycles);

interface Memo {
  readonly version: number;
  readonly value: unknown;
}

/** Begins an evaluation. */
export const frameOf = (rule: string, snapshot: Cluster): Frame => {
  const moves: Proposal[] = [];
  const memos = new Map<object, Memo>();
  const touched = new Map<HostId, Proposal[]>();
  const base = lookup(snapshot);
  // Each state of the plan has a number of its own, so that what was worked out in a trial is not taken for another one's.
  let [version, versions] = [0, 0];
  let current = { version: 0, cluster: snapshot };

  const once = <Value>(key: object, changes: boolean, make: () => Value): Value => {
    const known = memos.get(key);
    const wanted = changes ? version : 0;
    // What was kept under a key was made by the same piece of the rule, so it is of its type.
    if (known?.version === wanted) return known.value as Value;
    const value = make();
    memos.set(key, { version: wanted, value });
    return value;
  };
  const now = (): Cluster => {
    if (current.version !== version) current = { version, cluster: planned(snapshot, moves) };
    return current.cluster;
  };
  const keys: Readonly<Record<Unread, object>> = { unknown: {}, 'in full': {} };
  const loads = (unread: Unread): ReadonlyMap<HostId, HostLoad | UnknownLoad> =>
    once(
      keys[unread],
      false,
      () =>
        new Map(
          evaluateLoads(snapshot, cpuCycles, (guest) => used(guest, unread)).map(
            (load) => [load.host.id, load] as const,
          ),
        ),
    );

  const add = (more: readonly Proposal[]): void => {
    for (const move of more) {
      moves.push(move);
      for (const end of [move.from, move.to]) touched.set(end, [...(touched.get(end) ?? []), move]);
    }
    version = ++versions;
  };

  return {
    rule,
    snapshot,
    values: [],
    grounds: [],
    moves,
    passedOver: [],
    now,
    once,
    add,
    trial: (more, ask) => {
      const before = version;
      const ends = [...new Set(more.flatMap(({ from, to }) => [from, to]))].map(
        (end) => [end, touched.get(end) ?? []] as const,
      );
      add(more);
      try {
        return ask();
      } finally {
        moves.splice(moves.length - more.length);
        for (const [end, list] of ends) touched.set(end, list);
        version = before;
      }
    },
    at: () => lookup(now()),
    load: (host, unread) => {
      const load = loads(unread).get(host);
      if (load?.kind !== 'known') return undefined;
      let { taken } = load;
      for (const move of touched.get(host) ?? []) {
        const guest = base.guest(move.guest);
        const more = guest && takenBy(guest, base.host(guest.host), unread);
        if (more === undefined) return undefined;
        taken += move.to === host ? more : -more;
      }
      return taken;
    },
    planned: (host) => touched.get(host)?.length ?? 0,
  };
};
