/** Settings of CSLB, with their defaults, and what is refused. */
import * as z from 'zod';
import type { AnySignal } from '../../metrics/index.js';
import type { Fraction } from '../../model/index.js';
import type { Constraint } from '../constraint.js';
import { standardConstraints } from '../constraints/standard.js';
import { cpuCount, cpuCycles, type Resource } from '../phases/load.js';
import type { Middle } from '../phases/transfer.js';
import { settingsOf } from '../settings.js';

/** Bounds that follow the average load of the hosts (W11). */
export interface MovingThresholds {
  /** How far below the average a host is light. @defaultValue 0.2 */
  readonly below?: Fraction;
  /** How far above the average a host is heavy. @defaultValue 0.2 */
  readonly above?: Fraction;
}

/** Departures from the rule as printed, each against a trap that it has. All are off unless given. */
export interface CslbGuards {
  /** Load that a guest must have at least, as a share of the destination: an idle guest is not moved to no effect (W15). */
  readonly smallestGain?: number;
  /** Only if the larger of the two loads falls: one large guest is not sent to and fro for ever (W15). */
  readonly noSwap?: boolean;
  /** Only if the destination does not become heavy. */
  readonly keepBelowHeavy?: boolean;
}

/** Settings of CSLB. */
export interface CslbSettings {
  /** Below it a host is light; a share of its capacity, or a number of processors (`unit`). @defaultValue 0.8 (W13) */
  readonly light?: number;
  /** Above it a host is heavy. @defaultValue 0.95 (W13) */
  readonly heavy?: number;
  /** Bounds that move with the average load, in place of `light` and `heavy`: the original CSLB (W11). */
  readonly moving?: MovingThresholds;
  /**
   * Who puts hosts into groups: the scheduler by what it knows of their loads, or each host by the thresholds that it was sent,
   * as in the original CSLB (W11). A host's own word is old once a guest came or went; then it is taken for unknown until the
   * host reports again. @defaultValue 'scheduler'
   */
  readonly classifiedBy?: 'scheduler' | 'host';
  /** Middle of the moderate band. @defaultValue 'mean' (W13) */
  readonly middle?: Middle;
  /** Loads as shares of the host's capacity, or as processors kept busy. @defaultValue 'capacity' (W13) */
  readonly unit?: 'capacity' | 'cpu';
  /**
   * `in rank`: heaviest with lightest, next with next, each host in one pair (W13). `re-evaluated`: after each planned move the
   * loads are evaluated again, until no host is heavy or none light. @defaultValue 'in rank'
   */
  readonly pairing?: 'in rank' | 're-evaluated';
  /** Departures from the rule as printed. @defaultValue none */
  readonly guards?: CslbGuards;
  /** Another resource in place of the processor (W12.1, W18). */
  readonly resource?: Resource;
  /** What to fold a guest's samples into. @defaultValue the latest reading of the resource's measure */
  readonly signal?: AnySignal<number>;
  /** What every move must keep. @defaultValue {@link standardConstraints} */
  readonly constraints?: readonly Constraint[];
}

/** Settings of CSLB with every default filled in. */
export interface CslbRules {
  readonly thresholds:
    | { readonly kind: 'fixed'; readonly light: number; readonly heavy: number }
    | { readonly kind: 'moving'; readonly below: Fraction; readonly above: Fraction };
  readonly classifiedBy: 'scheduler' | 'host';
  readonly middle: Middle;
  readonly pairing: 'in rank' | 're-evaluated';
  readonly guards: CslbGuards;
  readonly resource: Resource;
  readonly signal: AnySignal<number> | undefined;
  readonly constraints: readonly Constraint[];
}

const given = <Type>(says: string): z.ZodType<Type> =>
  z.custom<Type>((value) => typeof value === 'object' && value !== null, `must be ${says}`);

/** Bounds of the published evaluation are not printed; these are the recommended ones (W13). */
const standard = { light: 0.8, heavy: 0.95 };

const schema = /* @__PURE__ */ (() => {
  const load = z.number().nonnegative();
  const option = z.exactOptional;
  return z
    .strictObject({
      light: option(load),
      heavy: option(load),
      moving: option(
        z.strictObject({ below: z.number().min(0).max(1).default(0.2), above: z.number().nonnegative().default(0.2) }),
      ),
      classifiedBy: z.enum(['scheduler', 'host']).default('scheduler'),
      middle: z.enum(['mean', 'median']).default('mean'),
      unit: z.enum(['capacity', 'cpu']).default('capacity'),
      pairing: z.enum(['in rank', 're-evaluated']).default('in rank'),
      guards: z
        .strictObject({
          smallestGain: option(load),
          noSwap: option(z.boolean()),
          keepBelowHeavy: option(z.boolean()),
        })
        .default({}),
      resource: option(given<Resource>('a resource')),
      signal: option(given<AnySignal<number>>('a signal')),
      constraints: z.array(given<Constraint>('a constraint')).readonly().default(standardConstraints),
    })
    .superRefine((settings, context) => {
      const { light = standard.light, heavy = standard.heavy, moving, unit, resource } = settings;
      const refuse = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
      const missing = unit === 'cpu' && (settings.light === undefined || settings.heavy === undefined);
      if (heavy < light && !missing) refuse('heavy', `${heavy} is below light ${light}`);
      if (unit === 'cpu' && resource) refuse('unit', `is of the processor, not of ${resource.name}`);
      for (const key of ['light', 'heavy'] as const) {
        const value = settings[key];
        if (moving && value !== undefined) refuse(key, 'is not taken beside moving, which takes its place');
        if (unit === 'cpu' && !moving && value === undefined) refuse(key, 'must be given, as a number of processors');
        if (unit === 'capacity' && !resource && value !== undefined && value > 1)
          refuse(key, `${value} is above 1, all that a host offers; percent(80) is 0.8`);
      }
    });
})();

/**
 * The rules that settings of CSLB stand for.
 *
 * @throws SettingsError with the path and the rule of every value that is wrong
 */
export const cslbRules = (settings: CslbSettings): CslbRules => {
  const { light, heavy, moving, unit, resource, signal, ...rest } = settingsOf('cslb', schema, settings);
  return {
    ...rest,
    thresholds: moving
      ? { kind: 'moving', ...moving }
      : { kind: 'fixed', light: light ?? standard.light, heavy: heavy ?? standard.heavy },
    resource: resource ?? (unit === 'cpu' ? cpuCount : cpuCycles),
    signal,
  };
};
