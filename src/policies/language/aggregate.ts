/** Aggregate: one number of all items of a collection; not known where any item, or what is asked of it, is not. */
import { type Reason, unknown, type Unit, type Unknown, wholeCluster } from '../../model/index.js';
import type { Frame } from './frame.js';
import type { CollectionInside, QuantityInside } from './inside.js';
import { quantityOf } from './quantity.js';
import { binding, scopeOf } from './scope.js';
import type { Quantities, Quantity } from './words.js';

const onlyUnknown = (reasons: readonly Reason[]): readonly Unknown[] =>
  reasons.filter((reason) => reason.kind === 'unknown');

/** The values of all items, or `undefined` where any is in doubt; with what is missing. */
const valuesOf = <Item>(
  inside: CollectionInside<Item>,
  value: (item: Item, frame: Frame) => number | undefined,
  frame: Frame,
): readonly number[] | undefined => {
  const found: number[] = [];
  const seen = { doubt: false };
  inside.walk(frame, {
    take: (item) => {
      const one = value(item, frame);
      if (one === undefined) seen.doubt = true;
      else found.push(one);
      return seen.doubt;
    },
    leave: (_, doubt) => {
      seen.doubt ||= doubt;
    },
  });
  return seen.doubt ? undefined : found;
};

const missingOf = <Item>(
  inside: CollectionInside<Item>,
  ofItem: (item: Item, frame: Frame) => readonly Unknown[],
  frame: Frame,
): readonly Unknown[] => {
  const found: Unknown[] = [];
  inside.walk(frame, {
    take: (item) => {
      found.push(...ofItem(item, frame));
      return false;
    },
    leave: (_, doubt, because) => {
      if (doubt) found.push(...onlyUnknown(because()));
    },
  });
  return found;
};

const aggregate = <Item, U extends Unit>(
  inside: CollectionInside<Item>,
  place: number,
  key: QuantityInside,
  name: string,
  fold: (values: readonly number[]) => number | undefined,
): Quantity<U> => {
  const at =
    <Value>(read: (frame: Frame) => Value) =>
    (item: Item, frame: Frame): Value => {
      frame.values[place] = item;
      return read(frame);
    };
  return quantityOf({
    scope: scopeOf(inside.scope, binding(key.scope, place)),
    // The key's unit is the one that its word's type says.
    unit: key.unit as U,
    measure: () => name,
    subject: () => wholeCluster,
    value: (frame) => {
      const values = valuesOf(inside, at(key.value), frame);
      const result = values && fold(values);
      return Number.isFinite(result) ? result : undefined;
    },
    missing: (frame) => {
      const missing = missingOf(inside, at(key.missing), frame);
      if (missing.length > 0 || fold(valuesOf(inside, at(key.value), frame) ?? []) !== undefined) return missing;
      return [unknown({ rule: frame.rule, subject: wholeCluster, measure: `${name} of none`, why: 'not measured' })];
    },
  });
};

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Quantities of the items of a collection. */
export const quantitiesOf = <U extends Unit>(
  inside: CollectionInside<never> | CollectionInside<unknown> | object,
  place: number,
  key: QuantityInside,
): Quantities<U> => {
  const items = inside as CollectionInside<unknown>;
  const of = (name: string, fold: (values: readonly number[]) => number | undefined) => (): Quantity<U> =>
    aggregate(items, place, key, `${name} over ${items.kind.noun}s`, fold);
  return {
    sum: of('sum', total),
    mean: of('mean', (values) => (values.length === 0 ? undefined : total(values) / values.length)),
    min: of('least', (values) => (values.length === 0 ? undefined : Math.min(...values))),
    max: of('greatest', (values) => (values.length === 0 ? undefined : Math.max(...values))),
  };
};

/** What is asked of a collection as such. */
export const totals = {
  count: <Item>(inside: CollectionInside<Item>): Quantity<'count'> =>
    quantityOf({
      scope: inside.scope,
      unit: 'count',
      measure: () => `${inside.kind.noun}s`,
      subject: () => wholeCluster,
      value: (frame) => valuesOf(inside, () => 1, frame)?.length,
      missing: (frame) => missingOf(inside, () => [], frame),
    }),
};
