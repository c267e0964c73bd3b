/** Benchmark: a day of 40 hosts and 400 guests that follow traces, all their samples delivered. */
import { hours, minutes, percent, seconds } from '../../src/model/index.js';
import {
  chance,
  clusterOf,
  simulatedCluster,
  traceDemand,
  virtualTime,
  type Workload,
} from '../../src/simulation/index.js';
import type { Benchmark } from '../benchmark.js';

const stepsOfDay = 288;

/** A day's demand around a level of its own, by a random walk. */
const demandOf = (guest: string): Workload => {
  const draw = chance('bench').split(guest);
  const level = draw.between(0.05, 0.4);
  const values: number[] = [];
  let share = level;
  for (let i = 0; i < stepsOfDay; i += 1) {
    share = Math.min(1, Math.max(0, share + 0.3 * (level - share) + 0.08 * draw.normal()));
    values.push(share);
  }
  return { demand: traceDemand(values, { step: minutes(5) }) };
};

/** A simulated day, in seconds of real time; samples count, so that none is skipped unseen. */
export const day: Benchmark = {
  name: 'simulation',
  run: (report) => {
    const { hosts, guests } = clusterOf({ hosts: 40, guests: 400, seed: 1 });
    const workloads = Object.fromEntries(guests.map(({ id }) => [id, demandOf(id)]));
    const begun = performance.now();
    const before = process.cpuUsage();
    const time = virtualTime();
    const cluster = simulatedCluster({
      hosts,
      guests,
      workloads,
      overloadMark: percent(90),
      sampling: { every: seconds(10) },
      scheduler: time.scheduler,
    });
    let samples = 0;
    let busiest = 0;
    const subscription = cluster.samples().subscribe((reading) => {
      if (reading.kind === 'bad-input') return;
      samples += 1;
      busiest = Math.max(busiest, reading.cpu?.used ?? 0);
    });
    time.run(hours(24));
    subscription.unsubscribe();
    const took = (performance.now() - begun) / 1000;
    const { user, system } = process.cpuUsage(before);

    // Processor time says what it takes on one core that has nothing else to do.
    report({
      name: 'a day of 40 hosts and 400 guests, processor time',
      value: (user + system) / 1e6,
      unit: 's',
      target: 10,
    });
    report({ name: 'the same, as it passed', value: took, unit: 's' });
    report({ name: 'samples delivered', value: samples, unit: 'samples', target: 440 * 8640, better: 'more' });
    report({ name: 'samples per second of real time', value: samples / took, unit: '1/s', better: 'more' });
    report({ name: 'busiest reading', value: busiest, unit: 'share' });
    return Promise.resolve();
  },
};
