/** Charter: what every move of a policy must keep, and what is preferred, whichever rule proposes it. */
import {
  compare,
  guestSubject,
  holds,
  hostSubject,
  lookup,
  type ObservedGuest,
  type Proposal,
  type Reason,
} from '../../model/index.js';
import type { Move } from '../constraint.js';
import type { Predicate } from './collections.js';
import { bound } from './bound.js';
import type { Frame } from './frame.js';
import { type ConditionInside, conditions } from './inside.js';
import type { Kinds } from './kinds.js';
import type { MovePlaces } from './move.js';
import { type Scope, scopeOf } from './scope.js';
import type { GuestTerm } from './terms.js';

/** A rule that a move must keep. */
export interface Veto {
  readonly scope: Scope;
  readonly judge: (frame: Frame, move: Move) => readonly Reason[];
}

/** A condition on a move, and where its names are kept. */
export interface Bound {
  readonly places: MovePlaces;
  readonly made: ConditionInside;
}

/** What the body of a policy declared for all of its moves. */
export interface Charter {
  readonly vetoes: Veto[];
  readonly preferences: Bound[];
}

/** Puts a move at the places of its names. */
export const name = (frame: Frame, { guest, from, to }: MovePlaces, move: Move): void => {
  frame.values[guest] = move.guest;
  frame.values[from] = move.from;
  frame.values[to] = move.to;
};

/** What must hold of a move once it is made. */
export const afterwardsVeto = ({ places, made }: Bound): Veto => ({
  scope: made.scope,
  judge: (frame, move) => {
    const step: Proposal = { guest: move.guest.id, from: move.from.id, to: move.to.id, because: [] };
    return frame.trial([step], () => {
      name(frame, places, move);
      return made.because(frame, true);
    });
  },
});

const beside = (frame: Frame, host: string, but: string): readonly ObservedGuest[] => {
  const { guestsOn, arrivals, guest } = lookup(frame.now());
  return [...guestsOn(host), ...arrivals(host).flatMap((one) => guest(one.guest) ?? [])].filter(({ id }) => id !== but);
};

/** Guests of the one sort and guests of the other do not come to stand on one host. */
export const apartVeto = (kinds: Kinds, first: Predicate<GuestTerm>, second: Predicate<GuestTerm>): Veto => {
  const kindOf = (test: Predicate<GuestTerm>) =>
    bound(kinds.building, kinds.guest, (term) => conditions.of(test(term)));
  const [a, b] = [kindOf(first), kindOf(second)];
  const is = (frame: Frame, test: typeof a, guest: ObservedGuest): boolean | undefined => {
    frame.values[test.place] = guest;
    return test.made.holds(frame);
  };
  return {
    scope: scopeOf(a.made.scope, b.made.scope),
    judge: (frame, { guest, to }) =>
      (
        [
          [a, b],
          [b, a],
        ] as const
      ).flatMap(([own, other]): readonly Reason[] => {
        const mine = is(frame, own, guest);
        if (mine === false) return [];
        const there = beside(frame, to.id, guest.id).filter((one) => is(frame, other, one) !== false);
        if (there.length > 0 && mine === undefined) return own.made.because(frame, false);
        const doubtful = there.find((one) => is(frame, other, one) === undefined);
        if (doubtful) return other.made.because(frame, false);
        return [
          compare({
            rule: `${frame.rule}.keepApart`,
            subject: hostSubject(to.id),
            measure: `guests to be kept apart from ${guest.id}`,
            value: there.length,
            relation: 'at most',
            limit: 0,
            unit: 'count',
          }),
        ];
      }),
  };
};

/** Guests of one sort go where at least as many of them are as they leave behind. */
export const togetherVeto = (kinds: Kinds, test: Predicate<GuestTerm>): Veto => {
  const own = bound(kinds.building, kinds.guest, (term) => conditions.of(test(term)));
  const is = (frame: Frame, guest: ObservedGuest): boolean | undefined => {
    frame.values[own.place] = guest;
    return own.made.holds(frame);
  };
  return {
    scope: own.made.scope,
    judge: (frame, { guest, from, to }) => {
      const mine = is(frame, guest);
      if (mine === false) return [];
      if (mine === undefined) return own.made.because(frame, false);
      const { migrationOf } = lookup(frame.now());
      const others = frame.snapshot.guests.filter((one) => one.id !== guest.id && is(frame, one) !== false);
      const at = (host: string): number =>
        others.filter((one) => (migrationOf(one.id)?.to ?? one.host) === host).length;
      return [
        compare({
          rule: `${frame.rule}.keepTogether`,
          subject: guestSubject(guest.id),
          measure: `guests of its kind at ${to.id}, against those left at ${from.id},`,
          value: at(to.id),
          relation: 'at least',
          limit: at(from.id),
          unit: 'count',
        }),
      ];
    },
  };
};

/** How many preferences a move meets; what is not known meets none. */
export const preferred = (frame: Frame, { preferences }: Charter, move: Move): number =>
  preferences.filter(({ places, made }) => {
    name(frame, places, move);
    return made.holds(frame) === true;
  }).length;

/** All that a charter has to say on a move. */
export const judged = (frame: Frame, { vetoes }: Charter, move: Move): readonly Reason[] =>
  vetoes.flatMap((veto) => veto.judge(frame, move));

/** The reasons that speak against a move. */
export const against = (reasons: readonly Reason[]): readonly Reason[] => reasons.filter((reason) => !holds(reason));
