import { describe, expect, test } from 'vitest';
import { clusters, costPerDraw, crossover, falls, gain, plateau } from '../../scripts/reproduce/wilcox/figures.js';
import { wilcoxRows } from '../../scripts/reproduce/wilcox/index.js';
import { benchmarkNames, dynamicTables, lengths, staticTables } from '../../scripts/reproduce/wilcox/measured.js';
import { fitted, notClaimed, physics } from '../../scripts/reproduce/wilcox/physics.js';
import { wilcoxReport } from '../../scripts/reproduce/wilcox/report.js';
import { benchmark, entries, laboratory, policies } from '../../scripts/reproduce/wilcox/set-up.js';
import { runTest, type TestRecord, testsOf, throughput } from '../../src/experiments/index.js';

const rows = wilcoxRows({ static: 2, on: 1, off: 2 });

describe('W31: the set-up', () => {
  test('two hosts of four processors, nine guests placed five and four, the engine in a guest of its own', () => {
    expect(laboratory.hosts.map(({ cpu }) => cpu.cores)).toEqual([4, 4]);
    const on = (host: string): number => laboratory.guests.filter((one) => one.host === host).length;
    expect([on('a'), on('b')]).toEqual([5, 4]);
    expect(laboratory.engine.guest?.id).toBe('engine');
  });

  test('the size of a run is that of the static test without the engine', () => {
    const tests = testsOf({
      laboratory,
      benchmarks: [benchmark('gap')],
      batches: [[entries.static('gap', false, 6)]],
      seed: 1,
    });
    const runs = tests.reduce((sum, one) => sum + throughput(runTest(one, policies)), 0) / tests.length;
    expect(Math.abs(runs / staticTables.gap.off.runs - 1)).toBeLessThan(0.01);
  });
});

describe('figures', () => {
  const printed = new Map([...dynamicTables.gap.on].map(([length, { runs }]) => [length, runs]));

  test('plateau, gain, cost and crossover of the printed table', () => {
    expect(plateau(printed)).toBeCloseTo(242.62, 2);
    expect(gain(plateau(printed), dynamicTables.gap.off.runs)).toBeCloseTo(3.26, 2);
    expect(costPerDraw(printed)).toBeCloseTo(0.0894, 4);
    const at = crossover(printed, dynamicTables.gap.off.runs);
    expect(at).toBeGreaterThan(2);
    expect(at).toBeLessThan(4);
  });

  test('what never gains has no crossover, what always does has it at its first length', () => {
    expect(
      crossover(
        new Map([
          [1, 9],
          [2, 9],
        ]),
        10,
      ),
    ).toBeUndefined();
    expect(
      crossover(
        new Map([
          [1, 11],
          [2, 12],
        ]),
        10,
      ),
    ).toBe(1);
  });

  test('clusters are cut at the widest gap, and a fall may have noise', () => {
    expect(clusters([1, 0.9, 1.01, 0.91])).toMatchObject({ low: [0.9, 0.91], high: [1, 1.01] });
    expect(clusters([1])).toMatchObject({ low: [], apart: 0 });
    expect(falls([5, 4, 4.2, 3], 0.3)).toBe(true);
    expect(falls([5, 4, 4.5, 3], 0.3)).toBe(false);
  });
});

describe('the rows', () => {
  test('hold every condition of Tables 5.1 to 5.8, the mean of Table 6.1, and the web tests', () => {
    const named = (table: string, row: string): boolean => rows.some((one) => one.table === table && one.row === row);
    for (const name of benchmarkNames) {
      for (const part of ['runs', 'guests', 'Domain0', 'idle', 'engine']) {
        for (const side of ['on', 'off'])
          expect(named(staticTables[name].table, `${name}, static, engine ${side}: ${part}`)).toBe(true);
        for (const length of lengths)
          expect(named(dynamicTables[name].table, `${name}, ${length} iterations: ${part}`)).toBe(true);
        expect(named(dynamicTables[name].table, `${name}, engine off: ${part}`)).toBe(true);
      }
    }
    expect(named('6.1', 'mean static loss by the engine')).toBe(true);
    expect(named('5.3', 'web tests that failed, engine on')).toBe(true);
  });

  test('even of few tests most claims hold, and those that need no averaging all do', () => {
    const judged = rows.filter(({ within }) => within !== null);
    expect(judged.length).toBeGreaterThan(55);
    expect(judged.filter(({ within }) => within).length).toBeGreaterThan(0.75 * judged.length);
    for (const { row, within } of judged.filter((one) => one.row.endsWith('Domain0 falls with length')))
      expect([row, within]).toEqual([row, true]);
  });

  test('web tests that failed are counted, and nothing is claimed of them', () => {
    const web = rows.filter(({ row }) => row.startsWith('web tests'));
    expect(web.map(({ measured, within }) => [measured, within])).toEqual([
      [38, null],
      [45, null],
    ]);
    for (const { simulated } of web) expect(simulated).toBeGreaterThanOrEqual(0);
  });

  test('a page holds them with the gains by length, and needs nothing else', () => {
    const page = wilcoxReport(rows);
    expect(page).toMatch(/<svg[\s\S]*gain of the engine, %[\s\S]*<\/svg>/u);
    expect(page).toContain('mean static loss');
    expect(page).not.toMatch(/<script|src=|href=/u);
  });
});

test('one number was fitted, and is named with what it was fitted on; what is not claimed is said', () => {
  expect(fitted).toHaveLength(1);
  expect(fitted.join()).toContain(String(physics.cyclesPerByte));
  expect(notClaimed.join()).toContain('5 to 8 %');
});

test('W14, W16: with the engine on, moves follow draws, and the fewer draws there are the fewer the moves', () => {
  const record = (iterations: number): TestRecord | undefined => {
    const [one] = testsOf({
      laboratory,
      benchmarks: [benchmark('vpr')],
      batches: [[entries.dynamic('vpr', iterations, true, 1)]],
      seed: 1,
    });
    return one && runTest(one, policies);
  };
  const [often, seldom, never] = [1, 8, 512].map((iterations) => record(iterations)?.migrations.length ?? NaN);
  expect(often).toBeGreaterThan(2 * (seldom ?? NaN));
  expect(seldom).toBeGreaterThan(never ?? NaN);
  expect(never).toBeLessThanOrEqual(1);
});
