/** Unspent: what is left of a budget once the moves that led to where guests stand are paid for. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of guests of the state by construction */
import type { PlannerRules } from './goal.js';
import type { State } from './state.js';

/** The rules with what moves lately have left of the budget: of a plan of several waves, each of which is planned anew. */
export const unspent = (rules: PlannerRules, { lately, guestMemory, durations }: State): PlannerRules => {
  const { moves, memory, time } = rules.budget;
  if (lately.length === 0 || Math.min(moves, memory, time) === Infinity) return rules;
  const sum = (of: (guest: number) => number): number => lately.reduce((all, { guest }) => all + of(guest), 0);
  const left = (budget: number, of: (guest: number) => number): number =>
    budget === Infinity ? budget : Math.max(0, budget - sum(of));
  return {
    ...rules,
    budget: {
      moves: left(moves, () => 1),
      memory: left(memory, (guest) => guestMemory[guest]!),
      time: left(time, (guest) => durations()[guest]!),
    },
  };
};
