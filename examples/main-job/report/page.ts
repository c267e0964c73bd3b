/** The report: one HTML page that needs nothing else. */
import type { Arm, Marks, Totals } from '../arm.js';
import { groupsChart, hostsChart, movesChart, unservedChart } from './charts.js';

/** A figure of the comparison: what it is called and how it is written. */
export const figures: readonly { readonly name: string; readonly of: (totals: Totals) => string }[] = [
  { name: 'demand not served', of: ({ unserved }) => `${(unserved * 100).toFixed(2)} %` },
  { name: 'overloaded host-time', of: ({ overloaded }) => `${(overloaded / 3_600_000).toFixed(1)} h` },
  { name: 'migrations', of: ({ migrations }) => String(migrations) },
  { name: 'failed', of: ({ failed }) => String(failed) },
  { name: 'bytes moved', of: ({ moved }) => `${(moved / 1024 ** 3).toFixed(1)} GiB` },
  { name: 'guests stood still', of: ({ downtime }) => `${(downtime / 1000).toFixed(1)} s` },
];

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

const clock = (at: number): string => {
  const minutes = Math.floor(at / 60_000);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
};

const style = `
  body { font: 15px/1.5 system-ui, sans-serif; color: #222; background: #fff; max-width: 1060px; margin: 2rem auto; padding: 0 1rem }
  h1 { font-size: 1.5rem } h2 { font-size: 1.15rem; margin-top: 2.2rem; border-bottom: 1px solid #ddd }
  table { border-collapse: collapse } th, td { padding: .25rem .9rem; text-align: right; border-bottom: 1px solid #eee }
  th:first-child, td:first-child { text-align: left } pre { background: #f6f6f4; padding: .7rem 1rem; overflow-x: auto; font-size: 13px }
  svg { max-width: 100%; height: auto; display: block; margin: .4rem 0 } .note { color: #666 }`;

/** What the page says of the experiment beside the arms. */
export interface Setting {
  readonly title: string;
  /** Plain sentences: what was simulated, from which data, with which settings. */
  readonly facts: readonly string[];
  readonly marks: Marks;
  /** How many decisions are printed in full. */
  readonly decisions: number;
}

/** The page as text. */
export const page = (arms: readonly [Arm, ...Arm[]], { title, facts, marks, decisions }: Setting): string => {
  const rows = figures.map(
    ({ name, of }) => `<tr><td>${name}</td>${arms.map(({ totals }) => `<td>${of(totals)}</td>`).join('')}</tr>`,
  );
  const moving = arms.filter(({ moves }) => moves.length > 0);
  const told = arms.flatMap((arm) => arm.decisions.slice(0, decisions));
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${style}</style></head><body>
<h1>${escaped(title)}</h1>
${facts.map((fact) => `<p>${escaped(fact)}</p>`).join('\n')}
<h2>The arms side by side</h2>
<table><tr><th></th>${arms.map(({ name }) => `<th>${escaped(name)}</th>`).join('')}</tr>${rows.join('')}</table>
<h2>Demand that was not served</h2>
${unservedChart(arms)}
<h2>Hosts by group</h2>
<p class="note">Light below ${marks.light * 100} % of capacity, heavy above ${marks.heavy * 100} %.</p>
${arms.map((arm) => groupsChart(arm, marks)).join('\n')}
<h2>Load of each host</h2>
${arms.map(hostsChart).join('\n')}
<h2>Migrations</h2>
${moving.map(movesChart).join('\n') || '<p class="note">None.</p>'}
<h2>Decisions, explained</h2>
<p class="note">The first ${told.length} of ${arms.reduce((sum, arm) => sum + arm.decisions.length, 0)}.</p>
${told.map(({ at, text }) => `<p class="note">${clock(at)}</p><pre>${escaped(text)}</pre>`).join('\n') || '<p class="note">None.</p>'}
</body></html>
`;
};
