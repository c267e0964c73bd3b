/** Runs the tests on real hypervisors and prints what was passed, failed and skipped, with the reason of each skip. */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as z from 'zod';
import { run } from './check/command.js';

const root = join(import.meta.dirname, '..');
const report = join(root, '.tmp/e2e.json');
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');

const schema = z.object({
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          status: z.string(),
          duration: z.number().nullish(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
});

mkdirSync(dirname(report), { recursive: true });
rmSync(report, { force: true });

/** Words after the command choose files, as with vitest: `npm run e2e -- qemu`. */
const words = process.argv.slice(2);
const started = performance.now();
const { code, output } = await run(
  process.execPath,
  [vitest, 'run', '--config', 'vitest.e2e.config.ts', '--reporter=json', `--outputFile=${report}`, ...words],
  { cwd: root, env: { NO_COLOR: '1' } },
);

const read = existsSync(report) ? schema.safeParse(JSON.parse(readFileSync(report, 'utf8'))) : undefined;
if (read?.success !== true) {
  console.log(output);
  console.log('the tests could not be run\n0 passed, 1 failed, 0 skipped');
  process.exitCode = 1;
} else {
  const tests = read.data.testResults.flatMap(({ assertionResults }) => assertionResults);
  const marks: Readonly<Record<string, string>> = { passed: 'passed ', failed: 'FAILED ' };
  for (const { fullName, status, duration, failureMessages } of tests) {
    console.log(`${marks[status] ?? 'skipped'} ${((duration ?? 0) / 1000).toFixed(1).padStart(5)} s  ${fullName}`);
    for (const message of failureMessages ?? []) console.log(message);
  }
  const count = (status: string): number => tests.filter((one) => one.status === status).length;
  const [passed, failed] = [count('passed'), count('failed')];
  // A file that could not be loaded has no tests that could fail.
  const broken = read.data.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  for (const { name } of broken) console.log(`FAILED  ${name} could not be loaded`);
  if (broken.length > 0) console.log(output);
  const silent = failed + broken.length === 0 && (code !== 0 || tests.length === 0) ? 1 : 0;
  if (silent > 0) console.log(output);
  console.log(`took ${((performance.now() - started) / 1000).toFixed(0)} s`);
  console.log(`${passed} passed, ${failed + broken.length + silent} failed, ${tests.length - passed - failed} skipped`);
  process.exitCode = failed + broken.length + silent === 0 ? 0 : 1;
}
