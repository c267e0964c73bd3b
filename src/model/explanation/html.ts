/** Html: an explanation as a fragment of a page. */
import type { Cluster } from '../cluster.js';
import { hostSubject, type Subject } from '../identifiers.js';
import type { Plan } from '../plan.js';
import { type Evidence, explanationOf, type Refusal } from './explanation.js';
import { nameOf } from './say.js';
import { sayEvidence, sayEvidences } from './text.js';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Names come from outside: no name may become markup. */
const literal = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? '');

const strong = (name: string): string => `<strong>${literal(name)}</strong>`;

const items = (evidence: readonly Evidence[], refusals: readonly Refusal[], about?: Subject): string => {
  const all = [
    ...evidence.map((one) => literal(sayEvidence(one, about))),
    ...refusals.map(
      ({ to, evidence: against }) => `passed over ${strong(to)}: ${literal(sayEvidences(against, hostSubject(to)))}`,
    ),
  ];
  return all.length === 0 ? '' : `<ul>${all.map((item) => `<li>${item}</li>`).join('')}</ul>`;
};

/** A plan as an HTML fragment of class `plan`: a list of moves and of what was left alone, each with its evidence. Names are escaped. */
export const explainPlanInHtml = (plan: Plan, cluster?: Cluster): string => {
  const { moves, left } = explanationOf(plan, cluster);
  const told = [
    ...(moves.length === 0 ? ['<li>No move.</li>'] : []),
    ...moves.map(
      ({ move: { guest, from, to }, evidence, refusals }) =>
        `<li>move ${strong(guest)} from ${strong(from)} to ${strong(to)}${items(evidence, refusals)}</li>`,
    ),
    ...left.map(
      ({ subject, evidence, refusals }) =>
        `<li>leave ${strong(nameOf(subject))}${items(evidence, refusals, subject)}</li>`,
    ),
  ];
  return `<ul class="plan">${told.join('')}</ul>`;
};
