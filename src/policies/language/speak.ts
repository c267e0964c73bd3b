/** Speak: makes the words of one policy, and keeps what its body says with them. */
import { type Estimator, precopy } from '../../estimators/index.js';
import {
  guestSubject,
  type HostState,
  hostSubject,
  type ObservedGuest,
  type ObservedHost,
  wholeCluster,
} from '../../model/index.js';
import type { Limits } from '../combinators/limited.js';
import { SettingsError } from '../settings.js';
import { type Action, actionOf, migration } from './action.js';
import { bound, type Building } from './bound.js';
import { afterwardsVeto, apartVeto, type Bound, type Charter, togetherVeto } from './charter.js';
import { collectionOf } from './collection.js';
import type { Predicate, Test } from './collections.js';
import { any, both, negated } from './condition.js';
import { guestTerm, unitTerm } from './guest.js';
import { hostTerm } from './host.js';
import {
  type ActionInside,
  actions,
  type CollectionInside,
  collections,
  conditions,
  type Kind,
  type PickInside,
} from './inside.js';
import type { Kinds } from './kinds.js';
import { moveTerm } from './move.js';
import type { Parameters } from './parameters.js';
import { pickInside } from './pick.js';
import { calculated, chosen, constant, quantityOf } from './quantity.js';
import { forEach, onlyIf, switchOff, switchOn } from './rule.js';
import { closed, scopeOf } from './scope.js';
import type { GuestTerm, HostTerm, MoveTerm } from './terms.js';
import type { Departure, Journey, Time, Vocabulary } from './vocabulary.js';
import type { Condition } from './words.js';

/** What the body of a policy said. */
export interface Said {
  readonly words: Vocabulary;
  readonly rules: () => readonly ActionInside[];
  readonly charter: Charter;
  readonly period: () => number | undefined;
  readonly limits: () => Limits | undefined;
}

const kindsOf = (building: Building): Kinds => {
  const kinds: Kinds = {
    building,
    host: {
      noun: 'host',
      nameOf: ({ id }) => id,
      subjectOf: ({ id }) => hostSubject(id),
      termOf: (access) => hostTerm(kinds, access),
    },
    guest: {
      noun: 'guest',
      nameOf: ({ id }) => id,
      subjectOf: ({ id }) => guestSubject(id),
      termOf: (access) => guestTerm(kinds, access),
    },
    unit: {
      noun: 'unit',
      nameOf: (guests) => guests[0]?.id ?? '',
      subjectOf: (guests) => (guests[0] ? guestSubject(guests[0].id) : wholeCluster),
      termOf: (access) => unitTerm(kinds, access),
    },
  };
  return kinds;
};

const predicate = <Item>(of: 'host' | 'guest', test: Test<Item>): Predicate<Item> =>
  Object.assign((item: Item) => test(item), {
    of,
    and: (other: Test<Item>) => predicate<Item>(of, (item) => both(test(item), other(item))),
    or: (other: Test<Item>) => predicate<Item>(of, (item) => any(test(item), other(item))),
    not: () => predicate<Item>(of, (item) => negated(test(item))),
  });

const day = 86_400_000;

const timeOf = (): Time => {
  const ofDay = quantityOf({
    scope: closed,
    unit: 'milliseconds',
    measure: () => 'time of the day',
    subject: () => wholeCluster,
    value: (frame) => ((frame.snapshot.at % day) + day) % day,
    missing: () => [],
  });
  return {
    ofDay,
    between: (from, to) =>
      from <= to ? both(ofDay.atLeast(from), ofDay.below(to)) : any(ofDay.atLeast(from), ofDay.below(to)),
  };
};

/**
 * The words of one policy.
 *
 * @param given - what estimates moves whatever the body says of it
 */
export const speak = (parameters: Parameters, given?: Estimator): Said => {
  let places = 0;
  const kinds = kindsOf({ place: () => places++ });
  const { building, host, guest } = kinds;
  const charter: Charter = { vetoes: [], preferences: [] };
  const written: { readonly action: Action; part: boolean }[] = [];
  let [period, limits] = [undefined as number | undefined, undefined as Limits | undefined];
  let said: Estimator | undefined;
  const usual = precopy();
  /** It may be said after the rules that ask it. */
  const estimator: Estimator = (facts) => (given ?? said ?? usual)(facts);

  const all = <Item, Term>(
    kind: Kind<Item, Term>,
    list: (snapshot: {
      readonly hosts: readonly ObservedHost[];
      readonly guests: readonly ObservedGuest[];
    }) => readonly Item[],
  ): ReturnType<typeof collectionOf<Item, Term>> =>
    collectionOf(building, kind, {
      scope: closed,
      kind,
      walk: (frame, { take }) => {
        for (const item of list(frame.snapshot)) if (take(item)) return;
      },
      evidence: () => [],
    });
  const hosts = all(host, (snapshot) => snapshot.hosts);
  const guests = all(guest, (snapshot) => snapshot.guests);

  const overMoves = (test: (move: MoveTerm) => Condition): Bound => {
    const { places: kept, word } = moveTerm(kinds, estimator);
    return { places: kept, made: conditions.of(test(word)) };
  };

  /** An action that is part of another one is no rule by itself. */
  const asPart = (action: Action): ActionInside => {
    for (const rule of written) if (rule.action === action) rule.part = true;
    return actions.of(action);
  };
  const asRule = (inside: ActionInside): Action => {
    const own = actionOf(inside);
    const action: Action = actions.keep(
      {
        otherwise: (other) => {
          const rest = asPart(other);
          for (const rule of written) if (rule.action === action) rule.part = true;
          return asRule(actions.of(own.otherwise(actionOf(rest))));
        },
      },
      inside,
    );
    written.push({ action, part: false });
    return action;
  };

  const over = (items: CollectionInside<unknown>, act: (term: never) => Action, untilDone: boolean): ActionInside => {
    // The kind makes the words of its own items, and the type of the collection says which these are.
    const { place, made } = bound(building, items.kind, (term) => asPart(act(term as never)));
    return forEach({ items, place, action: made, untilDone });
  };

  const migrate = (movers: object): Departure<never> => {
    const pick = pickInside(movers);
    const journey = (to: PickInside<ObservedHost>, place: number | undefined, unless?: Bound): Action =>
      actionOf(migration({ charter, movers: pick, to, unless, ...(place !== undefined && { place }) }));
    return {
      to: (destination): Journey => {
        const own =
          typeof destination === 'function'
            ? bound(building, pick.kind, (term) => pickInside(destination(term as never)))
            : { place: undefined, made: pickInside(destination) };
        // Only words for hosts can be said here.
        const to = own.made as PickInside<ObservedHost>;
        const action = journey(to, own.place);
        return actions.keep<Journey>(
          {
            ...action,
            unless: (condition) =>
              journey(to, own.place, overMoves(typeof condition === 'function' ? condition : () => condition)),
          },
          actions.of(action),
        );
      },
    };
  };

  const emptied = (source: HostTerm): Action => {
    const limit = 0.95;
    return words.each(
      source.units.sortBy((unit) => unit.memory, 'falling'),
      (unit) =>
        words.migrate(unit).to(
          hosts
            .select((to) => to.with(unit).demandAtWorst.atMost(limit))
            .minBy((to) => to.with(unit).freeMemory.shareOf(to.memory))
            .or(hosts.minBy((to) => to.with(unit).demandAtWorst)),
        ),
    );
  };

  const asked = (what: unknown): CollectionInside<unknown> | undefined => {
    if (typeof what === 'function') {
      // A predicate says whose it is.
      const test = what as Predicate<HostTerm> | Predicate<GuestTerm>;
      return collections.of(
        test.of === 'host' ? hosts.select(test as Predicate<HostTerm>) : guests.select(test as Predicate<GuestTerm>),
      );
    }
    return collections.has(what) ? collections.of(what as object) : undefined;
  };

  const words: Vocabulary = {
    every: (length) => {
      if (!(length > 0 && Number.isFinite(length))) throw new RangeError(`every: ${length} ms is no period`);
      period = length;
    },
    estimate: (by) => {
      if (said) throw new SettingsError('estimate: is said twice', []);
      said = by;
    },
    param: parameters,
    hosts,
    guests,
    time: timeOf(),
    host: (test) => predicate('host', test),
    guest: (test) => predicate('guest', test),
    when: (what, act) => {
      const items = asked(what);
      // What is at hand is of the kind that was asked for; of a condition there is nothing.
      if (items) return asRule(over(items, act, false));
      return asRule(onlyIf(conditions.of(what), asPart(act(undefined as Parameters0<typeof act>))));
    },
    each: (items, act) => actionOf(over(collections.of(items), act, false)),
    tryEach: (items, act) => actionOf(over(collections.of(items), act, true)),
    migrate: (movers) => migrate(movers),
    evacuate: (which) => {
      const inState = (...states: readonly HostState[]): ReturnType<typeof hosts.select> =>
        hosts.select((one) => one.state.is(...states));
      if (which) return words.when(which, emptied);
      const failing = actions.of(words.each(inState('failing'), emptied));
      const draining = actions.of(words.each(inState('draining'), emptied));
      return asRule({
        scope: scopeOf(failing.scope, draining.scope),
        run: (frame) => {
          const [first, second] = [failing.run(frame), draining.run(frame)];
          return { done: first.done || second.done, doubt: first.doubt || second.doubt };
        },
      });
    },
    power: {
      off: (word) => actionOf(switchOff(pickInside(word) as PickInside<ObservedHost>)),
      on: (word) => actionOf(switchOn(pickInside(word) as PickInside<ObservedHost>)),
    },
    keepApart: (first, second) => charter.vetoes.push(apartVeto(kinds, first, second)),
    keepTogether: (which) => charter.vetoes.push(togetherVeto(kinds, which)),
    prefer: (test) => charter.preferences.push(overMoves(test)),
    afterwards: (test) => charter.vetoes.push(afterwardsVeto(overMoves(test))),
    limit: (given) => {
      if (limits) throw new SettingsError('limit: is said twice', []);
      limits = given;
    },
    and: both,
    or: any,
    not: negated,
    choose: (condition, yes, no) => chosen(conditions.of(condition), yes.unit, yes, no),
    amount: constant,
    calculate: (name, unit, from, reckon) =>
      calculated(name, unit, from, reckon as (...values: readonly number[]) => number | undefined),
  };
  return {
    words,
    rules: () => written.filter(({ part }) => !part).map(({ action }) => actions.of(action)),
    charter,
    period: () => period,
    limits: () => limits,
  };
};

type Parameters0<Function extends (value: never) => unknown> = Function extends (value: infer Value) => unknown
  ? Value
  : never;
