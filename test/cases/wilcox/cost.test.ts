/** What the engine itself costs, counted in steps rather than in time. */
import { describe, expect, test } from 'vitest';
import { engine } from '../../../src/engine/index.js';
import { cpu, level, type Signal } from '../../../src/metrics/index.js';
import { nothing, seconds } from '../../../src/model/index.js';
import { definePolicy, firstOf } from '../../../src/policies/index.js';
import { clusterOf, simulatedCluster, virtualTime } from '../../../src/simulation/index.js';

interface Counts {
  steps: number;
  plans: number;
  samples: number;
}

/** Runs an engine over a site of so many hosts for twenty rounds, and counts what it does. */
const counted = (hosts: number, policies: number): Counts => {
  const counts: Counts = { steps: 0, plans: 0, samples: 0 };
  const plain = level(cpu);
  const watched: Signal<number> = {
    ...plain,
    name: 'counted',
    initial: undefined,
    step: (_, sample) => {
      counts.steps += 1;
      return cpu.of(sample);
    },
    value: (state) => state as number | undefined,
  };
  const policy = (i: number): ReturnType<typeof definePolicy> =>
    definePolicy({
      name: `p${i}`,
      watch: { guest: { cpu: watched } },
      plan: () => {
        counts.plans += 1;
        return nothing();
      },
    });
  const time = virtualTime();
  const cluster = simulatedCluster({
    ...clusterOf({ hosts, guests: hosts * 4, seed: 1 }),
    sampling: { every: seconds(10), processes: false },
    scheduler: time.scheduler,
  });
  const running = engine({
    driver: cluster,
    policy: firstOf(...Array.from({ length: policies }, (_, i) => policy(i))),
    every: seconds(10),
    scheduler: time.scheduler,
  }).subscribe();
  const listening = cluster.samples().subscribe(({ kind }) => {
    if (kind === 'guest') counts.samples += 1;
  });
  time.run(seconds(200));
  running.unsubscribe();
  listening.unsubscribe();
  return counts;
};

describe('W44: the cost of the engine itself', () => {
  test('W44: a sample costs one step of each signal that is watched for its subject, however many policies watch it', () => {
    for (const policies of [1, 5]) {
      const { steps, samples } = counted(3, policies);
      expect(samples).toBeGreaterThan(0);
      expect(steps).toBe(samples);
    }
  });

  test('W44: what samples cost grows with the site, and no faster', () => {
    expect(counted(6, 1).steps).toBe(2 * counted(3, 1).steps);
  });

  test('W44: each policy is asked once in a round', () => {
    const [one, five] = [counted(3, 1), counted(3, 5)];
    expect(one.plans).toBeLessThanOrEqual(20);
    expect(five.plans).toBe(5 * one.plans);
  });
});
