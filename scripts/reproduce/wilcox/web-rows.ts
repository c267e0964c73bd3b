/** Web rows: failures of the web test with and without the engine; they are counted, and nothing is claimed (§5.3). */
import { type Row, row } from '../row.js';
import { webFailures } from './measured.js';
import { chosen, meanOf, type Trial } from './trials.js';

/** The rows of section 5.3. */
export const webRows = (trials: readonly Trial[]): readonly Row[] =>
  ([true, false] as const).map((engine) => {
    const some = chosen(trials, { benchmark: 'web', engine });
    const failing = meanOf(some, ({ failures, runs }) => (failures / Math.max(1, runs)) * 100);
    const word = engine ? 'on' : 'off';
    return row('5.3', `web tests that failed, engine ${word}`, webFailures[word], failing, '%', null);
  });
