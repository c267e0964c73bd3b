/** Gated: a policy that is asked only while a condition on the whole snapshot holds. */
import type { Watch } from '../../metrics/index.js';
import { holds, nothing, type Reason, wholeCluster } from '../../model/index.js';
import { mergeWatches } from '../merge-watches.js';
import { definePolicy, type Policy, type View } from '../policy.js';

/** A condition on a snapshot that can say what it compared. */
export interface Gate<W extends Watch = Watch> {
  readonly name: string;
  /** The signals that it reads. */
  readonly watch: W;
  /** Open if every reason holds. */
  readonly judge: (cluster: View<W>) => readonly Reason[];
}

/** A policy behind a gate. While it is shut the policy is not asked, and the plan says why. */
export const gated = <const W extends Watch>(policy: Policy, gate: Gate<W>): Policy => {
  const {
    watch,
    views: [inner, own],
  } = mergeWatches([policy.watch, gate.watch]);
  return definePolicy({
    name: `gated(${policy.name}, ${gate.name})`,
    watch,
    plan: (cluster) => {
      // The merged watch folds the gate's signals, so its view of the snapshot has their values.
      const against = gate.judge((own?.(cluster) ?? cluster) as View<W>).filter((reason) => !holds(reason));
      return against.length > 0
        ? nothing({ subject: wholeCluster, because: against })
        : policy.plan(inner?.(cluster) ?? cluster);
    },
  });
};
