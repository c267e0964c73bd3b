/** Found: what a search comes to: moves, what they reach and what no plan can beat, and hosts that are left. */
import type { LeftHot } from './relieve.js';
import type { Step } from './state.js';

/** What was found. */
export interface Found {
  readonly steps: readonly Step[];
  /**
   * What every plan that reaches the goal costs at least (relief), the fewest hosts in use (consolidation), or the least spread and cost of
   * preferences that any plan could leave (balance, hbal's objective).
   */
  readonly bound: number;
  /** What this plan costs, or leaves, in the same measure. */
  readonly reached: number;
  /** Hosts for which the goal is not reached, and why. */
  readonly left: readonly { readonly host: number; readonly why: Missed }[];
  /** A lower spread that a placement within the budget would leave, to which no order of moves was found. */
  readonly noPath?: number;
  /** Hosts that stand empty in the end, and whether further hosts are wanted; of consolidation. */
  readonly empty?: readonly number[];
  readonly wantsMore?: boolean;
}

/**
 * Why a host is left: `stuck`: what may leave it does not suffice; `nowhere`: no other host has the room, in any order that was
 * tried; `given up`: the search ended before all that might help had been tried; `budget`: it would have cost more than it may.
 */
export type Missed = LeftHot['why'] | 'budget';
