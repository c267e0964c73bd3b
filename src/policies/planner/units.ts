/** Units: guests that must leave their host together, joined into one that stands for all of them. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import type { Cluster, ObservedGuest } from '../../model/index.js';
import type { Constraint } from '../constraint.js';
import { keptTogether } from '../constraints/together.js';
import { leavingUnits } from '../leaving.js';
import { insertSorted } from './state.js';
import type { GuestUnits } from './ties.js';

const none: GuestUnits = new Map();

/**
 * The units of a snapshot, as far as all of their guests may be moved; others stay. None where the constraints let groups be torn.
 *
 * @param guests - by number, in the order of names
 */
export const movableUnits = (
  cluster: Cluster,
  constraints: readonly Constraint[],
  guests: readonly ObservedGuest[],
  movable: Uint8Array,
): GuestUnits => {
  const grouped = Array.from(guests.keys()).filter((g) => guests[g]!.together.length > 0);
  if (grouped.length === 0 || !constraints.includes(keptTogether)) return none;
  const numbers = new Map(grouped.map((g) => [guests[g]!.id, g]));
  const units = leavingUnits(
    cluster,
    grouped.map((g) => guests[g]!),
  ).map((unit) => unit.map(({ id }) => numbers.get(id)!));
  const able = units.filter((unit) => unit.length > 1 && unit.every((member) => movable[member] === 1));
  return new Map(able.map((unit) => [unit[0]!, unit]));
};

/** Lets the first of each unit take what all of them take, and the others nothing: they go where it goes. */
export const join = (
  units: GuestUnits,
  state: {
    readonly guestLoad: Float64Array;
    readonly guestMemory: Float64Array;
    readonly guestHost: Int32Array;
    readonly movable: Uint8Array;
    readonly on: number[][];
  },
): void => {
  const { guestLoad, guestMemory, guestHost, movable, on } = state;
  for (const [first, members] of units) {
    const list = on[guestHost[first]!]!;
    for (const member of members) {
      list.splice(list.indexOf(member), 1);
      if (member === first) continue;
      guestLoad[first]! += guestLoad[member]!;
      guestMemory[first]! += guestMemory[member]!;
      guestLoad[member] = 0;
      guestMemory[member] = 0;
      movable[member] = 0;
    }
    insertSorted(list, first, guestLoad);
  }
};
