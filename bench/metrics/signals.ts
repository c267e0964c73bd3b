/** How many samples a second go through signals on one core, and what a snapshot of a large cluster costs. */
import { pathToFileURL } from 'node:url';
import {
  type AnySignal,
  busiestProcess,
  cpu,
  foldSignal,
  forecast,
  iowait,
  kOfN,
  latest,
  level,
  loadOne,
  observatory,
  type Observatory,
  quantile,
  smoothed,
  sustained,
  trend,
  type Watch,
} from '../../src/metrics/index.js';
import {
  gibibytes,
  gigahertz,
  type Guest,
  type GuestSample,
  type Host,
  type HostSample,
  type Inventory,
  minutes,
  percent,
  type Sample,
  seconds,
} from '../../src/model/index.js';
import type { Benchmark, Figure } from '../benchmark.js';

const interval = seconds(10);

/** Names as a source holds them: made once, not joined anew for every sample. */
const namesOf = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, i) => Buffer.from(`${name}-${String(i).padStart(5, '0')}`).toString());
const names = { host: namesOf('host', 1000), guest: namesOf('guest', 10_000) };
const numbered = (name: 'host' | 'guest', i: number): string => names[name][i] ?? '';

const hostOf = (i: number): Host => ({
  id: numbered('host', i),
  state: 'active',
  cpu: { clock: gigahertz(2.4), cores: 32, threads: 64, architecture: 'x86_64' },
  memory: { total: gibibytes(512), reserved: gibibytes(8) },
  storage: [],
  networks: [],
  devices: [],
  power: [],
  labels: {},
});

const guestOf = (i: number, hosts: number): Guest => ({
  id: numbered('guest', i),
  host: numbered('host', i % hosts),
  vcpus: 4,
  memory: gibibytes(16),
  devices: [],
  labels: {},
  together: [],
  apart: [],
  pins: [],
  migratable: true,
});

const inventoryOf = (hosts: number, guests: number): Inventory => ({
  hosts: Array.from({ length: hosts }, (_, i) => hostOf(i)),
  guests: Array.from({ length: guests }, (_, i) => guestOf(i, hosts)),
});

/** A share that goes up and down, for each subject in its own way. */
const wave = (subject: number, round: number): number => 0.5 + 0.5 * Math.sin(subject + round / 7);

const readings = (subject: number, round: number): Omit<HostSample, 'kind' | 'id'> => {
  const used = wave(subject, round);
  return {
    at: (round + 1) * interval,
    cpu: { used, user: used * 0.8, system: used * 0.2, iowait: (1 - used) * 0.1, idle: (1 - used) * 0.9 },
    load: { one: used * 4, five: used * 3, fifteen: used * 2 },
    memory: { total: gibibytes(16), used: used * gibibytes(16) },
    disk: { read: used * 1e7, written: used * 1e6 },
    network: { received: used * 1e6, sent: used * 1e7 },
  };
};

const hostSample = (i: number, round: number): HostSample => ({
  kind: 'host',
  id: numbered('host', i),
  ...readings(i, round),
});

const guestSample = (i: number, round: number): GuestSample => ({
  kind: 'guest',
  id: numbered('guest', i),
  ...readings(i, round),
});

const roundOf = (hosts: number, guests: number, round: number): readonly Sample[] => [
  ...Array.from({ length: hosts }, (_, i) => hostSample(i, round)),
  ...Array.from({ length: guests }, (_, i) => guestSample(i, round)),
];

/** What a policy in the manner of Muda and CSLB asks for: four signals of each subject. */
const watch: Watch = {
  host: {
    cpu: level(cpu),
    calm: smoothed(cpu, { over: minutes(1) }),
    hot: sustained({ measure: cpu, relation: 'at least', limit: percent(70), for: seconds(20) }),
    often: kOfN({ measure: cpu, relation: 'above', limit: percent(75), k: 3, n: 5 }),
  },
  guest: {
    cpu: level(cpu),
    growing: trend(loadOne),
    busy: sustained({ measure: cpu, relation: 'at least', limit: percent(70), for: seconds(20) }),
    waiting: smoothed(iowait, { over: minutes(1) }),
  },
};

const bare: readonly AnySignal[] = [
  level(cpu),
  latest('dirty', (sample) => sample.dirty),
  smoothed(cpu, { over: minutes(1) }),
  sustained({ measure: busiestProcess, relation: 'at least', limit: percent(70), for: seconds(20) }),
  trend(loadOne),
  kOfN({ measure: cpu, relation: 'above', limit: percent(75), k: 3, n: 5 }),
  quantile(cpu, { q: 0.95, of: 20 }),
  forecast(cpu, { ahead: interval, of: 10, by: 'ar1', within: [0, 1] }),
];

/** Milliseconds that pass. */
const elapsed = (work: () => void): number => {
  const begun = performance.now();
  work();
  return performance.now() - begun;
};

/** Milliseconds of processor time, the collection of garbage included: what a core of one's own would take at most. */
const worked = (work: () => void): number => {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Bytes in use, those of packed numbers included; what can be freed is freed where the runtime lets us (`--expose-gc`). */
const inUse = (): number => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

const takeAll = ({ take }: Observatory, samples: readonly Sample[]): void => {
  for (const sample of samples) {
    const refused = take(sample, sample.at);
    if (refused) throw new Error(refused.message);
  }
};

/** Samples that are made at a time: few enough to be still in the cache when they are taken, as those of a source are. */
const batch = 500;

/** Samples per second, once code and rings have grown; what a source takes to make the samples is left out. */
const throughput = (hosts: number, guests: number, rounds: number): number => {
  const watched = observatory({ staleAfter: seconds(30) });
  watched.know(inventoryOf(hosts, guests));
  watched.watch(watch);
  const times = Array.from({ length: rounds }, (_, round) => {
    let time = 0;
    for (let from = 0; from < hosts + guests; from += batch) {
      const samples = Array.from({ length: Math.min(batch, hosts + guests - from) }, (_, i) =>
        from + i < hosts ? hostSample(from + i, round) : guestSample(from + i - hosts, round),
      );
      time += worked(() => takeAll(watched, samples));
    }
    return time;
  });
  return ((hosts + guests) * 1000) / median(times.slice(rounds >> 1));
};

/** Samples per second through each signal alone, all of one subject. In a function of its own, so that the samples are freed. */
const foldRates = (report: (figure: Figure) => void): void => {
  const samples = Array.from({ length: 100_000 }, (_, round) => guestSample(0, round));
  for (const signal of bare) {
    const times = Array.from({ length: 11 }, () => worked(() => foldSignal(signal, samples)));
    const value = (samples.length * 1000) / median(times);
    report({ name: signal.name, value, unit: 'samples/s', target: 1e6, better: 'more' });
  }
};

/** Samples per second through the signals and the observatory; time and memory of a snapshot of 1,000 hosts and 10,000 guests. */
export const signals: Benchmark = {
  name: 'signals',
  run: (report) => {
    foldRates(report);
    const four = { unit: 'samples/s', target: 1e6, better: 'more' } as const;
    report({ name: 'observatory, 4 signals, 110 subjects', value: throughput(10, 100, 4000), ...four });
    report({ name: 'observatory, 4 signals, 11,000 subjects', value: throughput(1000, 10_000, 60), ...four });

    const inventory = inventoryOf(1000, 10_000);
    const empty = inUse();
    const large = observatory({ staleAfter: seconds(30) });
    large.know(inventory);
    large.watch(watch);
    const rounds = 40;
    for (let round = 0; round < rounds; round++) takeAll(large, roundOf(1000, 10_000, round));
    const at = rounds * interval;
    const take = (): void => void large.snapshot(at, [], []);
    const times = Array.from({ length: 40 }, () => elapsed(take));
    const efforts = Array.from({ length: 40 }, () => worked(take));
    const folded = inUse();
    const held = Array.from({ length: 10 }, () => large.snapshot(at, [], []));
    const full = inUse();
    const snapshot = 'snapshot of 1,000 hosts and 10,000 guests';
    report({ name: `${snapshot}, median`, value: median(times), unit: 'ms', target: 20, better: 'less' });
    report({ name: `${snapshot}, median of processor time`, value: median(efforts), unit: 'ms' });
    const one = (full - folded) / held.length;
    const memory = { unit: 'MB', better: 'less' } as const;
    report({
      name: `${snapshot}, memory with its observatory`,
      value: (folded - empty + one) / 1e6,
      target: 200,
      ...memory,
    });
    report({ name: `${snapshot}, memory of it alone`, value: one / 1e6, ...memory });
    return Promise.resolve();
  },
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await signals.run(({ name, value, unit }) => console.log(`${name}: ${value.toPrecision(4)} ${unit}`));
