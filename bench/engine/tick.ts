/** What the engine itself costs: a tick apart from its policy, a sample on its way to the signals, a new inventory. */
import { pathToFileURL } from 'node:url';
import { EMPTY, NEVER, of, Subject, VirtualTimeScheduler } from 'rxjs';
import type { Driver } from '../../src/drivers/index.js';
import { engine, type EngineEvent } from '../../src/engine/index.js';
import { cpu, iowait, level, smoothed } from '../../src/metrics/index.js';
import {
  gbps,
  gibibytes,
  gigahertz,
  type Guest,
  type Host,
  type Inventory,
  minutes,
  type Plan,
  type Reading,
  seconds,
} from '../../src/model/index.js';
import { definePolicy, type Policy } from '../../src/policies/index.js';
import type { Benchmark } from '../benchmark.js';

const hosts = 1000;
const guests = 10_000;
const named = (kind: string, i: number): string => `${kind}-${String(i).padStart(5, '0')}`;

const hostOf = (i: number): Host => ({
  id: named('host', i),
  state: 'active',
  cpu: { clock: gigahertz(2.4), cores: 32, threads: 64, architecture: 'x86_64' },
  memory: { total: gibibytes(512), reserved: gibibytes(8) },
  storage: [],
  networks: [{ role: 'migration', link: named('link', i), bandwidth: gbps(10) }],
  devices: [],
  power: [],
  labels: {},
});

const guestOf = (i: number): Guest => ({
  id: named('guest', i),
  host: named('host', i % hosts),
  vcpus: 4,
  memory: gibibytes(16),
  devices: [],
  labels: {},
  together: [],
  apart: [],
  pins: [],
  migratable: true,
});

const inventory: Inventory = {
  hosts: Array.from({ length: hosts }, (_, i) => hostOf(i)),
  guests: Array.from({ length: guests }, (_, i) => guestOf(i)),
};

const roundAt = (at: number): readonly Reading[] => [
  ...inventory.hosts.map(({ id }): Reading => ({ kind: 'host', id, at, cpu: { used: 0.5, iowait: 0.1 } })),
  ...inventory.guests.map(({ id }): Reading => ({ kind: 'guest', id, at, cpu: { used: 0.5, iowait: 0.1 } })),
];

const elapsed = (work: () => void): number => {
  const begun = performance.now();
  work();
  return performance.now() - begun;
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** The proposals of one tick: each guest of the first hosts to the host that stands opposite. */
const proposals = (count: number): Plan => ({
  moves: Array.from({ length: count }, (_, i) => ({
    guest: named('guest', i),
    from: named('host', i),
    to: named('host', i + hosts / 2),
    because: [],
  })),
  passedOver: [],
});

/** One policy whose plans are made beforehand, so that a tick costs what the engine costs. */
const ready = (plan: Plan): Policy =>
  definePolicy({
    name: 'ready',
    watch: {
      host: { cpu: level(cpu), calm: smoothed(cpu, { over: minutes(1) }) },
      guest: { cpu: level(cpu), waiting: smoothed(iowait, { over: minutes(1) }) },
    },
    plan: () => plan,
  });

interface Figures {
  readonly tick: number;
  readonly slowest: number;
  readonly samples: number;
  readonly inventory: number;
  readonly admitted: number;
  readonly refused: number;
}

/** Runs an engine over a large cluster for some ticks. Moves never end, so only the first tick admits. */
const measure = (plan: Plan, limits: { readonly total: number }, ticks: number): Figures => {
  const scheduler = new VirtualTimeScheduler();
  const inventory$ = new Subject<Inventory>();
  const samples$ = new Subject<Reading>();
  const trigger = new Subject<void>();
  const driver: Driver = {
    name: 'bench',
    inventory: () => inventory$,
    samples: () => samples$,
    migrate: () => NEVER,
    steer: () => EMPTY,
    inFlight: () => of([]),
    follow: () => NEVER,
  };
  const counts = new Map<EngineEvent['kind'], number>();
  const subscription = engine({ driver, policy: ready(plan), trigger, staleAfter: seconds(30), limits, scheduler })
    // Whoever listens costs extra.
    .subscribe(({ kind }) => counts.set(kind, (counts.get(kind) ?? 0) + 1));
  const inventories = Array.from({ length: 7 }, () => elapsed(() => inventory$.next(inventory)));
  const rounds = Array.from({ length: ticks }, (_, i) => {
    scheduler.frame = (i + 1) * seconds(10);
    const readings = roundAt(scheduler.frame);
    return {
      samples: elapsed(() => readings.forEach((reading) => samples$.next(reading))),
      tick: elapsed(() => trigger.next()),
    };
  });
  subscription.unsubscribe();
  // The first half is for the compiler.
  const warm = rounds.slice(ticks >> 1);
  return {
    tick: median(warm.map(({ tick }) => tick)),
    slowest: Math.max(...warm.map(({ tick }) => tick)),
    samples: ((hosts + guests) * 1000) / median(warm.map(({ samples }) => samples)),
    inventory: median(inventories),
    admitted: counts.get('admitted') ?? 0,
    refused: counts.get('refused') ?? 0,
  };
};

/** Cost of a tick, a sample and an inventory of 1,000 hosts and 10,000 guests in the engine, its policy left out. */
export const tick: Benchmark = {
  name: 'tick',
  run: (report) => {
    const idle = measure(proposals(0), { total: 8 }, 40);
    report({ name: 'tick of 1,000 hosts and 10,000 guests, nothing proposed', value: idle.tick, unit: 'ms' });
    report({ name: 'the slowest of 20', value: idle.slowest, unit: 'ms' });
    report({ name: 'samples through the engine', value: idle.samples, unit: 'samples/s', better: 'more' });
    report({ name: 'an inventory checked and taken', value: idle.inventory, unit: 'ms' });
    const limited = measure(proposals(100), { total: 8 }, 40);
    report({ name: 'tick with 100 proposals, all refused for the limit', value: limited.tick, unit: 'ms' });
    // All of the first tick; it has no second half, so it is measured cold.
    const begun = measure(proposals(100), { total: 100 }, 1);
    report({ name: 'tick with 100 proposals, all admitted and begun, cold', value: begun.tick, unit: 'ms' });
    if (limited.admitted !== 8 || begun.admitted !== 100) throw new Error('not admitted as it should be');
    return Promise.resolve();
  },
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await tick.run(({ name, value, unit }) => console.log(`${name}: ${value.toPrecision(4)} ${unit}`));
