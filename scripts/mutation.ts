/**
 * `npm run mutation [-- FILES]`: changes the policies and the estimators a little, here and there, and tells which changes no test notices.
 * FILES are globs as of `--mutate`, such as `src/policies/cslb/*.ts`; all of both rooms take hours. Ends with 1 below 85 %.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { run } from './check/command.js';

const least = 0.85;
const root = join(import.meta.dirname, '..');
const report = join(root, '.tmp/mutation/report.json');
const stryker = join(
  dirname(createRequire(import.meta.url).resolve('@stryker-mutator/core/package.json')),
  'bin/stryker.js',
);

const schema = z.object({
  files: z.record(
    z.string(),
    z.object({ mutants: z.array(z.object({ status: z.string(), testsCompleted: z.number().optional() })) }),
  ),
});

const files = process.argv.slice(2);
const { code, output } = await run(
  process.execPath,
  [stryker, 'run', ...(files.length > 0 ? ['--mutate', files.join(',')] : [])],
  { cwd: root, env: { NO_COLOR: '1' }, limit: 12 * 3_600_000 },
);
console.log(output);
if (code === 0) {
  const { files: found } = schema.parse(JSON.parse(readFileSync(report, 'utf8')));
  let [caught, missed, notRun] = [0, 0, 0];
  for (const [file, { mutants }] of Object.entries(found)) {
    const of = (...statuses: readonly string[]): number =>
      mutants.filter(({ status }) => statuses.includes(status)).length;
    const [good, bad] = [of('Killed', 'Timeout'), of('Survived', 'NoCoverage')];
    // A mutant that is covered, and for which no test ran, has proven nothing: the runner filtered its tests away.
    notRun += mutants.filter(({ status, testsCompleted }) => status === 'Survived' && testsCompleted === 0).length;
    caught += good;
    missed += bad;
    if (good + bad > 0)
      console.log(`${((100 * good) / (good + bad)).toFixed(1).padStart(5)} %  ${good} of ${good + bad}  ${file}`);
  }
  const score = caught + missed === 0 ? 0 : caught / (caught + missed);
  console.log(`${(100 * score).toFixed(1)} % of ${caught + missed} mutants were noticed`);
  if (notRun > 0) console.log(`${notRun} were covered, but no test ran for them`);
  process.exitCode = score >= least && notRun === 0 ? 0 : 1;
} else process.exitCode = 1;
