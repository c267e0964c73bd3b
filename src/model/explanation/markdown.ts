/** Markdown: an explanation as nested lists, for a ticket or a chat. */
import type { Cluster } from '../cluster.js';
import { hostSubject, type Subject } from '../identifiers.js';
import type { Plan } from '../plan.js';
import { type Evidence, explanationOf, type Refusal } from './explanation.js';
import { nameOf } from './say.js';
import { sayEvidence, sayEvidences } from './text.js';

/** Names come from outside: what means something to Markdown or to HTML within it is taken literally. */
const literal = (text: string): string => text.replace(/[\\`*_{}[\]()#!|<>~&]/g, (sign) => `\\${sign}`);

const because = (evidence: readonly Evidence[], about?: Subject): readonly string[] =>
  evidence.map((one) => `  - ${literal(sayEvidence(one, about))}`);

const refused = ({ to, evidence }: Refusal): string =>
  `  - passed over **${literal(to)}**: ${literal(sayEvidences(evidence, hostSubject(to)))}`;

/** A plan as Markdown: a list of moves and of what was left alone, each with its evidence. */
export const explainPlanInMarkdown = (plan: Plan, cluster?: Cluster): string => {
  const { moves, left } = explanationOf(plan, cluster);
  return [
    ...(moves.length === 0 ? ['No move.', ''] : []),
    ...moves.flatMap(({ move: { guest, from, to }, evidence, refusals }) => [
      `- move **${literal(guest)}** from **${literal(from)}** to **${literal(to)}**`,
      ...because(evidence),
      ...refusals.map(refused),
    ]),
    ...left.flatMap(({ subject, evidence, refusals }) => [
      `- leave **${literal(nameOf(subject))}**`,
      ...because(evidence, subject),
      ...refusals.map(refused),
    ]),
    '',
  ].join('\n');
};
