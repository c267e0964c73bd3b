/** Removal: the cheapest guests to take off a host so that it comes under its mark, and what any plan must take at least. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are within the lists by construction */

/** A set of guests to take off, by number, and what it costs. */
export interface Removal {
  readonly guests: readonly number[];
  readonly cost: number;
}

/** Sets that are looked at before the best one so far is taken: far above what a host of some dozen guests needs. */
const effort = 20_000;

/**
 * The set of least cost whose loads make up the excess, by branch and bound over the guests in the order of their load per
 * cost; the rest of a branch is bounded by its fractional cover.
 *
 * @param guests - those that may go
 * @param costOf - what each costs; infinite for one that must stay
 * @returns `undefined` where all of them together do not suffice
 */
export const cheapestRemoval = (
  guests: readonly number[],
  excess: number,
  loadOf: (guest: number) => number,
  costOf: (guest: number) => number,
): Removal | undefined => {
  const able: number[] = [];
  const loads: number[] = [];
  const costs: number[] = [];
  // Sorted as they come: of some dozen guests that is quicker than a sort.
  for (const guest of guests) {
    const [load, cost] = [loadOf(guest), costOf(guest)];
    if (!(load > 0 && cost < Infinity)) continue;
    let i = able.length;
    for (; i > 0; i--) {
      const order = loads[i - 1]! * cost - load * costs[i - 1]! || loads[i - 1]! - load || guest - able[i - 1]!;
      if (order > 0) break;
      able[i] = able[i - 1]!;
      loads[i] = loads[i - 1]!;
      costs[i] = costs[i - 1]!;
    }
    able[i] = guest;
    loads[i] = load;
    costs[i] = cost;
  }
  const n = able.length;
  let best = Infinity;
  let chosen: number[] | undefined;
  let steps = 0;
  const picked: number[] = [];
  const search = (from: number, load: number, cost: number): void => {
    if (load >= excess) {
      if (cost < best) {
        best = cost;
        chosen = picked.slice();
      }
      return;
    }
    if (from >= n || steps++ > effort) return;
    // The best that the rest could do, if guests could be split.
    let [need, bound] = [excess - load, cost];
    let i = from;
    for (; i < n && need > 0; i++) {
      const part = loads[i]! >= need ? need / loads[i]! : 1;
      bound += part * costs[i]!;
      need -= part * loads[i]!;
    }
    if (need > excess * 1e-12 || bound >= best) return;
    picked.push(able[from]!);
    search(from + 1, load + loads[from]!, cost + costs[from]!);
    picked.pop();
    search(from + 1, load, cost);
  };
  search(0, 0, 0);
  return chosen && { guests: chosen, cost: best };
};

/**
 * The fewest guests that suffice, and among all sets of so many the one of least bulk, for it finds a place most easily.
 *
 * @param guests - those that may go, the heaviest first
 */
export const fewestRemoved = (
  guests: readonly number[],
  excess: number,
  loadOf: (guest: number) => number,
  bulkOf: (guest: number) => number,
): Removal | undefined => {
  let [need, fewest] = [excess, 0];
  while (need > 0 && fewest < guests.length) need -= loadOf(guests[fewest++]!);
  if (need > 0) return undefined;
  const loads = guests.map(loadOf);
  const bulks = guests.map(bulkOf);
  let best = Infinity;
  let chosen = guests.slice(0, fewest);
  let steps = 0;
  const picked: number[] = [];
  const search = (from: number, left: number, load: number, bulk: number): void => {
    if (bulk >= best) return;
    if (left === 0) {
      if (load >= excess) {
        best = bulk;
        chosen = picked.slice();
      }
      return;
    }
    for (let i = from; i + left <= guests.length; i++) {
      // Heaviest first: where the next ones cannot make up the rest, none further on can.
      if (load + left * loads[i]! < excess || steps++ > effort) return;
      picked.push(guests[i]!);
      search(i + 1, left - 1, load + loads[i]!, bulk + bulks[i]!);
      picked.pop();
    }
  };
  search(0, fewest, 0, 0);
  return { guests: chosen, cost: fewest };
};

/** Sets of guests that suffice, the cheapest first; no set holds another one. At most so many sets, of so many guests each. */
export const removals = (
  guests: readonly number[],
  excess: number,
  loadOf: (guest: number) => number,
  costOf: (guest: number) => number,
  bulkOf: (guest: number) => number,
  most: { readonly sets: number; readonly guests: number },
): readonly Removal[] => {
  const found: (Removal & { readonly bulk: number })[] = [];
  const able = guests.filter((guest) => costOf(guest) < Infinity && loadOf(guest) > 0);
  let steps = 0;
  const picked: number[] = [];
  const search = (from: number, load: number, cost: number, bulk: number, smallest: number): void => {
    if (load >= excess) {
      // Without its lightest guest it must not suffice: guests come heaviest first, so that is the last one.
      if (load - smallest < excess) found.push({ guests: picked.slice(), cost, bulk });
      return;
    }
    if (picked.length === most.guests) return;
    for (let i = from; i < able.length && steps++ < effort; i++) {
      const guest = able[i]!;
      picked.push(guest);
      search(i + 1, load + loadOf(guest), cost + costOf(guest), bulk + bulkOf(guest), loadOf(guest));
      picked.pop();
    }
  };
  search(0, 0, 0, 0, Infinity);
  return found
    .sort((a, b) => a.cost - b.cost || a.guests.length - b.guests.length || a.bulk - b.bulk)
    .slice(0, most.sets);
};
