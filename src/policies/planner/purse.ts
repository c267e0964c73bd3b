/** Purse: whether a budget of moves, memory and time still allows for more. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of guests of the state by construction */
import type { Board } from './board.js';
import type { PlannerRules } from './goal.js';
import type { State } from './state.js';
import { sizeOf } from './ties.js';

/** Whether moves of these guests are within the budget, beside what a board has made. */
export type Affords = (board: Pick<Board, 'steps'>, guests: readonly number[]) => boolean;

/** For how many moves of a budget a guest counts: what it weighs, but for no less than the guests that move with it. */
export const countsFor = ({ units }: Pick<State, 'units'>, guest: number, weights?: Float64Array): number =>
  Math.max(sizeOf(units, guest), weights?.[guest] ?? 0);

/** What moves may take in all, and what a move of each guest takes of it. */
export interface Limit {
  readonly of: Float64Array;
  readonly most: number;
}

/** What else than the number of moves is limited: bytes, and time. */
export const limitsOf = (
  { guestMemory, durations }: Pick<State, 'guestMemory' | 'durations'>,
  { memory, time }: PlannerRules['budget'],
): readonly Limit[] => [
  ...(memory < Infinity ? [{ of: guestMemory, most: memory }] : []),
  ...(time < Infinity ? [{ of: durations(), most: time }] : []),
];

/** A purse for one board. What the board has made is counted once, and anew where it has taken something back. */
export const purse = ({ budget }: Pick<PlannerRules, 'budget'>, state: State, weights?: Float64Array): Affords => {
  const { moves, memory, time } = budget;
  if (moves === Infinity && memory === Infinity && time === Infinity) return () => true;
  const waits = time < Infinity ? state.durations() : undefined;
  let [counted, number, bytes, milliseconds] = [0, 0, 0, 0];
  const of = (guest: number): readonly [number, number, number] => [
    countsFor(state, guest, weights),
    state.guestMemory[guest]!,
    waits?.[guest] ?? 0,
  ];
  return ({ steps }, guests) => {
    if (steps.length < counted) [counted, number, bytes, milliseconds] = [0, 0, 0, 0];
    for (; counted < steps.length; counted++) {
      const [n, b, t] = of(steps[counted]!.guest);
      number += n;
      bytes += b;
      milliseconds += t;
    }
    let [all, b, t] = [number, bytes, milliseconds];
    for (const guest of guests) {
      const more = of(guest);
      all += more[0];
      b += more[1];
      t += more[2];
    }
    return all <= moves && b <= memory && t <= time;
  };
};
