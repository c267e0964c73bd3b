/** Small worlds: hosts and guests with round numbers, and ways to let them run. */
import type { MigrationEvent } from '../../src/drivers/index.js';
import {
  gibibytes,
  gigahertz,
  type Guest,
  type Host,
  mbps,
  mebibytes,
  type MigrationOrder,
  type Progress,
  type Reading,
  type Sample,
} from '../../src/model/index.js';
import {
  type Activity,
  type Job,
  qemuRule,
  simulatedCluster,
  type SimulatedCluster,
  type SimulationOptions,
  virtualTime,
  type VirtualTime,
} from '../../src/simulation/index.js';

/** 2 cores of 1 GHz, 8 GiB, a migration network of 100 MB/s and a storage network of the same on another link. */
export const host = (id: string, rest: Partial<Host> = {}): Host => ({
  id,
  state: 'active',
  cpu: { clock: gigahertz(1), cores: 2, threads: 2, architecture: 'x86_64' },
  memory: { total: gibibytes(8), reserved: 0 },
  storage: [],
  networks: [
    { role: 'migration', link: 'eth1', bandwidth: mbps(800) },
    { role: 'storage', link: 'eth0', bandwidth: mbps(800) },
  ],
  devices: [],
  power: [],
  labels: {},
  ...rest,
});

/** One vCPU and 1000 MiB. */
export const guest = (id: string, on: string, rest: Partial<Guest> = {}): Guest => ({
  id,
  host: on,
  vcpus: 1,
  memory: mebibytes(1000),
  devices: [],
  labels: {},
  together: [],
  apart: [],
  pins: [],
  migratable: true,
  ...rest,
});

/** A hypervisor that migrates without any cost but sending, and stops the guest only when all is sent. */
export const bare = { preparation: 0, handover: 0, slowdown: 0, cyclesPerByte: 0, stopRule: qemuRule(0) } as const;

export interface Small {
  readonly time: VirtualTime;
  readonly cluster: SimulatedCluster;
}

export const small = (options: SimulationOptions): Small => {
  const time = virtualTime();
  return { time, cluster: simulatedCluster({ ...options, scheduler: time.scheduler }) };
};

/** A job of one activity after another, once. */
export const work = (name: string, ...activities: readonly Activity[]): Job => ({ name, stages: [{ activities }] });

/** A job of so many seconds of computing at 1 GHz. */
export const seconds1GHz = (n: number, name = 'work'): Job => work(name, { kind: 'compute', cycles: n * 1e9 });

/** Times at which jobs ended, by name, in seconds. */
export const endings = ({ cluster }: Small): Record<string, number | undefined> =>
  Object.fromEntries(
    cluster.jobs().map(({ name, finishedAt }) => [name, finishedAt === undefined ? undefined : finishedAt / 1000]),
  );

export interface Moved {
  readonly events: MigrationEvent[];
  readonly error: () => { readonly kind: string; readonly message: string } | undefined;
  readonly completed: () => boolean;
  readonly done: () => Extract<MigrationEvent, { kind: 'done' }> | undefined;
  readonly progress: () => Progress[];
  readonly cancel: () => void;
}

export const order = (guestId: string, from: string, to: string, id = `${guestId}→${to}`): MigrationOrder => ({
  id,
  guest: guestId,
  from,
  to,
});

/** Orders a move and keeps what is told of it. */
export const move = ({ cluster }: Small, of: MigrationOrder): Moved => {
  const events: MigrationEvent[] = [];
  let error: { kind: string; message: string } | undefined;
  let completed = false;
  const subscription = cluster.migrate(of).subscribe({
    next: (event) => events.push(event),
    error: (thrown: { kind: string; message: string }) => {
      error = thrown;
    },
    complete: () => {
      completed = true;
    },
  });
  return {
    events,
    error: () => error,
    completed: () => completed,
    done: () => events.find((event) => event.kind === 'done'),
    progress: () => events.flatMap((event) => (event.kind === 'progress' ? [event.progress] : [])),
    cancel: () => subscription.unsubscribe(),
  };
};

/** All readings, from now on. */
export const record = ({ cluster }: Small): Reading[] => {
  const readings: Reading[] = [];
  cluster.samples().subscribe((reading) => readings.push(reading));
  return readings;
};

/** The samples of one subject. */
export const samplesOf = (readings: readonly Reading[], id: string): Sample[] =>
  readings.flatMap((reading) => (reading.kind !== 'bad-input' && reading.id === id ? [reading] : []));
