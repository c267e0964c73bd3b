/** Laws of policies that balance; not every policy promises them, so each is asked for by name. */
import { type Cluster, type Fraction, type HostId, type ObservedGuest } from '../../model/index.js';
import { cpuCycles, evaluateLoads } from '../../policies/index.js';
import { applied } from '../applied.js';
import type { Law } from '../law.js';

/** What every host carries, as a share of what it offers; a host of which this is not known is left out. */
export type LoadsOf = (cluster: Cluster) => ReadonlyMap<HostId, Fraction>;

/** How bad a state is, lower is better; `undefined` where it is not known. */
export type Badness = (cluster: Cluster) => number | undefined;

/**
 * Loads of the processors, by a signal of guests.
 *
 * @param signal - name of the guests' signal that holds the share of their vCPUs that is used
 */
export const loadsBy =
  (signal = 'cpu'): LoadsOf =>
  (cluster) =>
    new Map(
      evaluateLoads(cluster, cpuCycles, ({ signals }) => {
        const value = signals[signal];
        return typeof value === 'number' ? value : undefined;
      }).flatMap((load) => (load.kind === 'known' ? [[load.host.id, load.share] as const] : [])),
    );

const said = (moves: readonly { readonly guest: string; readonly from: string; readonly to: string }[]): string =>
  moves.map(({ guest, from, to }) => `${guest} ${from} → ${to}`).join(', ');

/** The snapshot with every host made like the first that is known, with guests like that one's; nothing moves or has moved. */
export const homogeneous = (cluster: Cluster): Cluster => {
  const model = cluster.hosts.find(({ state, knowledge }) => state === 'active' && knowledge.kind === 'fresh');
  if (!model) return { ...cluster, hosts: [], guests: [], migrations: [], past: [] };
  const carried = cluster.guests.filter(({ host }) => host === model.id);
  return {
    at: cluster.at,
    hosts: cluster.hosts.map(({ id }) => ({ ...model, id })),
    guests: cluster.hosts.flatMap(({ id }) =>
      carried.map((guest): ObservedGuest => ({
        ...guest,
        id: `${guest.id}-on-${id}`,
        host: id,
        together: [],
        apart: [],
        pins: [],
      })),
    ),
    migrations: [],
    past: [],
  };
};

/** A cluster of equal hosts with equal guests yields no move (ganeti, `prop_Cluster`). */
export const equalHostsRest: Law = (policy, cluster) => {
  const { moves } = policy.plan(homogeneous(cluster));
  return moves.length === 0 ? [] : [`equal hosts with equal guests, and yet: ${said(moves)}`];
};

/** Planning the state that a plan leads to yields no move: its result needs no further balancing. */
export const restsAtOnce: Law = (policy, cluster) => {
  const plan = policy.plan(cluster);
  if (plan.moves.length === 0) return [];
  const { moves } = policy.plan(applied(cluster, plan));
  return moves.length === 0 ? [] : [`after ${said(plan.moves)} it goes on with ${said(moves)}`];
};

/** Sums are taken in another order before and after. */
const slack = 1e-9;

/** Every beginning of a plan is at least as good as the one before it, so that a plan may end at any move. */
export const everyStepAsGood =
  (badness: Badness): Law =>
  (policy, cluster) => {
    const { moves } = policy.plan(cluster);
    const rated = [0, ...moves.keys()].map((_, i) =>
      badness(applied(cluster, { moves: moves.slice(0, i), passedOver: [] })),
    );
    return moves.flatMap(({ guest, to }, i) => {
      const [before, after] = [rated[i], rated[i + 1]];
      return before !== undefined && after !== undefined && after > before + slack
        ? [`${guest} to ${to} makes it worse: ${after} in place of ${before}`]
        : [];
    });
  };

/** No host that was at or under a mark ends over it. */
export const staysUnder =
  (mark: Fraction, loads: LoadsOf = loadsBy()): Law =>
  (policy, cluster) => {
    const plan = policy.plan(cluster);
    const [before, after] = [loads(cluster), loads(applied(cluster, plan))];
    return [...after].flatMap(([host, share]) =>
      share > mark + slack && (before.get(host) ?? Infinity) <= mark
        ? [`${host} was at ${before.get(host) ?? 0} and ends at ${share}, over ${mark}`]
        : [],
    );
  };
