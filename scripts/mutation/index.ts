/**
 * `npm run mutation [-- FILES] [--tests PATH] [--sample LINES] [--seed N]`: changes the policies and the estimators a little, here and there, and tells which changes no test
 * notices. FILES are globs as of Stryker's `--mutate`, such as `src/policies/cslb/*.ts`; PATH is how the paths of the tests begin that are
 * asked, which is quicker and may find less. All of both rooms take many hours; with LINES only so many are changed, in windows drawn by the seed from all
 * files alike. Ends with 1 below 85 %.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { run } from '../check/command.js';
import { windows } from './windows.js';

const least = 0.85;
const root = join(import.meta.dirname, '../..');
const stryker = join(
  dirname(createRequire(import.meta.url).resolve('@stryker-mutator/core/package.json')),
  'bin/stryker.js',
);

const reportSchema = z.object({
  files: z.record(z.string(), z.object({ mutants: z.array(z.object({ status: z.string() })) })),
});

const { values, positionals } = parseArgs({
  options: { tests: { type: 'string' }, sample: { type: 'string' }, seed: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const rooms = ['src/policies', 'src/estimators'];
const mutate =
  values.sample === undefined
    ? positionals
    : windows(
        rooms.flatMap((room) =>
          readdirSync(join(root, room), { recursive: true, encoding: 'utf8' })
            .filter((name) => name.endsWith('.ts'))
            .sort()
            .map((name) => `${room}/${name}`),
        ),
        z.coerce.number().int().positive().parse(values.sample),
        z.coerce.number().int().parse(values.seed),
      );

// Runs beside each other keep their things apart.
const folder = `.tmp/mutation/${String(process.pid)}`;
const report = `${folder}/report.json`;
mkdirSync(join(root, folder), { recursive: true });
const config = `${folder}/config.json`;
writeFileSync(
  join(root, config),
  JSON.stringify({
    testRunner: 'in-process',
    plugins: ['./scripts/mutation/in-process.ts'],
    coverageAnalysis: 'perTest',
    // What runs at import (schemas, constants) would have all tests loaded anew for each mutant.
    ignoreStatic: true,
    mutate: mutate.length > 0 ? mutate : rooms.map((room) => `${room}/**/*.ts`),
    ignorePatterns: ['dist', 'out', '.tmp', 'docs', 'examples/data'],
    reporters: ['clear-text', 'json'],
    clearTextReporter: { allowColor: false, reportTests: false, logTests: false },
    jsonReporter: { fileName: report },
    tempDirName: `${folder}/sandbox`,
    // Slow machines, and code that counts each of its mutants, take their time.
    dryRunTimeoutMinutes: 60,
    timeoutMS: 5000,
    timeoutFactor: 3,
  }),
);

const { code, output } = await run(process.execPath, [stryker, 'run', config], {
  cwd: root,
  env: { NO_COLOR: '1', NODE_OPTIONS: '--import tsx', MUTATION_TESTS: values.tests ?? '' },
  limit: 12 * 3_600_000,
});
console.log(output);
if (code === 0) {
  const { files } = reportSchema.parse(JSON.parse(readFileSync(join(root, report), 'utf8')));
  let [noticed, all] = [0, 0];
  for (const [file, { mutants }] of Object.entries(files)) {
    const of = (...statuses: readonly string[]): number =>
      mutants.filter(({ status }) => statuses.includes(status)).length;
    const [good, bad] = [of('Killed', 'Timeout'), of('Survived', 'NoCoverage')];
    noticed += good;
    all += good + bad;
    if (good + bad > 0)
      console.log(
        `${((100 * good) / (good + bad)).toFixed(1).padStart(5)} %  ${String(good)} of ${String(good + bad)}  ${file}`,
      );
  }
  const score = all === 0 ? 0 : noticed / all;
  console.log(`${(100 * score).toFixed(1)} % of ${String(all)} mutants were noticed`);
  process.exitCode = score >= least ? 0 : 1;
} else process.exitCode = 1;
rmSync(join(root, folder, 'sandbox'), { recursive: true, force: true });
