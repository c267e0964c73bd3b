/** Crossover: from which length on a job gains by a migration, over the time that the migration takes. */
import { worth } from '../../../src/estimators/index.js';
import { mbps, seconds } from '../../../src/model/index.js';
import { encode } from './jobs.js';
import { chapter74, clockOf } from './laboratory.js';
import { baseline75 } from './measured.js';
import { guestPhysics, migrationPhysics } from './physics.js';
import { run } from './trial.js';

/** One point of the curve, in seconds. */
export interface CrossoverPoint {
  /** How long the migration takes. */
  readonly migration: number;
  /** The shortest job on the slower host that is done earlier if it is migrated after `trigger` seconds, simulated. */
  readonly simulated: number;
  /** The same by the estimators' weighing of gain and cost. */
  readonly estimated: number;
}

/** Seconds after which the migration is ordered, as in Table 7.6. */
export const trigger = 60;

/** What migrations may use of the link, Mbps: from one that hardly settles to one without the ceiling. */
const usual = [90, 100, 120, 150, 200, 300, 450, 700];

const encoding = (length: number, bandwidth: number, moved: boolean): ReturnType<typeof run> => {
  const hosts = chapter74();
  return run({
    hosts,
    from: 'desktop2',
    job: encode(length, clockOf(hosts, 'desktop2')),
    order: moved ? { by: 'hand', at: trigger, to: 'desktop1' } : { by: 'nobody' },
    migration: { ceiling: mbps(bandwidth) },
  });
};

/** The shortest job that gains, to half a second. */
export const breakEven = (bandwidth: number): number => {
  let [loses, gains] = [trigger + 2, 2000];
  while (gains - loses > 0.5) {
    const length = (loses + gains) / 2;
    if (encoding(length, bandwidth, true).job < length) gains = length;
    else loses = length;
  }
  return gains;
};

/** When a job should be migrated at all, over what its migration takes (M41). */
export const crossoverCurve = (bandwidths: readonly number[] = usual): readonly CrossoverPoint[] =>
  bandwidths.map((bandwidth) => {
    const { start = NaN, end = NaN } = encoding(2000, bandwidth, true);
    const duration = seconds(end - start);
    const { crossover } = worth(
      {
        convergence: 'converges',
        duration,
        interval: { low: duration, high: duration },
        downtime: 30,
        bytes: guestPhysics.memory,
        rounds: 2,
      },
      { speed: baseline75.encode.desktop2 / baseline75.encode.desktop1 },
      { kind: 'stays' },
      { slowdown: migrationPhysics.slowdown ?? 0 },
    );
    return { migration: end - start, simulated: breakEven(bandwidth), estimated: trigger + crossover / 1000 };
  });
