/** `npm test` itself: it goes on after a failure, counts honestly, and closes with one line that any CI can read. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { run } from '../../scripts/check/command.js';
import { mapAtOnce } from '../../scripts/check/map-at-once.js';
import { schedule } from '../../scripts/check/schedule.js';
import { steps } from '../../scripts/check/steps.js';
import { closing, reportTotals, totals } from '../../scripts/check/totals.js';

describe('the steps', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')));

  test('every check among the npm scripts is a step of npm test', () => {
    const checks = Object.keys(scripts).filter((name) => name.startsWith('check:'));
    expect(checks.filter((name) => !steps.some(({ script }) => script === name))).toEqual([]);
  });
  test('every step is an npm script', () => {
    expect(steps.filter(({ script }) => !(script in scripts))).toEqual([]);
  });
  test.each([
    'lint',
    'types',
    'rooms',
    'dead code',
    'unit tests',
    'examples',
    'docs',
    'package',
    'exports',
    'size',
    'api reference',
    'tarball',
    'real hypervisors',
  ])('%s is a step', (name) => {
    expect(steps.map((step) => step.name)).toContain(name);
  });
  test('no two steps have one name', () => {
    expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length);
  });
});

describe('the schedule', () => {
  test('goes on after a failure, and does not run what needs the failed step', async () => {
    const ran: string[] = [];
    const verdicts = await schedule(
      [{ name: 'build' }, { name: 'size', needs: ['build'] }, { name: 'lint' }, { name: 'bundle', needs: ['size'] }],
      1,
      (step) => {
        ran.push(step.name);
        return Promise.resolve(step.name !== 'build');
      },
    );
    expect(ran).toEqual(['build', 'lint']);
    expect([...verdicts]).toEqual([
      ['build', 'failed'],
      ['size', 'not run'],
      ['lint', 'passed'],
      ['bundle', 'not run'],
    ]);
  });
  test('runs no more at once than it may', async () => {
    let running = 0;
    let most = 0;
    await schedule(
      Array.from({ length: 7 }, (_, i) => ({ name: String(i) })),
      2,
      async () => {
        running += 1;
        most = Math.max(most, running);
        await Promise.resolve();
        running -= 1;
        return true;
      },
    );
    expect(most).toBe(2);
  });
  test('refuses a step that needs one that is not listed before it', async () => {
    await expect(schedule([{ name: 'a', needs: ['b'] }], 1, () => Promise.resolve(true))).rejects.toThrow('needs "b"');
  });
});

describe('the totals', () => {
  const report = (
    numPassedTests: number,
    numFailedTests: number,
    success = numFailedTests === 0,
    numPendingTests = 0,
  ): string => JSON.stringify({ numPassedTests, numFailedTests, numPendingTests, numTodoTests: 0, success });

  test('count unit tests one by one and every other step as one', () => {
    const verdicts = new Map([
      ['lint', 'passed'],
      ['unit tests', 'failed'],
      ['size', 'not run'],
    ] as const);
    expect(totals(verdicts, new Map([['unit tests', reportTotals(report(10, 2))]]))).toEqual({ passed: 11, failed: 3 });
  });
  test('a test file that could not be loaded is a failure', () => {
    expect(reportTotals(report(10, 0, false))).toEqual({ passed: 10, failed: 1 });
  });
  test.each([undefined, '{}', report(0, 0)])('a report that is missing, strange or empty is a failure: %s', (json) => {
    expect(reportTotals(json)).toEqual({ passed: 0, failed: 1 });
  });
  test('where all tests were skipped, nothing has passed and nothing has failed', () => {
    expect(reportTotals(report(0, 0, true, 7))).toEqual({ passed: 0, failed: 0 });
  });
  test('a runner that fails though no test did is a failure', () => {
    const verdicts = new Map([['unit tests', 'failed']] as const);
    expect(totals(verdicts, new Map([['unit tests', { passed: 5, failed: 0 }]]))).toEqual({ passed: 5, failed: 1 });
  });
  test('close with one line', () => {
    expect(closing({ passed: 12, failed: 3 })).toBe('12 passed, 3 failed');
  });
});

describe('a command', () => {
  test('keeps what it printed, apart and together', async () => {
    const ended = await run(process.execPath, ['-e', 'console.log("out"); console.error("err"); process.exit(3)']);
    expect(ended).toMatchObject({ code: 3, printed: 'out\n' });
    expect(ended.output).toContain('err');
  });
  test('that cannot be started has no exit code', async () => {
    expect((await run('/nowhere/at-all', [])).code).toBeUndefined();
  });
  test('that takes too long is ended', async () => {
    const { code, output } = await run(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { limit: 200 });
    expect([code, output]).toEqual([undefined, expect.stringContaining('ended after 0.2 s')]);
  });
});

test('a list is mapped in its order, though its elements end in another', async () => {
  const waits = [3, 1, 2];
  const slow = async (turns: number): Promise<number> => {
    for (let i = 0; i < turns; i += 1) await Promise.resolve();
    return turns * 10;
  };
  expect(await mapAtOnce(waits, 2, slow)).toEqual([30, 10, 20]);
});
