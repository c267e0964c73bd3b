/** Ties: guests that move as one, and what binds a guest to others that do not move with it. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of guests of the state by construction */
import type { ObservedGuest } from '../../model/index.js';

/** Guests by number that leave together, by the first of them, which stands for all. */
export type GuestUnits = ReadonlyMap<number, readonly number[]>;

/** Groups that bear on where a guest may go once others have moved. */
export interface GroupTies {
  readonly apart: readonly string[];
  readonly together: readonly string[];
}

/** The guests that move where one moves. */
export const membersOf = (units: GuestUnits, guest: number): readonly number[] => units.get(guest) ?? [guest];

/** How many guests move where one moves. */
export const sizeOf = (units: GuestUnits, guest: number): number => units.get(guest)?.length ?? 1;

/**
 * Whether others that have moved let a guest with ties go to a host, in any order of moves. A member of an apart-group goes where none of the group stands at the
 * beginning (the constraints know of these), nor another one has gone; of a together-group on several hosts those of one go, so that the others are where it was told.
 *
 * @param moved - guests that stand elsewhere than at the beginning; the guest itself does not count
 * @param at - the host that each guest stands on
 */
export const isFree = (
  ties: ReadonlyMap<number, GroupTies>,
  guest: number,
  host: number,
  moved: ArrayLike<number>,
  at: ArrayLike<number>,
): boolean => {
  const own = ties.get(guest);
  if (!own) return true;
  for (let i = 0; i < moved.length; i++) {
    const other = moved[i]!;
    const its = other === guest ? undefined : ties.get(other);
    if (!its) continue;
    if (at[other] === host && its.apart.some((group) => own.apart.includes(group))) return false;
    if (its.together.some((group) => own.together.includes(group))) return false;
  }
  return true;
};

/** What ties each guest, or unit, to those that it does not move with; guests without ties are left out. */
export const tiesOf = (guests: readonly ObservedGuest[], units: GuestUnits): ReadonlyMap<number, GroupTies> => {
  const ties = new Map<number, GroupTies>();
  const size = new Map<string, number>();
  for (const { together } of guests) for (const group of together) size.set(group, (size.get(group) ?? 0) + 1);
  guests.forEach((guest, g) => {
    if (guest.apart.length === 0 && guest.together.length === 0) return;
    const members = membersOf(units, g).map((member) => guests[member]!);
    const groups = (of: (guest: ObservedGuest) => readonly string[]): readonly string[] => [
      ...new Set(members.flatMap(of)),
    ];
    const apart = groups((each) => each.apart);
    // A group that moves whole asks nothing of others.
    const together = groups((each) => each.together).filter(
      (group) => members.filter((each) => each.together.includes(group)).length < size.get(group)!,
    );
    if (apart.length > 0 || together.length > 0) ties.set(g, { apart, together });
  });
  return ties;
};
