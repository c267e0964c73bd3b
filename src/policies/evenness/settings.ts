/** Settings of evening out, with their defaults, and what is refused. */
import * as z from 'zod';
import type { AnySignal } from '../../metrics/index.js';
import type { Fraction } from '../../model/index.js';
import type { Constraint } from '../constraint.js';
import { standardConstraints } from '../constraints/standard.js';
import { cpuCycles, type Resource } from '../phases/load.js';
import { settingsOf } from '../settings.js';
import type { Spread } from './spread.js';

/** A resource, and how much it counts among several. */
export interface WeightedResource {
  readonly resource: Resource;
  /** @defaultValue 1 */
  readonly weight?: number;
}

/** Settings of {@link even}. */
export interface EvenSettings {
  /** How unevenness is measured. @defaultValue 'deviation' */
  readonly by?: Spread;
  /** Spread above which guests are moved; at it or below nothing is. */
  readonly above: number;
  /** Share by which a move must lower the spread, at least; of zero it must lower it at all. @defaultValue 0 */
  readonly margin?: Fraction;
  /** What a host's load is made of: the mean of its shares by weight. @defaultValue {@link cpuCycles} alone */
  readonly of?: readonly WeightedResource[];
  /** Which of several moves is made that even out the same. @defaultValue 'least memory' */
  readonly ties?: 'least memory' | 'first by name';
  /** What to fold a guest's samples into, by name of the resource. @defaultValue the latest reading of its measure */
  readonly signals?: Readonly<Record<string, AnySignal<number>>>;
  /** What every move must keep. @defaultValue {@link standardConstraints} */
  readonly constraints?: readonly Constraint[];
}

/** Settings of evening out with every default filled in. */
export interface EvenRules extends Required<Omit<EvenSettings, 'of'>> {
  readonly resources: readonly Resource[];
  /** Weights of the resources, in their order; their sum is 1. */
  readonly weights: readonly number[];
}

const schema = /* @__PURE__ */ (() => {
  const given = <Type>(says: string): z.ZodType<Type> =>
    z.custom<Type>((value) => typeof value === 'object' && value !== null, `must be ${says}`);
  return z
    .strictObject({
      by: z.enum(['gap', 'deviation', 'variation']).default('deviation'),
      above: z.number().nonnegative(),
      margin: z.number().min(0).max(1).default(0),
      of: z
        .array(z.strictObject({ resource: given<Resource>('a resource'), weight: z.number().positive().default(1) }))
        .min(1)
        .readonly()
        .default([{ resource: cpuCycles, weight: 1 }]),
      ties: z.enum(['least memory', 'first by name']).default('least memory'),
      signals: z.record(z.string(), given<AnySignal<number>>('a signal')).default({}),
      constraints: z.array(given<Constraint>('a constraint')).readonly().default(standardConstraints),
    })
    .superRefine(({ of, signals }, context) => {
      const names = of.map(({ resource }) => resource.name);
      of.forEach(({ resource: { name, unit } }, i) => {
        const refuse = (message: string): void =>
          context.addIssue({ code: 'custom', path: ['of', i, 'resource'], message });
        if (names.indexOf(name) < i) refuse(`another one is called ${name}`);
        if (unit !== 'fraction') refuse(`${name} is no share of what a host offers`);
      });
      for (const name of Object.keys(signals))
        if (!names.includes(name))
          context.addIssue({ code: 'custom', path: ['signals', name], message: 'no resource is called so' });
    });
})();

/**
 * The rules that settings of evening out stand for.
 *
 * @throws SettingsError with the path and the rule of every value that is wrong
 */
export const evenRules = (settings: EvenSettings): EvenRules => {
  const { of, ...rest } = settingsOf('even', schema, settings);
  const sum = of.reduce((total, { weight }) => total + weight, 0);
  return {
    ...rest,
    resources: of.map(({ resource }) => resource),
    weights: of.map(({ weight }) => weight / sum),
  };
};
