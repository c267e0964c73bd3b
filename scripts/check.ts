/**
 * `npm test`: runs all steps, also after one has failed, and closes with `N passed, N failed` alone on the last line.
 * Names of steps as arguments run just these: `npm test -- lint types`.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { type Ended, run } from './check/command.js';
import { schedule } from './check/schedule.js';
import { type Step, steps, unitReport } from './check/steps.js';
import { closing, type Totals, totals, unitTotals } from './check/totals.js';

const unitStep = 'unit tests';

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
        .filter((line) => /^\s+(Tests|Test Files) |^(checked|\d+ of \d+)/.test(line))
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

const readReport = (): Totals => {
  try {
    return unitTotals(readFileSync(unitReport, 'utf8'));
  } catch {
    return unitTotals(undefined);
  }
};

const main = async (): Promise<void> => {
  const asked = chosen(process.argv.slice(2));
  mkdirSync('.tmp', { recursive: true });
  rmSync(unitReport, { force: true });
  const from = performance.now();
  const verdicts = await schedule(asked, Math.min(2, availableParallelism()), perform);
  const left = [...verdicts].filter(([, verdict]) => verdict !== 'passed');
  const unit = verdicts.has(unitStep) ? readReport() : { passed: 0, failed: 0 };
  const all = totals(verdicts, unitStep, unit);
  console.log(
    `\n${verdicts.size - left.length} of ${verdicts.size} steps passed in ${seconds(performance.now() - from)}`,
  );
  for (const [name, verdict] of left) console.log(`  ${name}: ${verdict}`);
  console.log(closing(all));
  process.exitCode = all.failed === 0 ? 0 : 1;
};

await main();
