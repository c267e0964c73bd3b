/** Evidence: comparisons that a classifier makes, how far each stands from its limit, and how sure they make it together. */
import {
  compare,
  type Compared,
  type Fraction,
  type Reason,
  type Relation,
  type Unit,
  unknown,
} from '../../model/index.js';
import type { Classification, ClassifierContext, WorkloadClass } from './classification.js';

/** A measure against a limit; the value is `undefined` where it was not measured. */
export interface Test {
  readonly measure: string;
  readonly value: number | undefined;
  readonly relation: Relation;
  readonly limit: number;
  readonly unit: Unit;
}

/** Makes reasons in the name of one rule, about one subject. */
export const witness =
  (rule: string, { subject }: ClassifierContext) =>
  ({ value, measure, ...rest }: Test): Reason =>
    value === undefined
      ? unknown({ rule, subject, measure, why: 'not measured' })
      : compare({ rule, subject, measure, value, ...rest });

/** How far a value stands from the limit that it was compared with: 0 at the limit, 1 far from it. */
export const margin = ({ value, limit }: Pick<Compared, 'value' | 'limit'>): Fraction => {
  const greater = Math.max(Math.abs(value), Math.abs(limit));
  return greater === 0 ? 0 : Math.min(1, Math.abs(value - limit) / greater);
};

const isCompared = (reason: Reason): reason is Compared => reason.kind === 'compared';

/** Margin of a question that one `yes` answers: the clearest `yes`, or else the least clear `no`. 0 where nothing was measured. */
export const marginOfAny = (reasons: readonly Reason[]): Fraction => {
  const compared = reasons.filter(isCompared);
  const yes = compared.filter(({ holds }) => holds);
  return yes.length > 0 ? Math.max(...yes.map(margin)) : compared.length > 0 ? Math.min(...compared.map(margin)) : 0;
};

/**
 * A classification from the margins of what decided it: one half where a value stands at its limit, so that the other class was as
 * near, up to one; times what each gap in the evidence leaves of it.
 */
export const concluded = (
  found: WorkloadClass,
  reasons: readonly Reason[],
  margins: readonly Fraction[],
  ...left: readonly Fraction[]
): Classification => ({
  class: found,
  confidence: found === 'unknown' ? 0 : left.reduce((sure, part) => sure * part, 0.5 + 0.5 * Math.min(1, ...margins)),
  reasons,
});
