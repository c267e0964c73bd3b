import { describe, expect, test } from 'vitest';
import { chapter5Rows } from '../../scripts/reproduce/muda/chapter5.js';
import { copyOn1, encodeOn2 } from '../../scripts/reproduce/muda/chapter7.js';
import { chapter74 } from '../../scripts/reproduce/muda/laboratory.js';
import { crossoverCurve } from '../../scripts/reproduce/muda/crossover.js';
import { baseline75, table7 } from '../../scripts/reproduce/muda/measured.js';
import { fitted, guestPhysics } from '../../scripts/reproduce/muda/physics.js';
import { reportOf } from '../../scripts/reproduce/muda/report.js';
import { median, run } from '../../scripts/reproduce/muda/trial.js';
import { row } from '../../scripts/reproduce/row.js';
import { type ConvergencePolicy, settleWithin } from '../../src/engine/index.js';
import { mbps, seconds } from '../../src/model/index.js';
import { muda, type MudaSettings } from '../../src/policies/index.js';

const asBuilt = { by: 'policy', policy: muda({ profile: 'asBuilt' }) } as const;
const alone = { by: 'nobody' } as const;

describe('the laboratory', () => {
  test('jobs that nobody moves take what was measured without migration, on either host', () => {
    expect(run(encodeOn2(alone)).job).toBeCloseTo(baseline75.encode.desktop2, 1);
    expect(run({ ...encodeOn2(alone), from: 'desktop1' }).job).toBeCloseTo(baseline75.encode.desktop1, 1);
    for (const what of ['copyIso', 'copyContents'] as const) {
      expect(run(copyOn1(what, alone)).job).toBeCloseTo(baseline75[what].desktop1, 1);
      // The processor part was taken off the clock of desktop 1; desktop 2 is slower at it.
      expect(run({ ...copyOn1(what, alone), from: 'desktop2' }).job).toBeGreaterThan(baseline75[what].desktop2 - 0.1);
      expect(run({ ...copyOn1(what, alone), from: 'desktop2' }).job).toBeLessThan(baseline75[what].desktop2 * 1.03);
    }
  });

  test('the same run gives the same course, to the bit', () => {
    expect(run(encodeOn2(asBuilt), 1)).toEqual(run(encodeOn2(asBuilt), 1));
  });

  test('M1, M2: desktop 2 has the image, and the migration network is apart from that of the storage', () => {
    const [, desktop2] = chapter74();
    expect(desktop2?.storage[0]).toMatchObject({ id: 'image', access: 'local' });
    expect(new Set(desktop2?.networks.map(({ link }) => link)).size).toBe(2);
  });

  test('the median of an even number of figures is the mean of the two in the middle', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([3, 1, 2])).toBe(2);
  });

  test('all that was fitted is named', () => {
    expect(fitted).toHaveLength(5);
    expect(fitted.join()).toContain(String(guestPhysics.besides));
  });
});

describe('the crossover curve', () => {
  test('M41: the longer a migration takes, the longer a job must be; the estimators say the same', () => {
    const curve = crossoverCurve([90, 300, 700]);
    const [slow, usual, fast] = curve;
    expect(slow?.simulated).toBeGreaterThan(usual?.simulated ?? Infinity);
    expect(usual?.simulated).toBeGreaterThan(fast?.simulated ?? Infinity);
    // Between the thesis' break-even lengths without slow-down and with one of 0.29.
    expect(usual?.simulated).toBeGreaterThan(98);
    expect(usual?.simulated).toBeLessThan(136);
    for (const { simulated, estimated } of curve) expect(Math.abs(simulated - estimated)).toBeLessThan(1);
  });

  test('the report holds the rows and a plot, and needs nothing else', () => {
    const page = reportOf(
      [row('7.6', 'a < b', 1, 1, 's', 0)],
      [
        { migration: 14, simulated: 81, estimated: 81 },
        { migration: 35, simulated: 113, estimated: 113 },
      ],
    );
    expect(page).toContain('a &lt; b');
    expect(page).toMatch(/<svg[\s\S]*shortest job that gains, s[\s\S]*<\/svg>/u);
    expect(page).not.toMatch(/<script|src=|href=/u);
  });
});

describe('chapter 5.3', () => {
  test('M35, M37: all rows of Table 5.3 but experiment 3 are within their tolerances', () => {
    const rows = chapter5Rows();
    expect(rows).toHaveLength(12);
    expect(rows.filter(({ within }) => within !== true)).toEqual([]);
  });
});

describe('chapter 7, as built', () => {
  test('M12, M19: the encoder is moved once, at about 60 s, when the load average passes 1', () => {
    const { start = 0, end = 0, job } = run(encodeOn2(asBuilt), 0.37);
    expect(start).toBeGreaterThanOrEqual(48);
    expect(start).toBeLessThanOrEqual(70);
    expect(end).toBeLessThan(job);
    expect(job).toBeLessThan(baseline75.encode.desktop2 * 0.92);
    expect(Math.abs(job - table7.encode.job)).toBeLessThan(0.05 * table7.encode.job);
  });

  test('M36, M38: the migration of a copy does not end before the job does, and gains nothing', () => {
    const { end = 0, job } = run(copyOn1('copyIso', asBuilt));
    expect(end - job).toBeGreaterThan(10);
    expect(end - job).toBeLessThan(25);
    expect(job).toBeGreaterThan(baseline75.copyIso.desktop1);
    expect(job).toBeLessThan(baseline75.copyIso.desktop1 * 1.05);
  });

  test('M37: without the ceiling of 300 Mbps it would', () => {
    const { end = 0, job } = run({ ...copyOn1('copyIso', asBuilt), migration: { ceiling: mbps(700) } });
    expect(end).toBeLessThan(job);
  });

  test('M29: a long job is moved once; where its own load counts it is sent back again and again', () => {
    const long = (settings: MudaSettings): number =>
      run(encodeOn2({ by: 'policy', policy: muda({ profile: 'asBuilt', ...settings }) }, 1000)).moves;
    expect(long({})).toBe(1);
    expect(long({ ownLoad: 'counted' })).toBeGreaterThan(1);
  });

  test('M43: by the strategy the copy is left where it is', () => {
    expect(run(copyOn1('copyIso', { by: 'policy', policy: muda() })).start).toBeUndefined();
  });
});

describe('predictions', () => {
  test('M42c: to migrate first and copy then takes less than to copy over NFS', () => {
    const first = run(copyOn1('copyIso', { by: 'hand', at: 0, to: 'desktop2', before: true }));
    expect(first.job).toBeLessThan(baseline75.copyIso.desktop1);
    expect(first.end).toBeGreaterThan(27);
  });

  test('M42d: a pause lets the migration of a copy end', () => {
    const { start = 0, end = 0, job } = run(copyOn1('copyIso', { by: 'hand', at: 55, to: 'desktop2', pause: true }));
    expect(end - start).toBeLessThan(35);
    expect(end).toBeLessThan(job);
  });

  test('M42d, M48: so does a convergence policy in the engine, which pauses what does not settle or ends it otherwise', () => {
    const pause: ConvergencePolicy = (history, { startedAt }) =>
      (history.at(-1)?.at ?? 0) - startedAt < seconds(30) ? { kind: 'continue' } : { kind: 'pause' };
    const postCopy = settleWithin({ patience: seconds(30), then: 'post-copy' });
    for (const convergence of [pause, postCopy]) {
      const { end = 0, job } = run(copyOn1('copyIso', { ...asBuilt, convergence }));
      expect(end).toBeLessThan(job);
    }
  });
});
