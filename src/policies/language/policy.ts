/** Policy: a page of rules, said once, as an ordinary policy. */
import type { Estimator } from '../../estimators/index.js';
import type { Milliseconds } from '../../model/index.js';
import type { AnySignal, Watch } from '../../metrics/index.js';
import type * as z from 'zod';
import { limited } from '../combinators/limited.js';
import { joined } from '../joined.js';
import { definePolicy, type Policy } from '../policy.js';
import { SettingsError } from '../settings.js';
import type { Action } from './action.js';
import { frameOf } from './frame.js';
import { actions } from './inside.js';
import { parametersOf } from './parameters.js';
import { type Need, scopeOf } from './scope.js';
import { speak } from './speak.js';
import type { Vocabulary } from './vocabulary.js';

/** What a policy without parameters may be set to: nothing. Whoever tries is told by the compiler what is missing. */
export interface NoParameters {
  readonly [name: string]: 'is no parameter: the body of the policy must return { name } to have it set here';
}

/** What a site may set of a policy, by what its body returns: its parameters, by their names. */
export type SettingsOf<Told> = Told extends Action
  ? NoParameters
  : Told extends object
    ? { readonly [Name in keyof Told]?: Told[Name] }
    : NoParameters;

/** Refuses a body that is not over when it returns. */
export type SaidAtOnce<Told> =
  Told extends PromiseLike<unknown> ? 'the body of a policy is read at once: it cannot be async' : unknown;

/** A policy that was written in the rule language. */
export interface WrittenPolicy<Settings = Readonly<Record<string, unknown>>> extends Policy {
  /** How often it wants to be asked, if it said so. */
  readonly every?: Milliseconds;
  /** Schema of its parameters. */
  readonly parameters: z.ZodType<Readonly<Record<string, unknown>>>;
  /**
   * The same rules with parameters of another site; those that are left out have their defaults. The parameters that its body
   * returns are checked by the compiler, and all of them when this is called.
   *
   * @throws SettingsError with the path of what is wrong: `keep-cool.heavy`
   */
  readonly with: (settings: Settings) => WrittenPolicy<Settings>;
  /** The same rules, with what a move takes estimated in another way: by a site's calibration, or for another hypervisor. */
  readonly estimatedBy: (estimator: Estimator) => WrittenPolicy<Settings>;
}

const sideOf = (needs: readonly Need[], side: Need['side']): Readonly<Record<string, AnySignal>> =>
  Object.fromEntries(needs.filter((need) => need.side === side).map(({ signal }) => [signal.name, signal]));

/** A page, and what of it a site has set. */
interface Page {
  readonly name: string;
  readonly body: (words: Vocabulary) => unknown;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly estimator: Estimator | undefined;
}

const isPromise = (told: object): boolean => 'then' in told && typeof told.then === 'function';

const build = <Settings>(page: Page): WrittenPolicy<Settings> => {
  const { name, body, settings, estimator } = page;
  const declared = parametersOf(name, settings);
  const said = speak(declared.parameters, estimator);
  try {
    const told = body(said.words);
    if (typeof told === 'object' && told !== null && !actions.has(told)) {
      if (isPromise(told))
        throw new Error('its body is async; it is read at once, and what stands behind an await would not be heard');
      declared.checkReturned(told as Readonly<Record<string, unknown>>);
    }
  } catch (thrown) {
    if (SettingsError.is(thrown)) throw thrown;
    throw new SettingsError(`${name}: ${thrown instanceof Error ? thrown.message : String(thrown)}`, []);
  }
  declared.check();
  const rules = said.rules();
  const { vetoes, preferences } = said.charter;
  const { needs } = scopeOf(
    ...rules.map(({ scope }) => scope),
    ...vetoes.map(({ scope }) => scope),
    ...preferences.map(({ made }) => made.scope),
  );
  const watch: Watch = { host: sideOf(needs, 'host'), guest: sideOf(needs, 'guest') };
  const plain = definePolicy({
    name,
    watch,
    plan: (cluster) => {
      const frame = frameOf(name, cluster);
      for (const rule of rules) rule.run(frame);
      return joined(frame.moves, frame.passedOver);
    },
  });
  const limits = said.limits();
  const period = said.period();
  return {
    ...(limits ? { ...limited(plain, limits), name } : plain),
    ...(period !== undefined && { every: period }),
    parameters: declared.schema(),
    // What may be set by name was checked by the compiler, and is checked again by name and value.
    with: (other) => build({ ...page, settings: other as Readonly<Record<string, unknown>> }),
    estimatedBy: (other) => build({ ...page, estimator: other }),
  };
};

/**
 * A policy from a page of rules. The body is run at once, and only to say the rules: it is given words for hosts, guests and
 * conditions, not hosts and guests themselves. What it says is kept, and asked of each snapshot; none of the body's own lines
 * runs then, but for the functions given to `calculate` and to signals of one's own. So a plan has no side effects, the
 * signals that are needed are known beforehand, and a mistake in the body is found before anything runs.
 *
 * What is not known is neither true nor false, and never moves anything. Ties are broken by name. All moves keep the standard
 * constraints, each judged with the moves before it in flight.
 *
 * What the body returns are the parameters that a site may set by `with`: `return { heavy }`. A body that has none returns nothing.
 *
 * @throws SettingsError where the body throws, or a parameter is wrong
 *
 * @example
 * const keepCool = policy('keep-cool', ({ host, hosts, when, migrate, param }) => {
 *   const mark = param.percent('mark', 80);
 *   const hot = host((h) => h.cpu.above(mark).for(seconds(20)));
 *   when(hot, (source) => migrate(source.guests.maxBy((g) => g.cpu)).to(hosts.reject(hot).minBy((h) => h.cpu)));
 *   return { mark };
 * });
 * keepCool.with({ mark: percent(90) });
 */
export const policy = <Told>(
  name: string,
  body: ((words: Vocabulary) => Told) & SaidAtOnce<Told>,
): WrittenPolicy<SettingsOf<Told>> => build({ name, body, settings: {}, estimator: undefined });
