/** Service: takes the cheapest set of guests off a hot host for which places are found. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { inHand, put, takeBack } from './draft.js';
import { clearFor } from './clearance.js';
import { fit, insert, type Insertion } from './insertion.js';
import type { Removal } from './removal.js';

/** How many sets of equal cost are tried, by the pains that are taken; those that take room from others find it soon or not at all. */
const tried = [Infinity, 6, 12, 3] as const;

/** The same where costs differ. */
const triedByCost = [Infinity, 20, 20, 6] as const;

/** Sets for which whole hosts are cleared. */
const triedByClearing = 12;

/** A hot host with the sets of guests that would relieve it, the cheapest first. */
export interface Patient {
  readonly host: number;
  readonly sets: readonly Removal[];
}

/** Where a guest goes, and for whose sake. */
interface Placed {
  readonly guest: number;
  readonly host: number;
  readonly owner: number;
}

/** Tries one set; what it costs, infinite where it finds no place or costs as much as the limit. */
const attempt = (
  insertion: Insertion,
  host: number,
  { guests, cost: own }: Removal,
  pains: number,
  limit: number,
): number => {
  const { draft } = insertion;
  const { guestMemory } = draft.state;
  // One guest that finds room without more ado need not be taken in hand first.
  if (pains === 0 && guests.length === 1 && fit(insertion, guests[0]!, -1, -1) < 0) return Infinity;
  for (const guest of guests) put(draft, guest, inHand, host);
  // It may carry more than in the beginning, where it took in what made room elsewhere.
  if (draft.head[host]! < 0) return Infinity;
  const falling = guests.length > 1 ? [...guests].sort((a, b) => guestMemory[b]! - guestMemory[a]! || a - b) : guests;
  let cost = own;
  for (const guest of falling) {
    cost += insert(insertion, guest, host, pains, limit - cost);
    if (cost >= limit) return Infinity;
  }
  return cost;
};

/** Whether all guests of a set still stand where they stood. */
const isWhole = ({ draft: { owner } }: Insertion, { guests }: Removal): boolean =>
  guests.every((guest) => owner[guest]! < 0);

/** Whether a set is left out: by chance one in four, and now and then most, for a set that looks worse may leave room for others. */
const skipsOf = (chance: Insertion['chance']): (() => boolean) => {
  if (!chance) return () => false;
  const most = chance(3) === 0;
  return () => (chance(4) === 0) !== most;
};

/** Where every move costs one: what costs least in all is tried first, of that what takes less pains. */
const serveByCount = (insertion: Insertion, { host, sets }: Patient, pains: number, limit: number): number => {
  const { draft, chance } = insertion;
  const begun = draft.changes.length;
  const skips = skipsOf(chance);
  const most = Math.min(limit, sets[sets.length - 1]!.cost + pains);
  for (let cost = sets[0]!.cost; cost < most; cost++)
    for (const now of [2, 0, 1, 3] as const) {
      if (now > pains) continue;
      let tries = tried[now];
      for (const set of sets) {
        const wanted = cost - Math.max(0, now - 1);
        if (set.cost > wanted) break;
        if (set.cost < wanted || skips() || !isWhole(insertion, set)) continue;
        if (tries-- === 0) break;
        const reached = attempt(insertion, host, set, now, cost + 1);
        if (reached < Infinity) return reached;
        takeBack(draft, begun);
      }
    }
  return Infinity;
};

/** Where costs differ: all sets with little pains, then what is cheaper than the best with more. */
const serveByCost = (insertion: Insertion, { host, sets }: Patient, pains: number, limit: number): number => {
  const { draft, chance } = insertion;
  const begun = draft.changes.length;
  const skips = skipsOf(chance);
  let best = limit;
  let found: readonly Placed[] = [];
  for (let now = 0; now <= pains; now++) {
    let tries = triedByCost[now]!;
    for (const set of sets) {
      if (set.cost >= best || tries-- === 0) break;
      if (skips() || !isWhole(insertion, set)) continue;
      const cost = attempt(insertion, host, set, now, best);
      if (cost < best) {
        best = cost;
        // Nothing is cheaper than the cheapest set alone.
        if (cost === sets[0]!.cost) return best;
        const touched = new Set(draft.changes.slice(begun).filter((_, i) => i % 3 === 0));
        found = [...touched].map((guest) => ({ guest, host: draft.at[guest]!, owner: draft.owner[guest]! }));
      }
      takeBack(draft, begun);
    }
  }
  if (found.length === 0) return Infinity;
  // Once more what was best. In hand first, so that nothing is in the way.
  for (const { guest, owner } of found) put(draft, guest, inHand, owner);
  for (const each of found) put(draft, each.guest, each.host, each.owner);
  return best;
};

/**
 * Relieves one host. What takes less pains is tried first.
 *
 * @param pains - what is done for a guest at most, see {@link insert}
 * @param limit - what it must cost less than
 * @returns what it costs; infinite where nothing was found, and then nothing is changed
 */
export const serve = (insertion: Insertion, patient: Patient, pains: number, limit: number): number => {
  // Another host's relief may have done it.
  if (insertion.draft.head[patient.host]! >= 0) return 0;
  return (insertion.uniform ? serveByCount : serveByCost)(insertion, patient, pains, limit);
};

/**
 * Relieves one host by clearing others for its guests, where nothing less helps.
 *
 * @param accept - asked of each way whether it can be carried out
 * @returns what it costs; infinite where nothing was found, and then nothing is changed
 */
export const serveByClearing = (insertion: Insertion, { host, sets }: Patient, accept: () => boolean): number => {
  const { draft } = insertion;
  const begun = draft.changes.length;
  const whole = sets.filter((set) => isWhole(insertion, set)).slice(0, triedByClearing);
  for (const press of [false, true])
    for (const set of whole) {
      for (const guest of set.guests) put(draft, guest, inHand, host);
      let cost = draft.head[host]! < 0 ? Infinity : set.cost;
      for (const guest of set.guests) {
        if (cost === Infinity) break;
        const placed = insert(insertion, guest, host, 0, Infinity);
        cost += placed < Infinity ? placed : clearFor(insertion, guest, { owner: host, limit: Infinity, press });
      }
      if (cost < Infinity && accept()) return cost;
      takeBack(draft, begun);
    }
  return Infinity;
};
