/** Run test: the real engine with a real policy over a simulated cluster, for as long as a test says, into its record. */
import { Subscription } from 'rxjs';
import { engine } from '../../engine/index.js';
import type { Guest, GuestId, MigrationId, Milliseconds } from '../../model/index.js';
import { type Policy, SettingsError } from '../../policies/index.js';
import {
  chance,
  type SimulatedCluster,
  simulatedCluster,
  traceDemand,
  virtualTime,
  type VirtualTime,
  type Workload,
} from '../../simulation/index.js';
import { runOf } from './benchmark.js';
import { afterRun, firstRoster } from './draw.js';
import type { PolicyMakers } from './laboratory.js';
import { accounts } from './processor-time.js';
import type { DrawRecord, MigrationRecord, ProcessorRecord, RunRecord, TestRecord } from './record.js';
import { type Test, type TestInput, testOf } from './test.js';

const policyOf = ({ laboratory: { engine: setUp } }: Test, makers: PolicyMakers): Policy => {
  const { name, settings } = setUp.policy;
  const make = Object.hasOwn(makers, name) ? makers[name] : undefined;
  if (make) return make(settings);
  const known = Object.keys(makers).join(', ') || 'none';
  throw new SettingsError(`test.laboratory.engine.policy.name: no policy is called "${name}", only: ${known}`, []);
};

/** The guest of the engine with its load, where the engine is on and has one. */
const enginesOwn = ({
  engine: on,
  laboratory,
}: Test): { readonly guest: Guest; readonly work: Workload } | undefined => {
  const { guest, load } = laboratory.engine;
  return on && guest ? { guest, work: { demand: traceDemand([load]) } } : undefined;
};

const machines = (test: Test, time: VirtualTime): SimulatedCluster => {
  const { hosts, guests, workloads, migration, monitor, sampling, engine: setUp } = test.laboratory;
  const own = enginesOwn(test);
  return simulatedCluster({
    seed: test.seed,
    hosts,
    guests: own ? [...guests, own.guest] : guests,
    workloads: own ? { ...workloads, [own.guest.id]: own.work } : workloads,
    migration,
    overhead: { host: Math.min(0.99, monitor + (test.engine ? setUp.querying : 0)) },
    sampling: { every: sampling.every, processes: sampling.processes, noise: { cpu: sampling.noise } },
    scheduler: time.scheduler,
  });
};

/** Begins the names of the runs of the benchmark, and of nothing that guests do besides. */
const runPrefix = 'run ';

/** Runs the benchmark in guest after guest; gives the draws as they come. */
const keepRunning = (test: Test, time: VirtualTime, cluster: SimulatedCluster, draws: DrawRecord[]): Subscription => {
  const { benchmark, iterations, draw: rule, laboratory, length } = test;
  const source = chance(test.seed);
  const drawing = source.split('draw');
  const sizes = new Map(laboratory.guests.map(({ id }) => [id, source.split('sizes').split(id)]));
  const running = new Subscription();
  let begun = 0;
  const begin = (guest: GuestId): void => {
    if (time.now() >= length) return;
    begun += 1;
    const job = runOf(benchmark, sizes.get(guest) ?? source);
    cluster.change({ kind: 'start job', guest, job, id: `${runPrefix}${begun}` });
  };
  let roster = firstRoster(
    laboratory.guests.map(({ id }) => id),
    test.first ?? test.guests,
    drawing,
  );
  for (const guest of roster.done.keys()) begin(guest);
  running.add(
    cluster.completions().subscribe(({ id, guest, finishedAt, outcome }) => {
      if (!id.startsWith(runPrefix) || outcome !== 'done' || finishedAt === undefined) return;
      const turn = afterRun(roster, guest, { rule, iterations }, drawing);
      roster = turn.roster;
      if (turn.drawn) draws.push({ at: finishedAt, done: guest, drawn: turn.start });
      for (const next of turn.start)
        if (benchmark.pause === 0) begin(next);
        else running.add(time.scheduler.schedule(() => begin(next), benchmark.pause));
    }),
  );
  return running;
};

/** Lets the engine decide; gives the migrations by their names as they begin and end. */
const letDecide = (
  test: Test,
  policy: Policy,
  time: VirtualTime,
  cluster: SimulatedCluster,
  migrations: Map<MigrationId, MigrationRecord>,
): Subscription => {
  const { every, limits } = test.laboratory.engine;
  return engine({ driver: cluster, policy, every, limits, scheduler: time.scheduler }).subscribe((event) => {
    if (event.kind === 'admitted') {
      const { id, guest, from, to } = event.order;
      migrations.set(id, { guest, from, to, startedAt: event.at, result: 'under way' });
    } else if (event.kind === 'ended' || event.kind === 'failed') {
      const { id, guest, from, to, startedAt, endedAt, ending } = event.outcome;
      const { downtime, sent } = ending.result === 'done' ? ending : {};
      migrations.set(id, {
        guest,
        from,
        to,
        startedAt,
        endedAt,
        result: ending.result,
        ...(downtime !== undefined && { downtime }),
        ...(sent !== undefined && { sent }),
      });
    }
  });
};

/** Times at which the processor record is read; the end of the test is the last. */
const readingTimes = (length: Milliseconds, every = length): readonly Milliseconds[] =>
  Array.from({ length: Math.ceil(length / every) }, (_, i) => Math.min(length, (i + 1) * every));

/**
 * Runs one test in virtual time (Wilcox, §4.2; W25, W27, W28). Equal tests give equal records, to the bit, whatever was run before:
 * `runTest(record.test, makers)` is a recorded test again.
 *
 * @param makers - the policies that tests may name; asked only where the engine is on
 * @throws SettingsError where the test is wrong or names a policy that is not there
 */
export const runTest = (given: TestInput, makers: PolicyMakers): TestRecord => {
  const test = testOf(given);
  const policy = test.engine ? policyOf(test, makers) : undefined;
  const time = virtualTime();
  const cluster = machines(test, time);
  const draws: DrawRecord[] = [];
  const migrations = new Map<MigrationId, MigrationRecord>();
  const accounting = accounts(test.laboratory.hosts, cluster.meter(), enginesOwn(test)?.guest.id);
  const running = cluster.inventory().subscribe((inventory) => accounting.stand(inventory, cluster.meter()));
  running.add(keepRunning(test, time, cluster, draws));
  if (policy) running.add(letDecide(test, policy, time, cluster, migrations));

  const processors: ProcessorRecord[] = [];
  for (const until of readingTimes(test.length, test.laboratory.recordEvery)) {
    time.run(until);
    processors.push(accounting.read(cluster.meter()));
  }
  const runs = cluster
    .jobs()
    .filter(({ id }) => id.startsWith(runPrefix))
    .map(({ guest, startedAt, finishedAt, outcome }): RunRecord => ({
      guest,
      startedAt,
      ...(outcome === 'done' && finishedAt !== undefined && { finishedAt }),
    }));
  // A migration that is under way is told as such: only now is it called off.
  const moved = [...migrations.values()];
  running.unsubscribe();
  return { version: 1, test, processors, runs, migrations: moved, draws };
};
