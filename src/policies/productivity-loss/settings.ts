/** Settings of P-loss, with their defaults, and what is refused. */
import * as z from 'zod';
import type { AnySignal } from '../../metrics/index.js';
import { type Hertz, type HostId, type Milliseconds, minutes } from '../../model/index.js';
import type { Constraint, Move } from '../constraint.js';
import { standardConstraints } from '../constraints/standard.js';
import { settingsOf } from '../settings.js';

/** Productivity that a move itself loses, in cycles per second over the horizon; `undefined` where that is not known. */
export type MoveCost = (move: Move, wanted: Hertz) => Hertz | undefined;

/** Settings of {@link productivityLoss}. */
export interface ProductivityLossSettings {
  /**
   * `mean`: a host's guests want what was read of them, and lose what is above its capacity. `spread`: what they want varies, each
   * independently, so they lose something on average before the host is full. @defaultValue 'mean'
   */
  readonly demand?: 'mean' | 'spread';
  /** Time over which a move is to pay. @defaultValue 5 minutes */
  readonly horizon?: Milliseconds;
  /** Share of a guest's work that is lost while it moves. @defaultValue 0.1 (Voorsluys et al. 2009) */
  readonly slowdown?: number;
  /**
   * What a move itself loses.
   * @defaultValue `slowdown` of what the guest wants, for the share of the horizon in which its memory crosses the slower of the
   * two migration networks once
   */
  readonly cost?: MoveCost;
  /** What a move must win more than, in cycles per second; below one it is a matter of rounding. @defaultValue 1 */
  readonly smallestGain?: Hertz;
  /** Moves in a plan, each the best after those before it. @defaultValue 1 (W22) */
  readonly moves?: number;
  /** Decides for the guests of this host alone, as an engine on that host would. Left out: for those of all hosts. */
  readonly own?: HostId;
  /**
   * What to fold a guest's samples into: the share of its vCPUs that it wants.
   * @defaultValue the latest reading of the processor time that it uses
   */
  readonly signal?: AnySignal<number>;
  /** What every move must keep. @defaultValue {@link standardConstraints} */
  readonly constraints?: readonly Constraint[];
}

/** Settings of P-loss with every default filled in. */
export interface LossRules {
  readonly demand: 'mean' | 'spread';
  readonly horizon: Milliseconds;
  readonly slowdown: number;
  readonly cost: MoveCost | undefined;
  readonly smallestGain: Hertz;
  readonly moves: number;
  readonly own: HostId | undefined;
  readonly signal: AnySignal<number> | undefined;
  readonly constraints: readonly Constraint[];
}

const schema = /* @__PURE__ */ (() => {
  const given = <Type>(says: string): z.ZodType<Type> =>
    z.custom<Type>((value) => typeof value === 'object' && value !== null, `must be ${says}`);
  return z.strictObject({
    demand: z.enum(['mean', 'spread']).default('mean'),
    horizon: z.number().positive().default(minutes(5)),
    slowdown: z.number().min(0).max(1).default(0.1),
    cost: z.exactOptional(z.custom<MoveCost>((value) => typeof value === 'function', 'must be a function')),
    smallestGain: z.number().min(1).default(1),
    moves: z.int().positive().default(1),
    own: z.exactOptional(z.string().min(1)),
    signal: z.exactOptional(given<AnySignal<number>>('a signal')),
    constraints: z.array(given<Constraint>('a constraint')).readonly().default(standardConstraints),
  });
})();

/**
 * The rules that settings of P-loss stand for.
 *
 * @throws SettingsError with the path and the rule of every value that is wrong
 */
export const lossRules = (settings: ProductivityLossSettings): LossRules => {
  const { cost, own, signal, ...rest } = settingsOf('productivityLoss', schema, settings);
  return { ...rest, cost, own, signal };
};
