/** Choose: the host with the best score for a guest, ties broken in order, and why not the others. */
import {
  compare,
  guestSubject,
  holds,
  hostSubject,
  type PassedOver,
  type Reason,
  type Unit,
  unknown,
} from '../../model/index.js';
import { type Constraint, judge } from '../constraint.js';
import type { Wants } from './needs.js';
import { capabilityChange, scoreOf, utilisationFor } from './scores.js';
import type { MudaRules } from './settings.js';
import type { MudaGuest, MudaHost, MudaView } from './watch.js';
import { bandwidthOf } from './when.js';

/** What came of looking for a host. */
export interface Choice {
  /** The host chosen; absent where none is better than the present one. */
  readonly to?: MudaHost;
  readonly because: readonly Reason[];
  readonly passedOver: readonly PassedOver[];
}

interface Candidate {
  readonly host: MudaHost;
  /** Comparable between hosts; 1 for the present host where the change in capability decides. */
  readonly score: number;
  readonly because: readonly Reason[];
}

/** Hosts that a move marks are not chosen for another guest until it is over (M34). */
export const unmarked: Constraint = {
  name: 'muda.marked',
  judge: ({ from, to }, cluster) =>
    [from, to].map(({ id }) =>
      compare({
        rule: 'muda.marked',
        subject: hostSubject(id),
        measure: 'moves in flight',
        value: cluster.migrations.filter((move) => move.from === id || move.to === id).length,
        relation: 'at most',
        limit: 0,
        unit: 'count',
      }),
    ),
};

const named = {
  cpu: { measure: 'cpu score', unit: 'hertz' },
  io: { measure: 'disk score', unit: 'bytes per second' },
  network: { measure: 'bandwidth', unit: 'bytes per second' },
  capability: { measure: 'capability', unit: 'none' },
} as const satisfies Readonly<Record<string, { readonly measure: string; readonly unit: Unit }>>;

type Value = (host: MudaHost) => number | undefined;

/** Tie-breakers in the order printed (Muda, §6.5.2; M27), the higher the better; cache, a weak plus, is last (§6.5.1; M28). */
const breakers = (rules: MudaRules, guest: MudaGuest, carries: boolean): readonly Value[] => {
  const load: Value = (host) => {
    const busy = utilisationFor(rules, guest, host);
    return busy === undefined ? undefined : 1 - busy;
  };
  const memory: Value = (host) => host.memory.speed;
  const bandwidth: Value = (host) => bandwidthOf(host, 'migration');
  const cache: Value = (host) => host.cpu.cache;
  return carries ? [bandwidth, load, memory, cache] : [load, memory, bandwidth, cache];
};

/** The hosts that are within the tie of the best by a value; those of which it is not known are out as soon as one is known. */
const bestBy = (
  hosts: readonly Candidate[],
  value: (candidate: Candidate) => number | undefined,
  tie: number,
): readonly Candidate[] => {
  const known = hosts.flatMap((candidate) => {
    const of = value(candidate);
    return of === undefined ? [] : [{ candidate, of }];
  });
  const best = Math.max(...known.map(({ of }) => of));
  return known.length === 0
    ? hosts
    : known.filter(({ of }) => of >= best * (1 - tie)).map(({ candidate }) => candidate);
};

const candidateOf = (
  rules: MudaRules,
  guest: MudaGuest,
  from: MudaHost,
  to: MudaHost,
  { by, mix }: Wants,
): Candidate => {
  const subject = hostSubject(to.id);
  const change = mix && capabilityChange(rules, guest, mix, from, to);
  const score = by === 'capability' ? (change === undefined ? undefined : 1 + change) : scoreOf(by, rules, guest, to);
  const rule = 'muda.capability';
  const worth = !mix
    ? []
    : change === undefined
      ? [unknown({ rule, subject, measure: 'change in capability', why: 'not measured' })]
      : [
          compare({
            rule,
            subject,
            measure: 'change in capability against |cpu - iowait|',
            value: change,
            relation: 'above',
            limit: Math.abs(mix.cpu - mix.iowait),
            unit: 'fraction',
          }),
        ];
  const missing =
    score === undefined
      ? [unknown({ rule: 'muda.score', subject, measure: named[by].measure, why: 'not measured' })]
      : [];
  return { host: to, score: score ?? 0, because: [...missing, ...worth] };
};

/**
 * The host with the best score for what a guest needs (M26), the present one among them: where that is within a tie of the best,
 * the guest stays, for what is gained by a tie-breaker is not worth a move (M19). Hosts that may not take it, or of which the
 * score is not known, are passed over with their reasons (M28).
 */
export const chooseHost = (
  rules: MudaRules,
  cluster: MudaView,
  guest: MudaGuest,
  from: MudaHost,
  wants: Wants,
): Choice => {
  const { by, carries } = wants;
  const { measure, unit } = named[by];
  const present = by === 'capability' ? 1 : scoreOf(by, rules, guest, from);
  if (present === undefined) {
    const subject = hostSubject(from.id);
    return { because: [unknown({ rule: 'muda.score', subject, measure, why: 'not measured' })], passedOver: [] };
  }
  const judged = cluster.hosts
    .filter(({ id }) => id !== from.id)
    .map((to) => {
      const candidate = candidateOf(rules, guest, from, to, wants);
      const move = { guest, from, to };
      return {
        ...candidate,
        because: [...judge([...rules.constraints, unmarked], move, cluster), ...candidate.because],
      };
    });
  const subject = guestSubject(guest.id);
  const refused = judged.flatMap(({ host, because }): readonly PassedOver[] => {
    const against = because.filter((reason) => !holds(reason));
    return against.length > 0 ? [{ subject, to: host.id, because: against }] : [];
  });
  const able = judged.filter(({ because }) => because.every(holds));
  const better = (host: MudaHost, score: number): Reason =>
    compare({
      rule: 'muda.score',
      subject: hostSubject(host.id),
      measure: `${measure}, against that of ${from.id} and a tie,`,
      value: score,
      relation: 'above',
      limit: present / (1 - rules.tie),
      unit,
    });
  // Hosts come in the order of their names, which is the last tie-breaker (M28).
  const [chosen] = breakers(rules, guest, carries).reduce<readonly Candidate[]>(
    (left, value) => bestBy(left, ({ host }) => value(host), rules.tie),
    bestBy(able, ({ score }) => score, rules.tie),
  );
  if (chosen === undefined) {
    const none = compare({
      rule: 'muda.score',
      subject,
      measure: 'hosts that could take it',
      value: 0,
      relation: 'at least',
      limit: 1,
      unit: 'count',
    });
    return { because: [none], passedOver: refused };
  }
  const others = able.filter((candidate) => candidate !== chosen);
  const reason = better(chosen.host, chosen.score);
  return {
    ...(holds(reason) && { to: chosen.host }),
    because: [reason, ...chosen.because],
    passedOver: [
      ...refused,
      ...others.map(({ host, score }): PassedOver => ({
        subject,
        to: host.id,
        because: [
          compare({
            rule: 'muda.score',
            subject: hostSubject(host.id),
            measure: `${measure}, ties broken, against that of ${chosen.host.id}`,
            value: score,
            relation: 'above',
            // A host that lost by a tie-breaker alone is not told to be better.
            limit: Math.max(score, chosen.score),
            unit,
          }),
        ],
      })),
    ],
  };
};
