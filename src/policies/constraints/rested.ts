/** Whether a guest and the two hosts have rested long enough since their last move. */
import {
  compare,
  guestSubject,
  hostSubject,
  lookup,
  type Cluster,
  type HostId,
  type Milliseconds,
  type Reason,
  type Subject,
} from '../../model/index.js';
import type { Constraint } from '../constraint.js';

/** How long to leave a guest, and a host, alone after a move. */
export interface Rest {
  /** Time that a guest is left alone after a move of its own, ended well or not. */
  readonly guest: Milliseconds;
  /** Time that a host is left alone after a move from it or to it. Left out: not at all. */
  readonly host?: Milliseconds;
}

const rule = 'rested';

/** What a subject's moves say: those in flight, and the times at which the others ended. */
const restOf = (
  subject: Subject,
  inFlight: number,
  ends: readonly Milliseconds[],
  at: Milliseconds,
  limit: Milliseconds,
): readonly Reason[] => {
  const moving = compare({
    rule,
    subject,
    measure: 'moves in flight',
    value: inFlight,
    relation: 'at most',
    limit: 0,
    unit: 'count',
  });
  const since = compare({
    rule,
    subject,
    measure: 'time since its last move',
    value: at - Math.max(...ends),
    relation: 'at least',
    limit,
    unit: 'milliseconds',
  });
  return [...(inFlight > 0 ? [moving] : []), ...(ends.length > 0 ? [since] : [])];
};

const hostRest = ({ at, past, migrations }: Cluster, id: HostId, limit: Milliseconds): readonly Reason[] => {
  const touches = (move: { readonly from: HostId; readonly to: HostId }): boolean => move.from === id || move.to === id;
  // A move that is planned for the same moment is not one to rest from.
  const busy = migrations.filter((move) => touches(move) && move.startedAt < at).length;
  const ends = past.filter(touches).map(({ endedAt }) => endedAt);
  return restOf(hostSubject(id), busy, ends, at, limit);
};

/**
 * A guest that moved is left alone for a while, and so are hosts where a time for hosts is given: the answer to ping-pong
 * and to moves that noise asks for (Wilcox, §4.5 and §6.3; W16, W17). The snapshot's past must reach back that far.
 */
export const rested = ({ guest: limit, host }: Rest): Constraint => ({
  name: rule,
  judge: ({ guest, from, to }, cluster) => {
    const ends = cluster.past.filter((outcome) => outcome.guest === guest.id).map(({ endedAt }) => endedAt);
    const inFlight = lookup(cluster).migrationOf(guest.id) ? 1 : 0;
    return [
      ...restOf(guestSubject(guest.id), inFlight, ends, cluster.at, limit),
      ...(host === undefined ? [] : [...hostRest(cluster, from.id, host), ...hostRest(cluster, to.id, host)]),
    ];
  },
});
