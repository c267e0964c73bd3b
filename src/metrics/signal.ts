/** Signal: a pure fold over the samples of one subject. */
import type { Sample } from '../model/index.js';

/**
 * A pure fold over the samples of one subject, in the order of their times.
 *
 * `step` neither changes the state it is given nor looks at anything else, takes constant time and keeps constant space;
 * `value` gives `undefined` as long as the signal is not known. A sample without the field that the signal reads is a sample
 * that does not know: it never counts as zero.
 */
export interface Signal<Value, State = unknown> {
  /** Says what is folded, with all parameters: two signals of one name are the same signal. */
  readonly name: string;
  readonly initial: State;
  /** The state after one more sample. */
  readonly step: (state: State, sample: Sample) => State;
  /** The value of a state, or `undefined` where it is not known. */
  readonly value: (state: State) => Value | undefined;
}

/** A signal whose state is nobody's business but its own. */
// A fold's state is both taken and given, so `any` is the only type that all states fit; values stay typed.
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type AnySignal<Value = unknown> = Signal<Value, any>;

/** The value that a signal gives. */
export type ValueOf<S> = S extends AnySignal<infer Value> ? Value | undefined : never;

/** Reads one number from a sample, or `undefined` where the sample does not hold it. */
export interface Measure {
  /** Name of what is read, as it appears in reasons: `cpu`, `iowait`. */
  readonly name: string;
  /** The number, or `undefined` where the sample does not hold it. */
  readonly of: (sample: Sample) => number | undefined;
}
