/** Parameters: what a document lets a site set, as values of units that its rules ask for by name. */
import type { Unit } from '../../model/index.js';
import type { PolicyParameters } from '../../policies/index.js';
import { readExpression } from '../expression.js';
import { type QuantityName, readQuantity } from '../quantity.js';
import { quantity } from '../schema.js';
import { type Place, quoted } from './place.js';
import type { Names, PolicyDocument, Reference, Written } from './schema.js';

/** A parameter of a document, with the value that it has now. */
export type Parameter =
  | { readonly kind: 'number'; readonly unit: Unit; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'flag'; readonly value: boolean };

/** The parameters of a document, by name. */
export type ParameterTable = ReadonlyMap<string, Parameter>;

/** Reads a quantity or refuses it. */
const quantityAt = (place: Place, name: QuantityName, written: Written): number => {
  const read = readQuantity(name, written);
  return read.ok ? read.value : place.wrong(read.error.message, read.error);
};

const number = (unit: Unit, value: number): Parameter => ({ kind: 'number', unit, value });

const declared = (
  param: PolicyParameters,
  name: string,
  given: PolicyDocument['parameters'][string],
  place: Place,
): Parameter => {
  // Whoever sets one may do so as documents do, in a text with a unit.
  if ('percent' in given) return number('fraction', param.of(name, quantity.share, given.percent / 100));
  if ('duration' in given)
    return number(
      'milliseconds',
      param.of(name, quantity.duration, quantityAt(place.at('duration'), 'duration', given.duration)),
    );
  if ('bytes' in given)
    return number('bytes', param.of(name, quantity.bytes, quantityAt(place.at('bytes'), 'bytes', given.bytes)));
  if ('count' in given) return number('count', param.count(name, given.count));
  if ('number' in given) return number('none', param.number(name, given.number));
  if ('text' in given) return { kind: 'text', value: param.text(name, given.text) };
  return { kind: 'flag', value: param.flag(name, given.flag) };
};

/**
 * Declares the parameters of a document.
 *
 * @param readings - names that mean something already
 */
export const declare = (
  param: PolicyParameters,
  given: PolicyDocument['parameters'],
  readings: readonly string[],
  place: Place,
): ParameterTable =>
  new Map(
    Object.entries(given).map(([name, one]) => {
      const here = place.at(name);
      if (readings.includes(name)) here.wrong('is the name of a reading');
      const read = readExpression(name, [name]);
      if (!read.ok || read.value.names[0] !== name) here.wrong('is no name: letters and digits make one');
      return [name, declared(param, name, one, here)] as const;
    }),
  );

const listed = (parameters: ParameterTable): string =>
  parameters.size === 0 ? 'there are none' : `there are ${[...parameters.keys()].sort().join(', ')}`;

/** A parameter that must be there, and of a kind. */
export const parameterAt = <Kind extends Parameter['kind']>(
  parameters: ParameterTable,
  name: string,
  kind: Kind,
  place: Place,
): Extract<Parameter, { readonly kind: Kind }> => {
  const found = parameters.get(name);
  if (found === undefined) return place.wrong(`no parameter is called ${quoted(name)}; ${listed(parameters)}`);
  if (found.kind !== kind) return place.wrong(`the parameter ${name} is a ${found.kind}, and a ${kind} is asked for`);
  // It was looked at just now.
  return found as Extract<Parameter, { readonly kind: Kind }>;
};

/** A length of time, as it is or by a parameter. */
export const durationAt = (parameters: ParameterTable, written: Written, place: Place): number => {
  if (typeof written === 'string' && parameters.has(written)) {
    const { unit, value } = parameterAt(parameters, written, 'number', place);
    return unit === 'milliseconds' ? value : place.wrong(`the parameter ${written} is no length of time`);
  }
  return quantityAt(place, 'duration', written);
};

/** A whole number, as it is or by a parameter. */
export const countAt = (parameters: ParameterTable, written: Written, place: Place): number => {
  if (typeof written === 'number') return written;
  const { unit, value } = parameterAt(parameters, written, 'number', place);
  return unit === 'count' ? value : place.wrong(`the parameter ${written} is no count`);
};

const isList = (names: Names): names is readonly (string | Reference)[] => Array.isArray(names);
const isReference = (name: string | Reference): name is Reference => typeof name !== 'string';

/** Names, as they are or by parameters. */
export const namesAt = (parameters: ParameterTable, names: Names, place: Place): readonly string[] => {
  const nameAt = (name: string | Reference, here: Place): string =>
    isReference(name) ? parameterAt(parameters, name.parameter, 'text', here.at('parameter')).value : name;
  return isList(names) ? names.map((name, i) => nameAt(name, place.at(i))) : [nameAt(names, place)];
};
