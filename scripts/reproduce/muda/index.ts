/** Muda: chapters 5.3 and 7 out of the simulation, beside what was measured. */
import { type Row, tableOf } from '../row.js';
import { chapter5Rows } from './chapter5.js';
import { chapter7Rows } from './chapter7.js';
import { crossoverCurve } from './crossover.js';
import { assumed, fitted } from './physics.js';
import { predictionRows } from './predictions.js';
import { reportOf } from './report.js';

/** Everything that is reproduced. */
const mudaRows = (): readonly Row[] => [...chapter5Rows(), ...chapter7Rows(), ...predictionRows()];

/** How the rows are told. */
export interface Telling {
  /** As lines of JSON, else as a table with what was fitted. */
  readonly json: boolean;
  /** Where a page goes that holds the crossover curve as well. */
  readonly report?: (page: string) => void;
}

/** Says all rows. */
export const reproduceMuda = ({ json, report }: Telling, say: (line: string) => void): void => {
  const rows = mudaRows();
  report?.(reportOf(rows, crossoverCurve()));
  if (json) {
    for (const row of rows) say(JSON.stringify(row));
    return;
  }
  for (const line of tableOf(rows)) say(line);
  const judged = rows.filter(({ within }) => within !== null);
  say('');
  say(`${judged.filter(({ within }) => within).length} of ${judged.length} rows within their tolerances.`);
  say('Fitted, one value for all tables (quality of fit, not prediction):');
  for (const line of fitted) say(`  - ${line}`);
  say('Assumed:');
  for (const line of assumed) say(`  - ${line}`);
};
