/** Potential: what a goal wants to fall with every move, so that planning again and again comes to rest. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import type { Goal } from './goal.js';
import { hbalScore, nodesOf, shift } from './hbal/nodes.js';
import type { Preference } from './preference.js';
import { measuresOf, spreadOf } from './spread.js';
import { nearly, type State, type Step } from './state.js';
import { tastesOf, withTastes } from './tastes.js';

/** A number that moves change. */
export interface Potential {
  /** What it is called in reasons. */
  readonly measure: string;
  readonly value: () => number;
  readonly apply: (step: Step) => void;
  /** Least fall of a move that is worth making. */
  readonly least: number;
}

/** Least fall of a spread that is worth a move where nothing else is asked for. */
const noticeable = 1e-4;

const back = ({ guest, from, to }: Step): Step => ({ guest, from: to, to: from });

/** The move backwards. */
export const reversed = back;

/** The potential of a goal at a state; of balance with what preferences cost, divided by the number of hosts. */
export const potentialOf = (state: State, goal: Goal, preferences: readonly Preference[] = []): Potential => {
  const { capacity, guestLoad, guestMemory, room } = state;
  switch (goal.kind) {
    case 'relieve': {
      const load = state.load.slice();
      const excess = (h: number): number => Math.max(0, load[h]! / capacity[h]! - goal.mark - nearly);
      let sum = 0;
      for (let h = 0; h < load.length; h++) sum += excess(h);
      return {
        measure: `cpu above ${goal.mark} on all hosts together`,
        least: nearly,
        value: () => sum,
        apply: ({ guest, from, to }) => {
          const before = excess(from) + excess(to);
          load[from]! -= guestLoad[guest]!;
          load[to]! += guestLoad[guest]!;
          sum += excess(from) + excess(to) - before;
        },
      };
    }
    case 'balance': {
      const spread = spreadOf(measuresOf(state, goal.of), goal.by);
      const picky = preferences.length > 0;
      const { shift: change, value } = picky
        ? withTastes(spread, tastesOf(state, preferences), state.hosts.length)
        : spread;
      const names = [...(goal.of.cpu > 0 ? ['cpu'] : []), ...(goal.of.memory > 0 ? ['memory'] : [])];
      return {
        measure: `spread of ${names.join(' and ')}${picky ? ', and what stands amiss,' : ''}`,
        least: Math.max(noticeable, goal.smallestGain),
        value,
        apply: ({ guest, from, to }) => change(guest, from, to),
      };
    }
    case 'hbal': {
      const nodes = nodesOf(state, goal.encoding);
      return {
        measure: 'score of hbal',
        least: noticeable,
        value: () => hbalScore(nodes),
        apply: ({ guest, to }) => shift(nodes, guest, to),
      };
    }
    case 'consolidate': {
      // The fuller the full and the emptier the empty, the larger the sum of squares.
      const taken = state.taken.slice();
      let sum = 0;
      for (let h = 0; h < taken.length; h++) sum -= (taken[h]! / room[h]!) ** 2;
      return {
        measure: 'memory of hosts in use, as it is spread',
        least: nearly,
        value: () => sum,
        apply: ({ guest, from, to }) => {
          for (const [host, more] of [
            [from, -guestMemory[guest]!],
            [to, guestMemory[guest]!],
          ] as const) {
            sum += (taken[host]! / room[host]!) ** 2;
            taken[host]! += more;
            sum -= (taken[host]! / room[host]!) ** 2;
          }
        },
      };
    }
  }
};
