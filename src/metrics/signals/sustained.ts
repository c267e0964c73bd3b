/** Sustained: whether a relation has held for long enough, a few contrary samples forgiven. */
import { type Milliseconds, relates, type Relation } from '../../model/index.js';
import { finite } from '../finite.js';
import type { Measure, Signal } from '../signal.js';
import { notNegative, number, whole } from '../setting.js';

/** What must hold, and for how long. */
export interface Sustaining {
  readonly measure: Measure;
  readonly relation: Relation;
  readonly limit: number;
  /** Length that a spell must have, at least. Muda asks for 20 s (§6.4, rule 2; M13). */
  readonly for: Milliseconds;
  /** Contrary samples in a row that do not end a spell; Muda forgives three (§6.4; M14). Zero forgives none. */
  readonly tolerance?: number;
}

/** Whether it holds, and what a reason quotes for it. */
export interface Spell {
  /** Whether the spell has lasted long enough. */
  readonly holds: boolean;
  /** Last qualifying time minus first qualifying time of the spell; zero outside of one. */
  readonly held: Milliseconds;
  /** The latest reading, in the unit of the measure; it may be a contrary one that is forgiven. */
  readonly value: number;
}

/** The spell under way: `first` and `last` qualifying times, contrary samples since, and the latest reading. */
export interface SpellState {
  readonly first: Milliseconds | undefined;
  readonly last: Milliseconds;
  readonly contrary: number;
  readonly value: number | undefined;
}

/**
 * Whether a relation between a reading and a limit has held for a time (Muda, §6.4, rule 2; M13).
 *
 * The spell's length is its last qualifying time minus its first, so with samples every 5 s a spell of 20 s takes five of them.
 * Up to `tolerance` contrary samples in a row are passed over, and the time that they took counts (M14); one more ends the
 * spell. A sample without the reading is a contrary one. Not known before the first reading, and outside of a spell while the
 * latest sample does not hold the reading.
 *
 * @example
 * const busy = sustained({ measure: cpu, relation: 'at least', limit: percent(70), for: seconds(20) });
 */
export const sustained = ({
  measure,
  relation,
  limit,
  for: length,
  tolerance = 3,
}: Sustaining): Signal<Spell, SpellState> => {
  number('sustained.limit', limit);
  notNegative('sustained.for', length);
  whole('sustained.tolerance', tolerance, 0);
  return {
    name: `sustained(${measure.name} ${relation} ${limit}, for ${length} ms, tolerance ${tolerance})`,
    initial: { first: undefined, last: 0, contrary: 0, value: undefined },
    step: (state, sample) => {
      const reading = finite(measure.of(sample));
      if (reading !== undefined && relates(reading, relation, limit))
        return { first: state.first ?? sample.at, last: sample.at, contrary: 0, value: reading };
      if (state.first === undefined || state.contrary >= tolerance)
        return { first: undefined, last: 0, contrary: 0, value: reading };
      return { first: state.first, last: state.last, contrary: state.contrary + 1, value: reading ?? state.value };
    },
    value: ({ first, last, value }) => {
      if (value === undefined) return undefined;
      if (first === undefined) return { holds: false, held: 0, value };
      return { holds: last - first >= length, held: last - first, value };
    },
  };
};
