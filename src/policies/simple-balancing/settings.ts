/** Settings of Simple balancing, with their defaults, and what is refused. */
import * as z from 'zod';
import type { AnySignal } from '../../metrics/index.js';
import type { HostId } from '../../model/index.js';
import type { Constraint } from '../constraint.js';
import { standardConstraints } from '../constraints/standard.js';
import { cpuCycles, type Resource } from '../phases/load.js';
import { settingsOf } from '../settings.js';

/** How a destination qualifies: its total load is below a threshold, or it has fewer guests than the source (W21). */
export type SimpleRule = 'load' | 'guests';

/** Settings of {@link simple}. */
export interface SimpleSettings {
  /** Above it a host is overloaded; a share of what it offers. @defaultValue 0.8 */
  readonly heavy?: number;
  /** Below it a host takes a guest by its load; a share of what it offers. @defaultValue as `heavy` */
  readonly light?: number;
  /** Rules by which a destination may qualify, in the order in which they are tried. @defaultValue load, then guests */
  readonly rules?: readonly SimpleRule[];
  /** Decides for the guests of this host alone, as an engine on that host would. Left out: for those of all hosts. */
  readonly own?: HostId;
  /**
   * Only if the larger of the two loads falls. A departure from the rule as printed, which sends one large guest to and fro
   * between two hosts. @defaultValue false
   */
  readonly noSwap?: boolean;
  /** Another resource in place of the processor (W18). */
  readonly resource?: Resource;
  /** What to fold a guest's samples into. @defaultValue the latest reading of the resource's measure */
  readonly signal?: AnySignal<number>;
  /** What every move must keep. @defaultValue {@link standardConstraints} */
  readonly constraints?: readonly Constraint[];
}

/** Settings of Simple balancing with every default filled in. */
export interface SimpleRules {
  readonly heavy: number;
  readonly light: number;
  readonly rules: readonly SimpleRule[];
  readonly own: HostId | undefined;
  readonly noSwap: boolean;
  readonly resource: Resource;
  readonly signal: AnySignal<number> | undefined;
  readonly constraints: readonly Constraint[];
}

const given = <Type>(says: string): z.ZodType<Type> =>
  z.custom<Type>((value) => typeof value === 'object' && value !== null, `must be ${says}`);

const schema = /* @__PURE__ */ (() =>
  z
    .strictObject({
      heavy: z.number().nonnegative().default(0.8),
      light: z.exactOptional(z.number().nonnegative()),
      rules: z
        .array(z.enum(['load', 'guests']))
        .min(1)
        .readonly()
        .default(['load', 'guests']),
      own: z.exactOptional(z.string().min(1)),
      noSwap: z.boolean().default(false),
      resource: given<Resource>('a resource').default(cpuCycles),
      signal: z.exactOptional(given<AnySignal<number>>('a signal')),
      constraints: z.array(given<Constraint>('a constraint')).readonly().default(standardConstraints),
    })
    .superRefine(({ heavy, light = heavy, resource }, context) => {
      const refuse = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
      if (light > heavy) refuse('light', `${light} is above heavy ${heavy}`);
      if (resource.unit === 'fraction' && heavy > 1)
        refuse('heavy', `${heavy} is above 1, all that a host offers; percent(80) is 0.8`);
    }))();

/**
 * The rules that settings of Simple balancing stand for.
 *
 * @throws SettingsError with the path and the rule of every value that is wrong
 */
export const simpleRules = (settings: SimpleSettings): SimpleRules => {
  const { light, own, signal, ...rest } = settingsOf('simple', schema, settings);
  return { ...rest, light: light ?? rest.heavy, own, signal };
};
