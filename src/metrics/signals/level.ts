/** Level: what the latest sample says. */
import { finite } from '../finite.js';
import type { Measure, Signal } from '../signal.js';

/**
 * The reading of the latest sample, in the unit of the measure. Not known where the latest sample does not hold it: an older
 * reading is no answer to how things are.
 *
 * @example
 * const watch = { host: { cpu: level(cpu) } };
 */
export const level = (measure: Measure): Signal<number, number | undefined> => ({
  name: `level(${measure.name})`,
  initial: undefined,
  step: (_, sample) => finite(measure.of(sample)),
  value: (reading) => reading,
});
