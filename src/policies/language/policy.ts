/** Policy: a page of rules, said once, as an ordinary policy. */
import { type Milliseconds } from '../../model/index.js';
import type { AnySignal, Watch } from '../../metrics/index.js';
import type * as z from 'zod';
import { limited } from '../combinators/limited.js';
import { joined } from '../joined.js';
import { definePolicy, type Policy } from '../policy.js';
import { SettingsError } from '../settings.js';
import { frameOf } from './frame.js';
import { parametersOf } from './parameters.js';
import { type Need, scopeOf } from './scope.js';
import { speak } from './speak.js';
import type { Vocabulary } from './vocabulary.js';

/** A policy that was written in the rule language. */
export interface WrittenPolicy extends Policy {
  /** How often it wants to be asked, if it said so. */
  readonly every?: Milliseconds;
  /** Schema of its parameters. */
  readonly parameters: z.ZodType<Readonly<Record<string, unknown>>>;
  /**
   * The same rules with parameters of another site; those that are left out have their defaults.
   *
   * @throws SettingsError with the path of what is wrong: `keep-cool.heavy`
   */
  readonly with: (settings: Readonly<Record<string, unknown>>) => WrittenPolicy;
}

const sideOf = (needs: readonly Need[], side: Need['side']): Readonly<Record<string, AnySignal>> =>
  Object.fromEntries(needs.filter((need) => need.side === side).map(({ signal }) => [signal.name, signal]));

const build = (
  name: string,
  body: (words: Vocabulary) => void,
  settings: Readonly<Record<string, unknown>>,
): WrittenPolicy => {
  const declared = parametersOf(name, settings);
  const said = speak(declared.parameters);
  try {
    body(said.words);
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
    with: (other) => build(name, body, other),
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
 * @throws SettingsError where the body throws, or a parameter is wrong
 *
 * @example
 * const keepCool = policy('keep-cool', ({ host, hosts, when, migrate }) => {
 *   const hot = host((h) => h.cpu.above(percent(80)).for(seconds(20)));
 *   when(hot, (source) => migrate(source.guests.maxBy((g) => g.cpu)).to(hosts.reject(hot).minBy((h) => h.cpu)));
 * });
 */
export const policy = (name: string, body: (words: Vocabulary) => void): WrittenPolicy => build(name, body, {});
