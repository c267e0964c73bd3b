import { merge } from 'rxjs';
import { expect, test } from 'vitest';
import { engine, type EngineEvent, type EngineOptions } from '../../src/engine/index.js';
import { precopy } from '../../src/estimators/index.js';
import { gibibytes, mebibytes, mebibytesPerSecond, minutes, percent, seconds } from '../../src/model/index.js';
import { cslb, evacuate, firstOf, paysOff, type Policy } from '../../src/policies/index.js';
import {
  clusterOf,
  type SimulatedCluster,
  simulatedCluster,
  type SimulationOptions,
  traceDemand,
  virtualTime,
  type VirtualTime,
} from '../../src/simulation/index.js';

const guards = { smallestGain: percent(2), noSwap: true, keepBelowHeavy: true };
const balance = (): Policy => paysOff(cslb({ light: percent(40), heavy: percent(80), guards }), precopy());

const writes = { rate: mebibytesPerSecond(20), workingSet: mebibytes(200), pattern: 'random' } as const;

/** Four hosts; everything that stands on the first is busy. */
const hotHost = (): Pick<SimulationOptions, 'hosts' | 'guests' | 'workloads'> => {
  const { hosts, guests } = clusterOf({ hosts: 4, guests: 40, seed: 3 });
  const busy = guests.filter(({ host }) => host === 'host-1');
  return {
    hosts: hosts.map((host) => ({ ...host, cpu: { ...host.cpu, cores: 10, threads: 10 } })),
    guests,
    workloads: Object.fromEntries(busy.map(({ id }) => [id, { demand: traceDemand([0.6], { writes }) }])),
  };
};

interface Run {
  readonly time: VirtualTime;
  readonly cluster: SimulatedCluster;
  readonly events: readonly EngineEvent[];
}

const runFor = (
  length: number,
  simulation: Omit<SimulationOptions, 'scheduler'>,
  options: Pick<EngineOptions, 'policy' | 'limits'> = { policy: balance(), limits: { perHost: 1, total: 2 } },
): Run => {
  const time = virtualTime();
  const cluster = simulatedCluster({ ...simulation, scheduler: time.scheduler });
  const events: EngineEvent[] = [];
  const running = engine({
    driver: cluster,
    every: seconds(10),
    scheduler: time.scheduler,
    ...options,
  }).subscribe((event) => events.push(event));
  time.run(length);
  running.unsubscribe();
  return { time, cluster, events };
};

const loads = (run: Run): readonly number[] => {
  const before = run.cluster.meter();
  run.time.run(run.time.now() + minutes(1));
  const after = run.cluster.meter();
  return [...after.hosts].map(
    ([id, { demanded }]) => (demanded - (before.hosts.get(id)?.demanded ?? 0)) / (60 * 10 * 2.4e9),
  );
};

const kinds = (events: readonly EngineEvent[]): ReadonlySet<string> => new Set(events.map(({ kind }) => kind));

test('a hot host is relieved, each move explained, and then the cluster rests', () => {
  const run = runFor(minutes(30), hotHost());
  expect(Math.max(...loads(run))).toBeLessThanOrEqual(0.8);
  const admitted = run.events.flatMap((event) => (event.kind === 'admitted' ? [event] : []));
  expect(admitted.length).toBeGreaterThan(0);
  for (const { order, because } of admitted) {
    expect(order.from).toBe('host-1');
    expect(because.map(({ kind }) => kind)).toContain('weighed');
  }
  const last = admitted.at(-1)?.at ?? 0;
  expect(last).toBeLessThan(minutes(10));
  expect(run.events.filter(({ kind }) => kind === 'ended')).toHaveLength(admitted.length);
});

test('two runs from one seed tell the same events', () => {
  const faults = { rates: { loss: 0.05, garbage: 0.02, migrationFailure: { share: 0.5, within: seconds(1) } } };
  const tell = (): readonly EngineEvent[] => runFor(minutes(15), { ...hotHost(), seed: 11, faults }).events;
  const events = tell();
  expect(kinds(events)).toContain('bad-input');
  expect(kinds(events)).toContain('failed');
  expect(tell()).toEqual(events);
});

test('a host that falls silent takes no guest and gives none', () => {
  const from = minutes(2);
  const run = runFor(minutes(20), {
    ...hotHost(),
    faults: { scheduled: [{ kind: 'silence', at: 0, host: 'host-2', lasting: minutes(60) }] },
  });
  const moves = run.events.flatMap((event) => (event.kind === 'admitted' && event.at > from ? [event.order] : []));
  for (const { from: source, to } of moves) expect([source, to]).not.toContain('host-2');
});

test('when nobody reports any more nothing is moved, however hot it was', () => {
  const { hosts, ...rest } = hotHost();
  const silence = hosts.map(({ id: host }) => ({ kind: 'silence' as const, at: 1, host, lasting: minutes(60) }));
  const run = runFor(minutes(20), { hosts, ...rest, faults: { scheduled: silence } });
  expect(kinds(run.events)).not.toContain('admitted');
  expect(run.cluster.meter().migrations.started).toBe(0);
});

test('garbage in samples is told and causes no move', () => {
  const calm = clusterOf({ hosts: 3, guests: 12, seed: 5 });
  const run = runFor(minutes(20), { ...calm, seed: 9, faults: { rates: { garbage: 0.3 } } });
  expect(kinds(run.events)).toContain('bad-input');
  expect(kinds(run.events)).not.toContain('admitted');
});

test('a failing host is emptied before anything is balanced', () => {
  const run = runFor(
    minutes(15),
    {
      ...hotHost(),
      script: [{ at: seconds(30), change: { kind: 'host state', host: 'host-3', state: 'failing' } }],
    },
    { policy: firstOf(evacuate(), balance()), limits: { perHost: 4, total: 4 } },
  );
  const inventories = run.events.flatMap((event) => (event.kind === 'inventory' ? [event.inventory] : []));
  const before = inventories[0]?.guests.filter(({ host }) => host === 'host-3') ?? [];
  const after = inventories.at(-1)?.guests.filter(({ host }) => host === 'host-3') ?? [];
  expect(before.length).toBeGreaterThan(0);
  expect(after).toEqual([]);
});

test('after a restart the move under way is found again, followed to its end, and not ordered twice', () => {
  const time = virtualTime();
  const scenario = hotHost();
  const cluster = simulatedCluster({ ...scenario, scheduler: time.scheduler });
  const guest = scenario.guests.find(({ host, memory }) => host === 'host-1' && memory >= gibibytes(4));
  if (!guest) throw new Error('the scenario has a large guest on host-1');
  const orphan = { id: 'orphan', guest: guest.id, from: guest.host, to: 'host-4' };
  // Somebody else holds the command, as a hypervisor's own daemon does.
  cluster.migrate(orphan).subscribe();
  time.run(seconds(1.5));
  const events: EngineEvent[] = [];
  engine({ driver: cluster, policy: balance(), every: seconds(1), scheduler: time.scheduler }).subscribe((event) =>
    events.push(event),
  );
  time.run(minutes(5));
  expect(events.find(({ kind }) => kind === 'resumed')).toMatchObject({ migration: { id: 'orphan' } });
  expect(events.find(({ kind }) => kind === 'ended')).toMatchObject({ outcome: { id: 'orphan', to: 'host-4' } });
  const twice = events.filter((event) => event.kind === 'admitted' && event.order.guest === guest.id);
  expect(twice).toEqual([]);
});

test('unsubscribing leaves every guest on one host and nothing under way', () => {
  const time = virtualTime();
  const scenario = hotHost();
  const cluster = simulatedCluster({ ...scenario, scheduler: time.scheduler });
  const events: EngineEvent[] = [];
  const running = engine({
    driver: cluster,
    policy: balance(),
    every: seconds(10),
    scheduler: time.scheduler,
  }).subscribe((event) => events.push(event));
  while (!events.some(({ kind }) => kind === 'admitted') && time.now() < minutes(10)) time.run(time.now() + seconds(1));
  expect(kinds(events)).toContain('admitted');
  running.unsubscribe();
  let inFlight: readonly unknown[] = ['not asked'];
  cluster.inFlight().subscribe((moves) => {
    inFlight = moves;
  });
  time.run(time.now() + seconds(1));
  expect(inFlight).toEqual([]);
  const { started, done, cancelled, failed } = cluster.meter().migrations;
  expect(done + cancelled + failed).toBe(started);
});

test('samples that come twice are told as duplicates and leave the hosts known', () => {
  const time = virtualTime();
  const cluster = simulatedCluster({ ...hotHost(), scheduler: time.scheduler });
  const events: EngineEvent[] = [];
  const doubled = { ...cluster, samples: () => merge(cluster.samples(), cluster.samples()) };
  engine({ driver: doubled, policy: balance(), every: seconds(10), scheduler: time.scheduler }).subscribe((event) =>
    events.push(event),
  );
  time.run(minutes(1));
  const duplicates = events.filter((event) => event.kind === 'bad-input' && event.input.problem === 'duplicate');
  expect(duplicates.length).toBeGreaterThan(0);
  const snapshot = events.findLast((event) => event.kind === 'snapshot');
  expect(snapshot?.kind === 'snapshot' && snapshot.cluster.hosts.map(({ knowledge }) => knowledge.kind)).toEqual([
    'fresh',
    'fresh',
    'fresh',
    'fresh',
  ]);
});
