/** Wilcox: chapter 5 and Table 6.1 out of the simulation, beside what was measured. */
import { type Row, tableOf } from '../row.js';
import { dynamicRows } from './dynamic-rows.js';
import { assumed, fitted, notClaimed } from './physics.js';
import { wilcoxReport } from './report.js';
import { staticRows } from './static-rows.js';
import { type Repeats, trials, usualRepeats } from './trials.js';
import { webRows } from './web-rows.js';

/** Everything that is reproduced. */
export const wilcoxRows = (repeats: Repeats = usualRepeats): readonly Row[] => {
  const all = trials(repeats);
  return [...staticRows(all), ...dynamicRows(all), ...webRows(all)];
};

/** How the rows are told. */
export interface Telling {
  /** As lines of JSON, else as a table with what was fitted. */
  readonly json: boolean;
  /** Where a page goes that holds the gains by length as well. */
  readonly report?: (page: string) => void;
}

/** Says all rows. */
export const reproduceWilcox = ({ json, report }: Telling, say: (line: string) => void): void => {
  const rows = wilcoxRows();
  report?.(wilcoxReport(rows));
  if (json) {
    for (const row of rows) say(JSON.stringify(row));
    return;
  }
  for (const line of tableOf(rows)) say(line);
  const judged = rows.filter(({ within }) => within !== null);
  say('');
  say(`${judged.filter(({ within }) => within).length} of ${judged.length} rows within their tolerances.`);
  const list = (title: string, lines: readonly string[]): void => {
    say(title);
    for (const line of lines) say(`  - ${line}`);
  };
  list('Fitted, one value for all tables (quality of fit, not prediction):', fitted);
  list('Assumed:', assumed);
  list('Not claimed:', notClaimed);
};
