/** Limited: a policy that proposes no more than so many moves at a time. */
import * as z from 'zod';
import {
  compare,
  type HostId,
  hostSubject,
  type PassedOver,
  type Plan,
  type Proposal,
  type Reason,
  wholeCluster,
} from '../../model/index.js';
import { definePolicy, type Policy } from '../policy.js';
import { passOver, unitsOf } from '../sift.js';
import { settingsOf } from '../settings.js';

/** How many moves a plan may hold. */
export interface Limits {
  /** Moves in one plan. */
  readonly moves: number;
  /** Moves in one plan from or to any one host. Left out: as many as `moves`. */
  readonly perHost?: number;
}

const schema = /* @__PURE__ */ (() =>
  z.strictObject({ moves: z.int().nonnegative(), perHost: z.exactOptional(z.int().nonnegative()) }))();

const touching = (moves: readonly Proposal[], host: HostId): number =>
  moves.filter(({ from, to }) => from === host || to === host).length;

const exceeded = (
  { moves, perHost }: Limits,
  kept: readonly Proposal[],
  unit: readonly Proposal[],
): readonly Reason[] => {
  const counted = { rule: 'limited', relation: 'at most', unit: 'count' } as const;
  const total = [...kept, ...unit];
  const hosts = [...new Set(unit.flatMap(({ from, to }) => [from, to]))];
  return [
    compare({ ...counted, subject: wholeCluster, measure: 'moves in the plan', value: total.length, limit: moves }),
    ...(perHost === undefined
      ? []
      : hosts.map((host) =>
          compare({
            ...counted,
            subject: hostSubject(host),
            measure: 'moves in the plan',
            value: touching(total, host),
            limit: perHost,
          }),
        )),
  ].filter((reason) => !reason.holds);
};

/**
 * A policy whose plans are cut: moves are taken in order as long as the limits allow, and the others are passed over with the
 * limit that they would break. Guests that must stand together are taken together or not at all. Moves in flight do not count;
 * how many may run at once is the engine's to say.
 *
 * @throws SettingsError where a limit is no whole number
 */
export const limited = (policy: Policy, limits: Limits): Policy => {
  const checked = settingsOf('limited', schema, limits);
  return definePolicy({
    name: `limited(${policy.name})`,
    watch: policy.watch,
    plan: (cluster): Plan => {
      const plan = policy.plan(cluster);
      const moves: Proposal[] = [];
      const passed: PassedOver[] = [];
      for (const unit of unitsOf(cluster, plan.moves)) {
        const against = exceeded(checked, moves, unit);
        if (against.length === 0) moves.push(...unit);
        else passed.push(...unit.map((proposal) => passOver(proposal, against)));
      }
      return { moves, passedOver: [...plan.passedOver, ...passed] };
    },
  });
};
