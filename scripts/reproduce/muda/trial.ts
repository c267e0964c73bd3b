/** Trial: one run of one experiment in the simulated laboratory. */
import { Subscription } from 'rxjs';
import { type ConvergencePolicy, engine } from '../../../src/engine/index.js';
import { gibibytes, type Host, type HostId, seconds } from '../../../src/model/index.js';
import type { Policy } from '../../../src/policies/index.js';
import { type Job, type MigrationModel, simulatedCluster, virtualTime } from '../../../src/simulation/index.js';
import { besides, besidesStorage } from './jobs.js';
import { guestPhysics as physics, migrationPhysics } from './physics.js';

/** Who orders the migration: a policy in the engine, somebody at a time, or nobody. Times are in seconds. */
export type Order =
  | {
      readonly by: 'policy';
      readonly policy: Policy;
      /** What is asked of a migration that does not settle (M42d, M48). */
      readonly convergence?: ConvergencePolicy;
    }
  | {
      readonly by: 'hand';
      readonly at: number;
      readonly to: HostId;
      /** The job begins when the guest has arrived. */
      readonly before?: boolean;
      /** The guest is paused at once, so that the rounds end (M42d). */
      readonly pause?: boolean;
    }
  | { readonly by: 'nobody' };

/** An experiment. */
export interface Experiment {
  readonly hosts: readonly Host[];
  readonly from: HostId;
  readonly job: Job;
  readonly order: Order;
  readonly migration?: Partial<MigrationModel>;
}

/** What came of it, in seconds from its start. */
export interface Course {
  /** Length of the experiment: until the job was done. */
  readonly job: number;
  /** When the first migration was ordered, and ended. */
  readonly start?: number;
  readonly end?: number;
  /** Migrations that were ordered. */
  readonly moves: number;
}

/** A host of the laboratory. */
export const labHost = (
  id: HostId,
  clock: number,
  ways: Pick<Host, 'networks'> & { readonly storage?: Host['storage'] },
): Host => ({
  id,
  state: 'active',
  cpu: { clock, cores: 2, threads: 2, architecture: 'x86_64' },
  memory: { total: gibibytes(4), reserved: 0 },
  storage: [
    ...(ways.storage ?? [{ id: 'image', access: 'nfs' }]),
    { id: besidesStorage, access: 'clustered', score: physics.besidesRate },
  ],
  networks: ways.networks,
  devices: [],
  power: [],
  labels: {},
});

/** No experiment of the thesis takes longer. */
const longest = seconds(2000);

/**
 * Runs an experiment. Reports and decisions come every second (M10).
 *
 * @param phase - seconds by which the task beside the job comes later, so that runs differ
 */
export const run = ({ hosts, from, job, order, migration = {} }: Experiment, phase = 0): Course => {
  const time = virtualTime();
  const startsLater = order.by === 'hand' && order.before === true;
  const cluster = simulatedCluster({
    hosts,
    guests: [
      {
        id: 'vm',
        host: from,
        vcpus: 1,
        memory: physics.memory,
        devices: [],
        image: { storage: 'image' },
        labels: {},
        together: [],
        apart: [],
        pins: [],
        migratable: true,
      },
    ],
    workloads: {
      vm: { used: physics.used, nonZero: physics.memory, ...(startsLater ? {} : { jobs: [job] }) },
    },
    script: [{ at: seconds(phase), change: { kind: 'start job', guest: 'vm', job: besides } }],
    migration: { ...migrationPhysics, ...migration },
    sampling: { every: seconds(1) },
    scheduler: time.scheduler,
  });
  let start: number | undefined;
  let end: number | undefined;
  let moves = 0;
  const began = (): void => {
    start ??= time.now() / 1000;
    moves += 1;
  };
  const ended = (): void => {
    end ??= time.now() / 1000;
  };
  const running = new Subscription();
  if (order.by === 'policy')
    running.add(
      engine({
        driver: cluster,
        policy: order.policy,
        every: seconds(1),
        scheduler: time.scheduler,
        ...(order.convergence && { convergence: order.convergence }),
      }).subscribe((event) => {
        if (event.kind === 'admitted') began();
        if (event.kind === 'ended') ended();
      }),
    );
  if (order.by === 'hand')
    running.add(
      time.scheduler.schedule(() => {
        began();
        const id = 'by-hand';
        running.add(
          cluster.migrate({ id, guest: 'vm', from, to: order.to }).subscribe({
            complete: () => {
              ended();
              if (startsLater) cluster.change({ kind: 'start job', guest: 'vm', job });
            },
          }),
        );
        if (order.pause === true)
          running.add(
            time.scheduler.schedule(
              () => running.add(cluster.steer(id, { kind: 'pause' }).subscribe()),
              seconds(1) + 1,
            ),
          );
      }, seconds(order.at)),
    );

  const doneAt = (): number | undefined => {
    const finished = cluster.jobs().find(({ name }) => name === job.name)?.finishedAt;
    return finished === undefined ? undefined : finished / 1000;
  };
  // A migration that has begun is followed to its end, which may come after that of the job.
  while (time.now() < longest && (doneAt() === undefined || (start !== undefined && end === undefined)))
    time.run(time.now() + seconds(1));
  running.unsubscribe();
  return { job: doneAt() ?? Infinity, moves, ...(start !== undefined && { start }), ...(end !== undefined && { end }) };
};

/** The middle of some figures; of an even number, the mean of the two. */
export const median = (figures: readonly number[]): number => {
  const sorted = [...figures].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? NaN) + (sorted[Math.floor(middle)] ?? NaN)) / 2;
};

/** Ten runs as in chapter 7; each figure is the median of those in which it came about. */
export const runs = (experiment: Experiment, count = 10): Course => {
  const courses = Array.from({ length: count }, (_, i) => run(experiment, i * 0.37));
  const middle = (figure: (course: Course) => number | undefined): number | undefined => {
    const known = courses.flatMap((course) => figure(course) ?? []);
    return known.length === 0 ? undefined : median(known);
  };
  const [start, end] = [middle((course) => course.start), middle((course) => course.end)];
  return {
    job: median(courses.map((course) => course.job)),
    moves: median(courses.map((course) => course.moves)),
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
  };
};
