/** Limits: how many moves may be under way at once, on a host, on a link and in total. */
import {
  type Cluster,
  compare,
  hostSubject,
  type LinkId,
  lookup,
  type MigrationOrder,
  type Reason,
  wholeCluster,
} from '../model/index.js';

/** A move between two hosts, without its name. */
export type Move = Pick<MigrationOrder, 'guest' | 'from' | 'to'>;

/**
 * How many moves may be under way at once. What is left out is not limited; zero forbids every move. Guests that must go together
 * begin as one move: where a limit lets one of them begin, it lets all of them.
 */
export interface Limits {
  /** On one host, those that leave it and those that come to it taken together. */
  readonly perHost?: number;
  /** Over one link of the hosts' migration networks. */
  readonly perLink?: number;
  /** In the whole cluster. */
  readonly total?: number;
}

/** The links that a move's traffic takes: those of the migration networks of both its hosts, each once. */
const linksOf = (cluster: Cluster, { from, to }: Move): readonly LinkId[] => [
  ...new Set(
    [from, to].flatMap((id) =>
      (lookup(cluster).host(id)?.networks ?? []).filter(({ role }) => role === 'migration').map(({ link }) => link),
    ),
  ),
];

/**
 * Compares what is under way with each limit that the move comes under; the move may be begun where every reason holds.
 *
 * @param underWay - the moves that run, those admitted before it in the same round with them
 */
export const limitReasons = (
  limits: Limits,
  move: Move,
  underWay: readonly Move[],
  cluster: Cluster,
): readonly Reason[] => {
  const { perHost, perLink, total } = limits;
  const reasons: Reason[] = [];
  if (total !== undefined)
    reasons.push(
      compare({
        rule: 'engine.limits.total',
        subject: wholeCluster,
        measure: 'moves under way',
        value: underWay.length,
        relation: 'below',
        limit: total,
        unit: 'count',
      }),
    );
  if (perHost !== undefined)
    for (const host of new Set([move.from, move.to]))
      reasons.push(
        compare({
          rule: 'engine.limits.perHost',
          subject: hostSubject(host),
          measure: 'moves under way',
          value: underWay.filter(({ from, to }) => from === host || to === host).length,
          relation: 'below',
          limit: perHost,
          unit: 'count',
        }),
      );
  if (perLink !== undefined)
    for (const link of linksOf(cluster, move))
      reasons.push(
        compare({
          rule: 'engine.limits.perLink',
          subject: wholeCluster,
          measure: `moves over link ${link}`,
          value: underWay.filter((other) => linksOf(cluster, other).includes(link)).length,
          relation: 'below',
          limit: perLink,
          unit: 'count',
        }),
      );
  return reasons;
};
