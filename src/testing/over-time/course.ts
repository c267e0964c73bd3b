/** Course: what a policy does to a site over time, decided by the real engine, carried out by the simulation. */
import { engine, type EngineEvent, type EngineOptions } from '../../engine/index.js';
import type { Milliseconds, MigrationOrder } from '../../model/index.js';
import type { Policy } from '../../policies/index.js';
import { simulatedCluster, virtualTime } from '../../simulation/index.js';
import type { Site } from './sites.js';

/** For how long a site is watched, and how often is decided. */
export interface Pace {
  readonly lasting: Milliseconds;
  readonly every: Milliseconds;
  /** Further options of the engine, such as its limits. */
  readonly engine?: Pick<EngineOptions, 'limits' | 'backOff' | 'convergence' | 'constraints' | 'remember'>;
}

/** A move that was begun, and when it was done, if it was. */
export interface MoveInTime extends Pick<MigrationOrder, 'guest' | 'from' | 'to'> {
  readonly at: Milliseconds;
  readonly doneAt?: Milliseconds;
}

/** What happened. */
export interface Course {
  readonly moves: readonly MoveInTime[];
  /** Everything that the engine told, in order. */
  readonly events: readonly EngineEvent[];
}

const movesOf = (events: readonly EngineEvent[]): readonly MoveInTime[] => {
  const ends = new Map(
    events.flatMap((event) => (event.kind === 'ended' ? [[event.outcome.id, event.at] as const] : [])),
  );
  return events.flatMap((event): readonly MoveInTime[] => {
    if (event.kind !== 'admitted') return [];
    const { id, guest, from, to } = event.order;
    const doneAt = ends.get(id);
    return [{ guest, from, to, at: event.at, ...(doneAt === undefined ? {} : { doneAt }) }];
  });
};

/**
 * Lets a policy decide over a site for some time, of a clock that runs as fast as the machine allows. Equal input gives an
 * equal course.
 */
export const courseOf = (policy: Policy, site: Site, { lasting, every, engine: also = {} }: Pace): Course => {
  const time = virtualTime();
  const { hosts, guests, workloads, faults } = site;
  const driver = simulatedCluster({
    hosts,
    guests,
    workloads,
    faults: { scheduled: faults },
    sampling: { every },
    scheduler: time.scheduler,
  });
  const events: EngineEvent[] = [];
  const running = engine({ ...also, driver, policy, every, scheduler: time.scheduler }).subscribe((event) =>
    events.push(event),
  );
  time.run(lasting);
  running.unsubscribe();
  return { moves: movesOf(events), events };
};
