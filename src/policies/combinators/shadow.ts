/** Shadow: a policy that runs beside the one in force, decides nothing, and is compared. */
import {
  compare,
  type Cluster,
  guestSubject,
  lookFor,
  type PassedOver,
  type Plan,
  type Proposal,
  wholeCluster,
} from '../../model/index.js';
import { mergeWatches } from '../merge-watches.js';
import { definePolicy, type Policy } from '../policy.js';

/** Where two plans agree. */
export interface Agreement {
  /** Moves that both propose, in the order of the first. */
  readonly both: readonly Proposal[];
  /** Moves of the first plan alone. */
  readonly first: readonly Proposal[];
  /** Moves of the second plan alone. */
  readonly second: readonly Proposal[];
}

const said = ({ guest, from, to }: Proposal): string => `${guest}: ${from} → ${to}`;

/** Compares two plans for one snapshot, move by move; the order does not matter, nor what speaks for a move. */
export const agreement = (a: Plan, b: Plan): Agreement => {
  const [ours, theirs] = [a, b].map(({ moves }) => new Set(moves.map(said)));
  return {
    both: a.moves.filter((move) => theirs?.has(said(move))),
    first: a.moves.filter((move) => !theirs?.has(said(move))),
    second: b.moves.filter((move) => !ours?.has(said(move))),
  };
};

const compared = (name: string, inForce: Plan, beside: Plan): readonly PassedOver[] => {
  const { both, first, second } = agreement(inForce, beside);
  const rule = `shadow.${name}`;
  if (first.length + second.length === 0) return [];
  return [
    {
      subject: wholeCluster,
      because: [
        compare({
          rule,
          subject: wholeCluster,
          measure: `moves that ${name} proposes too`,
          value: both.length,
          relation: 'equal to',
          limit: both.length + first.length + second.length,
          unit: 'count',
        }),
      ],
    },
    ...second.map((move) => ({
      subject: guestSubject(move.guest),
      to: move.to,
      because: [
        lookFor({
          rule,
          subject: guestSubject(move.guest),
          measure: `${name} proposes`,
          value: said(move),
          among: inForce.moves.filter(({ guest }) => guest === move.guest).map(said),
        }),
      ],
    })),
  ];
};

const broken = (name: string, cause: unknown): readonly PassedOver[] => [
  {
    subject: wholeCluster,
    because: [
      lookFor({
        rule: `shadow.${name}`,
        subject: wholeCluster,
        measure: `${name} threw`,
        value: cause instanceof Error ? cause.message : 'something that is no error',
        among: [],
      }),
    ],
  },
];

const shadowed = (policy: Policy, cluster: Cluster, inForce: Plan): readonly PassedOver[] => {
  try {
    return compared(policy.name, inForce, policy.plan(cluster));
  } catch (cause) {
    // A policy on trial must not bring down the one in force.
    return broken(policy.name, cause);
  }
};

/**
 * The policy in force, and beside it another that decides nothing. The plan is the one in force; what the other would have done besides
 * is passed over under the rule `shadow.NAME`, and, where they differ, how far both agree is one entry on the cluster. If the other throws,
 * that is told.
 *
 * @example
 * const trial = shadow(cslb(), keepCool);
 */
export const shadow = (inForce: Policy, beside: Policy): Policy => {
  const {
    watch,
    views: [own, other],
  } = mergeWatches([inForce.watch, beside.watch]);
  return definePolicy({
    name: `shadow(${inForce.name}, ${beside.name})`,
    watch,
    plan: (cluster) => {
      const plan = inForce.plan(own?.(cluster) ?? cluster);
      return { ...plan, passedOver: [...plan.passedOver, ...shadowed(beside, other?.(cluster) ?? cluster, plan)] };
    },
  });
};
