/** Words: conditions and quantities as a rule sees them; values that know what they read, compared when a snapshot is there. */
import type { Bytes, BytesPerSecond, Fraction, Hertz, Milliseconds, Unit, Watts } from '../../model/index.js';

/** The type of a plain number of each unit. */
export interface Amounts {
  readonly bytes: Bytes;
  readonly 'bytes per second': BytesPerSecond;
  readonly milliseconds: Milliseconds;
  readonly hertz: Hertz;
  readonly fraction: Fraction;
  readonly watts: Watts;
  readonly count: number;
  readonly none: number;
}

/** An amount to compare with: a plain number of the unit, or another quantity of it. */
export type Amount<U extends Unit> = Amounts[U] | Quantity<U>;

/**
 * A condition on a snapshot: true, false, or unknown (Kleene's three values). Neither an unknown condition nor its negation
 * ever causes a move. It is a value, not a boolean: join conditions with these words, not with `&&`, `||` and `!`.
 */
export interface Condition {
  /** Both, or all. */
  readonly and: (...others: readonly Condition[]) => Condition;
  /** Either, or any. */
  readonly or: (...others: readonly Condition[]) => Condition;
  /** The opposite; of what is unknown, unknown. */
  readonly not: () => Condition;
  /** This one, and not the other. */
  readonly unless: (other: Condition) => Condition;
}

/** How long a condition must have held. */
export interface Lasting {
  /** Contrary samples in a row that do not end a spell (Muda, §6.4; M14). @defaultValue 3 */
  readonly forgiving?: number;
}

/** A reading against a plain number: it can be asked for how long it has held. */
export interface Comparison extends Condition {
  /** It has held for so long without a break. */
  readonly for: (length: Milliseconds, lasting?: Lasting) => Condition;
}

/** Anything with a unit: what all quantities have in common. */
export interface Measured {
  readonly unit: Unit;
}

/** A number of a unit that is known once there is a snapshot, or is not known. Join quantities with these words, not with `+`. */
export interface Quantity<U extends Unit> extends Measured {
  readonly unit: U;
  /** Greater. */
  readonly above: (limit: Amount<U>) => Condition;
  /** Less. */
  readonly below: (limit: Amount<U>) => Condition;
  /** Greater or equal. */
  readonly atLeast: (limit: Amount<U>) => Condition;
  /** Less or equal. */
  readonly atMost: (limit: Amount<U>) => Condition;
  /** Equal. */
  readonly equals: (limit: Amount<U>) => Condition;
  /** From the first to the second, both included. */
  readonly between: (low: Amount<U>, high: Amount<U>) => Condition;
  /** The sum. */
  readonly plus: (other: Amount<U>) => Quantity<U>;
  /** The difference. */
  readonly minus: (other: Amount<U>) => Quantity<U>;
  /** So many times as much; the unit remains. */
  readonly times: (factor: number | Measured) => Quantity<U>;
  /** The so-manieth part; the unit remains. Not known where the divisor is zero. */
  readonly dividedBy: (divisor: number | Measured) => Quantity<U>;
  /** As a share of another of its unit. Not known where that is zero. */
  readonly shareOf: (whole: Amount<U>) => Quantity<'fraction'>;
  /** The number without its unit, to be compared or joined with others that have none. */
  readonly plain: () => Quantity<'none'>;
  /** The lesser of both. */
  readonly atMostOf: (other: Amount<U>) => Quantity<U>;
  /** The greater of both. */
  readonly atLeastOf: (other: Amount<U>) => Quantity<U>;
  /** This, or where it is not known the other. It is the only word that makes something known of the unknown. */
  readonly orElse: (other: Amount<U>) => Quantity<U>;
}

/** A quantity that is read from samples, so that its past can be asked for too. */
export interface Reading<U extends Unit> extends Quantity<U> {
  /** Greater; of a plain number also for how long. */
  readonly above: (limit: Amount<U>) => Comparison;
  /** Less; of a plain number also for how long. */
  readonly below: (limit: Amount<U>) => Comparison;
  /** Greater or equal; of a plain number also for how long. */
  readonly atLeast: (limit: Amount<U>) => Comparison;
  /** Less or equal; of a plain number also for how long. */
  readonly atMost: (limit: Amount<U>) => Comparison;
  /** Goes up, a few contrary steps forgiven (Muda, §6.4, rule 1; M12, M14). */
  readonly rising: () => Condition;
  /** Goes down. */
  readonly falling: () => Condition;
  /** The exponentially weighted mean with a time constant. */
  readonly smoothed: (over: Milliseconds) => Quantity<U>;
  /** The mean of the last so many samples. */
  readonly averaged: (samples: number) => Quantity<U>;
}

/** Something that has a name, whatever names there are. */
export interface Named {
  /** There is a name at all. */
  readonly isGiven: () => Condition;
  /** The same name as another. */
  readonly equals: (other: Named) => Condition;
}

/** A name: of a state, a storage, the value of a label. That there is none is known: it is then no name asked for. */
export interface Text<Name extends string = string> extends Named {
  /** One of the names. */
  readonly is: (...names: readonly Name[]) => Condition;
  /** None of the names, or no name at all. */
  readonly isNot: (...names: readonly Name[]) => Condition;
}

/** Quantities of one unit, one for each item of a collection. Where any of them is not known, nothing of all is. */
export interface Quantities<U extends Unit> {
  /** All together; nothing together is zero. */
  readonly sum: () => Quantity<U>;
  /** Arithmetic mean; not known of none. */
  readonly mean: () => Quantity<U>;
  /** The least; not known of none. */
  readonly min: () => Quantity<U>;
  /** The greatest; not known of none. */
  readonly max: () => Quantity<U>;
}
