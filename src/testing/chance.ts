/** Chance: how often something out of the ordinary happens in a generated cluster. */
import * as fc from 'fast-check';

/** Share of the cases in which something is out of the ordinary. Zero shrinks away first. */
export type Rate = number;

/** Whether it happens; shrinks to not. */
export const happens = (rate: Rate): fc.Arbitrary<boolean> => fc.nat(999).map((n) => n >= 1000 * (1 - rate));

/** The ordinary, or at a rate one of the others; shrinks to the ordinary. */
export const seldom = <Value>(rate: Rate, ordinary: Value, ...others: readonly Value[]): fc.Arbitrary<Value> =>
  fc.nat(9999).map((n) => {
    const beyond = n - 10_000 * (1 - rate);
    return beyond < 0 || others.length === 0 ? ordinary : (others[Math.floor(beyond) % others.length] ?? ordinary);
  });
