/** Plays samples of a guest and of hosts into a snapshot, as the engine would, so that examples can speak of loads over time. */
import { type AnySignal, foldSignal } from '../../../src/metrics/index.js';
import {
  type Cluster,
  type Guest,
  type GuestSample,
  type Host,
  mbps,
  mebibytesPerSecond,
  type Migration,
  type ObservedGuest,
  type ObservedHost,
  type Plan,
  type ProcessReading,
  type Readings,
  type Sample,
  sayReason,
  type SignalValues,
} from '../../../src/model/index.js';
import type { Policy } from '../../../src/policies/index.js';
import { guest as plainGuest, host as plainHost, movesOf } from '../build.js';

/** A megabyte as the thesis counts it. */
const megabytes = (n: number): number => n * 1e6;

/** A process with a share of one processor. */
export const process = (cpu: number, changes: Partial<ProcessReading> = {}): ProcessReading => ({
  name: 'encoder',
  cpu,
  memory: megabytes(42.4),
  ...changes,
});

/** What a guest did in one second; the load average is given, the rest is that of a busy encoder. */
export interface Second {
  readonly load?: number | undefined;
  readonly processes?: readonly ProcessReading[] | undefined;
  readonly user?: number | undefined;
  readonly system?: number;
  readonly iowait?: number | undefined;
  readonly memoryUsed?: number;
  readonly swapUsed?: number;
  readonly network?: number;
}

const readingsOf = (second: Second): Omit<Readings, 'at'> => {
  const { load, processes, user, system = 0, iowait, memoryUsed = 0.3, swapUsed = 0, network = 0 } = second;
  return {
    ...(load !== undefined && { load: { one: load, five: load, fifteen: load } }),
    ...(user !== undefined && {
      cpu: { used: user + system, user, system, steal: 0, ...(iowait !== undefined && { iowait }) },
    }),
    ...(processes && { processes }),
    memory: { total: 1000, used: memoryUsed * 1000, swapTotal: 1000, swapUsed: swapUsed * 1000 },
    network: { received: network, sent: 0 },
  };
};

/** Seconds of a busy encoder whose load average rises from 0.5 by 0.02 a second and so passes 1 after 25 s. */
export const encoding = (seconds: number, change: (i: number) => Second = () => ({})): readonly Second[] =>
  Array.from({ length: seconds + 1 }, (_, i) => ({
    load: 0.5 + 0.02 * i,
    processes: [process(0.95)],
    user: 0.95,
    iowait: 0.01,
    ...change(i),
  }));

/** Seconds of a copying job: it waits for disks. */
export const copying = (seconds: number, change: (i: number) => Second = () => ({})): readonly Second[] =>
  encoding(seconds, (i) => ({ user: 0.02, system: 0.05, iowait: 0.6, processes: [process(0.07)], ...change(i) }));

export interface World {
  readonly hosts: readonly ObservedHost[];
  readonly guest?: Partial<Guest>;
  readonly hostCpu?: Readonly<Record<string, number | undefined>>;
  readonly migrations?: readonly Migration[];
}

/** A host of the evaluation: two cores, a disk score on the way to the image, 700 Mbps between hosts. */
export const host = (
  id: string,
  clock: number,
  changes: Partial<Host> & { readonly score?: number } = {},
): ObservedHost => {
  const { score = 60, ...rest } = changes;
  return plainHost(id, {
    cpu: { clock: clock * 1e9, cores: 2, threads: 2, architecture: 'x86_64' },
    storage: [{ id: 'shared', access: 'nfs', score: mebibytesPerSecond(score) }],
    networks: [{ role: 'migration', link: 'net', bandwidth: mbps(700) }],
    ...rest,
  });
};

const values = (signals: Readonly<Record<string, AnySignal>> = {}, samples: readonly Sample[]): SignalValues =>
  Object.fromEntries(Object.entries(signals).map(([key, signal]) => [key, foldSignal(signal, samples)]));

const samplesOf = (seconds: readonly Second[], every: number): readonly GuestSample[] =>
  seconds.map((second, i) => ({ kind: 'guest', id: 'web', at: i * every * 1000, ...readingsOf(second) }));

/** The snapshot after the guest `web`, on the first host, did all this. */
export const after = (policy: Policy, world: World, seconds: readonly Second[], every = 1): Cluster => {
  const samples = samplesOf(seconds, every);
  const at = samples.at(-1)?.at ?? 0;
  const first = world.hosts[0]?.id ?? 'a';
  const observed: ObservedGuest = {
    ...plainGuest('web', first, undefined, { memory: megabytes(1024), ...world.guest }),
    knowledge: { kind: 'fresh', at },
    signals: values(policy.watch.guest, samples),
  };
  return {
    at,
    hosts: world.hosts.map((one) => {
      const used = world.hostCpu && one.id in world.hostCpu ? world.hostCpu[one.id] : 0;
      const sample: Sample = { kind: 'host', id: one.id, at, ...(used !== undefined && { cpu: { used } }) };
      return { ...one, signals: values(policy.watch.host, [sample]) };
    }),
    guests: [observed],
    migrations: world.migrations ?? [],
    past: [],
  };
};

/** The moves of a policy after that, as short texts. */
export const moves = (policy: Policy, world: World, seconds: readonly Second[], every = 1): readonly string[] =>
  movesOf(policy.plan(after(policy, world, seconds, every)));

/** Everything that a plan says against moves. */
export const against = ({ passedOver }: Plan): readonly string[] =>
  passedOver.flatMap(({ to, because }) =>
    because.map((reason) => `${to === undefined ? '' : `${to}: `}${sayReason(reason)}`),
  );
