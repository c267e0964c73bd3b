/** Settings of load rebalancing, with their defaults, and what is refused. */
import * as z from 'zod';
import type { AnySignal } from '../../metrics/index.js';
import type { Cluster, Milliseconds, ObservedGuest } from '../../model/index.js';
import type { Constraint } from '../constraint.js';
import { standardConstraints } from '../constraints/standard.js';
import { cpuCycles, type Resource } from '../phases/load.js';
import { settingsOf } from '../settings.js';

/** What it costs to move a guest, in milliseconds; `undefined` where that is not known, and then it stays. */
export type CostOf = (guest: ObservedGuest, cluster: Cluster) => Milliseconds | undefined;

/**
 * How the moves are found. `best`: by exact search where the case is small, else the better of what GREEDY and M-PARTITION find.
 * GREEDY counts moves and knows no costs.
 */
export type RebalanceMethod = 'best' | 'greedy' | 'partition';

/** How much may be moved: so many guests a plan, or as many as cost so much together. */
export type RebalanceLimit =
  | { readonly moves: number; readonly cost?: never; readonly costOf?: never }
  | { readonly cost: Milliseconds; readonly costOf: CostOf; readonly moves?: never };

/** Settings of {@link rebalance}. */
export type RebalanceSettings = RebalanceLimit & {
  /** How the moves are found. @defaultValue 'best' */
  readonly by?: RebalanceMethod;
  /** By how much the largest load must fall at least, as a share of what a host offers. @defaultValue 0.05 */
  readonly smallestGain?: number;
  /** Another resource in place of the processor (W18). */
  readonly resource?: Resource;
  /** What to fold a guest's samples into. @defaultValue the latest reading of the resource's measure */
  readonly signal?: AnySignal<number>;
  /** What every move must keep. @defaultValue {@link standardConstraints} */
  readonly constraints?: readonly Constraint[];
};

/** Settings of load rebalancing with every default filled in. */
export interface RebalanceRules {
  readonly limit:
    | { readonly kind: 'moves'; readonly most: number }
    | { readonly kind: 'cost'; readonly most: Milliseconds; readonly costOf: CostOf };
  readonly by: RebalanceMethod;
  readonly smallestGain: number;
  readonly resource: Resource;
  readonly signal: AnySignal<number> | undefined;
  readonly constraints: readonly Constraint[];
}

const given = <Type>(says: string): z.ZodType<Type> =>
  z.custom<Type>((value) => typeof value === 'object' && value !== null, `must be ${says}`);

const schema = /* @__PURE__ */ (() =>
  z
    .strictObject({
      moves: z.exactOptional(z.int().nonnegative()),
      cost: z.exactOptional(z.number().nonnegative()),
      costOf: z.exactOptional(z.custom<CostOf>((value) => typeof value === 'function', 'must be a function')),
      by: z.enum(['best', 'greedy', 'partition']).default('best'),
      smallestGain: z.number().positive().default(0.05),
      resource: given<Resource>('a resource').default(cpuCycles),
      signal: z.exactOptional(given<AnySignal<number>>('a signal')),
      constraints: z.array(given<Constraint>('a constraint')).readonly().default(standardConstraints),
    })
    .superRefine(({ moves, cost, costOf, by }, context) => {
      const refuse = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
      if ((moves === undefined) === (cost === undefined)) refuse('moves', 'either moves or cost must be given');
      if ((cost === undefined) !== (costOf === undefined)) refuse('costOf', 'cost and costOf belong together');
      if (by === 'greedy' && cost !== undefined) refuse('by', 'greedy counts moves and knows no costs');
    }))();

/**
 * The rules that settings of load rebalancing stand for.
 *
 * @throws SettingsError with the path and the rule of every value that is wrong
 */
export const rebalanceRules = (settings: RebalanceSettings): RebalanceRules => {
  const { moves, cost, costOf, signal, ...rest } = settingsOf('rebalance', schema, settings);
  return {
    ...rest,
    signal,
    limit: cost !== undefined && costOf ? { kind: 'cost', most: cost, costOf } : { kind: 'moves', most: moves ?? 0 },
  };
};
