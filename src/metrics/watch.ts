/** Watch: the signals that a policy asks for, by name, and the types of the values it gets for them. */
import type { AnySignal, ValueOf } from './signal.js';

/** Signals by name, for hosts and for guests. */
export interface Watch {
  readonly host?: Readonly<Record<string, AnySignal>>;
  readonly guest?: Readonly<Record<string, AnySignal>>;
}

/** Values of the signals of one side of a watch, `undefined` where not known; a side that is not watched has no values. */
export type Watched<Signals> = {
  readonly [Name in keyof NonNullable<Signals>]: ValueOf<NonNullable<Signals>[Name]>;
};
