/** Planner: a policy that plans for the whole cluster at once, and what it would do in all its waves. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { precopy } from '../../estimators/index.js';
import { level } from '../../metrics/index.js';
import type { Cluster, HostId, Milliseconds, PassedOver, Plan } from '../../model/index.js';
import { judge } from '../constraint.js';
import { ordered } from '../ordered.js';
import { definePolicy, type Policy } from '../policy.js';
import { sift } from '../sift.js';
import { moveDuration } from './duration.js';
import { type PlannerRules, plannerRules, type PlannerSettings } from './goal.js';
import { leftOver } from './left-over.js';
import { type Loaded, loadState } from './load-state.js';
import { nextWave } from './next-wave.js';
import { weightsOf, withoutHeld } from './reluctance.js';
import { type Found, solve } from './solve.js';
import { tell, type WavedProposal } from './told.js';
import { unspent } from './unspent.js';
import { lengthOf, wavesOf } from './waves.js';
import { afterwards } from './way.js';

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
  const told = tell(state, rules, waved);
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
  const plan = (snapshot: Cluster): Loaded & { readonly found: Found } => {
    const loaded = loadFor(rules, snapshot);
    return { ...loaded, found: solve(loaded.state, unspent(rules, loaded.state)) };
  };
  const { state, passedOver, found } = plan(cluster);
  const next = nextWave(state, rules, found, (made) => plan(afterwards(cluster, state, made)).found);
  const told = tell(state, rules, next.wave, next.because);
  const now = {
    moves: told.moves.map(({ guest, from, to, because }) => ({ guest, from, to, because })),
    passedOver: [...passedOver, ...leftOver(state, rules, found, cluster.hosts), ...told.passedOver, ...next.idle],
  };
  // Of guests of which nothing special is asked the constraints have been kept by construction.
  const special = next.wave.some(({ guest }) => state.plain[guest] === 0);
  return special ? sift('planner', cluster, now, (move, soFar) => judge(rules.constraints, move, soFar)) : now;
};

/**
 * A policy that plans for the whole cluster at once: relief with the least that must move, balance as even as a budget allows,
 * hbal's own way, or the fewest hosts. It proposes the first wave of its plan, with moves that only make way for others where that leads on, and plans anew
 * from the next snapshot, to the same end. Hosts of which anything is not known take no part, guests in flight count where they go and
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
