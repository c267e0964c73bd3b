/** Planner: a policy that plans for the whole cluster at once, and what it would do in all its waves. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { precopy } from '../../estimators/index.js';
import { level } from '../../metrics/index.js';
import {
  type Cluster,
  compare,
  guestSubject,
  type HostId,
  hostSubject,
  type Milliseconds,
  type PassedOver,
  type Plan,
  type Proposal,
  type Reason,
  wholeCluster,
} from '../../model/index.js';
import { ordered } from '../ordered.js';
import { definePolicy, type Policy } from '../policy.js';
import { sift } from '../sift.js';
import { judge } from '../constraint.js';
import { moveDuration } from './duration.js';
import { type PlannerRules, plannerRules, type PlannerSettings } from './goal.js';
import { leftOver } from './left-over.js';
import { type Loaded, loadState } from './load-state.js';
import { type Potential, potentialOf, reversed } from './potential.js';
import { weightsOf, withoutHeld } from './reluctance.js';
import { solve } from './solve.js';
import type { State, Step } from './state.js';
import { type Taste, tastesOf } from './tastes.js';
import { membersOf } from './ties.js';
import { lengthOf, type Waved, wavesOf } from './waves.js';

/** A move of a whole plan, in the wave that it runs in, counted from 1. */
export type WavedProposal = Proposal & { readonly wave: number };

/** All that a planner would do, in waves. */
export interface WholePlan {
  /** In the order of waves. Within a wave all moves may run at once; the next begins when all of one are over. */
  readonly moves: readonly WavedProposal[];
  readonly passedOver: readonly PassedOver[];
  /** What any plan must cost, or leave, at least; what this one does. Moves, bytes, milliseconds, hosts or a share, as the goal says. */
  readonly bound: number;
  readonly reached: number;
  /** Predicted duration of all waves, each as long as its longest move; absent where it is not known of one. */
  readonly duration?: Milliseconds;
  /** Hosts for which the goal is not reached; `passedOver` says why. */
  readonly left: readonly HostId[];
  /** A lower spread that a placement within the budget would leave, to which no order of moves was found. */
  readonly noPath?: number;
}

/** A snapshot in the order of names as a state, in which guests that must stay may not be moved. */
const loadFor = (rules: PlannerRules, cluster: Cluster): Loaded => {
  const { resource, constraints } = rules;
  const { state, passedOver } = loadState(cluster, { resource, constraints, durationOf: moveDuration(precopy()) });
  return { state: withoutHeld(state, weightsOf(state, rules)), passedOver };
};

/** How a move changes what the goal wants to fall. */
const gained = (potential: Potential, before: number, after: number, relation: 'below' | 'at most'): Reason =>
  compare({
    rule: 'planner.gain',
    subject: wholeCluster,
    measure: `${potential.measure} afterwards`,
    value: after,
    relation,
    limit: before,
    unit: 'none',
  });

/** What a preference says of a move: that the guest will stand less amiss, or that it costs something. */
const liked = (state: State, guest: number, { name, here, there }: Taste): Reason =>
  compare({
    rule: 'planner.preference',
    subject: guestSubject(state.guests[guest]!.id),
    measure: `what stands amiss there of ${name}`,
    value: there,
    relation: there < here ? 'below' : 'above',
    limit: here,
    unit: 'fraction',
  });

/** The next best destination of a guest, and what it would have left. */
const runnerUp = (
  state: State,
  potential: Potential,
  taken: Float64Array,
  step: Step,
  best: number,
): PassedOver | undefined => {
  const { guest, from, to } = step;
  let [second, least] = [-1, Infinity];
  for (let other = 0; other < state.hosts.length; other++) {
    if (other === from || other === to || taken[other]! + state.guestMemory[guest]! > state.room[other]!) continue;
    if (!state.admits(guest, other)) continue;
    const there = { guest, from, to: other };
    potential.apply(there);
    const value = potential.value();
    potential.apply(reversed(there));
    if (value < least) [second, least] = [other, value];
  }
  // Elsewhere it might have been better for this move alone; then it is the rest of the plan that speaks against it.
  if (second < 0 || least <= best) return undefined;
  return {
    subject: guestSubject(state.guests[guest]!.id),
    to: state.hosts[second]!.id,
    because: [gained(potential, best, least, 'at most')],
  };
};

/** Runners-up are named in plans of some dozen moves, which people read. */
const readable = 50;

/** The moves with their evidence. A policy proposes only those that help by themselves, however few of the others follow. */
const tell = (
  state: State,
  rules: PlannerRules,
  waved: readonly Waved[],
  alone: boolean,
): { readonly moves: readonly WavedProposal[]; readonly passedOver: readonly PassedOver[] } => {
  const potential = potentialOf(state, rules.goal, rules.preferences);
  const tastes = tastesOf(state, rules.preferences);
  const taken = state.taken.slice();
  const moves: WavedProposal[] = [];
  const passedOver: PassedOver[] = [];
  let before = potential.value();
  for (const step of waved) {
    const { guest, from, to, wave } = step;
    potential.apply(step);
    const after = potential.value();
    const helps = after < before - potential.least;
    if (alone && !helps) {
      potential.apply(reversed(step));
      continue;
    }
    const [subject, memory] = [hostSubject(state.hosts[to]!.id), state.guestMemory[guest]!];
    const free = state.room[to]! - taken[to]!;
    const cost = compare({
      rule: 'planner.cost',
      subject,
      measure: 'free memory',
      value: free,
      relation: 'at least',
      limit: memory,
      unit: 'bytes',
    });
    const gain = helps ? [gained(potential, before, after, 'below')] : [];
    // A move that only makes way for others has room, and that is what speaks for it.
    const tasted = tastes.parts(guest, from, to).map((taste) => liked(state, guest, taste));
    const because = [...gain, ...tasted, ...(cost.holds ? [cost] : [])];
    tastes.shift(guest, from, to);
    if (waved.length <= readable) {
      potential.apply(reversed(step));
      const second = runnerUp(state, potential, taken, step, after);
      potential.apply(step);
      if (second) passedOver.push(second);
    }
    taken[to]! += memory;
    if (!alone) taken[from]! -= memory;
    const [source, destination] = [state.hosts[from]!.id, state.hosts[to]!.id];
    for (const member of membersOf(state.units, guest))
      moves.push({ guest: state.guests[member]!.id, from: source, to: destination, because, wave });
    before = after;
  }
  return { moves, passedOver };
};

/**
 * All that a planner would do on a snapshot, in waves that can be carried out one after the other.
 *
 * @param goOn - called between steps of the search; false gives the best so far. A caller with a clock makes a deadline of it
 * @throws SettingsError where a setting is wrong
 *
 * @example
 * const { moves, duration } = wholePlan({ goal: { relieve: { mark: percent(80) } } }, cluster);
 */
export const wholePlan = (settings: PlannerSettings, cluster: Cluster, goOn?: () => boolean): WholePlan => {
  const rules = plannerRules(settings);
  const { state, passedOver } = loadFor(rules, ordered(cluster));
  const found = solve(state, rules, goOn);
  const waved = wavesOf(state, found.steps, rules.perHost, rules.perLink);
  const told = tell(state, rules, waved, false);
  const duration = lengthOf(waved, state.durations());
  return {
    moves: told.moves,
    passedOver: [...passedOver, ...leftOver(state, rules, found, cluster.hosts), ...told.passedOver],
    bound: found.bound,
    reached: found.reached,
    ...(duration < Infinity ? { duration } : {}),
    left: found.left.map(({ host }) => state.hosts[host]!.id),
    ...(found.noPath === undefined ? {} : { noPath: found.noPath }),
  };
};

const planWith = (rules: PlannerRules, cluster: Cluster): Plan => {
  const { state, passedOver } = loadFor(rules, cluster);
  const found = solve(state, rules);
  const first = wavesOf(state, found.steps, rules.perHost, rules.perLink).filter(({ wave }) => wave === 1);
  const told = tell(state, rules, first, true);
  const plan = {
    moves: told.moves.map(({ guest, from, to, because }) => ({ guest, from, to, because })),
    passedOver: [...passedOver, ...leftOver(state, rules, found, cluster.hosts), ...told.passedOver],
  };
  // Of guests of which nothing special is asked the constraints have been kept by construction.
  const special = first.some(({ guest }) => state.plain[guest] === 0);
  return special ? sift('planner', cluster, plan, (move, soFar) => judge(rules.constraints, move, soFar)) : plan;
};

/**
 * A policy that plans for the whole cluster at once: relief with the least that must move, balance as even as a budget allows,
 * hbal's own way, or the fewest hosts. It proposes the first wave of its plan, as far as each move helps by itself; what the next
 * snapshot shows is planned anew. Hosts of which anything is not known take no part, guests in flight count where they go and
 * hold memory at both ends. Guests that must stand together leave together, in one wave.
 *
 * @throws SettingsError where a setting is wrong: `planner.goal.relieve.mark: …`
 *
 * @example
 * const cool = planner({ goal: { relieve: { mark: percent(80), minimise: 'memory' } } });
 * const even = planner({ goal: { balance: { of: 'cpu+memory' } }, budget: { moves: 10 } });
 */
export const planner = (settings: PlannerSettings): Policy => {
  const rules = plannerRules(settings);
  return definePolicy({
    name: 'planner',
    watch: { guest: { [rules.resource.name]: rules.signal ?? level(rules.resource.measure) } },
    plan: (cluster) => planWith(rules, cluster),
  });
};
