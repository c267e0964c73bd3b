/** Condition: joins conditions by Kleene's logic, and keeps the evidence that decided. */
import { type Reason } from '../../model/index.js';
import { type ConditionInside, conditions, type Verdict } from './inside.js';
import { scopeOf } from './scope.js';
import type { Condition } from './words.js';

const not = (verdict: Verdict): Verdict => (verdict === undefined ? undefined : !verdict);

/** False if any is false, else unknown if any is unknown. Later ones are not asked where an earlier one decides. */
const allHold = (parts: readonly ConditionInside[], asked: boolean): ConditionInside['holds'] => {
  const decides = !asked;
  return (frame) => {
    let verdict: Verdict = asked;
    for (const part of parts) {
      const one = part.holds(frame);
      if (one === decides) return decides;
      if (one === undefined) verdict = undefined;
    }
    return verdict;
  };
};

/** Evidence of several that must all be as asked: all of it where they are; else that of those that are not, or are not known. */
const joint =
  (parts: readonly ConditionInside[]): ConditionInside['because'] =>
  (frame, asked) => {
    const judged = parts.map((part) => ({ part, verdict: part.holds(frame) }));
    const against = judged.filter(({ verdict }) => verdict === !asked);
    const doubtful = judged.filter(({ verdict }) => verdict === undefined);
    const telling = against.length > 0 ? against : doubtful.length > 0 ? doubtful : judged;
    return telling.flatMap(({ part }) => part.because(frame, asked));
  };

/** Evidence of several of which one must be as asked: that of the first that is; else of those in doubt; else of all. */
const either =
  (parts: readonly ConditionInside[]): ConditionInside['because'] =>
  (frame, asked) => {
    const judged = parts.map((part) => ({ part, verdict: part.holds(frame) }));
    const found = judged.find(({ verdict }) => verdict === asked);
    const doubtful = judged.filter(({ verdict }) => verdict === undefined);
    const telling = found ? [found] : doubtful.length > 0 ? doubtful : judged;
    return telling.flatMap(({ part }) => part.because(frame, asked));
  };

/** A condition as a word. */
export const conditionOf = (inside: ConditionInside): Condition =>
  conditions.keep<Condition>(
    {
      and: (...others) => both(wordOf(inside), ...others),
      or: (...others) => any(wordOf(inside), ...others),
      not: () => negated(wordOf(inside)),
      unless: (other) => both(wordOf(inside), negated(other)),
    },
    inside,
  );

const wordOf = conditionOf;

/** All of them. */
export const both = (...all: readonly Condition[]): Condition => {
  const parts = all.map(conditions.of);
  const [holding, failing] = [joint(parts), either(parts)];
  return conditionOf({
    scope: scopeOf(...parts.map(({ scope }) => scope)),
    holds: allHold(parts, true),
    because: (frame, asked): readonly Reason[] => (asked ? holding(frame, true) : failing(frame, false)),
  });
};

/** At least one of them. */
export const any = (...all: readonly Condition[]): Condition => {
  const parts = all.map(conditions.of);
  const [failing, holding] = [joint(parts), either(parts)];
  return conditionOf({
    scope: scopeOf(...parts.map(({ scope }) => scope)),
    holds: allHold(parts, false),
    because: (frame, asked): readonly Reason[] => (asked ? holding(frame, true) : failing(frame, false)),
  });
};

/** The opposite. */
export const negated = (condition: Condition): Condition => {
  const { scope, holds, because } = conditions.of(condition);
  return conditionOf({
    scope,
    holds: (frame) => not(holds(frame)),
    because: (frame, asked) => because(frame, !asked),
  });
};
