/** What is kept of one arm of the experiment: enough for the table and for the plots. */
import type { Bytes, Fraction, GuestId, HostId, Milliseconds } from 'whither/model';

/** A move as it happened. */
export interface MoveRecord {
  readonly guest: GuestId;
  readonly from: HostId;
  readonly to: HostId;
  readonly startedAt: Milliseconds;
  readonly endedAt: Milliseconds;
  readonly done: boolean;
}

/** An explained decision. */
export interface DecisionRecord {
  readonly at: Milliseconds;
  readonly text: string;
}

/** What the arms are compared by. */
export interface Totals {
  /** Share of the guests' demand for processor time that was not served. */
  readonly unserved: Fraction;
  /** Time that hosts spent with more demand than the mark, summed over hosts. */
  readonly overloaded: Milliseconds;
  readonly migrations: number;
  readonly failed: number;
  readonly moved: Bytes;
  /** Time that guests stood still for a move, summed over guests. */
  readonly downtime: Milliseconds;
}

/** One arm of the experiment: the same day under one policy. */
export interface Arm {
  readonly name: string;
  /** Times of the readings below. */
  readonly at: readonly Milliseconds[];
  /** Demand of each host as a share of its capacity, one value for each time; above 1 where it cannot be served. */
  readonly loads: readonly { readonly host: HostId; readonly load: readonly number[] }[];
  /** Share of the demand since the last reading that was not served. */
  readonly unserved: readonly Fraction[];
  readonly moves: readonly MoveRecord[];
  readonly decisions: readonly DecisionRecord[];
  readonly totals: Totals;
}

/** The group that a host's load puts it in. */
export interface Marks {
  readonly light: Fraction;
  readonly heavy: Fraction;
}
