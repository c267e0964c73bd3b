/** Duration: how long the move of a guest is expected to take, read from a snapshot and estimated. */
import type { Estimator } from '../../estimators/index.js';
import type { DirtyReading, Milliseconds, ObservedGuest, ObservedHost } from '../../model/index.js';

const isDirty = (value: unknown): value is DirtyReading =>
  typeof value === 'object' && value !== null && 'rate' in value && 'window' in value && typeof value.rate === 'number';

/**
 * Expected duration of a move of a guest from its host, over a link of the host's own rate; infinite where it would not end or
 * where nobody knows. A rate of dirtying of zero is what tools report before they have measured, and so is not known.
 */
export const moveDuration =
  (estimator: Estimator) =>
  (guest: ObservedGuest, from: ObservedHost): Milliseconds => {
    const bandwidth = from.networks.find(({ role }) => role === 'migration')?.bandwidth;
    if (bandwidth === undefined) return Infinity;
    const { dirty } = guest.signals;
    const estimate = estimator({
      memory: guest.memory,
      demand:
        isDirty(dirty) && dirty.rate > 0
          ? { kind: 'sampled', rate: dirty.rate, window: dirty.window }
          : { kind: 'unknown' },
      bandwidth,
    });
    return 'duration' in estimate ? estimate.duration : Infinity;
  };
