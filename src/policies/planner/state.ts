/** State: a snapshot as numbers in typed arrays: what each host offers and carries, and what each guest takes and where. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of this state by construction */
import type { ObservedGuest, ObservedHost } from '../../model/index.js';
import type { GroupTies, GuestUnits } from './ties.js';

/** Whether a guest may go to a host, as far as no other move of the plan matters. */
export type Admits = (guest: number, host: number) => boolean;

/**
 * A snapshot as numbers. Hosts and guests are numbered in the order of their names, so the smaller number is the smaller name.
 * Hosts of which something is not known, and those that take no guests, are not among them.
 */
export interface State {
  readonly hosts: readonly ObservedHost[];
  readonly guests: readonly ObservedGuest[];
  /** What each host's processors offer, in cycles per second. */
  readonly capacity: Float64Array;
  /** Memory that each host has for guests, in bytes. */
  readonly room: Float64Array;
  /** What each host's processors carry once the moves in flight are over. */
  readonly load: Float64Array;
  /** Memory taken on each host, moves in flight counted at both ends. */
  readonly taken: Float64Array;
  /** What each guest takes of processors. */
  readonly guestLoad: Float64Array;
  readonly guestMemory: Float64Array;
  /** The host that each guest stands on; -1 for one that is not among the hosts. */
  readonly guestHost: Int32Array;
  /** 1 for guests that may be moved at all. */
  readonly movable: Uint8Array;
  /** Guests that stand on each host and may be moved, the heaviest first. */
  readonly on: readonly number[][];
  readonly admits: Admits;
  /** 1 for guests that the constraints let go to any host that has the memory and the cores. */
  readonly plain: Uint8Array;
  /**
   * Guests that leave together, by the first of them by name: it takes what all of them take, and a step that moves it moves all of
   * them. The others take nothing and are not moved by themselves.
   */
  readonly units: GuestUnits;
  /** What moves of others bear on, for members of apart-groups and of together-groups that stand on several hosts. */
  readonly ties: ReadonlyMap<number, GroupTies>;
  /** 1 for guests that have ties. */
  readonly grouped: Uint8Array;
  /** The moves that led here, in flight or done lately, the latest first: a plan may not be over. */
  readonly lately: readonly Step[];
  /** How much a move of each guest takes: milliseconds, or infinite where nobody knows. Worked out when first asked. */
  readonly durations: () => Float64Array;
}

/** A move of the plan, by number. */
export interface Step {
  readonly guest: number;
  readonly from: number;
  readonly to: number;
}

/** Two loads this near are equal: the order in which a sum was taken shall not decide. As a share of capacity. */
export const nearly = 1e-9;

/** Mean utilisation: all load over all capacity. */
export const meanOf = ({ load, capacity }: Pick<State, 'load' | 'capacity'>): number => {
  let [all, offered] = [0, 0];
  for (let h = 0; h < load.length; h++) {
    all += load[h]!;
    offered += capacity[h]!;
  }
  return offered > 0 ? all / offered : 0;
};

/** The guests that may be moved, by number. */
export const movableGuests = ({ guestHost, movable }: Pick<State, 'guestHost' | 'movable'>): readonly number[] =>
  Array.from(guestHost.keys()).filter((guest) => movable[guest] === 1 && guestHost[guest]! >= 0);

/** Puts a guest into its host's list, the heaviest first and equals in the order of names. */
export const insertSorted = (list: number[], guest: number, guestLoad: Float64Array): void => {
  const own = guestLoad[guest]!;
  let i = list.length;
  list.push(guest);
  while (i > 0) {
    const before = list[i - 1]!;
    const weight = guestLoad[before]!;
    if (weight > own || (weight === own && before < guest)) break;
    list[i] = before;
    i--;
  }
  list[i] = guest;
};
