/** Models: the estimators that are measured against each other, by name, each made for the options of one run. */
import { geometric, precopy, qemuStops, thesis, type Estimator } from '../../src/estimators/index.js';
import type { RunBefore } from './qemu-runs.js';

/** A model that can be asked about a run. */
export interface Model {
  readonly name: string;
  readonly estimator: (run: RunBefore) => Estimator;
}

/** What the evaluation compares: the theses' two estimates, the geometric series, and QEMU's own loop. */
export const models: readonly Model[] = [
  { name: 'thesis', estimator: () => thesis() },
  { name: 'thesis-base', estimator: () => thesis({ rule: 'base' }) },
  {
    name: 'geometric',
    estimator: ({ options, timeout }) => geometric({ rules: qemuStops(options.downtimeLimit), giveUpAfter: timeout }),
  },
  { name: 'qemu-loop', estimator: ({ options }) => precopy(options) },
];
