/** Settings of relief, with their defaults, and what is refused. */
import * as z from 'zod';
import type { AnySignal } from '../../metrics/index.js';
import type { Constraint } from '../constraint.js';
import { standardConstraints } from '../constraints/standard.js';
import { cpuCycles, type Resource } from '../phases/load.js';
import { settingsOf } from '../settings.js';
import type { Mark } from './marks.js';

/** At which shares of one resource a host gives guests away, and how far others are filled. */
export interface ReliefMarks {
  /** What is looked at. @defaultValue {@link cpuCycles} */
  readonly resource?: Resource;
  /** Share above which a host is relieved. */
  readonly above: Mark;
  /** Share to which it is relieved. @defaultValue `above` */
  readonly until?: Mark;
  /** Share to which others are filled; never beyond their own `above`. @defaultValue `above` */
  readonly fillTo?: Mark;
  /** Share below which a host must be, in every resource that names one, to take guests at all. @defaultValue any share */
  readonly under?: Mark;
}

/**
 * Which guest leaves: the one that takes most of what is short, the one that takes least, or the largest within what the host
 * carries beyond the mean, if there is one (OpenStack Watcher).
 */
export type Leaving = 'largest' | 'smallest' | 'within surplus';

/** Settings of {@link relieve}. */
export interface RelieveSettings extends ReliefMarks {
  /** Further resources, each with marks of its own: a host above any of them is relieved, no host is filled beyond any. */
  readonly also?: readonly ReliefMarks[];
  /** Which guest leaves first. @defaultValue 'largest' */
  readonly leaving?: Leaving;
  /** What to fold a guest's samples into, by name of the resource. @defaultValue the latest reading of its measure */
  readonly signals?: Readonly<Record<string, AnySignal<number>>>;
  /** What every move must keep. @defaultValue {@link standardConstraints} */
  readonly constraints?: readonly Constraint[];
}

/** Settings of relief with every default filled in. */
export interface RelieveRules {
  /** Marks by resource, in the order of `resources`. */
  readonly marks: readonly {
    readonly above: Mark;
    readonly until: Mark;
    readonly fillTo: Mark;
    readonly under: Mark | undefined;
  }[];
  readonly resources: readonly Resource[];
  readonly leaving: Leaving;
  readonly signals: Readonly<Record<string, AnySignal<number>>>;
  readonly constraints: readonly Constraint[];
}

const schema = /* @__PURE__ */ (() => {
  const given = <Type>(says: string): z.ZodType<Type> =>
    z.custom<Type>((value) => typeof value === 'object' && value !== null, `must be ${says}`);
  const mark = z.union(
    [z.number().nonnegative(), z.custom<Exclude<Mark, number>>((value) => typeof value === 'function')],
    'must be a share or a function',
  );
  const shape = {
    resource: given<Resource>('a resource').default(cpuCycles),
    above: mark,
    until: z.exactOptional(mark),
    fillTo: z.exactOptional(mark),
    under: z.exactOptional(mark),
  };
  return z
    .strictObject({
      ...shape,
      also: z.array(z.strictObject(shape)).readonly().default([]),
      leaving: z.enum(['largest', 'smallest', 'within surplus']).default('largest'),
      signals: z.record(z.string(), given<AnySignal<number>>('a signal')).default({}),
      constraints: z.array(given<Constraint>('a constraint')).readonly().default(standardConstraints),
    })
    .superRefine((settings, context) => {
      [settings, ...settings.also].forEach(({ resource, above, ...others }, i) => {
        const place = i === 0 ? [] : ['also', i - 1];
        const refuse = (key: string, message: string): void =>
          context.addIssue({ code: 'custom', path: [...place, key], message });
        if (resource.unit !== 'fraction') refuse('resource', `${resource.name} is no share of what a host offers`);
        for (const key of ['until', 'fillTo', 'under'] as const) {
          const other = others[key];
          if (typeof above === 'number' && typeof other === 'number' && other > above)
            refuse(key, `${other} is above ${above}, from which on a host is relieved`);
        }
      });
      const names = [settings, ...settings.also].map(({ resource }) => resource.name);
      names.forEach((name, i) => {
        if (names.indexOf(name) < i)
          context.addIssue({
            code: 'custom',
            path: ['also', i - 1, 'resource'],
            message: `another one is called ${name}`,
          });
      });
      for (const name of Object.keys(settings.signals))
        if (!names.includes(name))
          context.addIssue({ code: 'custom', path: ['signals', name], message: 'no resource is called so' });
    });
})();

/**
 * The rules that settings of relief stand for.
 *
 * @throws SettingsError with the path and the rule of every value that is wrong
 */
export const relieveRules = (settings: RelieveSettings): RelieveRules => {
  const { also, leaving, signals, constraints, ...first } = settingsOf('relieve', schema, settings);
  const all = [first, ...also];
  return {
    marks: all.map(({ above, until, fillTo, under }) => ({
      above,
      until: until ?? above,
      fillTo: fillTo ?? above,
      under,
    })),
    resources: all.map(({ resource }) => resource),
    leaving,
    signals,
    constraints,
  };
};
