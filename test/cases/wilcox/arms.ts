/** Arms of an experiment: the same cluster and the same load in virtual time, under one policy each. */
import { engine } from '../../../src/engine/index.js';
import { gbps, type Guest, type Host, hours, type Milliseconds, minutes, seconds } from '../../../src/model/index.js';
import type { Policy } from '../../../src/policies/index.js';
import { simulatedCluster, type SimulationOptions, virtualTime, type Workload } from '../../../src/simulation/index.js';
import { guest, host } from '../../policies/build.js';

/** A host as an inventory tells of it, before anything is observed: four cores, a migration network of its own. */
export const bareHost = (id: string): Host => {
  const { state, cpu, memory, storage, devices, power, labels } = host(id);
  const networks = [{ role: 'migration' as const, link: `net-${id}`, bandwidth: gbps(10) }];
  return { id, state, cpu, memory, storage, devices, power, labels, networks };
};

/** A guest as an inventory tells of it, before anything is observed. */
export const bareGuest = (id: string, on: string, vcpus: number): Guest => {
  const { memory, devices, image, labels, together, apart, pins, migratable } = guest(id, on);
  const rest = { memory, devices, labels, together, apart, pins, migratable };
  return { id, host: on, vcpus, ...rest, ...(image === undefined ? {} : { image }) };
};

/** What an arm is made of. */
export interface ArmOptions {
  readonly hosts: readonly Host[];
  readonly guests: readonly Guest[];
  readonly workloads: Readonly<Record<string, Workload>>;
  readonly policy: Policy;
  /** @defaultValue one hour */
  readonly length?: Milliseconds;
  readonly script?: NonNullable<SimulationOptions['script']>;
  readonly noise?: number;
}

/** What came of an arm. */
export interface ArmResult {
  /** Share of the demand that was not served. */
  readonly unserved: number;
  /** Moves that were done, as `guest from→to`. */
  readonly moves: readonly string[];
  readonly bytes: number;
  /** Where each guest stands at the end. */
  readonly places: ReadonlyMap<string, string>;
}

/** Plays an arm. Equal options give an equal result. */
export const play = ({ policy, length = hours(1), noise = 0, script = [], ...world }: ArmOptions): ArmResult => {
  const time = virtualTime();
  const simulated = simulatedCluster({
    ...world,
    script,
    seed: 7,
    sampling: { every: seconds(30), processes: false, noise: { cpu: noise } },
    scheduler: time.scheduler,
  });
  const moves: string[] = [];
  const places = new Map<string, string>();
  const following = simulated.inventory().subscribe(({ guests }) => {
    for (const { id, host } of guests) places.set(id, host);
  });
  const running = engine({
    driver: simulated,
    policy,
    every: minutes(1),
    limits: { perHost: 1, total: 4 },
    scheduler: time.scheduler,
  }).subscribe((event) => {
    if (event.kind === 'ended') moves.push(`${event.outcome.guest} ${event.outcome.from}→${event.outcome.to}`);
  });
  time.run(length);
  const { total, migrations } = simulated.meter();
  running.unsubscribe();
  following.unsubscribe();
  return { unserved: 1 - total.served / total.demanded, moves, bytes: migrations.bytes, places };
};
