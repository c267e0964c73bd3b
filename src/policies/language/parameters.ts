/** Parameters: numbers and names that a site may set, declared where they are used, so that one policy serves many sites. */
import * as z from 'zod';
import type { Bytes, Fraction, Hundredths, Milliseconds } from '../../model/index.js';
import { SettingsError, settingsOf } from '../settings.js';

/** Declares a parameter and gives its value. */
export interface Parameters {
  /** A share. The default is in percent; a site sets a share: `percent(70)`. */
  readonly percent: (name: string, hundredths: Hundredths) => Fraction;
  /** A length of time. */
  readonly duration: (name: string, usual: Milliseconds) => Milliseconds;
  /** An amount of data. */
  readonly bytes: (name: string, usual: Bytes) => Bytes;
  /** A whole number of at least zero. */
  readonly count: (name: string, usual: number) => number;
  /** Any finite number. */
  readonly number: (name: string, usual: number) => number;
  /** A name. */
  readonly text: (name: string, usual: string) => string;
  /** Yes or no. */
  readonly flag: (name: string, usual: boolean) => boolean;
  /** Whatever a schema of one's own takes. */
  readonly of: <Value>(name: string, schema: z.ZodType<Value>, usual: Value) => Value;
}

/** Parameters of one policy, what is set of them, and what was declared. */
export interface Declared {
  readonly parameters: Parameters;
  /** Refuses what was set and is not declared. */
  readonly check: () => void;
  /** Refuses what the body returned and did not declare: it could be set, and would change nothing. */
  readonly checkReturned: (returned: Readonly<Record<string, unknown>>) => void;
  /** Schema of all that was declared; every parameter has a default. */
  readonly schema: () => z.ZodType<Readonly<Record<string, unknown>>>;
}

/**
 * Parameters of a policy.
 *
 * @throws SettingsError with the path of the value: `keep-cool.heavy`
 */
export const parametersOf = (owner: string, given: Readonly<Record<string, unknown>>): Declared => {
  const shape = new Map<string, z.ZodType>();
  const values = new Map<string, { readonly sort: string; readonly usual: unknown; readonly value: unknown }>();
  const declare = <Value>(name: string, sort: string, schema: z.ZodType<Value>, usual: Value): Value => {
    const known = values.get(name);
    // Where a condition is used twice, so are its parameters.
    if (known && known.sort === sort && JSON.stringify(known.usual) === JSON.stringify(usual))
      return known.value as Value;
    if (known) throw new SettingsError(`${owner}.${name}: is declared twice, as different things`, []);
    const value = Object.hasOwn(given, name) && given[name] !== undefined ? given[name] : usual;
    // The schema of this one name gave it.
    const checked = settingsOf(owner, z.strictObject({ [name]: schema }), { [name]: value })[name] as Value;
    shape.set(name, z.prefault(schema, usual));
    values.set(name, { sort, usual, value: checked });
    return checked;
  };
  const time = z.number().nonnegative();
  const share = z
    .number()
    .min(0)
    .max(1, { error: ({ input }) => `${String(input)} is no share from 0 to 1: write percent(${String(input)})` });
  return {
    parameters: {
      percent: (name, hundredths) => declare(name, 'percent', share, hundredths / 100),
      duration: (name, usual) => declare(name, 'duration', time, usual),
      bytes: (name, usual) => declare(name, 'bytes', time, usual),
      count: (name, usual) => declare(name, 'count', z.int().nonnegative(), usual),
      number: (name, usual) => declare(name, 'number', z.number(), usual),
      text: (name, usual) => declare(name, 'text', z.string(), usual),
      flag: (name, usual) => declare(name, 'flag', z.boolean(), usual),
      of: (name, schema, usual) => declare(name, 'of', schema, usual),
    },
    check: () => {
      settingsOf(
        owner,
        z.strictObject(Object.fromEntries([...shape.keys()].map((name) => [name, z.unknown().optional()]))),
        given,
      );
    },
    checkReturned: (returned) => {
      for (const [name, value] of Object.entries(returned)) {
        const known = values.get(name);
        if (!known)
          throw new SettingsError(
            `${owner}.${name}: is returned as a parameter, and none is declared by this name`,
            [],
          );
        if (!Object.is(known.value, value))
          throw new SettingsError(`${owner}.${name}: is returned with another value than the parameter has`, []);
      }
    },
    schema: () => z.strictObject(Object.fromEntries(shape)),
  };
};
