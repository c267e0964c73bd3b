/** Explanation: a plan put in the order in which a person asks: what moves and why, where it did not go, and what was left alone. */
import type { Cluster, Knowledge } from '../cluster.js';
import type { Subject } from '../identifiers.js';
import { lookup } from '../lookup.js';
import type { PassedOver, Plan, Proposal } from '../plan.js';
import type { Reason } from '../reason.js';
import type { Milliseconds } from '../units.js';
import { nameOf } from './say.js';

/** A reason, and how old the last sample of its subject was when it was compared. */
export interface Evidence {
  readonly reason: Reason;
  /** Time of the last sample of the reason's subject; absent where there was none, or where no snapshot was given. */
  readonly sampledAt?: Milliseconds;
  /** Age of that sample at the time of the snapshot. */
  readonly age?: Milliseconds;
}

/** A destination that was judged and not taken. */
export interface Refusal {
  readonly to: string;
  readonly evidence: readonly Evidence[];
}

/** A move, its evidence, and where else its guest might have gone. */
export interface MoveExplained {
  readonly move: Proposal;
  readonly evidence: readonly Evidence[];
  readonly refusals: readonly Refusal[];
}

/** A subject that was considered and left alone. */
export interface LeftAlone {
  readonly subject: Subject;
  readonly evidence: readonly Evidence[];
  readonly refusals: readonly Refusal[];
}

/** A whole plan, explained; plain data. */
export interface Explanation {
  readonly moves: readonly MoveExplained[];
  readonly left: readonly LeftAlone[];
}

const keyOf = (subject: Subject): string => JSON.stringify([subject.kind, nameOf(subject)]);

type Dating = (reason: Reason) => Evidence;

const dated = (cluster: Cluster | undefined): Dating => {
  if (cluster === undefined) return (reason) => ({ reason });
  const { host, guest } = lookup(cluster);
  const knowledgeOf = (subject: Subject): Knowledge | undefined =>
    subject.kind === 'host'
      ? host(subject.id)?.knowledge
      : subject.kind === 'guest'
        ? guest(subject.id)?.knowledge
        : undefined;
  return (reason) => {
    if (reason.kind === 'compared' && reason.age !== undefined)
      return { reason, sampledAt: cluster.at - reason.age, age: reason.age };
    const known = knowledgeOf(reason.subject);
    return known === undefined || known.kind === 'unseen'
      ? { reason }
      : { reason, sampledAt: known.at, age: cluster.at - known.at };
  };
};

const refusalsOf = (entries: readonly PassedOver[], date: Dating): readonly Refusal[] =>
  entries.flatMap(({ to, because }) => (to === undefined ? [] : [{ to, evidence: because.map(date) }]));

/**
 * A plan as an explanation: each move with its evidence and the destinations that were passed over for it, then each subject that was
 * considered and left alone, in the order of the plan.
 *
 * @param cluster - the snapshot that the plan was made from, for the age of the samples
 */
export const explanationOf = ({ moves, passedOver }: Plan, cluster?: Cluster): Explanation => {
  const date = dated(cluster);
  const bySubject = new Map<string, { readonly subject: Subject; readonly entries: PassedOver[] }>();
  for (const entry of passedOver) {
    const key = keyOf(entry.subject);
    const there = bySubject.get(key);
    if (there === undefined) bySubject.set(key, { subject: entry.subject, entries: [entry] });
    else there.entries.push(entry);
  }
  const moving = new Set(moves.map(({ guest: id }) => keyOf({ kind: 'guest', id })));
  return {
    moves: moves.map((move) => ({
      move,
      evidence: move.because.map(date),
      refusals: refusalsOf(bySubject.get(keyOf({ kind: 'guest', id: move.guest }))?.entries ?? [], date),
    })),
    left: [...bySubject]
      .filter(([key]) => !moving.has(key))
      .map(([, { subject, entries }]) => ({
        subject,
        evidence: entries.filter(({ to }) => to === undefined).flatMap(({ because }) => because.map(date)),
        refusals: refusalsOf(entries, date),
      })),
  };
};
