import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { hours } from '../../src/model/index.js';
import { stay } from '../../src/policies/index.js';
import { recordedDay } from '../../examples/main-job/day.js';
import { marks, policyFrom, policyNames, policyOf } from '../../examples/main-job/policies.js';
import { page } from '../../examples/main-job/report/page.js';
import { runArm } from '../../examples/main-job/run-arm.js';
import { scenarioOf } from '../../examples/main-job/scenario.js';
import { readSettings } from '../../examples/main-job/settings.js';

const day = recordedDay();
const short = { seed: 4, length: hours(1) };

test('the recorded day has a day of processor and memory use for each of its machines, without gaps', () => {
  expect(day.cpu).toHaveLength(320);
  expect(day.memory.size).toBe(320);
  expect(day.problems).toEqual([]);
  for (const { values } of day.cpu) {
    expect(values).toHaveLength(288);
    expect(values).not.toContain(undefined);
  }
});

test('both arms ask for the same work, and the policy serves more of it', () => {
  const scenario = scenarioOf(day, 10, 4);
  const still = runArm('never', stay(), scenario, short);
  const moving = runArm('cslb', policyOf('cslb'), scenario, short);
  expect(still.moves).toEqual([]);
  expect(still.totals.migrations).toBe(0);
  expect(moving.totals.migrations).toBeGreaterThan(0);
  expect(moving.totals.unserved).toBeLessThan(still.totals.unserved);
  expect(moving.totals.overloaded).toBeLessThan(still.totals.overloaded);
  expect(moving.decisions.length).toBeGreaterThan(0);
  for (const { text } of moving.decisions) expect(text).toMatch(/^move \S+ {2}\S+ → \S+\n {2}because /);
});

test('equal settings give an equal arm, and another seed another day', () => {
  const arm = (seed: number): unknown => runArm('cslb', policyOf('cslb'), scenarioOf(day, 4, seed), { ...short, seed });
  expect(arm(4)).toEqual(arm(4));
  expect(arm(5)).not.toEqual(arm(4));
});

test('the report is one page with the plots and the decisions in it, and asks the network for nothing', () => {
  const scenario = scenarioOf(day, 6, 4);
  const arm = runArm('cslb <b>', policyOf('cslb'), scenario, short);
  const html = page([arm], { title: 'A & B', facts: ['fact'], marks, decisions: 3 });
  expect(html.match(/<svg /g)?.length).toBeGreaterThanOrEqual(3);
  expect(html).not.toMatch(/<script|<link|<img|src=|@import|url\((?!#)/);
  expect(html).not.toContain('cslb <b>');
  expect(html).not.toMatch(/NaN|undefined/);
});

test.each(policyNames)('--policy %s runs', (name) => {
  const scenario = scenarioOf(day, 3, 4);
  expect(runArm(name, policyOf(name), scenario, { seed: 4, length: hours(0.25) }).at).toHaveLength(3);
});

test('--hosts, --seed, --trace and --report are read', () => {
  expect(readSettings(['--hosts', '12', '--seed', '9', '--trace', 'day.csv', '--report', 'r.html'])).toEqual({
    settings: { policy: 'cslb', hosts: 12, seed: 9, trace: 'day.csv', report: 'r.html' },
  });
});

test.each([
  [['--hosts', 'many'], '--hosts'],
  [['--hosts', '1'], '--hosts'],
  [['--speed', '2'], '--speed'],
])('%j is refused, and says which option', (words, option) => {
  expect(readSettings(words)).toMatchObject({ exit: 2, say: expect.stringContaining(option) as string });
});

test('the README shows the table that the run prints', () => {
  const file = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  // The run itself is compared with this file.
  const printed = file('examples/main-job/expected.txt');
  const table = printed.slice(
    printed.indexOf('                             never migrate'),
    printed.indexOf('\n\nreport:'),
  );
  expect(table.split('\n')).toHaveLength(7);
  expect(file('README.md')).toContain(table);
});

test("a policy of one's own is given as a file", async () => {
  // As `npm start` runs it: with a loader for TypeScript, which the process that tries the module takes over.
  const text =
    "import('./examples/main-job/policies.ts').then(async ({ policyFrom }) => console.log((await policyFrom(process.argv[1])).name))";
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '-e', text, 'examples/policies/cslb.ts'],
    { cwd: fileURLToPath(new URL('../..', import.meta.url)) },
  );
  expect(stdout.trim()).toBe('cslb-in-words');
  expect((await policyFrom('stay')).name).toBe('stay');
});

test('a name that there is not, and a file without a policy, are told', async () => {
  await expect(policyFrom('nonsense')).rejects.toThrow('no policy is called "nonsense"');
  await expect(policyFrom('./nowhere.ts')).rejects.toThrow(/nowhere\.ts: /);
});
