/** Admission: which proposals of a plan may be begun now, each judged by what is under way and what was admitted before it. */
import {
  type Cluster,
  compare,
  guestSubject,
  holds,
  hostSubject,
  lookFor,
  lookup,
  type Migration,
  type MigrationId,
  type MigrationOrder,
  type Proposal,
  type Reason,
  type Subject,
  unknown,
  withMigrations,
} from '../model/index.js';
import { type Constraint, moveOf, type Move as Judged, planned, unitsOf } from '../policies/index.js';
import { type BackOffs, backOffReasons } from './back-off.js';
import { limitReasons, type Limits, type Move } from './limits.js';

/** What admission judges by. */
export interface Round {
  /** The snapshot that was decided from; its migrations are all that take memory at their destination. */
  readonly cluster: Cluster;
  /** The moves that count for limits. */
  readonly underWay: readonly Migration[];
  readonly limits: Limits;
  readonly backOffs: BackOffs;
  readonly constraints: readonly Constraint[];
  /** Names an order; `place` counts the orders of the round from 0. */
  readonly nameOf: (move: Move, place: number) => MigrationId;
}

/** What became of a proposal. */
export type Verdict =
  | { readonly kind: 'admitted'; readonly order: MigrationOrder; readonly because: readonly Reason[] }
  | { readonly kind: 'refused'; readonly proposal: Proposal; readonly because: readonly Reason[] };

const absent = (subject: Subject): Reason =>
  unknown({ rule: 'engine.place', subject, measure: 'place', why: 'not in the inventory' });

/** What speaks against a proposal that names what is not there. */
const absentees = ({ guest: id, from, to }: Proposal, cluster: Cluster): readonly Reason[] => {
  const { host, guest } = lookup(cluster);
  return [
    ...(guest(id) ? [] : [absent(guestSubject(id))]),
    ...[...new Set([from, to])].filter((name) => !host(name)).map((name) => absent(hostSubject(name))),
  ];
};

/** The guest stands where the move begins, would leave it, and is in no other move. */
const placeReasons = ({ guest, from, to }: Judged, { migrationOf }: ReturnType<typeof lookup>): readonly Reason[] => {
  const subject = guestSubject(guest.id);
  const counted = (measure: string, value: number, limit: number): Reason =>
    compare({ rule: 'engine.place', subject, measure, value, relation: 'equal to', limit, unit: 'count' });
  return [
    lookFor({ rule: 'engine.place', subject, measure: 'host', value: from.id, among: [guest.host] }),
    counted('hosts of the move', new Set([from.id, to.id]).size, 2),
    counted('moves of the guest under way', migrationOf(guest.id) ? 1 : 0, 0),
  ];
};

/**
 * Memory that lookups cannot count: a guest on its way that the inventory does not list, at either of its hosts; and a guest
 * that the inventory lists at its destination already, while its source is not released.
 */
const heldReasons = ({ guest, to }: Judged, cluster: Cluster): readonly Reason[] => {
  const { guest: guestOf, freeMemory } = lookup(cluster);
  const touching = cluster.migrations.filter((other) => other.from === to.id || other.to === to.id);
  const strangers = touching.filter((other) => !guestOf(other.guest));
  const leaving = touching.flatMap((other) => {
    const left = guestOf(other.guest);
    return left && other.from === to.id && left.host !== to.id && other.to !== to.id ? [left.memory] : [];
  });
  return [
    ...strangers.map((stranger) =>
      unknown({
        rule: 'engine.memory',
        subject: hostSubject(to.id),
        measure: `memory of ${stranger.guest}, moving`,
        why: 'not in the inventory',
      }),
    ),
    ...(leaving.length === 0
      ? []
      : [
          compare({
            rule: 'engine.memory',
            subject: hostSubject(to.id),
            measure: 'free memory, guests that are leaving not yet gone',
            value: leaving.reduce((free, memory) => free - memory, freeMemory(to.id)),
            relation: 'at least',
            limit: guest.memory,
            unit: 'bytes',
          }),
        ]),
  ];
};

/** A constraint is somebody's code. One that throws, or says nothing that can be read, does not speak for a move. */
const heard = (constraint: Constraint, move: Judged, cluster: Cluster): readonly Reason[] => {
  try {
    return constraint.judge(move, cluster).filter((reason) => !holds(reason));
  } catch {
    const subject = guestSubject(move.guest.id);
    return [unknown({ rule: constraint.name, subject, measure: 'verdict', why: 'not measured' })];
  }
};

const against = (proposal: Proposal, cluster: Cluster, underWay: readonly Move[], round: Round): readonly Reason[] => {
  const move = moveOf(cluster, proposal);
  if (!move) return absentees(proposal, cluster);
  const misplaced = placeReasons(move, lookup(cluster)).filter((reason) => !holds(reason));
  // Constraints may take for granted that a move leads from where the guest stands to another host.
  if (misplaced.length > 0) return misplaced;
  return [
    ...backOffReasons(round.backOffs, proposal, cluster.at),
    ...limitReasons(round.limits, proposal, underWay, cluster),
    ...heldReasons(move, cluster),
    ...round.constraints.flatMap((constraint) => heard(constraint, move, cluster)),
  ].filter((reason) => !holds(reason));
};

/** The name that an order gets, or what speaks against the name that was given; those of other moves are taken. */
const named = (
  proposal: Proposal,
  place: number,
  taken: readonly MigrationId[],
  { nameOf }: Round,
): MigrationId | Reason => {
  const { guest, from, to } = proposal;
  const subject = guestSubject(guest);
  const nameless = unknown({ rule: 'engine.idOf', subject, measure: 'name of the move', why: 'not measured' });
  try {
    const id: unknown = nameOf({ guest, from, to }, place);
    if (typeof id !== 'string' || id === '') return nameless;
    const same = taken.filter((other) => other === id).length;
    const measure = `moves under way with the name ${id}`;
    const free = compare({
      rule: 'engine.idOf',
      subject,
      measure,
      value: same,
      relation: 'equal to',
      limit: 0,
      unit: 'count',
    });
    return free.holds ? id : free;
  } catch {
    return nameless;
  }
};

/** A member of a unit falls with the first one that may not go. */
const leftBehind = (proposal: Proposal, by: Proposal): Reason =>
  lookFor({
    rule: 'engine.together',
    subject: guestSubject(proposal.guest),
    measure: 'companion that stays behind',
    value: by.guest,
    among: [],
  });

/**
 * Goes through proposals in their order. Each is judged against the snapshot with all that was admitted before it as under
 * way, so that what is admitted together never passes a limit, moves a guest twice or takes memory twice. Guests of a
 * together-group that leave one host for one other are admitted all or none: each is judged with the others under way, and for limits they
 * count as one move. Pure.
 *
 * @returns a verdict for each proposal, a unit's where its first one stands
 */
export const admit = (proposals: readonly Proposal[], round: Round): readonly Verdict[] => {
  const orders: MigrationOrder[] = [];
  let { cluster } = round;
  return unitsOf(cluster, proposals).flatMap((unit): readonly Verdict[] => {
    const underWay = [...round.underWay, ...orders];
    const names = cluster.migrations.map(({ id }) => id);
    const judged = unit.map((proposal, i) => {
      const others = unit.length === 1 ? cluster : planned(cluster, unit.toSpliced(i, 1));
      const reasons = against(proposal, others, underWay, round);
      if (reasons.length > 0) return { proposal, because: reasons };
      const id = named(proposal, orders.length + i, names, round);
      if (typeof id !== 'string') return { proposal, because: [id] };
      names.push(id);
      return { proposal, id };
    });
    const fallen = judged.find(({ because }) => because !== undefined);
    if (fallen)
      return judged.map(({ proposal, because }) => ({
        kind: 'refused',
        proposal,
        because: because ?? [leftBehind(proposal, fallen.proposal)],
      }));
    const begun = judged.map(({ proposal: { guest, from, to, because }, id = '' }) => ({
      order: { id, guest, from, to },
      because,
    }));
    orders.push(...begun.map(({ order }) => order));
    // From the first snapshot each time: its lookup is built once, and each of these only adds the orders to it.
    cluster = withMigrations(
      round.cluster,
      orders.map((earlier) => ({ ...earlier, startedAt: round.cluster.at })),
    );
    return begun.map(({ order, because }) => ({ kind: 'admitted', order, because }));
  });
};
