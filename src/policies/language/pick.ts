/** Pick: puts items into an order of preference, and says what the one that was taken is before. */
import { byName, compare, type Fraction, type Reason } from '../../model/index.js';
import { bound, type Building } from './bound.js';
import type { Pick, Ties } from './collections.js';
import { conditionOf } from './condition.js';
import type { Frame } from './frame.js';
import {
  type CollectionInside,
  type Kind,
  type PickInside,
  picks,
  quantities,
  type Ranking,
  type TermInside,
  terms,
} from './inside.js';
import { binding, scopeOf } from './scope.js';
import { existence } from './existence.js';
import type { Measured } from './words.js';

interface Weighed<Item> {
  readonly item: Item;
  readonly value: number;
}

/** Those within a share of the best; those of which it is not known are out as soon as it is known of one. */
const best = <Item>(
  items: readonly Item[],
  valueOf: (item: Item) => number | undefined,
  within: Fraction,
  sign: number,
): readonly Item[] => {
  const known = items.flatMap((item) => {
    const value = valueOf(item);
    return value === undefined ? [] : [{ item, value: sign * value }];
  });
  if (known.length === 0) return items;
  const top = Math.max(...known.map(({ value }) => value));
  const least = top - Math.abs(top) * within;
  return known.filter(({ value }) => value >= least).map(({ item }) => item);
};

/** A collection in an order of preference: by a key, or as it is. */
export const ranked = <Item, Term>(
  building: Building,
  inside: CollectionInside<Item>,
  kind: Kind<Item, Term>,
  key: ((term: Term) => Measured) | undefined,
  order: 'rising' | 'falling',
  ties?: Ties<Term>,
): PickInside<Item> => {
  const own = key && bound(building, kind, (term) => quantities.of(key(term)));
  const breakers = (ties?.then ?? []).map((next) => bound(building, kind, (term) => quantities.of(next(term))));
  const sign = order === 'rising' ? -1 : 1;
  const scope = scopeOf(
    inside.scope,
    ...[...(own ? [own] : []), ...breakers].map(({ place, made }) => binding(made.scope, place)),
  );
  const memo = {};

  const make = (frame: Frame, may?: (item: Item) => boolean): Ranking<Item> => {
    const found: Weighed<Item>[] = [];
    const left: Ranking<Item>['left'][number][] = [];
    inside.walk(frame, {
      take: (item) => {
        if (!own) found.push({ item, value: 0 });
        else {
          frame.values[own.place] = item;
          const value = own.made.value(frame);
          if (value !== undefined) found.push({ item, value });
          else
            left.push({
              item,
              doubt: true,
              because: () => {
                frame.values[own.place] = item;
                return own.made.missing(frame);
              },
            });
        }
        return false;
      },
      leave: (item, doubt, because) => left.push({ item, doubt, because }),
    });
    // Sorting is stable, so equal ones keep the collection's order: that of their names until they are sorted.
    if (own) found.sort((a, b) => sign * (b.value - a.value));
    if (ties) {
      const able = may ? found.filter(({ item }) => may(item)) : found;
      const tied = breakers.reduce<readonly Weighed<Item>[]>(
        (rest, { place, made }) =>
          best(
            rest,
            ({ item }) => {
              frame.values[place] = item;
              return made.value(frame);
            },
            ties.within ?? 0,
            1,
          ),
        best(able, ({ value }) => value, ties.within ?? 0, sign),
      );
      const first = [...tied].sort((a, b) => byName(kind.nameOf(a.item), kind.nameOf(b.item)))[0];
      if (first) found.splice(0, found.length, first, ...found.filter((other) => other !== first));
    }
    const quoted = (frame: Frame, at: number, than: number, text: (name: string) => string): readonly Reason[] => {
      const [one, other] = [found[at], found[than]];
      if (!own || !one || !other) return [];
      frame.values[own.place] = one.item;
      const measure = own.made.measure(frame);
      const strict = at > than;
      const relation = order === 'rising' ? (strict ? 'below' : 'at most') : strict ? 'above' : 'at least';
      const reason = compare({
        rule: frame.rule,
        subject: kind.subjectOf(one.item),
        measure: `${measure}, ${text(kind.nameOf(other.item))},`,
        value: one.value,
        relation,
        limit: other.value,
        unit: own.made.unit,
      });
      // Where near ones count as equal, the one taken need not be the greatest.
      return reason.holds === strict ? [] : [reason];
    };
    return {
      items: found.map(({ item }) => item),
      left,
      choice: (frame, at) => quoted(frame, at, at + 1, (next) => `chosen before ${next}`),
      behind: (frame, at, taken) => (at > taken ? quoted(frame, at, taken, (chosen) => `against ${chosen}`) : []),
    };
  };

  return {
    scope,
    kind,
    dependsOnAll: ties !== undefined,
    rank: (frame, may) =>
      scope.open.length === 0 && !(ties && may) ? frame.once(memo, scope.planned, () => make(frame)) : make(frame, may),
    evidence: inside.evidence,
  };
};

/** A list of two orders of preference, one after the other. */
const oneAfter = <Item>(first: PickInside<Item>, second: PickInside<Item>): PickInside<Item> => ({
  scope: scopeOf(first.scope, second.scope),
  kind: first.kind,
  dependsOnAll: first.dependsOnAll || second.dependsOnAll,
  rank: (frame, may) => {
    const [a, b] = [first.rank(frame, may), second.rank(frame, may)];
    const also = b.items.filter((item) => !a.items.includes(item));
    const items = [...a.items, ...also];
    const at = a.items.length;
    const place = (i: number): number => b.items.indexOf(items[i] as Item); // `i` is within the list
    return {
      items,
      left: [...a.left, ...b.left].filter(({ item }) => !items.includes(item)),
      choice: (frame, i) => (i < at ? a.choice(frame, i) : b.choice(frame, place(i))),
      behind: (frame, i, taken) =>
        i < at ? a.behind(frame, i, taken) : taken >= at ? b.behind(frame, place(i), place(taken)) : [],
    };
  },
  evidence: (frame, item) => (first.rank(frame).items.includes(item) ? first : second).evidence(frame, item),
});

/** A host, guest or unit that is named already, as the only choice. */
const only = <Item>({ scope, kind, item }: TermInside<Item>): PickInside<Item> => ({
  scope,
  kind,
  dependsOnAll: false,
  rank: (frame) => {
    const one = item(frame);
    return { items: one === undefined ? [] : [one], left: [], choice: () => [], behind: () => [] };
  },
  evidence: () => [],
});

/** A choice, or what is named already, from a rule's word. */
export const pickInside = (word: object): PickInside<unknown> =>
  terms.has(word) ? only(terms.of(word)) : picks.of(word);

/** A choice as a word. */
export const pickOf = <Item, Term>(kind: Kind<Item, Term>, inside: PickInside<Item>): Pick<Term> =>
  picks.keep<Pick<Term>>(
    {
      // Picks of one type are of items of one kind.
      or: (other) => pickOf(kind, oneAfter(inside, picks.of(other) as PickInside<Item>)),
      exists: () => conditionOf(existence(inside)),
      it: kind.termOf({ scope: inside.scope, item: (frame) => inside.rank(frame).items[0] }),
    },
    inside as PickInside<unknown>,
  );
