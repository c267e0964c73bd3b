/** Rebalance: moves at most so many guests, or so much cost, to make the largest load as small as that allows. */
import { level } from '../../metrics/index.js';
import {
  byName,
  type Cluster,
  compare,
  type Compared,
  hostSubject,
  lookFor,
  type PassedOver,
  type Plan,
  type Proposal,
  wholeCluster,
} from '../../model/index.js';
import { planned } from '../constraint.js';
import { evaluateLoads, type HostLoad } from '../phases/load.js';
import { definePolicy, type Policy } from '../policy.js';
import { type Found, rebalancePool } from './pool.js';
import { type RebalanceRules, rebalanceRules, type RebalanceSettings } from './settings.js';

/** Hosts in pools of equal capacity; the pool with the most loaded host first. */
const poolsOf = ({ resource }: RebalanceRules, hosts: readonly HostLoad[]): readonly (readonly HostLoad[])[] => {
  const pools = new Map<number, HostLoad[]>();
  const falling = [...hosts].sort((a, b) => b.share - a.share || byName(a.host.id, b.host.id));
  for (const load of falling) {
    const capacity = resource.capacity(load.host);
    const pool = pools.get(capacity);
    if (pool) pool.push(load);
    else pools.set(capacity, [load]);
  }
  return [...pools.values()].map((pool) => [...pool].sort((a, b) => byName(a.host.id, b.host.id)));
};

const among = (pool: readonly HostLoad[]): string =>
  pool.length > 3
    ? `${pool.length} equal hosts from ${pool[0]?.host.id ?? ''} on`
    : pool.map(({ host }) => host.id).join(', ');

const gained = (
  { smallestGain, resource: { name, unit } }: RebalanceRules,
  pool: readonly HostLoad[],
  { before, after }: Found,
): Compared =>
  compare({
    rule: 'rebalance.gain',
    subject: wholeCluster,
    measure: `largest ${name} of ${among(pool)} afterwards`,
    value: after,
    relation: 'at most',
    limit: before - smallestGain,
    unit,
  });

const spent = ({ limit: { kind, most } }: RebalanceRules, value: number): Compared =>
  compare({
    rule: `rebalance.${kind}`,
    subject: wholeCluster,
    measure: kind === 'moves' ? 'moves in the plan' : 'cost of the moves in the plan',
    value,
    relation: 'at most',
    limit: most,
    unit: kind === 'moves' ? 'count' : 'milliseconds',
  });

const planWith = (rules: RebalanceRules, cluster: Cluster): Plan => {
  const { resource, limit } = rules;
  const loads = evaluateLoads(cluster, resource, ({ signals }) => {
    // The policy watches this name with a signal of numbers.
    const reading = signals[resource.name];
    return typeof reading === 'number' ? reading : undefined;
  });
  const passedOver: PassedOver[] = [];
  const hosts: HostLoad[] = [];
  for (const load of loads) {
    const { id, state: value } = load.host;
    const subject = hostSubject(id);
    if (value !== 'active')
      passedOver.push({
        subject,
        because: [lookFor({ rule: 'rebalance', subject, measure: 'state', value, among: ['active'] })],
      });
    else if (load.kind === 'unknown') passedOver.push({ subject, because: load.because });
    else hosts.push(load);
  }
  const moves: Proposal[] = [];
  let cost = 0;
  for (const pool of poolsOf(rules, hosts)) {
    const found = rebalancePool(rules, planned(cluster, moves), pool, limit.most - cost);
    const gain = gained(rules, pool, found);
    passedOver.push(...found.passedOver);
    if (!gain.holds) {
      passedOver.push({ subject: wholeCluster, because: [gain] });
      continue;
    }
    cost += found.cost;
    const price = spent(rules, cost);
    moves.push(...found.moves.map((move) => ({ ...move, because: [gain, price, ...move.because] })));
  }
  const moved = new Set(moves.map(({ guest }) => guest));
  return {
    moves,
    // What a guest that moves was refused on the way to its place is told with its destination only.
    passedOver: passedOver.filter(
      ({ subject, to }) => to !== undefined || subject.kind !== 'guest' || !moved.has(subject.id),
    ),
  };
};

/**
 * Load rebalancing (Wilcox 2008, §1.2.2, after Aggarwal, Motwani and Zhu; W23): at most `moves` guests are moved, or guests that
 * cost at most `cost` together, so that the largest load of a host is as small as that allows: within 2 − 1/m of the least by
 * GREEDY, within 1.5 by M-PARTITION, and the least itself in small cases.
 *
 * The factors are those of equal hosts and guests that may go anywhere; so hosts of equal capacity are balanced among
 * themselves, and what a constraint forbids goes elsewhere or stays, for which there is no bound (with such rules the problem
 * has no approximation). Guests move singly: one that must stand together with others stays. Guests in flight count where
 * they go; hosts of which anything is not known take no part.
 *
 * @example
 * const few = rebalance({ moves: 3 });
 * const cheap = rebalance({ cost: minutes(2), costOf: (guest) => transferTime(guest.memory, gbps(1)) });
 * @throws SettingsError where a setting is wrong: `rebalance.costOf: cost and costOf belong together`
 */
export const rebalance = (settings: RebalanceSettings): Policy => {
  const rules = rebalanceRules(settings);
  return definePolicy({
    name: 'rebalance',
    watch: { guest: { [rules.resource.name]: rules.signal ?? level(rules.resource.measure) } },
    plan: (cluster) => planWith(rules, cluster),
  });
};
