/** Vocabulary: the words that the body of a policy is given. */
import type { Estimator } from '../../estimators/index.js';
import type { Milliseconds, Unit } from '../../model/index.js';
import type { Limits } from '../combinators/limited.js';
import type { Action } from './action.js';
import type { Collection, Pick, Predicate, Test } from './collections.js';
import type { Parameters } from './parameters.js';
import type { GuestTerm, HostTerm, MoveTerm, UnitTerm } from './terms.js';
import type { Amount, Condition, Measured, Quantity } from './words.js';

/** What a rule may be about: hosts or guests of some kind, or a condition on the whole snapshot. */
export type Asked = Predicate<HostTerm> | Predicate<GuestTerm> | Collection<never> | Condition;

/** What a rule's action is told of: the host, guest or group at hand; nothing where a condition was asked. */
export type AtHand<Of> =
  Of extends Predicate<infer Item>
    ? Item
    : Of extends {
          readonly minBy: unknown;
          /** The first of a collection: what it is told by is what the rule is about. */
          readonly first: () => Pick<infer Item>;
        }
      ? Item
      : undefined;

/** A host, or a choice of one. */
export type Destination = HostTerm | Pick<HostTerm>;

/** A move that still lacks its destination. */
export interface Departure<Mover> {
  /** Where it goes; a choice may ask what it is that goes. */
  readonly to: (host: Destination | ((mover: Mover) => Destination)) => Journey;
}

/** A move of which everything is said. */
export interface Journey extends Action {
  /** The last word on the pair that was chosen: where it holds, or is not known, nothing moves. */
  readonly unless: (condition: Condition | ((move: MoveTerm) => Condition)) => Action;
}

/** Says which hosts could be switched; plans only move guests, and `powerAdvice` reads the advice. */
export interface Power {
  /** Of the first of these that is empty: it may be switched off. */
  readonly off: (host: Destination) => Action;
  /** Of the first of these that is off: it is wanted. */
  readonly on: (host: Destination) => Action;
}

/** The time of the snapshot. */
export interface Time {
  /** Time of the day, since midnight. */
  readonly ofDay: Quantity<'milliseconds'>;
  /** Between two times of the day, over midnight if the second is the earlier one. */
  readonly between: (from: Milliseconds, to: Milliseconds) => Condition;
}

/** The words that the body of a policy is given. */
export interface Vocabulary {
  /** How often the policy wants to be asked; whoever runs the engine reads it as `policy.every`. */
  readonly every: (period: Milliseconds) => void;
  /** How what a move takes is estimated, said once. @defaultValue `precopy()`, QEMU's pre-copy */
  readonly estimate: (by: Estimator) => void;
  /** Parameters that a site may set; those that the body returns are checked by the compiler too. */
  readonly param: Parameters;
  /** All hosts of the snapshot. */
  readonly hosts: Collection<HostTerm>;
  /** All guests of the snapshot. */
  readonly guests: Collection<GuestTerm>;
  /** The time of the snapshot, from the epoch; a site east of Greenwich adds its offset to what it compares with. */
  readonly time: Time;
  /** A condition on hosts, to be used by its name. */
  readonly host: (test: Test<HostTerm>) => Predicate<HostTerm>;
  /** A condition on guests, to be used by its name. */
  readonly guest: (test: Test<GuestTerm>) => Predicate<GuestTerm>;
  /** A rule: for every host or guest of a kind, or while a condition holds, an action. Rules run in the order in which they are written. */
  readonly when: <Of extends Asked | Collection<HostTerm> | Collection<GuestTerm>>(
    asked: Of,
    act: (atHand: AtHand<Of>) => Action,
  ) => Action;
  /** An action for each of several, as a part of a rule. */
  readonly each: <Item>(items: Collection<Item>, act: (item: Item) => Action) => Action;
  /** An action for the first of several of which anything comes, as a part of a rule. */
  readonly tryEach: <Item>(items: Collection<Item>, act: (item: Item) => Action) => Action;
  /** Moves a guest, or guests that leave together: the best of a choice that may go anywhere. */
  readonly migrate: <Mover extends GuestTerm | UnitTerm>(guest: Mover | Pick<Mover>) => Departure<Mover>;
  /** A rule: empties hosts, those of a kind, or all that are failing or draining. */
  readonly evacuate: (which?: Predicate<HostTerm>) => Action;
  /** Advice to switch hosts. */
  readonly power: Power;
  /** No guest of the first kind comes to stand beside one of the second. */
  readonly keepApart: (first: Predicate<GuestTerm>, second: Predicate<GuestTerm>) => void;
  /** No guest of a kind leaves more of its kind behind than it comes to. */
  readonly keepTogether: (which: Predicate<GuestTerm>) => void;
  /** In every choice of a host, those moves are preferred of which it holds. */
  readonly prefer: (test: (move: MoveTerm) => Condition) => void;
  /** What must hold once a move is made; it is asked with that move counted as planned. */
  readonly afterwards: (test: (move: MoveTerm) => Condition) => void;
  /** At most so many moves in a plan. */
  readonly limit: (limits: Limits) => void;
  /** All of them. */
  readonly and: (...all: readonly Condition[]) => Condition;
  /** At least one of them. */
  readonly or: (...all: readonly Condition[]) => Condition;
  /** The opposite. */
  readonly not: (condition: Condition) => Condition;
  /** One quantity where a condition is true, another where it is false. */
  readonly choose: <U extends Unit>(condition: Condition, yes: Quantity<U>, no: Amount<U>) => Quantity<U>;
  /** A plain number as a quantity. */
  readonly amount: <U extends Unit>(value: number, unit: U) => Quantity<U>;
  /** A quantity worked out from others by a pure function of one's own. Not known where any of them, or the result, is not. */
  readonly calculate: <U extends Unit, const From extends readonly Measured[]>(
    name: string,
    unit: U,
    from: From,
    reckon: (...values: { readonly [At in keyof From]: number }) => number | undefined,
  ) => Quantity<U>;
}
