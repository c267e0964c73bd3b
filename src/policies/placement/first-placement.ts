/** First placement: where guests that do not run yet would stand best, so that nothing need be moved afterwards. */
import {
  byName,
  type Cluster,
  cpuCapacity,
  type Guest,
  type GuestId,
  guestSubject,
  holds,
  type Hertz,
  type Host,
  type HostId,
  lookup,
  type ObservedGuest,
  type ObservedHost,
  type PassedOver,
} from '../../model/index.js';
import { type Constraint, planned } from '../constraint.js';
import { standardConstraints } from '../constraints/standard.js';
import { judgeUnit, leavingUnits, type Unit, unitName } from '../leaving.js';

/** Guests to place, and what is expected of them. */
export interface FirstPlacementOptions {
  readonly hosts: readonly Host[];
  /** Where they say that they stand does not matter. */
  readonly guests: readonly Guest[];
  /** Processor cycles per second that a guest is expected to want; not negative. */
  readonly wants: (guest: Guest) => Hertz;
  /** What every place must keep. @defaultValue the standard constraints */
  readonly constraints?: readonly Constraint[];
}

/** Where guests go, and which of them find no place, and why. */
export interface FirstPlacement {
  readonly places: ReadonlyMap<GuestId, HostId>;
  readonly passedOver: readonly PassedOver[];
}

/** No host is called so: names are not empty. */
const nowhere: HostId = '';

const observed = <Thing>(thing: Thing): Thing & Pick<ObservedHost, 'knowledge' | 'signals'> => ({
  ...thing,
  knowledge: { kind: 'fresh', at: 0 },
  signals: {},
});

/** A place that is like a host, but for what stands on it: coming from there, only what the host itself is matters. */
const outsideOf = (host: ObservedHost): ObservedHost => ({ ...host, id: nowhere, state: 'active', storage: [] });

/**
 * Places guests as well as can be done before they run (after Eager, Lazowska and Zahorjan 1988, as told by Wilcox, §1.2.2; W24: the arm
 * that migration must beat): those that want most processor first, each to the host that is least loaded with it, by its own
 * capacity (longest processing time first, within 4/3 of the best on equal hosts; Graham 1969). Constraints hold all the
 * while; guests that must stand together go together.
 *
 * @example
 * const { places } = firstPlacement({ hosts, guests, wants: ({ vcpus }) => vcpus * gigahertz(1) });
 */
export const firstPlacement = ({
  hosts,
  guests,
  wants,
  constraints = standardConstraints,
}: FirstPlacementOptions): FirstPlacement => {
  const there = [...hosts].sort((a, b) => byName(a.id, b.id)).map((host) => observed(host));
  const coming: readonly ObservedGuest[] = [...guests]
    .sort((a, b) => byName(a.id, b.id))
    .map((guest) => observed({ ...guest, host: nowhere }));
  const start: Cluster = { at: 0, hosts: there, guests: coming, migrations: [], past: [] };
  const wanted = (unit: Unit): Hertz => unit.reduce((sum, guest) => sum + wants(guest), 0);
  const largest = [...leavingUnits(start, coming)].sort(
    (a, b) => wanted(b) - wanted(a) || byName(unitName(a), unitName(b)),
  );
  const loads = new Map<HostId, Hertz>();
  const places = new Map<GuestId, HostId>();
  const passedOver: PassedOver[] = [];
  for (const unit of largest) {
    const now = planned(
      start,
      [...places].map(([guest, to]) => ({ guest, from: nowhere, to })),
    );
    const share = (host: ObservedHost): number => ((loads.get(host.id) ?? 0) + wanted(unit)) / cpuCapacity(host);
    const best = [...there].sort(
      (a, b) =>
        share(a) - share(b) || lookup(now).freeMemory(b.id) - lookup(now).freeMemory(a.id) || byName(a.id, b.id),
    );
    const refused: PassedOver[] = [];
    const to = best.find((host) => {
      const reasons = judgeUnit(constraints, unit, outsideOf(host), host, now);
      refused.push(
        ...unit.flatMap(({ id }, i): readonly PassedOver[] => {
          const because = (reasons[i] ?? []).filter((reason) => !holds(reason));
          return because.length > 0 ? [{ subject: guestSubject(id), to: host.id, because }] : [];
        }),
      );
      return reasons.every((each) => each.every(holds));
    });
    if (!to) {
      passedOver.push(...refused);
      continue;
    }
    for (const { id } of unit) places.set(id, to.id);
    loads.set(to.id, (loads.get(to.id) ?? 0) + wanted(unit));
  }
  return { places, passedOver };
};
