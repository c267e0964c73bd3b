/** Trend: whether a reading rises or falls, a few contrary steps forgiven. */
import { finite } from '../finite.js';
import type { Measure, Signal } from '../signal.js';
import { whole } from '../setting.js';

/** Which way a reading goes; `level` before it has gone either way. */
export type Direction = 'rising' | 'falling' | 'level';

/** How contrary steps are judged. */
export interface TrendOptions {
  /** Contrary steps in a row that are ignored; Muda ignores three (§6.4; M14). */
  readonly tolerance?: number;
  /**
   * What is counted: `steps` (default, reading 1 of M14) turns at the fourth falling step where three are ignored; `entries`
   * (reading 2) counts the entry that they fall from as well, and so turns at the third.
   */
  readonly counting?: 'steps' | 'entries';
  /** Whether a falling trend is protected too. By default one rise turns it, because errors are only ever downward (M14). */
  readonly symmetric?: boolean;
}

/** The trend so far, the last reading, the contrary steps since, and whether the latest sample held a reading. */
export interface TrendState {
  readonly direction: Direction;
  readonly last: number | undefined;
  readonly contrary: number;
  readonly known: boolean;
}

/**
 * Which way a reading goes (Muda, §6.4, rule 1; M12, M14). It is not rising before one rise was seen. A rising trend turns when
 * more than `tolerance` steps in a row fall; a rise sets the count back to zero. Equal readings are neither, and leave the count
 * alone. A sample without the reading changes nothing, but while it is the latest the trend is not known.
 *
 * @example
 * const growing = trend(loadOne);
 */
export const trend = (
  measure: Measure,
  { tolerance = 3, counting = 'steps', symmetric = false }: TrendOptions = {},
): Signal<Direction, TrendState> => {
  whole('trend.tolerance', tolerance, 0);
  const turnsAt = Math.max(1, counting === 'steps' ? tolerance + 1 : tolerance);
  const after = (direction: Direction, contrary: number, last: number): TrendState => ({
    direction,
    last,
    contrary,
    known: true,
  });
  return {
    name: `trend(${measure.name}, tolerance ${tolerance} ${counting}, ${symmetric ? 'symmetric' : 'one rise turns'})`,
    initial: { direction: 'level', last: undefined, contrary: 0, known: false },
    step: (state, sample) => {
      const reading = finite(measure.of(sample));
      if (reading === undefined) return state.known ? { ...state, known: false } : state;
      const { direction, contrary, last } = state;
      if (last === undefined || reading === last) return after(direction, contrary, reading);
      const rises = reading > last;
      const towards = rises ? 'rising' : 'falling';
      const atOnce = direction === towards || (rises && (direction === 'level' || !symmetric));
      if (atOnce || contrary + 1 >= turnsAt) return after(towards, 0, reading);
      return after(direction, contrary + 1, reading);
    },
    value: ({ direction, known }) => (known ? direction : undefined),
  };
};
