/** Arm: the past lived through again in the simulation, under one policy. */
import { engine, type EngineOptions } from '../../engine/index.js';
import {
  type Bytes,
  cpuCapacity,
  type Fraction,
  type GuestId,
  type HostId,
  type Milliseconds,
  nothing,
} from '../../model/index.js';
import { definePolicy, type Policy } from '../../policies/index.js';
import { simulatedCluster, type SimulationOptions, virtualTime } from '../../simulation/index.js';
import type { Past, PastMove } from './past.js';

/** How the engine of every arm decides, and what the simulation assumes of migrations. */
export interface WhatIfOptions {
  /** Time from decision to decision; default 10 s. */
  readonly every?: Milliseconds;
  /** Time between the samples of a subject; default as often as decided. */
  readonly sampled?: Milliseconds;
  readonly limits?: EngineOptions['limits'];
  readonly convergence?: EngineOptions['convergence'];
  readonly constraints?: EngineOptions['constraints'];
  /** A host whose demand is above this share of its capacity counts as overloaded; default 1. */
  readonly overloadMark?: Fraction;
  readonly migration?: SimulationOptions['migration'];
  readonly overhead?: SimulationOptions['overhead'];
  readonly seed?: number;
}

/** A move of an arm. */
export interface ArmMove {
  readonly guest: GuestId;
  readonly from: HostId;
  readonly to: HostId;
  readonly startedAt: Milliseconds;
  readonly endedAt: Milliseconds;
  readonly done: boolean;
}

/** What an arm came to. */
export interface Arm {
  readonly name: string;
  readonly moves: readonly ArmMove[];
  /** Proposals that the engine did not admit. */
  readonly refused: number;
  /** Time that hosts were overloaded, summed over hosts. */
  readonly overloaded: Milliseconds;
  /** Share of the guests' demand that was not served. */
  readonly unserved: Fraction;
  /** Cycles that the guests were given. */
  readonly served: number;
  readonly bytes: Bytes;
  /** Time that guests stood still for moves, summed over guests. */
  readonly downtime: Milliseconds;
  /** Energy drawn, in joules; zero where no host tells its power. */
  readonly energy: number;
  /** Mean over time and hosts of how far a host's load is from the mean load, as a share of a host. */
  readonly unevenness: Fraction;
}

/** The policy that did what was done: it wants each move of the past at the first decision after its time. */
export const asRecorded = (moves: readonly PastMove[]): Policy =>
  definePolicy({
    name: 'as recorded',
    watch: {},
    plan: ({ at, guests, migrations }) => {
      const moving = new Set(migrations.map(({ guest }) => guest));
      const due = new Map<GuestId, PastMove>();
      for (const move of moves) if (move.at <= at) due.set(move.guest, move);
      return {
        ...nothing(),
        moves: guests.flatMap(({ id, host }) => {
          const move = due.get(id);
          return move === undefined || move.to === host || moving.has(id)
            ? []
            : [{ guest: id, from: host, to: move.to, because: [] }];
        }),
      };
    },
  });

/** How many looks at the loads of hosts an arm takes. */
const looks = 200;

/** Plays the past under a policy. Equal arguments give an equal arm. */
export const playArm = (name: string, policy: Policy, past: Past, options: WhatIfOptions = {}): Arm => {
  const { every = 10_000, sampled = every, seed = 1 } = options;
  const time = virtualTime(past.from);
  const cluster = simulatedCluster({
    hosts: past.hosts,
    guests: past.guests,
    workloads: past.workloads,
    seed,
    sampling: { every: sampled, processes: false },
    ...(options.migration && { migration: options.migration }),
    ...(options.overhead && { overhead: options.overhead }),
    ...(options.overloadMark !== undefined && { overloadMark: options.overloadMark }),
    scheduler: time.scheduler,
  });
  const moves: ArmMove[] = [];
  let refused = 0;
  const running = engine({
    driver: cluster,
    policy,
    every,
    staleAfter: 3 * Math.max(every, sampled),
    ...(options.limits && { limits: options.limits }),
    ...(options.convergence && { convergence: options.convergence }),
    ...(options.constraints && { constraints: options.constraints }),
    scheduler: time.scheduler,
  }).subscribe((event) => {
    if (event.kind === 'refused') refused += 1;
    if (event.kind !== 'ended' && event.kind !== 'failed') return;
    const { guest, from, to, startedAt, endedAt } = event.outcome;
    moves.push({ guest, from, to, startedAt, endedAt, done: event.kind === 'ended' });
  });

  const capacities = past.hosts.map((host) => ({ id: host.id, capacity: cpuCapacity(host) }));
  let before = cluster.meter();
  let uneven = 0;
  let slices = 0;
  for (const reached of time.slices(past.to, (past.to - past.from) / looks)) {
    const after = cluster.meter();
    const loads = capacities.map(({ id, capacity }) => {
      const cycles = (after.hosts.get(id)?.demanded ?? 0) - (before.hosts.get(id)?.demanded ?? 0);
      return cycles / (capacity * ((reached - before.at) / 1000));
    });
    const mean = loads.reduce((sum, load) => sum + load, 0) / Math.max(1, loads.length);
    uneven += loads.reduce((sum, load) => sum + Math.abs(load - mean), 0) / Math.max(1, loads.length);
    slices += 1;
    before = after;
  }
  running.unsubscribe();
  const { total, migrations } = cluster.meter();
  return {
    name,
    moves,
    refused,
    overloaded: total.overloaded,
    unserved: total.demanded > 0 ? 1 - total.served / total.demanded : 0,
    served: total.served,
    bytes: migrations.bytes,
    downtime: migrations.downtime,
    energy: total.energy,
    unevenness: slices === 0 ? 0 : uneven / slices,
  };
};
