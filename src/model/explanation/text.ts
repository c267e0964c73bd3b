/** Text: an explanation as lines for a terminal or a log. */
import type { Cluster } from '../cluster.js';
import { hostSubject, type Subject } from '../identifiers.js';
import type { Plan } from '../plan.js';
import { sayQuantity } from '../quantity.js';
import { type Evidence, explanationOf, type LeftAlone, type MoveExplained, type Refusal } from './explanation.js';
import { nameOf, sayReason } from './say.js';

/** A reason, and the age of its sample where that is known. */
export const sayEvidence = ({ reason, age }: Evidence, about?: Subject): string =>
  `${sayReason(reason, about === undefined ? {} : { about })}${age === undefined ? '' : `, sampled ${sayQuantity(age, 'milliseconds')} ago`}`;

/** Evidence in one line. What is told of the subject needs no name. */
export const sayEvidences = (evidence: readonly Evidence[], about: Subject): string =>
  evidence.map((one) => sayEvidence(one, about)).join(', and ') || 'no reason given';

const sayRefusal = ({ to, evidence }: Refusal): string =>
  `  passed over ${to}: ${sayEvidences(evidence, hostSubject(to))}`;

const sayBecause = (evidence: readonly Evidence[], about?: Subject): readonly string[] =>
  evidence.map((one, i) => `${i === 0 ? '  because' : '      and'} ${sayEvidence(one, about)}`);

const sayMove = ({ move: { guest, from, to }, evidence, refusals }: MoveExplained): readonly string[] => [
  `move ${guest}  ${from} → ${to}`,
  ...sayBecause(evidence),
  ...refusals.map(sayRefusal),
];

const sayLeft = ({ subject, evidence, refusals }: LeftAlone): readonly string[] => [
  `leave ${nameOf(subject)}`,
  ...sayBecause(evidence, subject),
  ...refusals.map(sayRefusal),
];

/**
 * A plan as text: each move with its evidence and with the destinations that were passed over for it, then each subject that
 * was considered and left alone, in the order of the plan. An empty plan says so.
 *
 * @param cluster - the snapshot that the plan was made from; with it the age of each sample is told
 */
export const explainPlan = (plan: Plan, cluster?: Cluster): string => {
  const { moves, left } = explanationOf(plan, cluster);
  return [...(moves.length === 0 ? ['no move'] : []), ...moves.flatMap(sayMove), ...left.flatMap(sayLeft)].join('\n');
};
