/** Explain: a plan and its reasons as text for people. It says no number that was not compared. */
import type { Estimate } from './estimate.js';
import type { Subject } from './identifiers.js';
import type { PassedOver, Plan, Proposal } from './plan.js';
import { sayQuantities, sayQuantity } from './quantity.js';
import type { Milliseconds } from './units.js';
import type { Compared, Listed, Reason, Unknown, Weighed } from './reason.js';

/** How a reason is said. */
export interface Saying {
  /** What the sentence is about already, so that it need not be named again. */
  readonly about?: Subject;
}

const nameOf = (subject: Subject): string => (subject.kind === 'cluster' ? 'the cluster' : subject.id);

const sameSubject = (a: Subject, b: Subject | undefined): boolean =>
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

const sayAll = (because: readonly Reason[], about: Subject): string =>
  because.map((reason) => sayReason(reason, { about })).join(', and ') || 'no reason given';

const host = (id: string): Subject => ({ kind: 'host', id });

/** Where a guest did not go; what is told of the destination needs no name. */
const sayRefusal = ({ to, because }: PassedOver): string =>
  `  passed over ${to}: ${to === undefined ? '' : sayAll(because, host(to))}`;

const sayMove = ({ guest, from, to, because }: Proposal, refusals: readonly PassedOver[]): readonly string[] => [
  `move ${guest}  ${from} → ${to}`,
  ...because.map((reason, i) => `${i === 0 ? '  because' : '      and'} ${sayReason(reason)}`),
  ...refusals.map(sayRefusal),
];

const sayLeft = (subject: Subject, entries: readonly PassedOver[]): readonly string[] => [
  `leave ${nameOf(subject)}`,
  ...entries
    .filter(({ to }) => to === undefined)
    .flatMap(({ because }) => because)
    .map((reason, i) => `${i === 0 ? '  because' : '      and'} ${sayReason(reason, { about: subject })}`),
  ...entries.filter(({ to }) => to !== undefined).map(sayRefusal),
];

const keyOf = (subject: Subject): string => JSON.stringify([subject.kind, nameOf(subject)]);

/**
 * A plan as text: each move with its evidence and with the destinations that were passed over for it, then each subject that
 * was considered and left alone, in the order of the plan. An empty plan says so.
 */
export const explainPlan = ({ moves, passedOver }: Plan): string => {
  const bySubject = new Map<string, { readonly subject: Subject; readonly entries: readonly PassedOver[] }>();
  for (const entry of passedOver) {
    const key = keyOf(entry.subject);
    bySubject.set(key, { subject: entry.subject, entries: [...(bySubject.get(key)?.entries ?? []), entry] });
  }
  const moving = new Set(moves.map(({ guest: id }) => keyOf({ kind: 'guest', id })));
  const told = moves.flatMap((move) =>
    sayMove(
      move,
      bySubject.get(keyOf({ kind: 'guest', id: move.guest }))?.entries.filter(({ to }) => to !== undefined) ?? [],
    ),
  );
  const left = [...bySubject].flatMap(([key, { subject, entries }]) =>
    moving.has(key) ? [] : sayLeft(subject, entries),
  );
  return [...(moves.length === 0 ? ['no move'] : []), ...told, ...left].join('\n');
};
