/** Walk: a placement under way, that can be changed little by little and put back. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import type { BalanceGoal } from './goal.js';
import type { Pathfinder } from './path.js';
import { movableGuests, type State, type Step } from './state.js';
import { isFree } from './ties.js';

/** A placement under way. All that the walk reads and writes lies in flat arrays, for it takes millions of steps. */
export interface Walk {
  readonly state: State;
  readonly goal: Pick<BalanceGoal, 'of' | 'by'>;
  /** Guests that may be moved and hosts, in an order that does not depend on names, but among equals. */
  readonly guests: Int32Array;
  readonly hosts: Int32Array;
  readonly at: Int32Array;
  /** Shares of processors and of memory taken, less the common ones. */
  readonly x: Float64Array;
  readonly z: Float64Array;
  readonly perLoad: Float64Array;
  readonly perByte: Float64Array;
  /** Share of memory, less the common one, at which a host is full. */
  readonly full: number;
  /** Guests that do not stand where they stood, how many (in `counts`), and the place of each in the list. */
  readonly moved: Int32Array;
  readonly place: Int32Array;
  readonly counts: Int32Array;
  /** What a move of each guest takes of the budget, what it usually takes, and what all that have moved take of it (in one element). */
  readonly price: Float64Array;
  readonly usual: number;
  readonly spent: Float64Array;
  readonly seed: Int32Array;
}

/**
 * Begins a walk where everything stands.
 *
 * @param price - what a move of each guest takes of the budget, finite for those that may be moved; one for all where moves are counted
 */
export const walkFrom = (
  state: State,
  goal: Pick<BalanceGoal, 'of' | 'by'>,
  price: Float64Array = new Float64Array(state.guestLoad.length).fill(1),
): Walk => {
  const { guestLoad, guestMemory, guestHost, capacity, room, load, taken } = state;
  const shares = (amount: Float64Array, offered: Float64Array): readonly [Float64Array, number] => {
    const common = amount.reduce((sum, each) => sum + each, 0) / offered.reduce((sum, each) => sum + each, 0);
    return [amount.map((each, h) => each / offered[h]! - common), common];
  };
  const [[x], [z, common]] = [shares(load, capacity), shares(taken, room)];
  const guests = Int32Array.from(movableGuests(state)).sort(
    (a, b) => guestLoad[b]! - guestLoad[a]! || guestMemory[b]! - guestMemory[a]! || a - b,
  );
  return {
    state,
    goal,
    guests,
    hosts: Int32Array.from(capacity.keys()).sort((a, b) => x[b]! - x[a]! || taken[b]! - taken[a]! || a - b),
    at: guestHost.slice(),
    x,
    z,
    perLoad: capacity.map((each) => 1 / each),
    perByte: room.map((each) => 1 / each),
    full: 1 - common,
    moved: new Int32Array(guestLoad.length),
    place: new Int32Array(guestLoad.length).fill(-1),
    counts: new Int32Array(1),
    price,
    usual: guests.length === 0 ? 1 : guests.reduce((sum, guest) => sum + price[guest]!, 0) / guests.length,
    spent: new Float64Array(1),
    seed: Int32Array.of(0x2545f491),
  };
};

/** Puts a guest on a host and keeps the list of those that have moved. */
export const enter = ({ at, state, moved, place, counts, price, spent }: Walk, guest: number, host: number): void => {
  at[guest] = host;
  if (host !== state.guestHost[guest]) {
    if (place[guest]! >= 0) return;
    moved[(place[guest] = counts[0]!++)] = guest;
    spent[0]! += price[guest]!;
    return;
  }
  const hole = place[guest]!;
  if (hole < 0) return;
  const last = moved[--counts[0]!]!;
  moved[hole] = last;
  place[last] = hole;
  place[guest] = -1;
  // What roundings have left of a sum of nothing is nothing.
  spent[0] = counts[0] === 0 ? 0 : spent[0]! - price[guest]!;
};

/** Takes so much from one host to another. */
export const carry = (
  { x, z, perLoad, perByte }: Walk,
  from: number,
  to: number,
  load: number,
  memory: number,
): void => {
  x[from]! -= load * perLoad[from]!;
  x[to]! += load * perLoad[to]!;
  z[from]! -= memory * perByte[from]!;
  z[to]! += memory * perByte[to]!;
};

/** Whether a guest may go to a host, memory apart, whatever the order of moves. */
export const mayStand = ({ state, moved, counts, at }: Walk, guest: number, host: number): boolean =>
  state.admits(guest, host) &&
  (state.grouped[guest] === 0 || isFree(state.ties, guest, host, moved.subarray(0, counts[0]), at));

/** The moves that lead from the beginning to where the walk is. */
export const movesOf = ({ state, moved, counts, at }: Walk): readonly Step[] =>
  Array.from(moved.subarray(0, counts[0]), (guest) => ({ guest, from: state.guestHost[guest]!, to: at[guest]! }));

/** Puts everything as a list of moves has it; where a guest moves twice, its last one counts. */
export const restart = (walk: Walk, steps: readonly Step[]): void => {
  const { state, at, moved, counts } = walk;
  const put = (guest: number, to: number): void => {
    carry(walk, at[guest]!, to, state.guestLoad[guest]!, state.guestMemory[guest]!);
    enter(walk, guest, to);
  };
  while (counts[0]! > 0) put(moved[counts[0]! - 1]!, state.guestHost[moved[counts[0]! - 1]!]!);
  for (const { guest, to } of steps) put(guest, to);
};

/** Whether an order of moves that take so much of the budget at most leads to where the walk is; the finder has it then. */
export const passable = ({ state, moved, counts, at, spent }: Walk, finder: Pathfinder, limit: number): boolean => {
  const count = counts[0]!;
  if (spent[0]! > limit) return false;
  finder.begin();
  for (let i = 0; i < count; i++) finder.add(moved[i]!, state.guestHost[moved[i]!]!, at[moved[i]!]!);
  return finder.find(limit);
};

/** Whether memory holds everything where it stands. */
export const holds = ({ z, full }: Walk): boolean => z.every((share) => share <= full + 1e-9);
