/**
 * What the engine takes of a processor while it watches and decides (W44): CPU time per sample and per decision, as the process
 * counts it, and how both grow with the site. Ratios are of one run, so another machine gives about the same.
 */
import { pathToFileURL } from 'node:url';
import { BehaviorSubject, EMPTY, NEVER, of, Subject, VirtualTimeScheduler } from 'rxjs';
import type { Driver } from '../../src/drivers/index.js';
import { engine } from '../../src/engine/index.js';
import { type Inventory, percent, type Reading, seconds } from '../../src/model/index.js';
import { cpuCycles, cslb, even, memoryGranted, type Policy, relieve, stay } from '../../src/policies/index.js';
import { chance, clusterOf } from '../../src/simulation/index.js';
import type { Benchmark } from '../benchmark.js';

const guestsPerHost = 10;

/** CPU time of this process, user and system, in milliseconds. */
const spent = (work: () => void): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

interface Cost {
  /** CPU time of a sample on its way to the signals, microseconds. */
  readonly sample: number;
  /** CPU time of a decision: snapshot, policy, admission. Milliseconds. */
  readonly decision: number;
}

/** The cost under a policy at a site of so many hosts, ten guests each. Moves are ordered, and never end. */
const costOf = (policy: Policy, hosts: number, rounds: number): Cost => {
  const inventory: Inventory = clusterOf({ hosts, guests: hosts * guestsPerHost, seed: 1 });
  // A driver goes on telling of its inventory; one that ends is taken for lost.
  const inventory$ = new BehaviorSubject(inventory);
  const scheduler = new VirtualTimeScheduler();
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
  let decisions = 0;
  const subscription = engine({
    driver,
    policy,
    trigger,
    staleAfter: seconds(30),
    limits: { total: 2 },
    scheduler,
  }).subscribe(({ kind }) => {
    if (kind === 'decided') decisions += 1;
  });
  const draw = chance(1);
  const used = (): number => 0.6 * draw.next();
  const all = [
    ...inventory.hosts.map(({ id }) => ({ kind: 'host' as const, id })),
    ...inventory.guests.map(({ id }) => ({ kind: 'guest' as const, id })),
  ];
  const costs = Array.from({ length: rounds }, (_, i) => {
    scheduler.frame = (i + 1) * seconds(10);
    const readings = all.map((subject): Reading => ({ ...subject, at: scheduler.frame, cpu: { used: used() } }));
    return {
      sample: (spent(() => readings.forEach((reading) => samples$.next(reading))) / readings.length) * 1000,
      decision: spent(() => trigger.next()),
    };
  });
  subscription.unsubscribe();
  if (decisions !== rounds) throw new Error(`${decisions} decisions in ${rounds} rounds`);
  // The first half is for the compiler.
  const warm = costs.slice(rounds >> 1);
  return { sample: median(warm.map(({ sample }) => sample)), decision: median(warm.map(({ decision }) => decision)) };
};

const policies: readonly (readonly [string, Policy])[] = [
  ['stay', stay()],
  ['cslb', cslb({ light: percent(30), heavy: percent(45), guards: { noSwap: true } })],
  ['relieve', relieve({ above: percent(50), also: [{ resource: memoryGranted, above: percent(95) }] })],
  ['even', even({ above: percent(4), of: [{ resource: cpuCycles }] })],
];

/** CPU per sample and per decision, and how they grow. */
export const engineCost: Benchmark = {
  name: 'engine-cost',
  run: (report) => {
    const [small, large] = [20, 80];
    const idle = costOf(stay(), large, 20);
    report({ name: 'CPU per sample', value: idle.sample, unit: 'µs' });
    for (const [name, policy] of policies) {
      const [few, many] = [costOf(policy, small, 20), costOf(policy, large, 12)];
      report({
        name: `CPU per decision, ${name}, ${large} hosts and ${large * guestsPerHost} guests`,
        value: many.decision,
        unit: 'ms',
      });
      report({
        name: `a decision at ${large / small} times the site, ${name}`,
        value: many.decision / few.decision,
        unit: 'times',
      });
      report({
        name: `a sample at ${large / small} times the site, ${name}`,
        value: many.sample / few.sample,
        unit: 'times',
        target: 3,
      });
      // What Wilcox's Domain0 lost to the engine, as a share of one processor: samples and decisions every 10 s.
      const share = ((many.sample / 1000) * large * (guestsPerHost + 1) + many.decision) / 10_000;
      report({ name: `share of one processor at a decision every 10 s, ${name}`, value: 100 * share, unit: '%' });
    }
    return Promise.resolve();
  },
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await engineCost.run(({ name, value, unit }) => console.log(`${name}: ${value.toPrecision(3)} ${unit}`));
