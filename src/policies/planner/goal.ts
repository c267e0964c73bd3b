/** Goal: what a plan is to reach, in plain words, checked when a planner is made. */
import * as z from 'zod';
import type { AnySignal } from '../../metrics/index.js';
import type { Fraction, ObservedGuest } from '../../model/index.js';
import type { Constraint } from '../constraint.js';
import { standardConstraints } from '../constraints/standard.js';
import { cpuCycles, type Resource } from '../phases/load.js';
import { settingsOf } from '../settings.js';
import type { HbalEncoding } from './hbal/nodes.js';
import type { Preference } from './preference.js';
import type { Minimise } from './relieve.js';
import type { Unevenness } from './spread.js';

/** How much a plan may move. What is left out is not limited. */
export interface Budget {
  readonly moves?: number;
  /** Memory of the guests that move, in bytes. */
  readonly memory?: number;
  /** Predicted time of their moves one after the other, in milliseconds. */
  readonly time?: number;
}

/** Brings every host under its mark, and touches nothing else. */
export interface RelieveGoal {
  readonly kind: 'relieve';
  /** Share of a host's processors. */
  readonly mark: Fraction;
  readonly minimise: Minimise;
}

/** Makes hosts even. */
export interface BalanceGoal {
  readonly kind: 'balance';
  /** What each measure weighs. */
  readonly of: { readonly cpu: number; readonly memory: number };
  readonly by: Unevenness;
  /** Hosts within this of the mean are even enough; of processors, and where no number of moves is given. */
  readonly within: Fraction;
  readonly smallestGain: number;
}

/** Balances as hbal of Ganeti does, step by step. */
export interface HbalGoal {
  readonly kind: 'hbal';
  readonly encoding: HbalEncoding;
  readonly minGain: number;
  readonly minGainLimit: number;
}

/** Empties as many hosts as it can. */
export interface ConsolidateGoal {
  readonly kind: 'consolidate';
  /** Share of a host's processors up to which it is filled. */
  readonly fill: Fraction;
  /** Whether what any one host carries must find room on the others. */
  readonly surviveOne: boolean;
}

/** What a plan is to reach. */
export type Goal = RelieveGoal | BalanceGoal | HbalGoal | ConsolidateGoal;

/** Whether processors are evened out with moves without end: then a host is near the mean or not, and that is all that is asked. */
export const isBoundless = ({ of }: BalanceGoal, { moves, memory, time }: PlannerRules['budget']): boolean =>
  of.memory === 0 && Math.min(moves, memory, time) === Infinity;

/** A goal as it is written, with what may be left out. */
export type GoalSettings =
  | { readonly relieve: { readonly mark?: Fraction; readonly minimise?: Minimise } }
  | {
      readonly balance: {
        readonly of?: 'cpu' | 'memory' | 'cpu+memory' | { readonly cpu: number; readonly memory: number };
        readonly by?: Unevenness;
        readonly within?: Fraction;
        readonly smallestGain?: number;
      };
    }
  | { readonly hbal: { readonly encoding?: HbalEncoding; readonly minGain?: number; readonly minGainLimit?: number } }
  | { readonly consolidate: { readonly fill?: Fraction; readonly surviveOne?: boolean } };

/** Settings of a planner. */
export interface PlannerSettings {
  /** What the plan is to reach. */
  readonly goal: GoalSettings;
  /** What a plan may cost; of a policy, which plans anew for each wave, moves in flight and of the last 15 minutes are paid from it. @defaultValue no limit */
  readonly budget?: Budget;
  /** Moves that may run on one host at once, from it and to it together; guests that must stand together count once. @defaultValue 1 */
  readonly perHost?: number;
  /** Moves that may run over one link of the migration network at once. @defaultValue not limited */
  readonly perLink?: number;
  /** Another resource in place of the processor. @defaultValue processor cycles */
  readonly resource?: Resource;
  /** What to fold a guest's samples into, such as a forecast. @defaultValue the latest reading of the resource's measure */
  readonly signal?: AnySignal<number>;
  /**
   * What a move of a guest weighs, 1 for one like any other: relief sums up weights in place of moves, and multiplies memory or time
   * by them; balance divides what a move gains by its weight, and counts it for so many of the budget's moves, though for no less than one;
   * consolidation empties first what weighs least. Guests of high priority weigh much; infinite, for every goal, for one that must stay,
   * and so is what is no number or negative. @defaultValue 1 for all
   */
  readonly reluctance?: (guest: ObservedGuest) => number;
  /**
   * What is rather wanted of where guests stand. Balance weighs it against evenness; relief and consolidation ask it only where a guest that
   * must move is to go. Not for hbal, whose steps are its own. @defaultValue none
   */
  readonly preferences?: readonly Preference[];
  /** What every move must keep. @defaultValue the standard constraints */
  readonly constraints?: readonly Constraint[];
}

/** Settings with every default filled in. */
export interface PlannerRules {
  readonly goal: Goal;
  readonly budget: { readonly moves: number; readonly memory: number; readonly time: number };
  readonly perHost: number;
  readonly perLink: number;
  readonly resource: Resource;
  readonly signal: AnySignal<number> | undefined;
  /** What a move of a guest weighs; see {@link PlannerSettings.reluctance}. */
  readonly reluctance: ((guest: ObservedGuest) => number) | undefined;
  /** Those that weigh anything. */
  readonly preferences: readonly Preference[];
  readonly constraints: readonly Constraint[];
}

const given = <Type>(says: string): z.ZodType<Type> =>
  z.custom<Type>((value) => typeof value === 'object' && value !== null, `must be ${says}`);

const isPreference = (value: unknown): value is Preference => {
  if (typeof value !== 'object' || value === null) return false;
  const of: Readonly<Record<string, unknown>> = { ...value };
  const byHost = typeof of['amiss'] === 'function';
  const byCompany =
    (of['rather'] === 'together' || of['rather'] === 'apart') &&
    typeof of['group'] === 'function' &&
    (of['place'] === undefined || typeof of['place'] === 'function');
  const { weight } = of;
  return (
    byHost !== byCompany &&
    typeof of['name'] === 'string' &&
    typeof weight === 'number' &&
    weight >= 0 &&
    weight < Infinity
  );
};

const schema = /* @__PURE__ */ (() => {
  const share = z.number().min(0).max(1);
  const weights = { cpu: z.number().nonnegative(), memory: z.number().nonnegative() };
  const amount = z.number().nonnegative();
  return z
    .strictObject({
      goal: z.union([
        z.strictObject({
          relieve: z.strictObject({
            mark: share.default(0.8),
            minimise: z.enum(['moves', 'memory', 'time']).default('moves'),
          }),
        }),
        z.strictObject({
          balance: z.strictObject({
            of: z.union([z.enum(['cpu', 'memory', 'cpu+memory']), z.strictObject(weights)]).default('cpu'),
            by: z.exactOptional(z.enum(['mean deviation', 'standard deviation', 'both', 'largest host'])),
            within: share.default(0.01),
            smallestGain: amount.default(0),
          }),
        }),
        z.strictObject({
          hbal: z.strictObject({
            encoding: z.enum(['given', 'measured', 'ratio']).default('given'),
            minGain: amount.default(0.01),
            minGainLimit: amount.default(0.1),
          }),
        }),
        z.strictObject({
          consolidate: z.strictObject({ fill: share.default(0.8), surviveOne: z.boolean().default(true) }),
        }),
      ]),
      budget: z
        .strictObject({
          moves: z.int().nonnegative().default(Infinity),
          memory: amount.default(Infinity),
          time: amount.default(Infinity),
        })
        .default({ moves: Infinity, memory: Infinity, time: Infinity }),
      perHost: z.int().positive().default(1),
      perLink: z.int().positive().or(z.literal(Infinity)).default(Infinity),
      resource: given<Resource>('a resource').default(cpuCycles),
      signal: z.exactOptional(given<AnySignal<number>>('a signal')),
      reluctance: z.exactOptional(
        z.custom<(guest: ObservedGuest) => number>(
          (value) => typeof value === 'function',
          'must be a function of a guest',
        ),
      ),
      preferences: z
        .array(
          z.custom<Preference>(
            isPreference,
            'must be a preference with a name and a weight that is finite and not negative',
          ),
        )
        .readonly()
        .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'must have names that differ')
        .default([]),
      constraints: z.array(given<Constraint>('a constraint')).readonly().default(standardConstraints),
    })
    .refine(({ goal, preferences }) => !('hbal' in goal) || preferences.length === 0, {
      path: ['preferences'],
      message: "must be empty for hbal's objective, whose steps are its own",
    });
})();

const weightsOf = (of: string | { readonly cpu: number; readonly memory: number }): BalanceGoal['of'] =>
  typeof of === 'object' ? of : { cpu: of === 'memory' ? 0 : 1, memory: of === 'cpu' ? 0 : 1 };

/**
 * The rules that settings stand for.
 *
 * @throws SettingsError with the path and the rule of every value that is wrong
 */
export const plannerRules = (settings: PlannerSettings): PlannerRules => {
  const { goal, signal, reluctance, preferences, ...rest } = settingsOf('planner', schema, settings);
  const read = (): Goal => {
    if ('relieve' in goal) return { kind: 'relieve', ...goal.relieve };
    if ('hbal' in goal) return { kind: 'hbal', ...goal.hbal };
    if ('consolidate' in goal) return { kind: 'consolidate', ...goal.consolidate };
    const of = weightsOf(goal.balance.of);
    // Of one measure the mean distance is what people read; of two, both kinds of spread in equal parts.
    return {
      ...goal.balance,
      kind: 'balance',
      of,
      by: goal.balance.by ?? (of.cpu > 0 && of.memory > 0 ? 'both' : 'mean deviation'),
    };
  };
  // What weighs nothing is nobody's concern from here on.
  return { ...rest, signal, reluctance, preferences: preferences.filter(({ weight }) => weight > 0), goal: read() };
};
