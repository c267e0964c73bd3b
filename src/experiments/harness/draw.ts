/** Draw: which guest runs the benchmark next when one has run it as often as it should. */
import type { GuestId } from '../../model/index.js';
import type { Chance } from '../../simulation/index.js';

/**
 * Who follows a guest that is done (Wilcox, §4.2; W27). `another`: one of those that are idle, never the same while there is
 * another. `any idle`: one of those that are idle, itself included, which halves the changes where one is idle. `all at once`: it waits
 * until all are done; then as many are drawn out of all.
 */
export type DrawRule = 'another' | 'any idle' | 'all at once';

/** Who runs the benchmark. */
export interface Roster {
  readonly guests: readonly GuestId[];
  /** Iterations done since it was drawn, of each guest that runs the benchmark or waits for the others. */
  readonly done: ReadonlyMap<GuestId, number>;
}

/** What follows the end of a run. */
export interface Turn {
  readonly roster: Roster;
  /** Guests in which a run begins now. */
  readonly start: readonly GuestId[];
  /** Whether guests were drawn, though it may be the same. */
  readonly drawn: boolean;
}

/** So many of a list, each at most once, in the order of the list. */
const drawn = <T>(list: readonly T[], count: number, chance: Chance): readonly T[] => {
  let left = Math.min(count, list.length);
  return list.filter((_, i) => {
    const taken = chance.happens(left / (list.length - i));
    if (taken) left -= 1;
    return taken;
  });
};

const starting = (guests: readonly GuestId[], start: readonly GuestId[]): Roster => ({
  guests,
  done: new Map(start.map((guest) => [guest, 0])),
});

/** The first roster: so many guests drawn out of all, or those that are named. */
export const firstRoster = (guests: readonly GuestId[], active: number | readonly GuestId[], chance: Chance): Roster =>
  starting(guests, typeof active === 'number' ? drawn(guests, active, chance) : active);

/**
 * What follows the end of a run.
 *
 * @param iterations - runs before the next draw
 */
export const afterRun = (
  { guests, done }: Roster,
  guest: GuestId,
  { rule, iterations }: { readonly rule: DrawRule; readonly iterations: number },
  chance: Chance,
): Turn => {
  const count = (done.get(guest) ?? 0) + 1;
  const next = new Map(done).set(guest, count);
  if (count < iterations) return { roster: { guests, done: next }, start: [guest], drawn: false };
  if (rule === 'all at once') {
    if ([...next.values()].some((one) => one < iterations))
      return { roster: { guests, done: next }, start: [], drawn: false };
    const all = drawn(guests, next.size, chance);
    return { roster: starting(guests, all), start: all, drawn: true };
  }
  next.delete(guest);
  const idle = guests.filter((other) => !next.has(other) && (other !== guest || rule === 'any idle'));
  const follower = chance.pick(idle) ?? guest;
  return { roster: { guests, done: next.set(follower, 0) }, start: [follower], drawn: true };
};
