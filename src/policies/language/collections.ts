/** Collections: hosts, guests and groups in the words of Ruby's Enumerable; lists that are walked only when a plan is asked for. */
import type { Fraction, Unit } from '../../model/index.js';
import type { Condition, Measured, Named, Quantities, Quantity, Text } from './words.js';

/** A test of one item, such as {@link Predicate} or any function that gives a condition. */
export type Test<Item> = (item: Item) => Condition;

/** What of hosts or guests a condition is asked; made by `host(...)` and `guest(...)`, and used as often as wanted. */
export interface Predicate<Item> {
  (item: Item): Condition;
  /** Whose condition it is. */
  readonly of: 'host' | 'guest';
  /** Both. */
  readonly and: (other: Test<Item>) => Predicate<Item>;
  /** Either. */
  readonly or: (other: Test<Item>) => Predicate<Item>;
  /** The opposite. */
  readonly not: () => Predicate<Item>;
}

/** How items that are nearly equal are told apart. */
export interface Ties<Item> {
  /** Items whose quantity is within this share of the best count as equal to it. @defaultValue 0 */
  readonly within?: Fraction;
  /** What decides between them, one after the other, the greater the better. At last their names decide. */
  readonly then?: readonly ((item: Item) => Measured)[];
}

/** One item, once there is a snapshot: the best in an order of preference that may be taken. */
export interface Pick<Item> {
  /** If none of these may be taken, the others are. */
  readonly or: (other: Pick<Item>) => Pick<Item>;
  /** There is one at all. */
  readonly exists: () => Condition;
  /** The item, to ask it something. Where there is none, nothing of it is known. */
  readonly it: Item;
}

/** What `map` gives: quantities where each item was turned into one, else a collection of what it was turned into. */
export type Mapped<Result> = Result extends Quantity<infer U extends Unit> ? Quantities<U> : Collection<Result>;

/** Items of one `groupBy`. */
export interface Group<Item> {
  /** What they have in common. */
  readonly key: Text;
  /** The items themselves. */
  readonly members: Collection<Item>;
}

/**
 * Hosts, guests or groups, in the order of their names until they are sorted. What a test leaves unknown is in neither half:
 * not in `select`, not in `reject`; and what counts or sums over such a collection is unknown.
 */
export interface Collection<Item> {
  /** Those for which it is true. */
  readonly select: (test: Test<Item>) => Collection<Item>;
  /** Those for which it is false. */
  readonly reject: (test: Test<Item>) => Collection<Item>;
  /** Those for which it is true, and those for which it is false. */
  readonly partition: (test: Test<Item>) => readonly [Collection<Item>, Collection<Item>];
  /** By a quantity, least first or greatest first; those that it is not known of are left out. Equal ones keep their order. */
  readonly sortBy: (key: (item: Item) => Measured, order?: 'rising' | 'falling') => Collection<Item>;
  /** By a name in common, in the order of the names; those without one are left out. */
  readonly groupBy: (key: (item: Item) => Named) => Collection<Group<Item>>;
  /** Each turned into a quantity, or into a host or guest. */
  readonly map: <Result extends object>(turn: (item: Item) => Result) => Mapped<Result>;
  /** The first so many. */
  readonly take: (count: number) => Collection<Item>;
  /** The one that has least of something. */
  readonly minBy: (key: (item: Item) => Measured, ties?: Ties<Item>) => Pick<Item>;
  /** The one that has most of something. */
  readonly maxBy: (key: (item: Item) => Measured, ties?: Ties<Item>) => Pick<Item>;
  /** The first in the collection's order. */
  readonly first: () => Pick<Item>;
  /** At least one, for which it is true. */
  readonly any: (test?: Test<Item>) => Condition;
  /** For every one it is true; of none, true. */
  readonly all: (test: Test<Item>) => Condition;
  /** Not one, for which it is true. */
  readonly none: (test?: Test<Item>) => Condition;
  /** Whether an item is among them. */
  readonly includes: (item: Item) => Condition;
  /** How many. */
  readonly count: () => Quantity<'count'>;
  /** A quantity of all together. */
  readonly sum: <U extends Unit>(key: (item: Item) => Quantity<U>) => Quantity<U>;
}
