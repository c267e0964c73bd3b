/** Careful: a policy that keeps every law; each wrong one is this one with a single piece spoilt. */
import { cpu, level } from '../../../src/metrics/index.js';
import {
  byName,
  type Cluster,
  compare,
  type Host,
  hostSubject,
  lookup,
  type Plan,
  type Proposal,
} from '../../../src/model/index.js';
import {
  type Constraint,
  definePolicy,
  type Policy,
  refusals,
  standardConstraints,
} from '../../../src/policies/index.js';

export const watch = { host: { cpu: level(cpu) }, guest: { cpu: level(cpu) } } as const;

type ObservedGuest = Cluster['guests'][number];
type ObservedHost = Cluster['hosts'][number];

/** Processors that a guest keeps busy, or `undefined` where nobody knows. */
export const busyOf = ({ signals, vcpus, knowledge }: ObservedGuest): number | undefined => {
  const value = signals['cpu'];
  return typeof value === 'number' && knowledge.kind === 'fresh' ? value * vcpus : undefined;
};

/** Processors that are busy on a host once the moves in flight are over, or `undefined` where it is not known of one guest. */
export const loadOf = (host: ObservedHost, cluster: Cluster): number | undefined => {
  if (host.knowledge.kind !== 'fresh') return undefined;
  const { migrationOf } = lookup(cluster);
  return cluster.guests
    .filter((guest) => (migrationOf(guest.id)?.to ?? guest.host) === host.id)
    .map(busyOf)
    .reduce((sum, busy) => (sum === undefined || busy === undefined ? undefined : sum + busy), 0);
};

/** What can be spoilt. */
export interface Pieces {
  readonly busy: (guest: ObservedGuest) => number | undefined;
  readonly load: (host: ObservedHost, cluster: Cluster) => number | undefined;
  readonly constraints: readonly Constraint[];
  /** Whether a move is for the better: loads of both hosts before it, and what goes over. */
  readonly better: (from: number, to: number, busy: number) => boolean;
  /** The order of hosts and guests that are equal otherwise. */
  readonly ties: (one: { readonly id: string }, other: { readonly id: string }) => number;
}

const careful: Pieces = {
  busy: busyOf,
  load: loadOf,
  constraints: standardConstraints,
  better: (from, to, busy) => busy > 0 && to + busy < from,
  ties: (one, other) => byName(one.id, other.id),
};

const mark = 0.5;

/** All moves that would each make it better, the best first: off the busiest host, the busiest guest, to the idlest host. */
export const improvements = function* (cluster: Cluster, pieces: Partial<Pieces> = {}): Generator<Proposal> {
  const { busy, load, constraints, better, ties } = { ...careful, ...pieces };
  const loads = cluster.hosts.flatMap((host) => {
    const taken = load(host, cluster);
    return taken === undefined ? [] : [{ host, taken }];
  });
  const hot = loads.filter(({ taken }) => taken > mark).sort((a, b) => b.taken - a.taken || ties(a.host, b.host));
  const cool = [...loads].sort((a, b) => a.taken - b.taken || ties(a.host, b.host));
  for (const { host: from, taken } of hot) {
    const standing = cluster.guests.filter(({ host }) => host === from.id);
    for (const guest of standing.sort((a, b) => (busy(b) ?? 0) - (busy(a) ?? 0) || ties(a, b))) {
      const over = busy(guest);
      if (over === undefined) continue;
      for (const { host: to, taken: there } of cool)
        if (
          to !== from &&
          better(taken, there, over) &&
          refusals(constraints, { guest, from, to }, cluster).length === 0
        )
          yield proposal(guest, from, to, taken);
    }
  }
};

/** The first of a list that may be long, if there is one. */
export const first = function (moves: Iterable<Proposal>): readonly Proposal[] {
  for (const move of moves) return [move];
  return [];
};

/** A move off a host, for the load of it. */
export const proposal = (guest: { readonly id: string }, from: Host, to: Host, load: number): Proposal => ({
  guest: guest.id,
  from: from.id,
  to: to.id,
  because: [
    compare({
      rule: 'careful',
      subject: hostSubject(from.id),
      measure: 'busy processors',
      value: load,
      relation: 'above',
      limit: mark,
      unit: 'count',
    }),
  ],
});

export const only = (moves: readonly Proposal[]): Plan => ({ moves, passedOver: [] });

/** The first improvement, of pieces that are careful unless they are given. */
export const carefulPolicy = (name = 'careful', pieces: Partial<Pieces> = {}): Policy =>
  definePolicy({ name, watch, plan: (cluster) => only(first(improvements(cluster, pieces))) });
