/** Quantity: reckons with numbers that may not be known, and compares them so that the comparison can be told. */
import { compare, type Reason, relates, type Relation, type Unit, unknown, wholeCluster } from '../../model/index.js';
import { conditionOf, both } from './condition.js';
import type { Frame } from './frame.js';
import { type ConditionInside, quantities, type QuantityInside } from './inside.js';
import { closed, scopeOf } from './scope.js';
import type { Amount, Condition, Measured, Quantity } from './words.js';

const finite = (value: number | undefined): number | undefined => (Number.isFinite(value) ? value : undefined);

/** Shares beyond this, ten times all there is, are percentages that were not said to be any. */
const largestShare = 10;

/** A plain number. A number that is none is refused while the rule is built. */
const constantInside = (value: number, unit: Unit): QuantityInside => {
  if (!Number.isFinite(value)) throw new RangeError(`${String(value)} is not a number to compare or reckon with`);
  if (unit === 'fraction' && Math.abs(value) > largestShare)
    throw new RangeError(`${value} as a share is ${value * 100} %; shares are from 0 to 1: write percent(${value})`);
  return {
    scope: closed,
    unit,
    measure: () => String(value),
    subject: undefined,
    value: () => value,
    missing: () => [],
  };
};

const insideOf = (amount: number | Measured, unit: Unit): QuantityInside =>
  typeof amount === 'number' ? constantInside(amount, unit) : quantities.of(amount);

const opposite: Readonly<Record<Exclude<Relation, 'equal to'>, Relation>> = {
  above: 'at most',
  'at least': 'below',
  below: 'at least',
  'at most': 'above',
};

/** The relation to quote where the one asked about shall not hold. Two numbers that differ are above or below each other. */
const quoted = (relation: Relation, asked: boolean, value: number, limit: number): Relation => {
  if (asked) return relation;
  return relation === 'equal to' ? (value < limit ? 'below' : 'above') : opposite[relation];
};

/** Why a comparison cannot be made: what is missing, or a result that is no number, such as a share of nothing. */
const missingOf = (frame: Frame, left: QuantityInside, right: QuantityInside): readonly Reason[] => {
  const missing = [...left.missing(frame), ...right.missing(frame)];
  if (missing.length > 0) return missing;
  const culprit = left.value(frame) === undefined ? left : right;
  const subject = culprit.subject?.(frame) ?? wholeCluster;
  return [unknown({ rule: frame.rule, subject, measure: culprit.measure(frame), why: 'not measured' })];
};

/** Compares two quantities, and can say what was compared. */
export const comparison = (left: QuantityInside, relation: Relation, right: QuantityInside): Condition =>
  conditionOf({
    scope: scopeOf(left.scope, right.scope),
    holds: (frame) => {
      const [value, limit] = [left.value(frame), right.value(frame)];
      return value === undefined || limit === undefined ? undefined : relates(value, relation, limit);
    },
    because: (frame, asked): readonly Reason[] => {
      const [value, limit] = [left.value(frame), right.value(frame)];
      if (value === undefined || limit === undefined) return missingOf(frame, left, right);
      const age = left.age?.(frame);
      const against = right.subject === undefined ? '' : `, against ${right.measure(frame)},`;
      return [
        compare({
          rule: frame.rule,
          subject: (left.subject ?? right.subject)?.(frame) ?? wholeCluster,
          measure: `${left.measure(frame)}${against}`,
          value,
          relation: quoted(relation, asked, value, limit),
          limit,
          unit: left.unit,
          ...(age === undefined ? {} : { age }),
        }),
      ];
    },
  });

type Reckon = (a: number, b: number) => number;

const joined = (a: QuantityInside, sign: string, b: QuantityInside, reckon: Reckon): Omit<QuantityInside, 'unit'> => {
  const subject = a.subject ?? b.subject;
  return {
    scope: scopeOf(a.scope, b.scope),
    measure: (frame) => `${a.measure(frame)} ${sign} ${b.measure(frame)}`,
    subject,
    value: (frame) => {
      const x = a.value(frame);
      if (x === undefined) return undefined;
      const y = b.value(frame);
      return y === undefined ? undefined : finite(reckon(x, y));
    },
    missing: (frame) => [...a.missing(frame), ...b.missing(frame)],
  };
};

/** A share of nothing is not finite, and so not known. */
const divided: Reckon = (a, b) => a / b;

const orElse = (a: QuantityInside, b: QuantityInside): QuantityInside => ({
  ...a,
  scope: scopeOf(a.scope, b.scope),
  measure: (frame) => (a.value(frame) === undefined ? b : a).measure(frame),
  value: (frame) => a.value(frame) ?? b.value(frame),
  missing: (frame) => (b.value(frame) === undefined ? [...a.missing(frame), ...b.missing(frame)] : []),
});

/** A quantity as a word. The inside's unit is the one that the word's type says. */
export const quantityOf = <U extends Unit>(inside: QuantityInside & { readonly unit: U }): Quantity<U> => {
  const { unit } = inside;
  const other = (amount: Amount<U>): QuantityInside => insideOf(amount, unit);
  const against =
    (relation: Relation) =>
    (limit: Amount<U>): Condition =>
      comparison(inside, relation, other(limit));
  const reckoned =
    (sign: string, reckon: Reckon) =>
    (amount: Amount<U>): Quantity<U> =>
      quantityOf({ ...joined(inside, sign, other(amount), reckon), unit });
  return quantities.keep<Quantity<U>>(
    {
      unit,
      above: against('above'),
      below: against('below'),
      atLeast: against('at least'),
      atMost: against('at most'),
      equals: against('equal to'),
      between: (low, high) => both(against('at least')(low), against('at most')(high)),
      plus: reckoned('+', (a, b) => a + b),
      minus: reckoned('-', (a, b) => a - b),
      times: (factor) => quantityOf({ ...joined(inside, '×', insideOf(factor, 'none'), (a, b) => a * b), unit }),
      dividedBy: (divisor) => quantityOf({ ...joined(inside, '/', insideOf(divisor, 'none'), divided), unit }),
      shareOf: (whole) => quantityOf({ ...joined(inside, 'of', other(whole), divided), unit: 'fraction' as const }),
      plain: () => quantityOf({ ...inside, unit: 'none' as const }),
      atMostOf: reckoned('or at most', Math.min),
      atLeastOf: reckoned('or at least', Math.max),
      orElse: (amount) => quantityOf({ ...orElse(inside, other(amount)), unit }),
    },
    inside,
  );
};

/** A plain number as a quantity. */
export const constant = <U extends Unit>(value: number, unit: U): Quantity<U> =>
  quantityOf({ ...constantInside(value, unit), unit });

/** One quantity where a condition is true, another where it is false; not known where the condition is not. */
export const chosen = <U extends Unit>(
  condition: ConditionInside,
  unit: U,
  yes: Amount<U>,
  no: Amount<U>,
): Quantity<U> => {
  const [a, b] = [insideOf(yes, unit), insideOf(no, unit)];
  const of = (frame: Frame): QuantityInside | undefined => {
    const verdict = condition.holds(frame);
    return verdict === undefined ? undefined : verdict ? a : b;
  };
  const subject = a.subject ?? b.subject;
  return quantityOf({
    scope: scopeOf(condition.scope, a.scope, b.scope),
    unit,
    measure: (frame) => (of(frame) ?? a).measure(frame),
    subject,
    value: (frame) => of(frame)?.value(frame),
    missing: (frame) =>
      of(frame)?.missing(frame) ?? condition.because(frame, true).filter((reason) => reason.kind === 'unknown'),
  });
};

/** Numbers worked out from others by a function of one's own; not known where any of them is not. */
export const calculated = <U extends Unit>(
  name: string,
  unit: U,
  from: readonly Measured[],
  reckon: (...values: readonly number[]) => number | undefined,
): Quantity<U> => {
  const parts = from.map(quantities.of);
  return quantityOf({
    scope: scopeOf(...parts.map(({ scope }) => scope)),
    unit,
    measure: () => name,
    subject: parts.find(({ subject }) => subject !== undefined)?.subject,
    value: (frame) => {
      const values = parts.map(({ value }) => value(frame));
      return values.every((value) => value !== undefined) ? finite(reckon(...values)) : undefined;
    },
    missing: (frame) => parts.flatMap(({ missing }) => missing(frame)),
  });
};
