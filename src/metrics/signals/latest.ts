/** Latest: any part of the latest sample, such as the dirty rate together with the window that it was measured over. */
import type { Sample } from '../../model/index.js';
import type { Signal } from '../signal.js';

/**
 * What `pick` takes from the latest sample; not known where it takes nothing, or a number that is not finite.
 *
 * @param name - says what is picked; two of one name are the same signal
 *
 * @example
 * const dirty = latest('dirty', (sample) => sample.dirty); // { rate, window } | undefined
 */
export const latest = <Value>(
  name: string,
  pick: (sample: Sample) => Value | undefined,
): Signal<Value, Value | undefined> => ({
  name: `latest(${name})`,
  initial: undefined,
  step: (_, sample) => {
    const picked = pick(sample);
    return typeof picked === 'number' && !Number.isFinite(picked) ? undefined : picked;
  },
  value: (picked) => picked,
});
