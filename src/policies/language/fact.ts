/** Fact: what the inventory, or the plan so far, says of a subject; it needs no samples. */
import { compare, lookFor, type Subject, unknown, type Unit } from '../../model/index.js';
import { conditionOf } from './condition.js';
import type { Frame } from './frame.js';
import type { TermInside } from './inside.js';
import { quantityOf } from './quantity.js';
import { type Scope, scopeOf } from './scope.js';
import { textOf } from './text.js';
import type { Condition, Quantity, Text } from './words.js';

/** Whose facts they are. */
export interface Owner<Item> {
  readonly scope: Scope;
  readonly item: TermInside<Item>['item'];
  readonly subject: (frame: Frame) => Subject;
}

/** How a number of the inventory is found. */
export interface Finding<Item, U extends Unit> {
  readonly measure: string;
  readonly unit: U;
  readonly find: (item: Item, frame: Frame) => number | undefined;
  /** What it depends on besides the subject. */
  readonly scope?: Scope;
  /** Why it is not known, where it is not. @defaultValue not in the inventory */
  readonly why?: 'not measured';
}

/** A number that the inventory says. */
export const fact = <Item, U extends Unit>(
  owner: Owner<Item>,
  { measure, unit, find, scope, why }: Finding<Item, U>,
): Quantity<U> => {
  const value = (frame: Frame): number | undefined => {
    const item = owner.item(frame);
    const found = item === undefined ? undefined : find(item, frame);
    return found !== undefined && Number.isFinite(found) ? found : undefined;
  };
  return quantityOf({
    scope: scope ? scopeOf(owner.scope, scope) : owner.scope,
    unit,
    measure: () => measure,
    subject: owner.subject,
    value,
    missing: (frame) =>
      value(frame) === undefined
        ? [unknown({ rule: frame.rule, subject: owner.subject(frame), measure, why: why ?? 'not in the inventory' })]
        : [],
  });
};

/** A name that the inventory says. */
export const named = <Item>(owner: Owner<Item>, measure: string, find: (item: Item) => string | undefined): Text =>
  textOf({
    scope: owner.scope,
    measure,
    subject: owner.subject,
    names: (frame) => {
      const item = owner.item(frame);
      const name = item === undefined ? undefined : find(item);
      return item === undefined ? undefined : name === undefined ? [] : [name];
    },
  });

/** Labels, as names and as numbers. */
export const labelsOf = <Item extends { readonly labels: Readonly<Record<string, string>> }>(
  owner: Owner<Item>,
): {
  readonly label: (key: string) => Text;
  readonly amount: <U extends Unit>(key: string, unit: U) => Quantity<U>;
} => {
  const read = ({ labels }: Item, key: string): string | undefined =>
    Object.hasOwn(labels, key) ? labels[key] : undefined;
  return {
    label: (key) => named(owner, `label ${key}`, (item) => read(item, key)),
    amount: (key, unit) =>
      fact(owner, {
        measure: key,
        unit,
        find: (item) => {
          const text = read(item, key)?.trim();
          return text === undefined || text === '' ? undefined : Number(text);
        },
      }),
  };
};

/** Whether two terms stand for one thing; unknown where either stands for nothing. */
export const identical = <Item extends { readonly id: string }>(owner: Owner<Item>, other: Owner<Item>): Condition =>
  conditionOf({
    scope: scopeOf(owner.scope, other.scope),
    holds: (frame) => {
      const [one, two] = [owner.item(frame), other.item(frame)];
      return one === undefined || two === undefined ? undefined : one.id === two.id;
    },
    because: (frame, asked) => {
      const [one, two] = [owner.item(frame), other.item(frame)];
      const common = { rule: frame.rule, subject: owner.subject(frame), measure: 'name' };
      if (one === undefined || two === undefined) return [unknown({ ...common, why: 'not in the inventory' })];
      if (asked) return [lookFor({ ...common, value: one.id, among: [two.id] })];
      return [
        compare({
          ...common,
          measure: `names that it has in common with ${two.id}`,
          value: one.id === two.id ? 1 : 0,
          relation: 'at most',
          limit: 0,
          unit: 'count',
        }),
      ];
    },
  });
