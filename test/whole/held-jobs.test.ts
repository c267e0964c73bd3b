import { describe, expect, test } from 'vitest';
import { engine, type EngineEvent } from '../../src/engine/index.js';
import {
  type Cluster,
  gibibytes,
  gigahertz,
  type Guest,
  type Host,
  mbps,
  mebibytes,
  mebibytesPerSecond,
  minutes,
  seconds,
} from '../../src/model/index.js';
import { heldJobs, muda, type MudaSettings, type WaitingJob } from '../../src/policies/index.js';
import { job, simulatedCluster, type SimulationOptions, virtualTime } from '../../src/simulation/index.js';

const host = (id: string, access: 'local' | 'nfs', score: number): Host => ({
  id,
  state: 'active',
  cpu: { clock: gigahertz(2), cores: 2, threads: 2, architecture: 'x86_64' },
  memory: { total: gibibytes(4), reserved: 0 },
  storage: [{ id: 'images', access, score: mebibytesPerSecond(score) }],
  networks: [
    { role: 'migration', link: 'eth1', bandwidth: mbps(700) },
    { role: 'storage', link: 'eth0', bandwidth: mbps(700) },
  ],
  devices: [],
  power: [],
  labels: {},
});
const web: Guest = {
  id: 'web',
  host: 'far',
  vcpus: 1,
  memory: mebibytes(512),
  devices: [],
  image: { storage: 'images' },
  labels: {},
  together: [],
  apart: [],
  pins: [],
  migratable: true,
};
const copying = job('cp', [{ kind: 'read', bytes: mebibytes(600) }]);

/** Far from its image, a guest is about to copy: the job is held, and let go as the policy says after each decision. */
const run = (muda_: MudaSettings = {}, simulation: Partial<SimulationOptions> = {}, name = 'cp') => {
  const time = virtualTime();
  const cluster = simulatedCluster({
    hosts: [host('far', 'nfs', 20), host('near', 'local', 60)],
    guests: [web],
    sampling: { every: seconds(1) },
    scheduler: time.scheduler,
    ...simulation,
  });
  const events: EngineEvent[] = [];
  const waiting = new Map<string, WaitingJob>();
  let seen: Cluster | undefined;
  const running = engine({
    driver: cluster,
    policy: muda({ programs: [{ name: 'cp', needs: 'io' }], ...muda_ }),
    every: seconds(5),
    scheduler: time.scheduler,
  }).subscribe((event) => {
    events.push(event);
    if (event.kind === 'snapshot') seen = event.cluster;
    if (event.kind !== 'decided' || !seen) return;
    const verdicts = heldJobs([...waiting.values()], seen, event.plan);
    [...waiting.keys()].forEach((id, i) => {
      if (verdicts[i]?.verdict !== 'release') return;
      waiting.delete(id);
      cluster.change({ kind: 'release job', id });
    });
  });
  // Held in between two samples and two decisions.
  time.run(seconds(12.5));
  const id = cluster.change({ kind: 'hold job', guest: 'web', job: { ...copying, name } }) ?? '';
  waiting.set(id, { guest: 'web', program: name, since: time.now() });
  time.run(minutes(15));
  running.unsubscribe();
  const moved = events.flatMap((event) => (event.kind === 'ended' ? [event.outcome.endedAt] : []));
  const failures = events.flatMap((event) => (event.kind === 'failed' ? [event.outcome.endedAt] : []));
  const [record] = cluster.jobs();
  return { record, moved, failures };
};

describe('a job known to be heavy on I/O, held until its guest is near its image', () => {
  test('M44 M42c it begins at the first decision after the move, and reads at the speed of the local disk', () => {
    const { record, moved } = run();
    expect(moved).toHaveLength(1);
    expect(record?.startedAt).toBeGreaterThanOrEqual(moved[0] ?? Infinity);
    expect((record?.startedAt ?? Infinity) - (moved[0] ?? 0)).toBeLessThanOrEqual(seconds(5));
    expect((record?.finishedAt ?? NaN) - (record?.startedAt ?? NaN)).toBeCloseTo(seconds(10), 3);
  });

  test('M44 it begins when the move fails, where its guest stood', () => {
    const { record, moved, failures } = run(
      {},
      { faults: { rates: { migrationFailure: { share: 1, within: 1000 } } } },
    );
    expect(moved).toEqual([]);
    expect(record?.startedAt).toBeGreaterThanOrEqual(failures[0] ?? Infinity);
    expect((record?.startedAt ?? Infinity) - (failures[0] ?? 0)).toBeLessThanOrEqual(seconds(5));
    expect(record?.outcome).toBe('done');
  });

  test('M44 it begins when the move is given up before it was begun', () => {
    const { record, moved } = run({ acceptable: { most: 1000 } });
    expect(moved).toEqual([]);
    expect(record?.startedAt).toBe(seconds(15));
    expect((record?.finishedAt ?? NaN) - (record?.startedAt ?? NaN)).toBeCloseTo(seconds(30), 3);
  });

  test('M44 one that is not known to be heavy begins as soon as the guest was examined', () => {
    const { record, moved } = run({}, {}, 'ls');
    expect(moved).toEqual([]);
    expect(record?.startedAt).toBe(seconds(15));
  });

  test('M44 it is never held for ever, even where nothing is heard of its guest any more', () => {
    const silent = { kind: 'silence', host: 'far', at: seconds(12), lasting: minutes(60) } as const;
    const { record, moved } = run({}, { faults: { scheduled: [silent] } });
    expect(moved).toEqual([]);
    expect((record?.startedAt ?? Infinity) - seconds(12.5)).toBeLessThanOrEqual(minutes(5));
  });

  test('M44 nor where a move never ends', () => {
    const { record } = run(
      {},
      {
        workloads: {
          web: { background: { rate: mebibytesPerSecond(400), workingSet: mebibytes(400), pattern: 'sweep' } },
        },
      },
    );
    expect((record?.startedAt ?? Infinity) - seconds(12.5)).toBeLessThanOrEqual(minutes(5));
  });
});
