/** Follow: a planner that keeps its state from one snapshot to the next, and pays for what has changed. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { precopy } from '../../estimators/index.js';
import type { Cluster, GuestId, HostId, ObservedGuest } from '../../model/index.js';
import { ordered } from '../ordered.js';
import { moveDuration } from './duration.js';
import { plannerRules, type PlannerSettings } from './goal.js';
import { type Loaded, loadState } from './load-state.js';
import { type Found, solve } from './solve.js';
import { insertSorted, meanOf, nearly, type State } from './state.js';

/** A planner that follows a cluster. */
export interface Follower {
  /** The state as it is known. */
  readonly state: () => State;
  /** Takes a whole snapshot. */
  readonly load: (cluster: Cluster) => void;
  /**
   * Takes guests that read otherwise than before, each where it stood. In proportion to their number.
   *
   * @returns false where a guest is new, has gone elsewhere, must leave with others, is changed in more than its reading, or is not known; then a whole
   * snapshot is needed, and nothing has been taken
   */
  readonly change: (guests: readonly ObservedGuest[]) => boolean;
  /**
   * Whether the goal is reached as things stand; looks at hosts only. For hbal and consolidation, which have no mark, false, and for
   * balance with preferences, for there guests count.
   */
  readonly atRest: () => boolean;
  /** The plan for the state as it is. */
  readonly solve: (goOn?: () => boolean) => Found;
}

const nothingToDo: Found = { steps: [], bound: 0, reached: 0, left: [] };

/**
 * Follows a cluster from a first snapshot on.
 *
 * @throws SettingsError where a setting is wrong
 */
export const follow = (settings: PlannerSettings, first: Cluster): Follower => {
  const rules = plannerRules(settings);
  const { goal, resource, constraints } = rules;
  const reading = { resource, constraints, durationOf: moveDuration(precopy()) };
  const read = (cluster: Cluster): Loaded => loadState(ordered(cluster), reading);
  let { state } = read(first);
  const numbers = new Map<GuestId, number>();
  /** Guests that leave together: what one reads bears on what stands for all. */
  let joint = new Set<number>();
  const number = (): void => {
    numbers.clear();
    joint = new Set([...state.units.values()].flat());
    state.guests.forEach(({ id }, g) => numbers.set(id, g));
  };
  number();
  const hostId = (host: number): HostId | undefined => state.hosts[host]?.id;
  const isSame = (guest: ObservedGuest, g: number): boolean => {
    const { host, memory, vcpus, migratable } = state.guests[g]!;
    const value = guest.signals[resource.name];
    return (
      guest.host === host &&
      !joint.has(g) &&
      hostId(state.guestHost[g]!) === host &&
      guest.memory === memory &&
      guest.vcpus === vcpus &&
      guest.migratable === migratable &&
      guest.knowledge.kind === 'fresh' &&
      typeof value === 'number' &&
      value >= 0 &&
      value < Infinity
    );
  };
  const atRest = (): boolean => {
    const { load, capacity } = state;
    const n = load.length;
    if (goal.kind === 'relieve') {
      for (let h = 0; h < n; h++) if (load[h]! > (goal.mark + nearly) * capacity[h]!) return false;
      return true;
    }
    if (goal.kind !== 'balance' || goal.of.memory > 0 || rules.budget.moves < Infinity) return false;
    if (rules.preferences.length > 0) return false;
    const mean = meanOf(state);
    for (let h = 0; h < n; h++) if (Math.abs(load[h]! / capacity[h]! - mean) > goal.within) return false;
    return true;
  };
  return {
    state: () => state,
    load: (cluster) => {
      ({ state } = read(cluster));
      number();
    },
    change: (guests) => {
      const places = guests.map(({ id }) => numbers.get(id) ?? -1);
      if (!guests.every((guest, i) => places[i]! >= 0 && isSame(guest, places[i]!))) return false;
      guests.forEach((guest, i) => {
        const g = places[i]!;
        const host = state.guestHost[g]!;
        const value = guest.signals[resource.name];
        const own = resource.taken(typeof value === 'number' ? value : 0, guest, state.hosts[host]!);
        state.load[host]! += own - state.guestLoad[g]!;
        state.guestLoad[g] = own;
        const list = state.on[host]!;
        const at = list.indexOf(g);
        if (at < 0) return;
        list.splice(at, 1);
        insertSorted(list, g, state.guestLoad);
      });
      return true;
    },
    atRest,
    solve: (goOn) => (atRest() ? nothingToDo : solve(state, rules, goOn)),
  };
};
