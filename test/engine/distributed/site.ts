/** A site for central and for distributed engines alike: a simulated cluster, what was ordered, and what was wrong at any instant. */
import type { Driver } from '../../../src/drivers/index.js';
import {
  distributed,
  type DistributedEvent,
  type DistributedOptions,
  engine,
  type EngineEvent,
} from '../../../src/engine/index.js';
import { guestMemory, type MigrationOrder, minutes, seconds } from '../../../src/model/index.js';
import {
  simulatedCluster,
  type SimulationOptions,
  traceDemand,
  virtualTime,
  type VirtualTime,
} from '../../../src/simulation/index.js';
import { guest, host } from '../../simulation/small.js';

/** Hosts `a`, `b`, ... of two cores, and guests of one vCPU with the demands given, by host. */
export const hostsWith = (demands: Readonly<Record<string, readonly number[]>>): SimulationOptions => ({
  hosts: Object.keys(demands).map((id) => host(id)),
  guests: Object.entries(demands).flatMap(([id, all]) => all.map((_, i) => guest(`${id}${i}`, id))),
  workloads: Object.fromEntries(
    Object.entries(demands).flatMap(([id, all]) =>
      all.map((demand, i) => [`${id}${i}`, { demand: traceDemand([demand]) }]),
    ),
  ),
});

export interface Played {
  readonly events: readonly DistributedEvent[];
  readonly orders: readonly (MigrationOrder & { readonly at: number })[];
  readonly wrongs: readonly string[];
  readonly conflicts: number;
  /** Largest and smallest load of a host at the end, as shares. */
  readonly most: number;
  readonly least: number;
  /** Standard deviation of the loads, averaged over the run. */
  readonly imbalance: number;
}

type Runs = (driver: Driver, time: VirtualTime, tell: (event: DistributedEvent) => void) => { unsubscribe: () => void };

export const play = (simulation: SimulationOptions, runs: Runs, length = minutes(10)): Played => {
  const time = virtualTime();
  const cluster = simulatedCluster({ ...simulation, scheduler: time.scheduler });
  const orders: (MigrationOrder & { at: number })[] = [];
  const wrongs: string[] = [];
  const events: DistributedEvent[] = [];
  let stands = new Map<string, string>();
  cluster.inventory().subscribe(({ guests }) => {
    stands = new Map(guests.map(({ id, host: on }) => [id, on]));
  });
  const sizes = new Map(simulation.guests.map(({ id, memory }) => [id, memory]));
  const demands = new Map(simulation.guests.map(({ id }) => [id, simulation.workloads?.[id]?.demand?.values[0] ?? 0]));
  const driver: Driver = {
    ...cluster,
    migrate: (order) => {
      const course = cluster.migrate(order);
      orders.push({ ...order, at: time.now() });
      cluster.inFlight().subscribe((moves) => {
        if (moves.some(({ guest: moving }) => moving === order.guest)) wrongs.push(`${order.guest} is in two moves`);
        const coming = [...moves, order].filter(({ to }) => to === order.to).map(({ guest: id }) => id);
        const there = [...stands].filter(([, on]) => on === order.to).map(([id]) => id);
        const held = [...new Set([...coming, ...there])].reduce((sum, id) => sum + (sizes.get(id) ?? NaN), 0);
        const to = simulation.hosts.find(({ id }) => id === order.to);
        if (!to || !(held <= guestMemory(to))) wrongs.push(`${order.to} is over-committed`);
      });
      return course;
    },
  };
  const running = runs(driver, time, (event) => events.push(event));
  const loads = (): readonly number[] =>
    simulation.hosts.map(
      ({ id, cpu }) =>
        [...stands].filter(([, on]) => on === id).reduce((sum, [name]) => sum + (demands.get(name) ?? 0), 0) /
        cpu.cores,
    );
  const deviations: number[] = [];
  while (time.now() < length) {
    time.run(time.now() + seconds(10));
    const now = loads();
    const mean = now.reduce((sum, load) => sum + load, 0) / now.length;
    deviations.push(Math.sqrt(now.reduce((sum, load) => sum + (load - mean) ** 2, 0) / now.length));
  }
  running.unsubscribe();
  const last = loads();
  return {
    events,
    orders,
    wrongs,
    conflicts: events.filter(({ kind }) => kind === 'conflict').length,
    most: Math.max(...last),
    least: Math.min(...last),
    imbalance: deviations.reduce((sum, deviation) => sum + deviation, 0) / deviations.length,
  };
};

type Options = Pick<DistributedOptions, 'policy' | 'gossip' | 'consent' | 'limits' | 'staleAfter'>;

export const everywhere =
  (options: Options): Runs =>
  (driver, { scheduler }, tell) =>
    distributed({ driver, every: seconds(10), staleAfter: minutes(1), scheduler, ...options }).subscribe(tell);

export const centrally =
  ({ policy, limits }: Options): Runs =>
  (driver, { scheduler }, tell) =>
    engine({
      driver,
      every: seconds(10),
      staleAfter: minutes(1),
      scheduler,
      policy: typeof policy === 'function' ? policy('') : policy,
      ...(limits && { limits }),
    }).subscribe((event) => tell({ kind: 'engine', host: '', event }));

export const engineEvents = ({ events }: Played, on?: string): readonly EngineEvent[] =>
  events.flatMap((event) => (event.kind === 'engine' && (on === undefined || event.host === on) ? [event.event] : []));
