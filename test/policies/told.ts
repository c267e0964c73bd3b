/** Plans as short texts with all their evidence: what is said, by which rule, of whom. */
import { holds, type PassedOver, type Plan, type Proposal, type Reason, sayReason } from '../../src/model/index.js';

/** A reason with the rule that spoke, and a `✗` where it does not hold. */
export const tellReason = (reason: Reason): string =>
  `${holds(reason) ? '' : '✗ '}[${reason.rule}] ${sayReason(reason)}`;

const tellMove = ({ guest, from, to, because }: Proposal): readonly string[] =>
  because.map((reason) => `${guest} ${from}→${to}: ${tellReason(reason)}`);

const tellPassed = ({ subject, to, because }: PassedOver): readonly string[] => {
  const who = subject.kind === 'cluster' ? 'cluster' : `${subject.kind} ${subject.id}`;
  return because.map((reason) => `${who}${to === undefined ? '' : ` not to ${to}`}: ${tellReason(reason)}`);
};

/** Moves of a plan, a line for every reason. */
export const toldMoves = ({ moves }: Pick<Plan, 'moves'>): readonly string[] => moves.flatMap(tellMove);

/** What a plan passed over, a line for every reason. */
export const toldPassed = ({ passedOver }: Pick<Plan, 'passedOver'>): readonly string[] =>
  passedOver.flatMap(tellPassed);
