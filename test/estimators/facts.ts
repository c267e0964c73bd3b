/** Facts to start from in tests: a guest of one GiB on a link of 700 Mbit/s. */
import type { KnownDemand, MoveFacts, SampledDemand } from '../../src/estimators/index.js';
import { gibibytes, mbps, mebibytes, mebibytesPerSecond } from '../../src/model/index.js';

export const knownDemand = (change: Partial<KnownDemand> = {}): KnownDemand => ({
  kind: 'known',
  writeRate: mebibytesPerSecond(20),
  workingSet: mebibytes(200),
  pattern: 'random',
  ...change,
});

export const sampledDemand = (change: Partial<SampledDemand> = {}): SampledDemand => ({
  kind: 'sampled',
  rate: mebibytesPerSecond(12),
  window: 1000,
  ...change,
});

export const moveFacts = (change: Partial<MoveFacts> = {}): MoveFacts => ({
  memory: gibibytes(1),
  nonZero: mebibytes(600),
  bandwidth: mbps(700),
  demand: knownDemand(),
  ...change,
});
