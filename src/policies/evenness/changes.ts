/** Changes: what a plan so far might do next, and how uneven loads would be then. */
import {
  byName,
  type Cluster,
  type GuestId,
  type HostId,
  lookup,
  type ObservedHost,
  type Proposal,
} from '../../model/index.js';
import { leavingUnits, type Unit, unitMemory, unitName } from '../leaving.js';
import type { Profile } from '../phases/profile.js';
import type { EvenRules } from './settings.js';
import { spreadAround, spreadOf } from './spread.js';

/** What is to be evened out: the snapshot, and the active hosts of which everything is known, as they stand before the plan. */
export interface Ground {
  readonly rules: EvenRules;
  readonly cluster: Cluster;
  readonly profiles: readonly Profile[];
  /** Units that may move, each with where it stands and what it takes of each resource. */
  readonly units: readonly { readonly unit: Unit; readonly home: HostId; readonly taken: readonly number[] }[];
}

/** Where each unit goes that a plan moves, by its name. */
export type Targets = ReadonlyMap<string, HostId>;

/** A unit that might go to a host, in place of where it is or was to go; and how uneven loads are then. */
export interface Change {
  readonly unit: Unit;
  readonly home: HostId;
  readonly to: HostId;
  readonly after: number;
}

/** The ground of a snapshot. */
export const groundOf = (rules: EvenRules, cluster: Cluster, profiles: readonly Profile[]): Ground => {
  const units = profiles.flatMap(({ host, guests }) => {
    const takenBy = new Map<GuestId, readonly number[]>(guests.map(({ guest, taken }) => [guest.id, taken]));
    return (
      leavingUnits(
        cluster,
        guests.map(({ guest }) => guest),
      )
        // A unit of which a member is on its way already is not whole.
        .filter((unit) => unit.every(({ id }) => takenBy.has(id)))
        .map((unit) => ({
          unit,
          home: host.id,
          taken: rules.resources.map((_, i) => unit.reduce((sum, { id }) => sum + (takenBy.get(id)?.[i] ?? 0), 0)),
        }))
    );
  });
  return { rules, cluster, profiles, units };
};

/** What so much of each resource is for a host: the mean of its shares by weight. */
const weighed = ({ resources, weights }: EvenRules, host: ObservedHost, taken: readonly number[]): number =>
  resources.reduce((sum, { capacity }, i) => sum + ((taken[i] ?? 0) / capacity(host)) * (weights[i] ?? 0), 0);

/** Loads of the hosts, in their order, once the units are where they are to go. */
const loadsOf = ({ rules, profiles, units }: Ground, targets: Targets): readonly number[] => {
  const taken = new Map(profiles.map(({ host, taken: all }) => [host.id, [...all]]));
  const add = (host: HostId, amounts: readonly number[], sign: 1 | -1): void =>
    amounts.forEach((amount, i) => {
      const there = taken.get(host);
      if (there) there[i] = (there[i] ?? 0) + sign * amount;
    });
  for (const { unit, home, taken: amounts } of units) {
    const to = targets.get(unitName(unit));
    if (to === undefined) continue;
    add(home, amounts, -1);
    add(to, amounts, 1);
  }
  return profiles.map(({ host }) => weighed(rules, host, taken.get(host.id) ?? []));
};

/** How uneven loads are once the units are where they are to go. */
export const spreadWith = (ground: Ground, targets: Targets): number =>
  spreadOf(ground.rules.by, loadsOf(ground, targets));

/** Scores that are nearer to each other than this are told apart by looking at all loads; far above any error of rounding. */
const near = 1e-6;

/** Searches for the next best changes, beyond which all are put in order at once: where most are refused, that is cheaper. */
const patience = 30;

/**
 * Every change that lowers the spread, the one that lowers it most first; of equals the one that moves least memory, where that is
 * asked for, and then by name. Lazy, for mostly the first is taken.
 *
 * @param again - whether a unit that the plan moves already may be sent elsewhere, or home
 */
export function* changesFrom(ground: Ground, targets: Targets, again: boolean): Generator<Change, void> {
  const { rules, profiles, units } = ground;
  const loads = loadsOf(ground, targets);
  const now = spreadOf(rules.by, loads);
  const around = spreadAround(rules.by, loads);
  const places = new Map(profiles.map(({ host }, i) => [host.id, i]));
  const takers = profiles.map(({ host }, j) => ({ host, j, load: loads[j] ?? 0 }));
  const memory = (unit: Unit): number => (rules.ties === 'least memory' ? unitMemory(unit) : 0);

  const visit = (see: (roughly: number, exactly: () => Change) => void): void => {
    for (const { unit, home, taken } of units) {
      const target = targets.get(unitName(unit));
      if (target !== undefined && !again) continue;
      const from = takers[places.get(target ?? home) ?? -1];
      if (!from) continue;
      const atI = from.load - weighed(rules, from.host, taken);
      for (const { host: to, j, load } of takers) {
        // To where there is more already, nothing is evened out.
        if (load >= from.load) continue;
        const atJ = load + weighed(rules, to, taken);
        see(around(from.j, atI, j, atJ), () => ({
          unit,
          home,
          to: to.id,
          after: spreadOf(
            rules.by,
            loads.map((other, k) => (k === from.j ? atI : k === j ? atJ : other)),
          ),
        }));
      }
    }
  };
  const inOrder = (changes: readonly (() => Change)[]): readonly Change[] =>
    changes
      .map((exactly) => exactly())
      .filter(({ after }) => after < now)
      .sort(
        (a, b) =>
          a.after - b.after ||
          memory(a.unit) - memory(b.unit) ||
          byName(unitName(a.unit), unitName(b.unit)) ||
          byName(a.to, b.to),
      );

  let floor = -Infinity;
  for (let searches = 0; searches < patience; searches++) {
    let best = now + near;
    const found: { readonly roughly: number; readonly exactly: () => Change }[] = [];
    visit((roughly, exactly) => {
      if (roughly <= floor || roughly > best + near) return;
      found.push({ roughly, exactly });
      best = Math.min(best, roughly);
    });
    if (found.length === 0) return;
    yield* inOrder(found.flatMap(({ roughly, exactly }) => (roughly <= best + near ? [exactly] : [])));
    floor = best + near;
  }
  const rest: (() => Change)[] = [];
  visit((roughly, exactly) => {
    if (roughly > floor && roughly <= now + near) rest.push(exactly);
  });
  yield* inOrder(rest);
}

/** The moves that bring units where they are to go, in the order of the targets, without evidence. */
export const stepsTo = ({ units }: Ground, targets: Targets): readonly Omit<Proposal, 'because'>[] =>
  [...targets].flatMap(([name, to]) =>
    units
      .filter(({ unit }) => unitName(unit) === name)
      .flatMap(({ unit, home }) => unit.map(({ id }) => ({ guest: id, from: home, to }))),
  );

/** A host of the snapshot by its name. */
export const hostOf = ({ cluster }: Ground, id: HostId): ObservedHost | undefined => lookup(cluster).host(id);
