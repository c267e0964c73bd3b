/** Estimate: how long one estimate takes, for inputs that are known and such as were sampled. */
import { precopy, type MoveFacts } from '../../src/estimators/index.js';
import { gibibytes, mbps, mebibytesPerSecond } from '../../src/model/index.js';
import type { Benchmark } from '../benchmark.js';

const common = { memory: gibibytes(4), nonZero: gibibytes(3), bandwidth: mbps(1000), line: mbps(10_000) };

const known: MoveFacts = {
  ...common,
  demand: { kind: 'known', writeRate: mebibytesPerSecond(80), workingSet: gibibytes(0.8), pattern: 'random' },
};

const sampled: MoveFacts = {
  ...common,
  demand: {
    kind: 'sampled',
    rate: mebibytesPerSecond(60),
    window: 2000,
    sampledPages: 16_384,
    step: mebibytesPerSecond(1),
    further: [{ rate: mebibytesPerSecond(66), window: 1000, sampledPages: 2048, step: mebibytesPerSecond(1) }],
  },
};

const batches = 40;
const batch = 1000;

/** Microseconds of one estimate: the middle of batches, in processor time, so that other work on the host does not count. */
const microseconds = (facts: MoveFacts): number => {
  const estimator = precopy();
  const times: number[] = [];
  let kept = 0;
  for (let index = 0; index < batches; index += 1) {
    const { user, system } = process.cpuUsage();
    for (let one = 0; one < batch; one += 1) kept += estimator(facts).convergence.length;
    const spent = process.cpuUsage({ user, system });
    times.push((spent.user + spent.system) / batch);
  }
  // The result is used, so that no compiler may leave the work out.
  if (kept === 0) throw new Error('nothing was estimated');
  return times.sort((a, b) => a - b)[batches / 2] ?? NaN;
};

/** The benchmark: an estimate costs less than 20 µs. */
export const estimate: Benchmark = {
  name: 'estimate',
  run: (report) => {
    report({ name: 'estimate, known inputs', value: microseconds(known), unit: 'µs', target: 20 });
    report({ name: 'estimate, sampled inputs', value: microseconds(sampled), unit: 'µs', target: 20 });
    return Promise.resolve();
  },
};
