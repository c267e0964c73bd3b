/** Collection: walks hosts, guests and groups only when it is asked, and remembers why what was left out was left out. */
import { byName, type Unit, wholeCluster } from '../../model/index.js';
import { bound, type Building } from './bound.js';
import type { Collection, Group, Mapped, Pick, Test, Ties } from './collections.js';
import { totals, quantitiesOf } from './aggregate.js';
import { type CollectionInside, collections, conditions, type Kind, quantities, terms, texts } from './inside.js';
import { pickOf, ranked } from './pick.js';
import { includes, someOf } from './questions.js';
import { binding, scopeOf } from './scope.js';
import { textOf } from './text.js';
import type { Measured, Quantity, Text } from './words.js';

/** Those for which a test has the verdict wanted. */
const tested = <Item, Term>(
  building: Building,
  inside: CollectionInside<Item>,
  kind: Kind<Item, Term>,
  test: Test<Term>,
  wanted: boolean,
): CollectionInside<Item> => {
  const { place, made } = bound(building, kind, (term) => conditions.of(test(term)));
  return {
    scope: scopeOf(inside.scope, binding(made.scope, place)),
    kind,
    walk: (frame, { take, leave }) =>
      inside.walk(frame, {
        take: (item) => {
          frame.values[place] = item;
          const verdict = made.holds(frame);
          if (verdict === wanted) return take(item);
          leave?.(item, verdict === undefined, () => {
            frame.values[place] = item;
            return made.because(frame, wanted);
          });
          return false;
        },
        ...(leave && { leave }),
      }),
    evidence: (frame, item) => {
      const before = inside.evidence(frame, item);
      frame.values[place] = item;
      return [...before, ...made.because(frame, wanted)];
    },
  };
};

const sorted = <Item, Term>(
  building: Building,
  inside: CollectionInside<Item>,
  kind: Kind<Item, Term>,
  key: (term: Term) => Measured,
  order: 'rising' | 'falling',
): CollectionInside<Item> => {
  const ranking = ranked(building, inside, kind, key, order);
  return {
    scope: ranking.scope,
    kind,
    walk: (frame, { take, leave }) => {
      const { items, left } = ranking.rank(frame);
      if (leave) for (const { item, because, doubt } of left) leave(item, doubt, because);
      for (const item of items) if (take(item)) return;
    },
    evidence: inside.evidence,
  };
};

const groupKind = <Item, Term>(building: Building, kind: Kind<Item, Term>): Kind<GroupItem<Item>, Group<Term>> => ({
  noun: 'group',
  nameOf: ({ key }) => key,
  subjectOf: () => wholeCluster,
  termOf: ({ scope, item }) => ({
    key: textOf({
      scope,
      measure: 'group',
      subject: () => wholeCluster,
      names: (frame) => {
        const group = item(frame);
        return group && [group.key];
      },
    }),
    members: collectionOf(building, kind, {
      scope,
      kind,
      walk: (frame, { take }) => {
        for (const member of item(frame)?.members ?? []) if (take(member)) return;
      },
      evidence: () => [],
    }),
  }),
});

interface GroupItem<Item> {
  readonly key: string;
  readonly members: readonly Item[];
}

const grouped = <Item, Term>(
  building: Building,
  inside: CollectionInside<Item>,
  kind: Kind<Item, Term>,
  key: (term: Term) => Text,
): Collection<Group<Term>> => {
  const { place, made } = bound(building, kind, (term) => texts.of(key(term)));
  const own = groupKind(building, kind);
  return collectionOf(building, own, {
    scope: scopeOf(inside.scope, binding(made.scope, place)),
    kind: own,
    walk: (frame, { take }) => {
      const groups = new Map<string, Item[]>();
      inside.walk(frame, {
        take: (item) => {
          frame.values[place] = item;
          const name = made.names(frame)?.[0];
          if (name !== undefined) groups.set(name, [...(groups.get(name) ?? []), item]);
          return false;
        },
      });
      for (const name of [...groups.keys()].sort(byName))
        if (take({ key: name, members: groups.get(name) ?? [] })) return;
    },
    evidence: () => [],
  });
};

const mapped = <Item, Term, Result extends object>(
  building: Building,
  inside: CollectionInside<Item>,
  kind: Kind<Item, Term>,
  turn: (term: Term) => Result,
): Mapped<Result> => {
  const { place, made } = bound(building, kind, turn);
  // What `turn` gives is either a quantity or a host or guest; `Mapped` says the same of the types.
  if (quantities.has(made)) return quantitiesOf(inside, place, quantities.of(made)) as Mapped<Result>;
  const term = terms.of(made);
  return collectionOf(building, term.kind as Kind<unknown, Result>, {
    scope: scopeOf(inside.scope, binding(term.scope, place)),
    kind: term.kind,
    walk: (frame, { take }) => {
      const seen = new Set<string>();
      inside.walk(frame, {
        take: (item) => {
          frame.values[place] = item;
          const other = term.item(frame);
          if (other === undefined || seen.has(term.kind.nameOf(other))) return false;
          seen.add(term.kind.nameOf(other));
          return take(other);
        },
      });
    },
    evidence: () => [],
  }) as Mapped<Result>;
};

const taken = <Item>(inside: CollectionInside<Item>, count: number): CollectionInside<Item> => ({
  ...inside,
  walk: (frame, { take, leave }) => {
    let left = count;
    if (left > 0)
      inside.walk(frame, {
        take: (item) => take(item) || --left <= 0,
        ...(leave && { leave }),
      });
  },
});

/** A collection as a word. */
export const collectionOf = <Item, Term>(
  building: Building,
  kind: Kind<Item, Term>,
  inside: CollectionInside<Item>,
): Collection<Term> => {
  const of = (other: CollectionInside<Item>): Collection<Term> => collectionOf(building, kind, other);
  const test = (asked: Test<Term>, wanted: boolean): CollectionInside<Item> =>
    tested(building, inside, kind, asked, wanted);
  const pick = (key: (term: Term) => Measured, order: 'rising' | 'falling', ties?: Ties<Term>): Pick<Term> =>
    pickOf(kind, ranked(building, inside, kind, key, order, ties));
  const noun = `${kind.noun}s`;
  const word: Collection<Term> = {
    select: (asked) => of(test(asked, true)),
    reject: (asked) => of(test(asked, false)),
    partition: (asked) => [of(test(asked, true)), of(test(asked, false))],
    sortBy: (key, order = 'rising') => of(sorted(building, inside, kind, key, order)),
    groupBy: (key) => grouped(building, inside, kind, key),
    map: (turn) => mapped(building, inside, kind, turn),
    take: (count) => of(taken(inside, count)),
    minBy: (key, ties) => pick(key, 'rising', ties),
    maxBy: (key, ties) => pick(key, 'falling', ties),
    first: () => pickOf(kind, ranked(building, inside, kind, undefined, 'rising')),
    any: (asked) => someOf(asked ? test(asked, true) : inside, `${noun} of the kind asked for`),
    all: (asked) => someOf(test(asked, false), `${noun} that are otherwise`).not(),
    none: (asked) => someOf(asked ? test(asked, true) : inside, `${noun} of the kind asked for`).not(),
    includes: (item) => includes(inside, item as object),
    count: () => totals.count(inside),
    sum: <U extends Unit>(key: (term: Term) => Quantity<U>) => {
      const { place, made } = bound(building, kind, (term) => quantities.of(key(term)));
      return quantitiesOf<U>(inside, place, made).sum();
    },
  };
  return collections.keep(word, inside as CollectionInside<unknown>);
};
