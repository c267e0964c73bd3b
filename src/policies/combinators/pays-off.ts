/** PaysOff: a policy, of whose moves only those are kept that gain more than they cost. */
import * as z from 'zod';
import { type Estimator, type PayOffSettings, type RemainingLife, worth } from '../../estimators/index.js';
import { cpu, latest, level, sustained } from '../../metrics/index.js';
import { guestSubject, type Milliseconds, type Reason } from '../../model/index.js';
import { mergeWatches } from '../merge-watches.js';
import { definePolicy, type Policy, type View } from '../policy.js';
import { sift } from '../sift.js';
import { settingsOf } from '../settings.js';
import { factsOf, type PayOffWatch, reliefOf } from './move-worth.js';

/** Settings of {@link paysOff}: how to weigh, and what to believe of the future. */
export interface PaysOffSettings extends PayOffSettings {
  /** Host use from which on a host counts as busy; the spell's age stands for its future. @defaultValue 0.7 */
  readonly busy?: number;
  /** What is believed of a spell that has lasted so long. @defaultValue the survival law with exponent 1 */
  readonly life?: (held: Milliseconds) => RemainingLife;
  /** What to do where it is uncertain whether the move settles: stay, or weigh with `doubt`. @defaultValue 'stay' */
  readonly uncertain?: 'stay' | 'weigh';
}

const schema = /* @__PURE__ */ (() => {
  const amount = z.exactOptional(z.number().nonnegative());
  const share = z.number().min(0).max(1);
  return z.strictObject({
    horizon: amount,
    slowdown: z.exactOptional(share),
    downtimePrice: amount,
    networkPrice: amount,
    doubt: z.exactOptional(share),
    patience: amount,
    busy: share.default(0.7),
    life: z
      .custom<(held: Milliseconds) => RemainingLife>((value) => typeof value === 'function', 'must be a function')
      .default(() => (age: Milliseconds): RemainingLife => ({ kind: 'aged', age })),
    uncertain: z.enum(['stay', 'weigh']).default('stay'),
  });
})();

/**
 * A policy of whose moves only those are kept that pay: the processor time that the guest and its neighbours at both ends
 * gain for as long as the busy spell is expected to last, against slow-down and downtime on the way. The spell is the one of
 * the source host, and P(still busy at t | busy for a) = (a / (a + t))^c (Harchol-Balter and Downey 1997).
 *
 * A move that never settles, or of which anything is not known (dirty rate, a reading, a network), is not made; what has to
 * leave at any price, such as the guests of a failing host, does not belong behind this gate. Members of a together-group must
 * each pay.
 *
 * @param estimator - says what a move takes; the bandwidth that it is given is the lesser of the two hosts' migration
 * networks, shared with the moves in flight there
 * @throws SettingsError where a setting is wrong
 *
 * @example
 * paysOff(cslb({ light: percent(30), heavy: percent(80) }), precopy());
 */
export const paysOff = (policy: Policy, estimator: Estimator, settings: PaysOffSettings = {}): Policy => {
  const { busy, life, uncertain, ...prices } = settingsOf('paysOff', schema, settings);
  const own = {
    host: {
      cpu: level(cpu),
      busy: sustained({ measure: cpu, relation: 'at least', limit: busy, for: 0 }),
    },
    guest: {
      cpu: level(cpu),
      dirty: latest('dirty', (sample) => sample.dirty),
      used: latest('memory used in bytes', (sample) => sample.memory?.used),
    },
  } satisfies PayOffWatch;
  const {
    watch,
    views: [innerView, ownView],
  } = mergeWatches([policy.watch, own]);

  const weigh = (move: Parameters<typeof reliefOf>[0], cluster: View<PayOffWatch>): readonly Reason[] => {
    const facts = factsOf(move, cluster);
    const relief = reliefOf(move, cluster);
    if (!facts.ok || !relief.ok) return [...(facts.ok ? [] : facts.error), ...(relief.ok ? [] : relief.error)];
    const estimate = estimator(facts.value);
    const common = {
      kind: 'weighed',
      rule: 'paysOff',
      subject: guestSubject(move.guest.id),
      to: move.to.id,
      estimate,
    } as const;
    if (estimate.convergence === 'never' || estimate.convergence === 'unknown') return [{ ...common, holds: false }];
    const { rate, held } = relief.value;
    const { gain, cost, pays } = worth(estimate, { contention: rate / (1 + rate) }, life(held), prices);
    return [{ ...common, gain, cost, holds: pays && (uncertain === 'weigh' || estimate.convergence === 'converges') }];
  };

  return definePolicy({
    name: `paysOff(${policy.name})`,
    watch,
    plan: (cluster) =>
      sift('paysOff', ownView?.(cluster) ?? cluster, policy.plan(innerView?.(cluster) ?? cluster), (move, soFar) =>
        // The merged watch folds these signals, and moves in flight added to a view leave its signals as they are.
        weigh(move, soFar as View<PayOffWatch>),
      ),
  });
};
