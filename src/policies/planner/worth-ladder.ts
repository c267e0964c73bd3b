/** Worth ladder: the best few moves where not only their number counts: preferences weigh, some guests count for several, bytes are few. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import type { Limit } from './purse.js';
import { roomiest, sequence } from './sequence.js';
import type { Spread } from './spread.js';
import { movableGuests, type State, type Step } from './state.js';
import { isFree } from './ties.js';

/** One stretch of a walk: changes that are tried, and the share of what there is that they may make worse at first. */
interface Stretch {
  readonly tries: number;
  readonly warmth: number;
}

/** From the rung below, from no moves at all, and from an end that somebody else found. */
const stretches = {
  further: { tries: 1_500, warmth: 0.1 },
  anew: { tries: 1_500, warmth: 0.5 },
  landed: { tries: 6_000, warmth: 0.1 },
} as const;

/** How the ladder is climbed. */
export interface WorthLadderOptions {
  /** Rungs at most. */
  readonly rungs: number;
  /** For how many moves a move of each guest counts. */
  readonly counts: Float64Array;
  /** What else is limited. */
  readonly limits: readonly Limit[];
  /** What is to fall, at the state as it is. */
  readonly worth: Spread;
  /** Least fall that a rung must bring. */
  readonly least: number;
  /** Moves from elsewhere to begin a rung with, such as those that evenness alone would make. */
  readonly ends: (rung: number) => readonly (readonly Step[])[];
  readonly goOn: () => boolean;
}

/** Numbers from 0 up to 1 that look random (xorshift32; Marsaglia 2003). */
const chance = (): (() => number) => {
  let state = 0x2545f491;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
};

/**
 * Climbs from rung to rung, each from the best of the one below and from the ends that are given for it, by threshold accepting
 * (Dueck and Scheuer 1990): a guest goes elsewhere or home, two change places, or one goes home and another one out. An end counts if there is
 * an order for it, no beginning of which is worse than no move. What a smaller budget finds is a rung of the larger one.
 */
export const climbByWorth = (
  state: State,
  { rungs, counts, limits, worth, least, ends, goOn }: WorthLadderOptions,
): readonly Step[] => {
  const { guestHost, guestMemory, room, admits, grouped, hosts } = state;
  const n = hosts.length;
  const guests = movableGuests(state);
  if (guests.length === 0 || n < 2) return [];
  const all: readonly Limit[] = [{ of: counts, most: rungs }, ...limits];
  const spent = new Float64Array(all.length);
  const at = guestHost.slice();
  const taken = state.taken.slice();
  const moved: number[] = [];
  const spares = roomiest(state);
  const next = chance();
  const below = (limit: number): number => Math.floor(next() * limit);
  const pick = (list: readonly number[]): number => list[below(list.length)]!;
  const spend = (guest: number, times: 1 | -1): void => {
    for (let i = 0; i < all.length; i++) spent[i]! += times * all[i]!.of[guest]!;
  };
  const put = (guest: number, to: number): void => {
    const [from, home] = [at[guest]!, guestHost[guest]!];
    if (from === to) return;
    worth.shift(guest, from, to);
    taken[from]! -= guestMemory[guest]!;
    taken[to]! += guestMemory[guest]!;
    at[guest] = to;
    if (from === home) {
      moved.push(guest);
      spend(guest, 1);
    } else if (to === home) {
      moved.splice(moved.indexOf(guest), 1);
      spend(guest, -1);
    }
  };
  const restart = (steps: readonly Step[]): void => {
    while (moved.length > 0) put(moved[moved.length - 1]!, guestHost[moved[moved.length - 1]!]!);
    spent.fill(0);
    for (const { guest, to } of steps) put(guest, to);
  };
  const roomy = (host: number): boolean => taken[host]! <= room[host]!;
  /** Whether what is spent is within the limits, on a rung. */
  const within = (rung: number): boolean =>
    spent[0]! <= rung && limits.every(({ most }, i) => spent[i + 1]! <= most * (1 + 1e-12));

  let best: readonly Step[] = [];
  let bestValue = worth.value();
  /** Keeps where the walk stands if there is an order for it. */
  const keep = (value: number, rung: number): void => {
    const found = moved.map((guest) => ({ guest, from: guestHost[guest]!, to: at[guest]! }));
    restart([]);
    const ordered = sequence(state, found, worth, spares);
    // One that waits on a spare host moves twice, and is paid for twice.
    for (const { guest } of ordered ?? []) spend(guest, 1);
    if (ordered && within(rung)) [best, bestValue] = [ordered, value];
    restart(found);
  };

  /** Sends home what is least missed until the rest may be made; false where that is not possible. */
  const mend = (rung: number): boolean => {
    while (!within(rung)) {
      let [home, value] = [-1, Infinity];
      for (const guest of [...moved]) {
        const to = at[guest]!;
        put(guest, guestHost[guest]!);
        if (roomy(guestHost[guest]!) && worth.value() < value) [home, value] = [guest, worth.value()];
        put(guest, to);
      }
      if (home < 0) return false;
      put(home, guestHost[home]!);
    }
    return true;
  };

  /** One that is two changes at once, or two of which each may change what the other may do. */
  const clash = (a: number, b: number): boolean => a === b || (grouped[a] === 1 && grouped[b] === 1);

  /** Where which guests would go. */
  const change = (): readonly (readonly [guest: number, to: number])[] => {
    const kind = next();
    const guest = kind < 0.3 && moved.length > 0 ? pick(moved) : pick(guests);
    const [from, home] = [at[guest]!, guestHost[guest]!];
    if (kind < 0.5) return [[guest, below(n)]];
    if (kind < 0.55) return [[guest, home]];
    const other = pick(guests);
    if (kind < 0.75)
      return [
        [guest, at[other]!],
        [other, from],
      ];
    const elsewhere = [other, below(n)] as const;
    if (kind < 0.85) return [[guest, below(n)], elsewhere];
    return [[guest, home], kind < 0.93 ? [other, from] : elsewhere];
  };

  const walk = (rung: number, begin: readonly Step[], { tries, warmth }: Stretch): void => {
    restart(begin);
    if (!mend(rung)) return;
    let value = worth.value();
    const heat = value * warmth;
    const isBetter = (): boolean => value < bestValue - Math.max(1e-9, least);
    let promising = isBetter();
    for (let i = 0; i < tries; i++) {
      const wanted = change();
      const before = wanted.map(([guest]) => at[guest]!);
      const back = (): void => {
        for (let j = wanted.length - 1; j >= 0; j--) put(wanted[j]![0], before[j]!);
      };
      const admitted = wanted.every(
        ([guest, to]) =>
          to === guestHost[guest] ||
          (admits(guest, to) && (grouped[guest] === 0 || isFree(state.ties, guest, to, moved, at))),
      );
      if (!admitted || (wanted.length === 2 && clash(wanted[0]![0], wanted[1]![0]))) continue;
      for (const [guest, to] of wanted) put(guest, to);
      const now = worth.value();
      const cool = 1 - i / tries;
      const fits = wanted.every(([guest], j) => roomy(at[guest]!) && roomy(before[j]!));
      if (!fits || !within(rung) || now > value + heat * cool * cool * next()) {
        back();
        continue;
      }
      // Only where it turns back up is an order looked for.
      if (promising && now > value) {
        back();
        keep(value, rung);
        for (const [guest, to] of wanted) put(guest, to);
      }
      value = now;
      promising = isBetter();
    }
    if (promising) keep(value, rung);
  };

  for (let rung = 1; rung <= rungs && goOn(); rung++) {
    walk(rung, best, stretches.further);
    walk(rung, [], stretches.anew);
    for (const end of ends(rung)) if (goOn()) walk(rung, end, stretches.landed);
  }
  restart([]);
  return best;
};
