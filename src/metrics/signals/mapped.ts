/** Mapped, both: signals whose values are worked out from those of others. */
import type { Signal } from '../signal.js';

const known = <Value>(value: Value | undefined): Value | undefined =>
  typeof value === 'number' && !Number.isFinite(value) ? undefined : value;

/**
 * The value of a signal, turned into another. Not known where the first is not, where `turn` gives nothing, or where it gives a
 * number that is not finite.
 *
 * @param name - says what is done to the value, with all parameters; two of one name are the same signal
 *
 * @example
 * const spare = mapped(level(cpu), 'spare', (used) => 1 - used);
 */
export const mapped = <From, To, State>(
  signal: Signal<From, State>,
  name: string,
  turn: (value: From) => To | undefined,
): Signal<To, State> => ({
  name: `${name}(${signal.name})`,
  initial: signal.initial,
  step: signal.step,
  value: (state) => {
    const value = signal.value(state);
    return value === undefined ? undefined : known(turn(value));
  },
});

/**
 * The values of two signals, joined into one. Not known where either is not, where `join` gives nothing, or where it gives a
 * number that is not finite.
 *
 * @param name - says how they are joined, with all parameters; two of one name are the same signal
 *
 * @example
 * const bound = both(level(cpu), level(iowait), 'difference', (used, waiting) => used - waiting);
 */
export const both = <First, Second, To, FirstState, SecondState>(
  first: Signal<First, FirstState>,
  second: Signal<Second, SecondState>,
  name: string,
  join: (first: First, second: Second) => To | undefined,
): Signal<To, readonly [FirstState, SecondState]> => ({
  name: `${name}(${first.name}, ${second.name})`,
  initial: [first.initial, second.initial],
  step: ([one, other], sample) => [first.step(one, sample), second.step(other, sample)],
  value: ([one, other]) => {
    const [a, b] = [first.value(one), second.value(other)];
    return a === undefined || b === undefined ? undefined : known(join(a, b));
  },
});
