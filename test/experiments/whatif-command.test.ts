/** `npm run whatif`: a recording and a policy module in, a table out. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { from, lastValueFrom, toArray } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, run } from '../../scripts/check/command.js';
import { recordedEngine } from '../../src/experiments/index.js';
import { type RecordingEntry, writeRecording } from '../../src/metrics/index.js';
import { minutes, seconds } from '../../src/model/index.js';
import { stay } from '../../src/policies/index.js';
import { clusterOf, simulatedCluster, traceDemand, virtualTime } from '../../src/simulation/index.js';

const root = join(import.meta.dirname, '../..');
const whatif = (...words: readonly string[]): Promise<Ended> =>
  run(process.execPath, ['--import', 'tsx', 'scripts/whatif/index.ts', ...words], { cwd: root });

describe('npm run whatif', () => {
  let folder = '';
  const file = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'whither-whatif-'));
    const time = virtualTime();
    const { hosts, guests } = clusterOf({ hosts: 3, guests: 12, seed: 1 });
    const workloads = Object.fromEntries(
      guests.map(({ id }, i) => [id, { demand: traceDemand([i % 3 === 0 ? 0.9 : 0.1]) }]),
    );
    const entries: RecordingEntry[] = [];
    const driver = simulatedCluster({ hosts, guests, workloads, scheduler: time.scheduler });
    recordedEngine({ driver, policy: stay(), every: seconds(10), scheduler: time.scheduler }, (entry) =>
      entries.push(entry),
    ).subscribe();
    time.run(minutes(3));
    const lines = await lastValueFrom(from(entries).pipe(writeRecording(), toArray()));
    writeFileSync(file('day.ndjson'), `${lines.join('')}this is no entry\n`);
    writeFileSync(
      file('none.mjs'),
      `export default { name: 'none', watch: {}, plan: () => ({ moves: [], passedOver: [] }) };`,
    );
    writeFileSync(file('broken.mjs'), 'export default 42;');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('compares policies over a recording, and tells which lines it could not read', async () => {
    const { code, printed, output } = await whatif(file('day.ndjson'), `mine=${file('none.mjs')}`, '--every', '20 s');
    expect(code, output).toBe(0);
    expect(printed).toContain('| | never migrate | as recorded | mine |');
    expect(output).toMatch(/day\.ndjson, line \d+: /);
  });

  test.each([
    [
      'a policy that is none',
      () => [file('day.ndjson'), file('broken.mjs')],
      /broken\.mjs: its default export is no policy/,
    ],
    ['a recording that is not there', () => [file('no.ndjson'), file('none.mjs')], /ENOENT/],
    ['no words at all', () => [], /npm run whatif/],
    ['a time that is none', () => [file('day.ndjson'), file('none.mjs'), '--every', 'soon'], /soon/],
  ])('%s ends with code 2 and says what is wrong', async (_, words, message) => {
    const { code, output } = await whatif(...words());
    expect(code).toBe(2);
    expect(output).toMatch(message);
  });
});
