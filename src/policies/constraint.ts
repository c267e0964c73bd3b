/** Constraint: judges one move against a snapshot and says what it compared. */
import {
  type Cluster,
  lookup,
  type Migration,
  type ObservedGuest,
  type ObservedHost,
  type Proposal,
  type Reason,
  holds,
  withMigrations,
} from '../model/index.js';

/** A guest, the host that it stands on, and a host that it might go to. */
export interface Move {
  readonly guest: ObservedGuest;
  readonly from: ObservedHost;
  readonly to: ObservedHost;
}

/** A rule that a move must keep. Pure. */
export interface Constraint {
  readonly name: string;
  /**
   * Every reason must hold for the move to be allowed; each quotes what was compared. An empty answer is a yes with nothing
   * to tell. The snapshot already holds the moves planned before this one as in flight (see {@link planned}), not this one.
   */
  readonly judge: (move: Move, cluster: Cluster) => readonly Reason[];
}

type Step = Pick<Proposal, 'guest' | 'from' | 'to'>;

/** The snapshot with proposals added as moves in flight: their guests count at both ends. */
export const planned = <H, G>(cluster: Cluster<H, G>, proposals: readonly Step[]): Cluster<H, G> =>
  withMigrations(
    cluster,
    proposals.map(({ guest, from, to }): Migration => ({
      id: `planned:${guest}`,
      guest,
      from,
      to,
      startedAt: cluster.at,
    })),
  );

/** All that a list of constraints has to say on a move, in the order of the list. */
export const judge = (constraints: readonly Constraint[], move: Move, cluster: Cluster): readonly Reason[] =>
  constraints.flatMap((constraint) => constraint.judge(move, cluster));

/** The reasons that speak against a move; none means that it is allowed. */
export const refusals = (constraints: readonly Constraint[], move: Move, cluster: Cluster): readonly Reason[] =>
  judge(constraints, move, cluster).filter((reason) => !holds(reason));

/** The move that a proposal speaks of, or `undefined` where the snapshot does not hold its guest or its hosts. */
export const moveOf = (cluster: Cluster, step: Step): Move | undefined => {
  const { guest: guestOf, host } = lookup(cluster);
  const [guest, from, to] = [guestOf(step.guest), host(step.from), host(step.to)];
  return guest && from && to && { guest, from, to };
};
