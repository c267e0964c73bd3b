/** Meter: what the cluster was asked for, what it gave, and what migrations cost, from the start until now. */
import type { Bytes, GuestId, HostId, Milliseconds } from '../model/index.js';
import { totalsOf } from './counters.js';
import type { World } from './machines.js';
import { sentBy } from './pre-copy.js';

/** What a guest asked for and got. */
export interface GuestMeter {
  /** Cycles that it would have used, had every vCPU had a core to itself; above that, what its trace asks for. */
  readonly demanded: number;
  /** Cycles that it got. */
  readonly served: number;
  /** Cycles that wait to be served later. */
  readonly backlog: number;
  /** Time in which it stood still for migrations. */
  readonly downtime: Milliseconds;
  /** Time in which it was dead. */
  readonly dead: Milliseconds;
}

/** What a host was asked for and gave, its own needs and those of migrations included. */
export interface HostMeter {
  readonly demanded: number;
  readonly served: number;
  /** Time in which more was demanded than the overload mark allows. */
  readonly overloaded: Milliseconds;
  /** Joules drawn, zero where the host has no power curve. */
  readonly energy: number;
}

/** What migrations came to. */
export interface MigrationMeter {
  readonly started: number;
  readonly done: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Bytes sent, by those that failed or are under way too. */
  readonly bytes: Bytes;
  /** Time for which guests of finished moves stood still. */
  readonly downtime: Milliseconds;
}

/** Readings from the start of the simulation until `at`. */
export interface MeterReading {
  readonly at: Milliseconds;
  readonly guests: ReadonlyMap<GuestId, GuestMeter>;
  readonly hosts: ReadonlyMap<HostId, HostMeter>;
  readonly migrations: MigrationMeter;
  /** Sums over guests of what they asked for and got, and over hosts of their overload and energy. */
  readonly total: {
    readonly demanded: number;
    readonly served: number;
    readonly overloaded: Milliseconds;
    readonly energy: number;
  };
}

const sum = <T>(things: Iterable<T>, of: (thing: T) => number): number => {
  let total = 0;
  for (const thing of things) total += of(thing);
  return total;
};

/** Reads the meter. A guest that was removed is no longer read; hosts keep what they gave it. */
export const readMeter = (world: World): MeterReading => {
  const guests = new Map<GuestId, GuestMeter>();
  const hosts = new Map<HostId, HostMeter>();
  for (const machine of world.guests.values()) {
    const totals = totalsOf(machine.counter, world.now);
    const { trace } = machine;
    const waiting =
      trace?.trace.unserved === 'carried over'
        ? trace.backlog + ((trace.wanted - trace.rate) * (world.now - machine.since)) / 1000
        : 0;
    guests.set(machine.id, {
      demanded: totals.demanded,
      served: totals.served,
      backlog: Math.max(0, waiting),
      downtime: totals.still * 1000,
      dead: totals.dead * 1000,
    });
  }
  for (const machine of world.hosts.values()) {
    const { demanded, served, overloaded, energy } = totalsOf(machine.counter, world.now);
    hosts.set(machine.id, { demanded, served, overloaded: overloaded * 1000, energy });
  }
  return {
    at: world.start + world.now,
    guests,
    hosts,
    migrations: {
      ...world.tally,
      bytes: world.tally.bytes + sum(world.moves.values(), (move) => sentBy(world, move)),
    },
    total: {
      demanded: sum(guests.values(), ({ demanded }) => demanded),
      served: sum(guests.values(), ({ served }) => served),
      overloaded: sum(hosts.values(), ({ overloaded }) => overloaded),
      energy: sum(hosts.values(), ({ energy }) => energy),
    },
  };
};
