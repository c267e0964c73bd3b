/** Say: a reason as a clause for people. It says no number that was not compared. */
import type { Estimate } from '../estimate.js';
import type { Subject } from '../identifiers.js';
import { sayQuantities, sayQuantity } from '../quantity.js';
import type { Milliseconds } from '../units.js';
import type { Compared, Listed, Reason, Unknown, Weighed } from '../reason.js';

/** How a reason is said. */
export interface Saying {
  /** What the sentence is about already, so that it need not be named again. */
  readonly about?: Subject;
}

/** A subject as a person calls it. */
export const nameOf = (subject: Subject): string => (subject.kind === 'cluster' ? 'the cluster' : subject.id);

/** Whether two subjects are one. */
export const sameSubject = (a: Subject, b: Subject | undefined): boolean =>
  b !== undefined && a.kind === b.kind && nameOf(a) === nameOf(b);

const sayCompared = ({ measure, value, relation, limit, unit, holds, held }: Compared): string => {
  const [said, saidLimit] = sayQuantities([value, limit], unit);
  const supply = /^free (.*)$/.exec(measure)?.[1];
  if (supply !== undefined && relation === 'at least') return `${supply} ${said} free, ${saidLimit} needed`;
  const spell = held === undefined ? '' : ` (held ${sayQuantity(held, 'milliseconds')})`;
  return `${measure} ${said}${holds ? '' : ' not'} ${relation} ${saidLimit}${spell}`;
};

const sayListed = ({ measure, value, among, holds }: Listed): string => {
  if (holds) return `${measure} ${value}${among.length > 1 ? ` among ${among.join(', ')}` : ''}`;
  return among.length === 0
    ? `${measure} ${value}, of which there is none`
    : `${measure} ${value}, not ${among.length > 1 ? 'one of ' : ''}${among.join(', ')}`;
};

const sayUnknown = ({ measure, why }: Unknown): string =>
  why === 'partial' ? `${measure} known only in part` : `${measure} ${why === 'unseen' ? 'never seen' : why}`;

const sayFigures = (estimate: Extract<Estimate, { duration: number }>): string => {
  const { duration, rounds, bytes, downtime } = estimate;
  const round = `${rounds} round${rounds === 1 ? '' : 's'}`;
  return `takes ${sayQuantity(duration, 'milliseconds')} (${round}, ${sayQuantity(bytes, 'bytes')}), ${sayQuantity(downtime, 'milliseconds')} still`;
};

/** Gain and cost may differ by orders of magnitude, so each is said in its own scale where that tells them apart. */
const sayAgainst = (gain: Milliseconds, cost: Milliseconds): string => {
  const apart = [gain, cost].map((time) => sayQuantity(time, 'milliseconds'));
  return (apart[0] === apart[1] ? sayQuantities([gain, cost], 'milliseconds') : apart).join(', costs ');
};

const sayWeighed = ({ estimate, gain, cost, holds }: Weighed): string => {
  if (estimate.convergence === 'never') return 'it would not end: pre-copy does not settle';
  if (estimate.convergence === 'unknown')
    return `nobody knows what it takes: ${estimate.missing.join(', ')} not measured`;
  const doubt = estimate.convergence === 'uncertain' ? ', and may not settle' : '';
  const sums = gain === undefined || cost === undefined ? '' : `; gains ${sayAgainst(gain, cost)}`;
  return `it ${holds ? 'pays' : 'does not pay'}: ${sayFigures(estimate)}${doubt}${sums}`;
};

/** A reason as a clause: `host-a cpu 93 % above 80 % (held 34 s)`. */
export const sayReason = (reason: Reason, { about }: Saying = {}): string => {
  if (reason.kind === 'weighed') return sayWeighed(reason);
  const who = sameSubject(reason.subject, about) ? '' : `${nameOf(reason.subject)} `;
  switch (reason.kind) {
    case 'compared':
      return who + sayCompared(reason);
    case 'listed':
      return who + sayListed(reason);
    case 'unknown':
      return who + sayUnknown(reason);
  }
};
