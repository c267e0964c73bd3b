/** Leaving: the units in which guests must leave a host, and how a unit that leaves whole is judged. */
import {
  byName,
  type Bytes,
  type Cluster,
  type ObservedGuest,
  type ObservedHost,
  type Reason,
} from '../model/index.js';
import { type Constraint, judge, planned } from './constraint.js';
import { companions } from './constraints/together.js';

/** Guests that leave one host for one other together. */
export type Unit = readonly ObservedGuest[];

/** Memory of all of a unit's guests. */
export const unitMemory = (unit: Unit): Bytes => unit.reduce((sum, { memory }) => sum + memory, 0);

/** The name that a unit is ordered by. */
export const unitName = (unit: Unit): string => unit[0]?.id ?? '';

/** Guests of one host in the units in which they must leave, by name: those that must stand together leave together. */
export const leavingUnits = (cluster: Cluster, guests: readonly ObservedGuest[]): readonly Unit[] => {
  const units = new Map<string, Unit>();
  for (const guest of guests) {
    const unit = companions(guest, cluster);
    units.set(unitName(unit), unit);
  }
  return [...units.values()].sort((a, b) => byName(unitName(a), unitName(b)));
};

/** What constraints say of each member of a unit, the others being in flight to the same host. In the order of the unit. */
export const judgeUnit = (
  constraints: readonly Constraint[],
  unit: Unit,
  from: ObservedHost,
  to: ObservedHost,
  cluster: Cluster,
): readonly (readonly Reason[])[] => {
  const steps = unit.map(({ id }) => ({ guest: id, from: from.id, to: to.id }));
  return unit.map((guest, i) => judge(constraints, { guest, from, to }, planned(cluster, steps.toSpliced(i, 1))));
};
