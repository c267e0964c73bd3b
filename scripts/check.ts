/**
 * `npm test`: runs all steps, also after one has failed, and closes with `N passed, N failed` alone on the last line.
 * Names of steps as arguments run just these: `npm test -- lint types`.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type Ended, run } from './check/command.js';
import { schedule } from './check/schedule.js';
import { realReport, type Step, steps, unitReport } from './check/steps.js';
import { closing, reportTotals, type Totals, totals } from './check/totals.js';

/** Steps that are counted by their tests, and where they leave their report. */
const reports: Readonly<Record<string, string>> = { 'unit tests': unitReport, 'real hypervisors': realReport };

const chosen = (names: readonly string[]): readonly Step[] => {
  const strange = names.find((name) => !steps.some((step) => step.name === name));
  if (strange !== undefined)
    throw new Error(`no step is called "${strange}"; there are ${steps.map(({ name }) => name).join(', ')}`);
  if (names.length === 0) return steps;
  return steps
    .filter(({ name }) => names.includes(name))
    .map((step) => ({ ...step, needs: (step.needs ?? []).filter((name) => names.includes(name)) }));
};

const seconds = (took: number): string => `${(took / 1000).toFixed(1)} s`;

const show = ({ name, script }: Step, { code, output, took }: Ended): void => {
  const passed = code === 0;
  console.log(`${passed ? '✓' : '✗'} ${name} (npm run ${script}, ${seconds(took)})`);
  // What passed has little to say, but for the counts of the checks that count.
  const said = passed
    ? output
        .split('\n')
        .filter((line) => /^\s+(Tests|Test Files) |^(checked|\d+ of \d+|skipped |\d+ passed)/.test(line))
        .join('\n')
    : output;
  if (said.trim() !== '') console.log(said.trimEnd().replace(/^/gm, '    '));
};

const perform = async (step: Step): Promise<boolean> => {
  const ended = await run('npm', ['run', '--silent', step.script, ...(step.args ? ['--', ...step.args] : [])], {
    env: { NO_COLOR: '1', FORCE_COLOR: '0' },
  });
  show(step, ended);
  return ended.code === 0;
};

const readReport = (file: string): Totals => {
  try {
    return reportTotals(readFileSync(file, 'utf8'));
  } catch {
    return reportTotals(undefined);
  }
};

const main = async (): Promise<void> => {
  const asked = chosen(process.argv.slice(2));
  mkdirSync('.tmp', { recursive: true });
  for (const file of Object.values(reports)) rmSync(file, { force: true });
  const from = performance.now();
  const together = asked.filter(({ alone }) => alone !== true);
  const after = asked.filter(({ alone }) => alone === true);
  const verdicts = new Map([
    ...(await schedule(together, Math.min(2, availableParallelism()), perform)),
    ...(await schedule(after, 1, perform)),
  ]);
  const left = [...verdicts].filter(([, verdict]) => verdict !== 'passed');
  const counted = Object.entries(reports)
    .filter(([name]) => verdicts.has(name))
    .map(([name, file]) => [name, readReport(file)] as const);
  const all = totals(verdicts, new Map(counted));
  console.log(
    `\n${verdicts.size - left.length} of ${verdicts.size} steps passed in ${seconds(performance.now() - from)}`,
  );
  for (const [name, verdict] of left) console.log(`  ${name}: ${verdict}`);
  console.log(closing(all));
  process.exitCode = all.failed === 0 ? 0 : 1;
};

await main();
