/** Collection: walks hosts, guests and groups only when it is asked, and remembers why what was left out was left out. */
import { byName, type Reason, type Unit, wholeCluster } from '../../model/index.js';
import { bound, type Building } from './bound.js';
import type { Collection, Group, Mapped, Pick, Test, Ties } from './collections.js';
import { totals, quantitiesOf } from './aggregate.js';
import {
  type CollectionInside,
  collections,
  conditions,
  type Kind,
  quantities,
  type TermInside,
  terms,
  texts,
} from './inside.js';
import { pickOf, ranked } from './pick.js';
import { includes, someOf } from './questions.js';
import { binding, scopeOf } from './scope.js';
import { textOf } from './text.js';
import type { Measured, Named, Quantity } from './words.js';

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
          leave(item, verdict === undefined, () => {
            frame.values[place] = item;
            return made.because(frame, wanted);
          });
          return false;
        },
        leave,
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
      for (const { item, because, doubt } of left) leave(item, doubt, because);
      for (const item of items) if (take(item)) return;
    },
    evidence: inside.evidence,
  };
};

const groupKind = <Item, Term>(building: Building, kind: Kind<Item, Term>): Kind<GroupItem<Item>, Group<Term>> => {
  const own: Kind<GroupItem<Item>, Group<Term>> = {
    noun: 'group',
    nameOf: ({ key }) => key,
    subjectOf: () => wholeCluster,
    termOf: ({ scope, item }) => {
      const word: Group<Term> = {
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
          walk: (frame, { take, leave }) => {
            const group = item(frame);
            for (const [member, because] of group?.doubtful ?? []) leave(member, true, because);
            for (const member of group?.members ?? []) if (take(member)) return;
          },
          evidence: () => [],
        }),
      };
      return terms.keep(word, { scope, item, kind: own } as TermInside<unknown>);
    },
  };
  return own;
};

interface GroupItem<Item> {
  readonly key: string;
  readonly members: readonly Item[];
  /** Those of which it is not known whether they belong to what was grouped, and why. */
  readonly doubtful: readonly (readonly [Item, () => readonly Reason[]])[];
}

const grouped = <Item, Term>(
  building: Building,
  inside: CollectionInside<Item>,
  kind: Kind<Item, Term>,
  key: (term: Term) => Named,
): Collection<Group<Term>> => {
  const { place, made } = bound(building, kind, (term) => texts.of(key(term)));
  const own = groupKind(building, kind);
  return collectionOf(building, own, {
    scope: scopeOf(inside.scope, binding(made.scope, place)),
    kind: own,
    walk: (frame, { take, leave }) => {
      const groups = new Map<string, { members: Item[]; doubtful: [Item, () => readonly Reason[]][] }>();
      const groupOf = (item: Item) => {
        frame.values[place] = item;
        const name = made.names(frame)?.[0];
        if (name === undefined) return undefined;
        const group = groups.get(name) ?? { members: [], doubtful: [] };
        groups.set(name, group);
        return group;
      };
      inside.walk(frame, {
        take: (item) => {
          groupOf(item)?.members.push(item);
          return false;
        },
        leave: (item, doubt, because) => {
          if (doubt) groupOf(item)?.doubtful.push([item, because]);
        },
      });
      for (const [key, { members, doubtful }] of [...groups].sort(([a], [b]) => byName(a, b))) {
        const group = { key, members, doubtful };
        // There is a group as soon as one is in it for sure.
        if (members.length === 0) leave(group, true, () => doubtful.flatMap(([, because]) => because()));
        else if (take(group)) return;
      }
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
    walk: (frame, { take, leave }) => {
      const seen = new Set<string>();
      const doubtful: (readonly [unknown, () => readonly Reason[]])[] = [];
      const turned = (item: Item): unknown => {
        frame.values[place] = item;
        return term.item(frame);
      };
      const end = { reached: false };
      inside.walk(frame, {
        take: (item) => {
          const other = turned(item);
          if (other === undefined || seen.has(term.kind.nameOf(other))) return false;
          seen.add(term.kind.nameOf(other));
          end.reached = take(other);
          return end.reached;
        },
        leave: (item, doubt, because) => {
          const other = turned(item);
          if (doubt && other !== undefined) doubtful.push([other, because]);
        },
      });
      // It is among them as soon as one is turned into it for sure.
      if (!end.reached)
        for (const [other, because] of doubtful) if (!seen.has(term.kind.nameOf(other))) leave(other, true, because);
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
        leave,
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
