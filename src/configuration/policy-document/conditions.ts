/** Conditions: what a document asks of hosts, guests and moves, said in the words of the rule language. */
import type { HostState, Unit } from '../../model/index.js';
import type {
  Choice,
  Collection,
  Condition,
  GuestTerm,
  HostTerm,
  MoveTerm,
  Quantity,
  Vocabulary,
} from '../../policies/index.js';
import { type Expression, readExpression } from '../expression.js';
import { type QuantityName, readQuantity } from '../quantity.js';
import { durationAt, namesAt, parameterAt, type ParameterTable } from './parameters.js';
import { type Place, quoted } from './place.js';
import type { AskedOfBoth, AskedOfGuest, AskedOfHost, AskedOfMove, Compared, Joined } from './schema.js';

/** Names of readings that hosts and guests have alike. */
const sampled = [
  ...['cpu', 'iowait', 'steal', 'loadAverage', 'runQueueWait', 'cpuPressure', 'memoryPressure', 'ioPressure'],
  ...['memoryUsed', 'swapUsed', 'swapping', 'diskTraffic', 'networkTraffic'],
] as const satisfies readonly (keyof HostTerm & keyof GuestTerm)[];

/** Names that an expression on a host may ask for. */
export const hostNames = [
  ...sampled,
  ...['demand', 'freeMemory', 'memory', 'clock', 'cores', 'cache', 'memorySpeed', 'watts', 'moves'],
] as const satisfies readonly (keyof HostTerm)[];

/** Names that an expression on a guest may ask for. */
export const guestNames = [
  ...sampled,
  ...['vcpus', 'memory', 'dirtyRate'],
] as const satisfies readonly (keyof GuestTerm)[];

const classes = ['cpu', 'io', 'balanced', 'idle', 'paging', 'network'] as const;

const states = ['active', 'draining', 'failing', 'off'] as const satisfies readonly HostState[];

/** A name that has to be one of several. */
const oneOf = <Name extends string>(names: readonly Name[], what: string, name: string, place: Place): Name =>
  names.find((one) => one === name) ??
  place.wrong(`there is no ${what} ${quoted(name)}; there are ${names.join(', ')}`);

const quantityNames: Readonly<Partial<Record<Unit, QuantityName>>> = {
  bytes: 'bytes',
  'bytes per second': 'rate',
  milliseconds: 'duration',
  hertz: 'clock',
  fraction: 'share',
  watts: 'power',
};

/** Shares above this, ten times all there is, are percentages without their sign. */
const largestShare = 10;

/** Whose condition it is, and what its expressions may ask for. */
interface About<Term extends HostTerm | GuestTerm> {
  readonly term: Term;
  readonly names: readonly string[];
}

/** Reads the conditions and choices of one document. */
export interface Conditions {
  readonly ofHost: (host: HostTerm, asked: AskedOfHost, place: Place) => Condition;
  readonly ofGuest: (guest: GuestTerm, asked: AskedOfGuest, place: Place) => Condition;
  readonly ofMove: (move: MoveTerm, asked: AskedOfMove, place: Place) => Condition;
  /** Hosts of which all conditions hold. */
  readonly hosts: (from: Collection<HostTerm>, asked: readonly AskedOfHost[], place: Place) => Collection<HostTerm>;
  /** Guests of which all conditions hold. */
  readonly guests: (from: Collection<GuestTerm>, asked: readonly AskedOfGuest[], place: Place) => Collection<GuestTerm>;
  /** The host that has most or least of something; without either, the first. */
  readonly host: (from: Collection<HostTerm>, order: Order, place: Place) => Choice<HostTerm>;
  /** The guest that has most or least of something; without either, the first. */
  readonly guest: (from: Collection<GuestTerm>, order: Order, place: Place) => Choice<GuestTerm>;
}

/** By what a choice is made. */
export interface Order {
  readonly most?: string;
  readonly least?: string;
}

/** The conditions of a document over its parameters. */
export const conditionsOf = (words: Vocabulary, parameters: ParameterTable): Conditions => {
  const numbers = [...parameters].flatMap(([name, { kind }]) => (kind === 'number' ? [name] : []));
  const expression = (text: string, names: readonly string[], place: Place): Expression => {
    const read = readExpression(text, [...names, ...numbers]);
    return read.ok ? read.value : place.wrong(read.error);
  };

  /** One reading or parameter as it is, with its unit; anything else is worked out from several, and has none. */
  const measured = (term: HostTerm | GuestTerm, { names, text, value }: Expression): Quantity<'none'> => {
    const parts = names.map((name): Quantity<'none'> => {
      const parameter = parameters.get(name);
      // The expression was read over the names of what such a term has and of parameters; units are looked at where they matter.
      return parameter?.kind === 'number'
        ? (words.amount(parameter.value, parameter.unit) as unknown as Quantity<'none'>)
        : (term[name as 'cpu'] as unknown as Quantity<'none'>);
    });
    const [only] = parts;
    return only && names[0] === text.trim()
      ? only
      : words.calculate(text, 'none', parts, (...values) => value(...values));
  };

  /** A plain amount of a unit, if that is what was written; a parameter has to be of the unit. */
  const amount = (unit: Unit, written: number | string, place: Place): number | undefined => {
    if (typeof written === 'number')
      return unit === 'fraction' && written > largestShare
        ? place.wrong(`${written} as a share is ${written * 100} %; write "${written} %"`)
        : written;
    const parameter = parameters.get(written.trim());
    if (parameter?.kind === 'number') {
      const fits = [unit, 'none'].includes(parameter.unit) || ['none', 'count'].includes(unit);
      return fits
        ? parameter.value
        : place.wrong(`${written} is a parameter in ${parameter.unit}, and ${unit} is asked for`);
    }
    const name = quantityNames[unit];
    const read = name && readQuantity(name, written);
    if (read?.ok === true) return read.value;
    // What begins with a number and does not read as an expression was meant to be an amount.
    return read && /^\s*-?[\d.]/.test(written) && !readExpression(written, [...hostNames, ...guestNames, ...numbers]).ok
      ? place.wrong(read.error.message, read.error)
      : undefined;
  };

  const compared = <Term extends HostTerm | GuestTerm>(
    { term, names }: About<Term>,
    asked: Compared,
    place: Place,
  ): Condition => {
    const relations = (['above', 'below', 'atLeast', 'atMost'] as const).filter(
      (relation) => asked[relation] !== undefined,
    );
    const [relation] = relations;
    if (relation === undefined || relations.length > 1)
      return place.wrong('needs exactly one of above, below, atLeast and atMost');
    const left = measured(term, expression(asked.value, names, place.at('value')));
    const given = asked[relation] ?? 0;
    const right = amount(left.unit, given, place.at(relation));
    if (right === undefined) {
      if (asked.for !== undefined)
        return place.at('for').wrong(`${relation} must be a plain amount to be followed over time`);
      return left[relation](measured(term, expression(String(given), names, place.at(relation))).plain());
    }
    const condition = left[relation](right);
    if (asked.for === undefined) return condition;
    const length = durationAt(parameters, asked.for, place.at('for'));
    return 'for' in condition && typeof condition.for === 'function'
      ? (condition as Condition & { readonly for: (length: number) => Condition }).for(length)
      : place.at('for').wrong(`${asked.value} has no past to be asked for`);
  };

  const turning = (term: HostTerm | GuestTerm, name: string, way: 'rising' | 'falling', place: Place): Condition => {
    const reading = sampled.find((one) => one === name);
    return reading === undefined
      ? place.wrong(`no reading is called ${quoted(name)}; there are ${sampled.join(', ')}`)
      : term[reading][way]();
  };

  const ofBoth = <Term extends HostTerm | GuestTerm, Asked>(
    about: About<Term>,
    asked: AskedOfBoth | Joined<Asked>,
    place: Place,
    again: (asked: Asked, place: Place) => Condition,
  ): Condition => {
    const { term } = about;
    if ('value' in asked) return compared(about, asked, place);
    if ('label' in asked) return term.label(asked.label).is(...namesAt(parameters, asked.is, place.at('is')));
    if ('name' in asked) return term.name.is(...namesAt(parameters, asked.name, place.at('name')));
    if ('rising' in asked) return turning(term, asked.rising, 'rising', place.at('rising'));
    if ('falling' in asked) return turning(term, asked.falling, 'falling', place.at('falling'));
    if ('flag' in asked) return flagged(words, parameters, asked.flag, place.at('flag'));
    if ('not' in asked) return again(asked.not, place.at('not')).not();
    return words.or(...asked.anyOf.map((one, i) => again(one, place.at('anyOf', i))));
  };

  const ofHost = (term: HostTerm, asked: AskedOfHost, place: Place): Condition => {
    if ('state' in asked)
      return term.state.is(
        ...namesAt(parameters, asked.state, place.at('state')).map((name) =>
          oneOf(states, 'state', name, place.at('state')),
        ),
      );
    if ('hasGuest' in asked) return guests(term.guests, asked.hasGuest, place.at('hasGuest')).any();
    return ofBoth({ term, names: hostNames }, asked, place, (one, there) => ofHost(term, one, there));
  };
  const ofGuest = (term: GuestTerm, asked: AskedOfGuest, place: Place): Condition => {
    if ('image' in asked) return term.image.is(...namesAt(parameters, asked.image, place.at('image')));
    if ('boundBy' in asked)
      return term.boundBy(
        namesAt(parameters, asked.boundBy, place.at('boundBy')).map((name) =>
          oneOf(classes, 'class', name, place.at('boundBy')),
        ),
      );
    return ofBoth({ term, names: guestNames }, asked, place, (one, there) => ofGuest(term, one, there));
  };
  const ofMove = ({ guest, from, to }: MoveTerm, asked: AskedOfMove, place: Place): Condition => {
    if ('holdsImage' in asked) return to.holdsImageOf(guest);
    if ('guest' in asked) return words.and(...asked.guest.map((one, i) => ofGuest(guest, one, place.at('guest', i))));
    if ('from' in asked) return words.and(...asked.from.map((one, i) => ofHost(from, one, place.at('from', i))));
    if ('to' in asked) return words.and(...asked.to.map((one, i) => ofHost(to, one, place.at('to', i))));
    return ofHost(to, asked, place);
  };

  const hosts: Conditions['hosts'] = (from, asked, place) =>
    asked.reduce((some, one, i) => some.select((host) => ofHost(host, one, place.at(i))), from);
  const guests: Conditions['guests'] = (from, asked, place) =>
    asked.reduce((some, one, i) => some.select((guest) => ofGuest(guest, one, place.at(i))), from);

  const chosen = <Term extends HostTerm | GuestTerm>(
    from: Collection<Term>,
    { most, least }: Order,
    names: readonly string[],
    place: Place,
  ): Choice<Term> => {
    if (most !== undefined && least !== undefined) return place.wrong('takes either most or least');
    const text = most ?? least;
    if (text === undefined) return from.first();
    const read = expression(text, names, place.at(most === undefined ? 'least' : 'most'));
    return most === undefined ? from.minBy((term) => measured(term, read)) : from.maxBy((term) => measured(term, read));
  };
  return {
    ofHost,
    ofGuest,
    ofMove,
    hosts,
    guests,
    host: (from, order, place) => chosen(from, order, hostNames, place),
    guest: (from, order, place) => chosen(from, order, guestNames, place),
  };
};

/** Always or never, by a parameter: all of none holds, and one of none does not. */
export const flagged = (words: Vocabulary, parameters: ParameterTable, name: string, place: Place): Condition =>
  parameterAt(parameters, name, 'flag', place).value ? words.and() : words.or();
