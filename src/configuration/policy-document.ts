/** Policy document: a policy as plain data, such as JSON or YAML holds, checked by a schema and turned into rules. */
import * as z from 'zod';
import type { Unit } from '../model/index.js';
import {
  type Collection,
  type Condition,
  type GuestTerm,
  type HostTerm,
  policy,
  type Quantity,
  SettingsError,
  type Vocabulary,
  type WrittenPolicy,
} from '../policies/index.js';
import { ConfigurationError } from './configuration-error.js';
import { type Expression, readExpression } from './expression.js';
import { type QuantityName, readQuantity } from './quantity.js';
import { quantity, readDocument } from './schema.js';

/** Names that an expression on a host may ask for. */
const hostNames = [
  ...['cpu', 'iowait', 'steal', 'loadAverage', 'runQueueWait', 'cpuPressure', 'memoryPressure', 'ioPressure'],
  ...['memoryUsed', 'swapUsed', 'swapping', 'diskTraffic', 'networkTraffic'],
  ...['demand', 'freeMemory', 'memory', 'clock', 'cores', 'cache', 'memorySpeed', 'watts', 'moves'],
] as const satisfies readonly (keyof HostTerm)[];

/** Names that an expression on a guest may ask for. */
const guestNames = [
  ...['cpu', 'iowait', 'steal', 'loadAverage', 'runQueueWait', 'cpuPressure', 'memoryPressure', 'ioPressure'],
  ...['memoryUsed', 'swapUsed', 'swapping', 'diskTraffic', 'networkTraffic'],
  ...['vcpus', 'memory', 'dirtyRate'],
] as const satisfies readonly (keyof GuestTerm)[];

const limit = /* @__PURE__ */ (() => z.union([z.number(), z.string()]))();

const schema = /* @__PURE__ */ (() => {
  const names = z.union([z.string(), z.array(z.string()).min(1)]);
  const compared = z
    .strictObject({
      value: z.string().describe('An expression, such as "cpu" or "2 * iowait + cpu".'),
      above: z.exactOptional(limit),
      below: z.exactOptional(limit),
      atLeast: z.exactOptional(limit),
      atMost: z.exactOptional(limit),
      for: z
        .exactOptional(quantity.duration)
        .describe('How long it must have held; for one reading against a plain amount.'),
    })
    .describe('A comparison: exactly one of above, below, atLeast and atMost, with an amount or an expression.');
  const labelled = z.strictObject({ label: z.string(), is: names });
  const state = z.strictObject({ state: names });
  const bound = z.strictObject({ boundBy: names });
  const ofHost = z.array(z.union([compared, labelled, state])).describe('Conditions on a host; all must hold.');
  const ofGuest = z.array(z.union([compared, labelled, bound])).describe('Conditions on a guest; all must hold.');
  const order = { most: z.exactOptional(z.string()), least: z.exactOptional(z.string()) };
  const rule = z.strictObject({
    hosts: ofHost.default([]),
    guests: z.strictObject({ where: ofGuest.default([]), ...order }),
    to: z.strictObject({ where: ofHost.default([]), ...order }),
    unless: z.exactOptional(z.strictObject({ takesLongerThan: quantity.duration })),
  });
  return z
    .strictObject({
      name: z.string().min(1),
      every: z.exactOptional(quantity.duration),
      evacuate: z.boolean().default(false).describe('Whether failing and draining hosts are emptied first.'),
      limit: z.exactOptional(
        z.strictObject({ moves: z.int().nonnegative(), perHost: z.exactOptional(z.int().nonnegative()) }),
      ),
      afterwards: ofHost.default([]).describe('What must hold of the destination once a move is made.'),
      rules: z.array(rule).default([]),
    })
    .describe('A policy of whither.');
})();

type Document = z.output<typeof schema>;
type AskedOf<Term extends 'host' | 'guest'> = Term extends 'host'
  ? Document['afterwards'][number]
  : Document['rules'][number]['guests']['where'][number];
type Compared = Extract<Document['afterwards'][number], { readonly value: string }>;
type Path = readonly (string | number)[];

/** Where a document is wrong; gathered into one ConfigurationError. */
const wrong = (owner: string, path: Path, message: string): never => {
  const place = path.reduce<string>(
    (text, key) => (typeof key === 'number' ? `${text}[${key}]` : text === '' ? key : `${text}.${key}`),
    owner,
  );
  throw new ConfigurationError([{ path: place, message }]);
};

const quantityNames: Readonly<Partial<Record<Unit, QuantityName>>> = {
  bytes: 'bytes',
  'bytes per second': 'rate',
  milliseconds: 'duration',
  hertz: 'clock',
  fraction: 'share',
  watts: 'power',
};

/** Reads the parts of one document; `owner` begins every path. */
const reader = (owner: string, words: Vocabulary) => {
  const expression = (text: string, vocabulary: readonly string[], path: Path): Expression => {
    const read = readExpression(text, vocabulary);
    return read.ok ? read.value : wrong(owner, path, read.error);
  };

  /** A quantity of a host or guest: one reading as it is, anything else worked out from several, without a unit. */
  const measured = (term: HostTerm | GuestTerm, { names, text, value }: Expression): Quantity<'none'> => {
    // The expression was read over names of quantities that such a term has; their units are looked at where they matter.
    const parts = names.map((name) => term[name as 'cpu'] as unknown as Quantity<'none'>);
    const [only] = parts;
    return only && names[0] === text.trim()
      ? only
      : words.calculate(text, 'none', parts, (...numbers) => value(...numbers));
  };

  const compared = (
    term: HostTerm | GuestTerm,
    asked: Compared,
    vocabulary: readonly string[],
    path: Path,
  ): Condition => {
    const relations = (['above', 'below', 'atLeast', 'atMost'] as const).filter(
      (relation) => asked[relation] !== undefined,
    );
    const [relation] = relations;
    if (relation === undefined || relations.length > 1)
      return wrong(owner, path, 'needs exactly one of above, below, atLeast and atMost');
    const left = measured(term, expression(asked.value, vocabulary, [...path, 'value']));
    const given = asked[relation] ?? 0;
    const unit = quantityNames[left.unit as Unit];
    const amount = typeof given === 'string' && unit ? readQuantity(unit, given) : undefined;
    const right = typeof given === 'number' ? given : amount?.ok ? amount.value : undefined;
    if (right === undefined) {
      if (asked.for !== undefined)
        return wrong(owner, [...path, 'for'], `${relation} must be a plain amount to be followed over time`);
      return left[relation](measured(term, expression(String(given), vocabulary, [...path, relation])).plain());
    }
    const condition = left[relation](right);
    if (asked.for === undefined) return condition;
    return 'for' in condition && typeof condition.for === 'function'
      ? (condition as Condition & { readonly for: (length: number) => Condition }).for(asked.for)
      : wrong(owner, [...path, 'for'], `${asked.value} has no past to be asked for`);
  };

  const list = (names: string | readonly string[]): readonly string[] => (typeof names === 'string' ? [names] : names);

  const ofHost = (term: HostTerm, asked: AskedOf<'host'>, path: Path): Condition => {
    if ('value' in asked) return compared(term, asked, hostNames, path);
    return 'state' in asked ? term.state.is(...list(asked.state)) : term.label(asked.label).is(...list(asked.is));
  };
  const classes = ['cpu', 'io', 'balanced', 'idle', 'paging', 'network'] as const;
  const ofGuest = (term: GuestTerm, asked: AskedOf<'guest'>, path: Path): Condition => {
    if ('value' in asked) return compared(term, asked, guestNames, path);
    if ('label' in asked) return term.label(asked.label).is(...list(asked.is));
    const wanted = list(asked.boundBy).map(
      (name) =>
        classes.find((one) => one === name) ??
        wrong(owner, [...path, 'boundBy'], `there is no class "${name}"; there are ${classes.join(', ')}`),
    );
    return term.boundBy(wanted);
  };
  const ordered = <Term extends HostTerm | GuestTerm>(
    items: Collection<Term>,
    { most, least }: { readonly most?: string; readonly least?: string },
    vocabulary: readonly string[],
    path: Path,
  ): ReturnType<Collection<Term>['first']> => {
    if (most !== undefined && least !== undefined) return wrong(owner, path, 'takes either most or least');
    const text = most ?? least;
    if (text === undefined) return items.first();
    const read = expression(text, vocabulary, [...path, most === undefined ? 'least' : 'most']);
    return most === undefined
      ? items.minBy((term) => measured(term, read))
      : items.maxBy((term) => measured(term, read));
  };
  return { ofHost, ofGuest, ordered };
};

const say = (owner: string, document: Document, words: Vocabulary): void => {
  const { ofHost, ofGuest, ordered } = reader(owner, words);
  if (document.every !== undefined) words.every(document.every);
  if (document.limit) words.limit(document.limit);
  document.afterwards.forEach((asked, i) => words.afterwards(({ to }) => ofHost(to, asked, ['afterwards', i])));
  if (document.evacuate) words.evacuate();
  document.rules.forEach((rule, i) => {
    const at = ['rules', i] as const;
    const sources = rule.hosts.reduce(
      (hosts, asked, j) => hosts.select((h) => ofHost(h, asked, [...at, 'hosts', j])),
      words.hosts,
    );
    words.when(sources, (source) => {
      const movers = rule.guests.where.reduce(
        (guests, asked, j) => guests.select((g) => ofGuest(g, asked, [...at, 'guests', 'where', j])),
        source.guests,
      );
      const destinations = rule.to.where.reduce(
        (hosts, asked, j) => hosts.select((h) => ofHost(h, asked, [...at, 'to', 'where', j])),
        words.hosts,
      );
      const journey = words
        .migrate(ordered(movers, rule.guests, guestNames, [...at, 'guests']))
        .to(ordered(destinations, rule.to, hostNames, [...at, 'to']));
      const longest = rule.unless?.takesLongerThan;
      return longest === undefined ? journey : journey.unless((move) => move.takesLongerThan(longest));
    });
  });
};

/** Schema of a policy document, as JSON Schema for editors: every quantity may be a text with a unit, or a number. */
export const policyDocumentSchema = (): z.core.JSONSchema.BaseSchema => z.toJSONSchema(schema, { io: 'input' });

/**
 * A policy from a document: plain data, such as `JSON.parse` or a YAML parser gives. Expressions are read once, over a closed
 * vocabulary; nothing in a document is ever run. It is an ordinary policy, told by the rule language.
 *
 * @param document - plain data
 * @param owner - the first part of all paths in an error, such as the name of the file
 * @throws {@link ConfigurationError} with the path of what is wrong: `rules[0].to.least`
 *
 * @example
 * const coolest = readPolicy({
 *   name: 'coolest',
 *   rules: [{ hosts: [{ value: 'cpu', above: '80 %' }], guests: { most: 'cpu' }, to: { most: 'clock * (1 - cpu)' } }],
 * });
 */
export const readPolicy = (document: unknown, owner = ''): WrittenPolicy => {
  const read = readDocument(schema, document, owner);
  let refused: unknown;
  try {
    return policy(read.name, (words) => {
      try {
        say(owner, read, words);
      } catch (thrown) {
        refused = thrown;
        throw thrown;
      }
    });
  } catch (thrown) {
    if (ConfigurationError.is(refused)) throw refused;
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    throw SettingsError.is(thrown) ? new ConfigurationError([{ path: owner, message }]) : thrown;
  }
};
