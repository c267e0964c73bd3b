/** Back-off: how long a guest, and a guest's way to one host, are left alone after moves that failed. */
import { compare, type GuestId, guestSubject, type HostId, type Milliseconds, type Reason } from '../model/index.js';
import type { Move } from './limits.js';

/** A wait that grows by a factor from failure to failure, up to a longest. */
export interface BackOff {
  /** The wait after the first failure; above zero. */
  readonly first: Milliseconds;
  /** What the wait is multiplied by at each further failure; at least 1. */
  readonly factor: number;
  readonly longest: Milliseconds;
}

/** The wait after so many failures in a row, at least one. */
export const backOffDelay = ({ first, factor, longest }: BackOff, failures: number): Milliseconds =>
  Math.min(longest, first * factor ** (failures - 1));

interface Wait {
  readonly failures: number;
  readonly until: Milliseconds;
}

/** Who waits, and until when. A value: each function gives a new one. */
export interface BackOffs {
  /** By guest, and by guest and destination. */
  readonly waits: ReadonlyMap<string, Wait>;
}

/** Nobody waits. */
export const noBackOffs: BackOffs = { waits: /* @__PURE__ */ new Map() };

/** A name may hold any sign, so the key is quoted. */
const keyOf = (guest: GuestId, to?: HostId): string => JSON.stringify(to === undefined ? [guest] : [guest, to]);

const keysOf = ({ guest, to }: Move): readonly string[] => [keyOf(guest), keyOf(guest, to)];

/** After a move that failed: the guest waits, and so does its way to this destination, each by its own count of failures. */
export const afterFailure = (backOffs: BackOffs, settings: BackOff, move: Move, at: Milliseconds): BackOffs => {
  const waits = new Map(backOffs.waits);
  for (const key of keysOf(move)) {
    const failures = (waits.get(key)?.failures ?? 0) + 1;
    waits.set(key, { failures, until: at + backOffDelay(settings, failures) });
  }
  return { waits };
};

/** After a move that was done: the guest and its way to this destination are cleared; its ways elsewhere keep their waits. */
export const afterSuccess = (backOffs: BackOffs, move: Move): BackOffs => {
  const waits = new Map(backOffs.waits);
  for (const key of keysOf(move)) waits.delete(key);
  return { waits };
};

/** Forgets failures whose wait has been over for as long as the longest wait lasts, so that the book stays small. */
export const forgiven = (backOffs: BackOffs, { longest }: BackOff, at: Milliseconds): BackOffs => {
  const kept = [...backOffs.waits].filter(([, { until }]) => at < until + longest);
  return kept.length === backOffs.waits.size ? backOffs : { waits: new Map(kept) };
};

/** Compares the time with the end of each wait that the move comes under. The limit says until when it has to wait. */
export const backOffReasons = ({ waits }: BackOffs, move: Move, at: Milliseconds): readonly Reason[] =>
  [
    { wait: waits.get(keyOf(move.guest)), measure: 'time' },
    { wait: waits.get(keyOf(move.guest, move.to)), measure: `time, for a move to ${move.to}` },
  ].flatMap(({ wait, measure }) =>
    wait
      ? [
          compare({
            rule: 'engine.backOff',
            subject: guestSubject(move.guest),
            measure,
            value: at,
            relation: 'at least',
            limit: wait.until,
            unit: 'milliseconds',
          }),
        ]
      : [],
  );

/** One wait: of a guest, or of its way to one host. */
export interface NamedWait extends Wait {
  readonly guest: GuestId;
  readonly to?: HostId;
}

/** Everybody who waits, as plain data. */
export const waitsOf = ({ waits }: BackOffs): readonly NamedWait[] =>
  [...waits].map(([key, wait]) => {
    // Keys are made by keyOf.
    const [guest, to] = JSON.parse(key) as readonly [GuestId, HostId?];
    return { guest, ...(to === undefined ? {} : { to }), ...wait };
  });

/** The book of those who wait. */
export const backOffsOf = (waits: readonly NamedWait[]): BackOffs => ({
  waits: new Map(waits.map(({ guest, to, failures, until }) => [keyOf(guest, to), { failures, until }])),
});
