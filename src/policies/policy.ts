/** Policy: a pure function from a snapshot to a plan, with the signals that it wants folded. */
import type { Watch, Watched } from '../metrics/index.js';
import type { Cluster, Plan } from '../model/index.js';
import { ordered } from './ordered.js';

/**
 * A pure function from a snapshot to a plan. Equal snapshots give equal plans, in whatever order hosts and guests are
 * listed; no clock, no chance, no change of the snapshot.
 */
export interface Policy {
  readonly name: string;
  /** The signals that it reads. The engine folds these and no others. */
  readonly watch: Watch;
  /** Decides. Total: it does not throw, and gives an empty plan where nothing is to be moved. */
  readonly plan: (cluster: Cluster) => Plan;
}

/** What a policy of a given watch sees. */
export type View<W extends Watch> = Cluster<Watched<W['host']>, Watched<W['guest']>>;

/** A policy as it is written: it can read the signals that it watches, and no others. */
export interface PolicyDefinition<W extends Watch> {
  readonly name: string;
  readonly watch: W;
  /** Decides, from a snapshot with the watched signals. */
  readonly plan: (cluster: View<W>) => Plan;
}

/**
 * Makes a policy from its definition. The policy is given its snapshots in the order of names, so the order in which a
 * driver lists hosts and guests cannot decide.
 *
 * @example
 * const idle = definePolicy({ name: 'idle', watch: {}, plan: () => nothing() });
 */
export const definePolicy = <const W extends Watch>({ name, watch, plan }: PolicyDefinition<W>): Policy => ({
  name,
  watch,
  // Whoever runs a policy folds its watch, so the values in the snapshot are of the watched types.
  plan: (cluster) => plan(ordered(cluster) as View<W>),
});
