/** What estimates say of themselves: the figures that they used, where those came from, and in which unit they are. */
import { expect, test } from 'vitest';
import { precopy, thesis, xenPrecopy, type Estimator, type MoveFacts } from '../../src/estimators/index.js';
import { gibibytes, mbps, mebibytes, mebibytesPerSecond, seconds } from '../../src/model/index.js';
import { knownDemand, moveFacts, sampledDemand } from './facts.js';

const grounds = (estimator: Estimator, facts: MoveFacts): readonly string[] => {
  const estimate = estimator(facts);
  const because = 'because' in estimate ? (estimate.because ?? []) : [];
  return because.map(
    ({ rule, measure, value, unit, origin }) => `${rule}: ${measure} ${String(value)} ${unit}, ${origin}`,
  );
};
const { memory, bandwidth, demand } = moveFacts();

test('precopy: a guest whose writing is known', () => {
  expect(grounds(precopy(), moveFacts())).toEqual([
    `precopy: non-zero memory ${mebibytes(600)} bytes, given`,
    `precopy: bandwidth ${mbps(700)} bytes per second, given`,
    `precopy: write rate ${mebibytesPerSecond(20)} bytes per second, given`,
    `precopy: working set ${mebibytes(200)} bytes, given`,
    'precopy: chance to settle 1 fraction, derived',
  ]);
});

test('precopy: a guest whose dirtying was read, and of which no zero pages are known', () => {
  expect(grounds(precopy(), { memory, bandwidth, demand: sampledDemand() })).toEqual([
    `precopy: non-zero memory ${gibibytes(1)} bytes, assumed`,
    `precopy: bandwidth ${mbps(700)} bytes per second, given`,
    `precopy: dirty rate ${mebibytesPerSecond(12)} bytes per second, given`,
    `precopy: window ${seconds(1)} milliseconds, given`,
    'precopy: chance to settle 1 fraction, derived',
  ]);
});

test('precopy: a move that never settles tells them as well', () => {
  const hot = knownDemand({ writeRate: mebibytesPerSecond(200), workingSet: mebibytes(500) });
  expect(grounds(precopy(), moveFacts({ demand: hot })).at(-1)).toBe('precopy: chance to settle 0 fraction, derived');
});

test('xen', () => {
  expect(grounds(xenPrecopy(), moveFacts())).toEqual([
    `xen: memory ${gibibytes(1)} bytes, given`,
    `xen: bandwidth ${mbps(700)} bytes per second, given`,
  ]);
});

test('thesis', () => {
  expect(grounds(thesis({ ceiling: mbps(300) }), { memory, bandwidth, demand })).toEqual([
    `thesis: memory ${gibibytes(1)} bytes, given`,
    `thesis: active memory ${mebibytes(200)} bytes, given`,
    `thesis: bandwidth ${mbps(300)} bytes per second, given`,
  ]);
  expect(grounds(thesis(), { memory, bandwidth, demand: { kind: 'unknown' } })[1]).toBe(
    `thesis: active memory ${gibibytes(1)} bytes, given`,
  );
});

test('thesis: an unknown demand does not matter to it, other facts do', () => {
  expect(thesis()({ memory, bandwidth: NaN, demand: { kind: 'unknown' } })).toEqual({
    convergence: 'unknown',
    missing: ['bandwidth'],
  });
  expect(thesis()(moveFacts({ demand: knownDemand({ writeRate: NaN }) }))).toEqual({
    convergence: 'unknown',
    missing: ['write rate'],
  });
});

test('the processor time of both hosts: 1.4 ms of one core for each mebibyte sent', () => {
  const estimate = precopy()(moveFacts());
  if (!('duration' in estimate)) throw new Error('it converges');
  expect((estimate.hosts?.cpu ?? 0) / (estimate.bytes / mebibytes(1))).toBeCloseTo(1.4);
});

test('settings of precopy: the bounds themselves are allowed, and off is as if not said', () => {
  expect(() => precopy({ compression: 1, downtimeLimit: 0, fixed: 0, concurrent: 0 })).not.toThrow();
  expect(() => precopy({ compression: 1.01 })).toThrow(
    new RangeError('precopy.compression: 1.01 is not above 0 and at most 1'),
  );
  expect(() => precopy({ giveUpAfter: -1 })).toThrow(new RangeError('precopy.giveUpAfter: -1 is not 0 or more'));
  expect(precopy({ autoConverge: false })(moveFacts())).toEqual(precopy()(moveFacts()));
});

test('a move is called off after its limit, the fixed part within it', () => {
  const estimate = precopy()(moveFacts());
  if (!('duration' in estimate)) throw new Error('it converges');
  const limit = estimate.interval.high + 3000;
  expect(precopy({ fixed: 2500, giveUpAfter: limit })(moveFacts()).convergence).toBe('converges');
  expect(precopy({ fixed: 6000, giveUpAfter: limit })(moveFacts()).convergence).toBe('never');
});
