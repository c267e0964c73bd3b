/** The QEMU driver on QEMUs that do as a test wants: what it orders, what it believes, and what it clears away. */
import { describe, expect, test } from 'vitest';
import { DriverError, type MigrationEvent, qemu, type QemuOptions } from '../../../src/drivers/index.js';
import {
  type ConvergenceAction,
  type Failure,
  mebibytesPerSecond,
  type Progress,
  type Reading,
  seconds,
} from '../../../src/model/index.js';
import { active, type FakeSite, fakeSite } from './fake-site.js';

const order = { id: 'm', guest: 'web', from: 'a', to: 'b' };

interface Played {
  readonly events: readonly MigrationEvent[];
  readonly progress: readonly Progress[];
  readonly failure: Failure | undefined;
  readonly completed: boolean;
}

const play = (site: FakeSite, more: Partial<QemuOptions> = {}, steer?: ConvergenceAction): Played => {
  const driver = qemu(site.options(more));
  const events: MigrationEvent[] = [];
  let failure: Failure | undefined;
  let completed = false;
  driver.migrate(order).subscribe({
    next: (event) => events.push(event),
    error: (thrown: unknown) => {
      if (!DriverError.is(thrown)) throw thrown;
      failure = thrown;
    },
    complete: () => {
      completed = true;
    },
  });
  if (steer) {
    site.time.run(site.time.now() + 300);
    driver.steer('m', steer).subscribe({
      error: (thrown: unknown) => {
        failure ??= thrown as DriverError;
      },
    });
  }
  site.time.run(site.time.now() + seconds(120));
  const progress = events.flatMap((event) => (event.kind === 'progress' ? [event.progress] : []));
  return { events, progress, failure, completed };
};

const told = (site: FakeSite, host: string, command: string): readonly unknown[] =>
  site.at(host).told.flatMap((one) => (one.execute === command ? [one.arguments] : []));

describe('a move', () => {
  test('starts a receiver from the parameters of the source (M33)', () => {
    const site = fakeSite();
    play(site);
    expect(site.ran.find(([program]) => program === '/usr/bin/qemu-system-x86_64')).toEqual([
      '/usr/bin/qemu-system-x86_64',
      ...['-name', 'web', '-m', '256', '-chardev', 'file,id=s,path=/run/b/web.log'],
      ...[
        '-qmp',
        'unix:/run/b/web.qmp,server=on,wait=off',
        '-pidfile',
        '/run/b/web.pid',
        '-incoming',
        'defer',
        '-daemonize',
      ],
    ]);
  });

  test('is told to the end, and the QEMU without the guest is ended', () => {
    const site = fakeSite();
    const { events, completed } = play(site);
    expect(events.at(-1)).toMatchObject({ kind: 'done', downtime: 20, sent: 5000 });
    expect(completed).toBe(true);
    expect([...site.qemus.keys()]).toEqual(['/run/b/web.qmp']);
  });

  test('goes to the address and a port of the destination', () => {
    const site = fakeSite();
    site.onMigrate = () => undefined;
    play(site);
    expect(told(site, 'a', 'migrate')).toEqual([{ uri: 'tcp:10.0.0.2:4000' }]);
  });

  test('gives each migration its own limits, whatever the last one was allowed', () => {
    const site = fakeSite();
    site.onMigrate = () => undefined;
    play(site, { migration: { bandwidth: mebibytesPerSecond(10) } });
    expect(told(site, 'a', 'migrate-set-parameters')).toEqual([{ 'downtime-limit': 300, 'max-bandwidth': 10485760 }]);
  });
});

describe('the state', () => {
  test.each([
    ['setup', 'preparing'],
    ['wait-unplug', 'preparing'],
    ['active', 'copying'],
    ['pre-switchover', 'stopped'],
    ['device', 'stopped'],
    ['postcopy-active', 'post-copy'],
  ])('%s is told as %s', (status, phase) => {
    const site = fakeSite();
    site.onMigrate = (source) => {
      source.migration = [active(2, { status })];
    };
    expect(play(site).progress[0]?.phase).toBe(phase);
  });

  test('a dirty rate of 0 before the first sync is not known', () => {
    const site = fakeSite();
    site.onMigrate = (source) => {
      source.migration = [active(1), active(2, {}, { 'dirty-pages-rate': 10 })];
    };
    const { progress } = play(site);
    expect(progress[0]).not.toHaveProperty('dirtyRate');
    expect(progress[1]).toMatchObject({ round: 2, dirtyRate: 40_960, bandwidth: 1e6, downtimeLimit: 300 });
  });

  test('the share that is taken from a guest is told', () => {
    const site = fakeSite();
    site.onMigrate = (source) => {
      source.migration = [active(3, { 'cpu-throttle-percentage': 30 })];
    };
    expect(play(site).progress[0]?.throttle).toBe(0.3);
  });

  test('completed without times is asked for again', () => {
    const site = fakeSite();
    const { onMigrate } = site;
    site.onMigrate = (source, receiver) => {
      onMigrate(source, receiver);
      source.migration.splice(2, 0, { status: 'completed', 'total-time': 0 });
    };
    expect(play(site).events.at(-1)).toMatchObject({ kind: 'done', downtime: 20 });
  });

  test.each([
    ['failed', { 'error-desc': 'Unable to write to socket: Connection reset by peer' }, 'unreachable'],
    ['failed', { 'error-desc': 'error while loading state for instance 0x0' }, 'protocol'],
    ['failed', {}, 'protocol'],
    ['cancelled', {}, 'cancelled'],
    ['colo', {}, 'unsupported'],
    ['something-new', {}, 'protocol'],
  ])('%s %j ends as a failure, and the receiver is ended', (status, more, kind) => {
    const site = fakeSite();
    site.onMigrate = (source) => {
      source.migration = [{ status, ...more }];
    };
    expect(play(site).failure?.kind).toBe(kind);
    expect([...site.qemus.keys()]).toEqual(['/run/a/web.qmp']);
  });

  test('a post-copy that has lost its connection is broken, and nothing is touched', () => {
    const site = fakeSite();
    site.onMigrate = (source, receiver) => {
      source.status = 'finish-migrate';
      source.running = false;
      source.migration = [{ status: 'postcopy-paused' }];
      if (receiver) receiver.status = 'running';
    };
    expect(play(site).failure).toMatchObject({ kind: 'post-copy broken', retryable: false });
    expect(site.qemus.size).toBe(2);
    for (const command of ['quit', 'cont', 'migrate_cancel'])
      for (const host of ['a', 'b']) expect(told(site, host, command)).toEqual([]);
  });
});

describe('nothing is believed before both sides agree', () => {
  test('a completed move whose guest still runs at its source has failed', () => {
    const site = fakeSite();
    site.onMigrate = (source) => {
      source.migration = [{ status: 'completed', 'total-time': 9 }];
    };
    expect(play(site).failure).toMatchObject({
      kind: 'protocol',
      message: expect.stringContaining('still runs on a') as string,
    });
  });

  test('a guest that runs on both sides is left as it is', () => {
    const site = fakeSite();
    site.onMigrate = (source, receiver) => {
      source.migration = [{ status: 'completed', 'total-time': 9 }];
      if (receiver) Object.assign(receiver, { status: 'running', running: true });
    };
    expect(play(site).failure).toMatchObject({
      kind: 'protocol',
      message: expect.stringContaining('not clear') as string,
    });
    expect(site.qemus.size).toBe(2);
  });

  test('a move whose source has died is done where the guest runs at its destination', () => {
    const site = fakeSite();
    site.onMigrate = (_, receiver) => {
      site.qemus.delete('/run/a/web.qmp');
      if (receiver) Object.assign(receiver, { status: 'running', running: true });
    };
    expect(play(site).events.at(-1)).toMatchObject({ kind: 'done' });
  });
});

describe('before anything is sent', () => {
  test.each([
    ['qemu: cannot set up guest memory: Cannot allocate memory', 'insufficient memory'],
    ['qemu: -chardev: Failed to get "write" lock', 'conflict'],
    ['', 'protocol'],
  ])('a receiver that ends with %j is %s', (stderr, kind) => {
    const site = fakeSite();
    site.launch = { code: 1, stderr };
    expect(play(site, { patience: seconds(1) }).failure?.kind).toBe(kind);
    expect(told(site, 'a', 'migrate')).toEqual([]);
  });

  test.each(['inmigrate', 'postmigrate'])(
    'what an earlier move has left at the destination (%s) is ended first',
    (status) => {
      const site = fakeSite();
      const left = { ...site.at('a'), status, running: false, told: [] };
      site.qemus.set('/run/b/web.qmp', left);
      expect(play(site).completed).toBe(true);
      expect(left.told).toEqual([{ execute: 'quit', arguments: undefined }]);
      expect(site.at('b')).not.toBe(left);
    },
  );

  test('a destination that accepts and says nothing fails within the deadline', () => {
    const site = fakeSite();
    site.qemus.set('/run/b/web.qmp', { ...site.at('a'), silent: true });
    const { failure } = play(site);
    expect(failure).toMatchObject({ kind: 'timed out', retryable: true });
  });

  test('a source that is no QEMU is not started again', () => {
    const site = fakeSite();
    site.qemus.set('/run/a/web.qmp', { ...site.at('a'), argv: ['/bin/sh', '-qmp', 'unix:/run/a/web.qmp'] });
    expect(play(site).failure?.kind).toBe('not found');
    expect(site.ran.every(([program]) => program === 'ps' || program === 'cat')).toBe(true);
  });
});

describe('unsubscribing', () => {
  test('cancels, and ends the receiver', () => {
    const site = fakeSite();
    site.onMigrate = (source) => {
      source.migration = [active(1)];
    };
    const running = qemu(site.options()).migrate(order).subscribe();
    site.time.run(seconds(1));
    running.unsubscribe();
    site.time.run(seconds(5));
    expect(told(site, 'a', 'migrate_cancel')).toHaveLength(1);
    expect([...site.qemus.keys()]).toEqual(['/run/a/web.qmp']);
  });

  test('leaves a post-copy to its end, for the guest would be lost', () => {
    const site = fakeSite();
    site.onMigrate = (source) => {
      source.migration = [active(2, { status: 'postcopy-active' })];
    };
    const running = qemu(site.options()).migrate(order).subscribe();
    site.time.run(seconds(1));
    running.unsubscribe();
    site.time.run(seconds(5));
    expect(told(site, 'a', 'migrate_cancel')).toEqual([]);
    expect(site.qemus.size).toBe(2);
  });
});

describe('steering', () => {
  const copying = (): FakeSite => {
    const site = fakeSite();
    site.onMigrate = (source) => {
      source.migration = [active(2)];
    };
    return site;
  };
  const last = (site: FakeSite): unknown => told(site, 'a', 'migrate-set-parameters').at(-1);

  test.each([
    [{ kind: 'raise downtime', limit: 1500.4 } as const, { 'downtime-limit': 1500 }],
    [{ kind: 'pause' } as const, { 'downtime-limit': 2_000_000 }],
  ])('%j is a longer downtime', (action, parameters) => {
    const site = copying();
    play(site, {}, action);
    expect(last(site)).toEqual(parameters);
  });

  test('throttling is unsupported where it was not allowed from the beginning', () => {
    expect(play(copying(), { watchEvery: 100 }, { kind: 'throttle', share: 0.5 }).failure?.kind).toBe('unsupported');
  });

  test('throttling is what QEMU begins with and stays at', () => {
    const site = copying();
    play(site, { migration: { throttling: true } }, { kind: 'throttle', share: 0.5 });
    expect(last(site)).toMatchObject({ 'cpu-throttle-initial': 50, 'max-cpu-throttle': 50 });
  });

  test('post-copy is started, and aborting cancels', () => {
    const site = copying();
    play(site, {}, { kind: 'post-copy' });
    expect(told(site, 'a', 'migrate-start-postcopy')).toHaveLength(1);
    expect(play(copying(), {}, { kind: 'abort' }).failure?.kind).toBe('cancelled');
  });
});

test('where somebody accepts and says nothing, it is not claimed that nothing is under way', () => {
  const site = fakeSite();
  site.at('a').silent = true;
  let failure: unknown;
  qemu(site.options())
    .inFlight()
    .subscribe({ error: (thrown: unknown) => (failure = thrown) });
  site.time.run(seconds(30));
  expect(failure).toMatchObject({ kind: 'timed out', retryable: true });
});

test('the dirtying of memory is measured by sampling pages, for all else ends a QEMU without KVM', () => {
  const site = fakeSite();
  const readings: Reading[] = [];
  qemu(site.options({ dirtyWindow: seconds(1) }))
    .samples()
    .subscribe((reading) => readings.push(reading));
  site.time.run(seconds(10));
  expect(told(site, 'a', 'calc-dirty-rate')[0]).toMatchObject({ 'calc-time': 1, mode: 'page-sampling' });
  expect(readings).toContainEqual(
    expect.objectContaining({ id: 'web', dirty: { rate: mebibytesPerSecond(3), window: 1000 } }),
  );
});

test('options that are wrong are named by their paths', () => {
  const { options } = fakeSite();
  const [a] = options().hosts;
  if (!a) throw new Error('no host');
  const one = { ...a, directory: 'run,x', incoming: { address: 'a b', ports: [2, 1] as const } };
  expect(() => qemu(options({ hosts: [one] }))).toThrow(
    /hosts\[0\]\.directory: .*\n.*hosts\[0\]\.incoming\.address: .*\n.*hosts\[0\]\.incoming\.ports/s,
  );
  expect(() => qemu(options({ hosts: [a, a] }))).toThrow('qemu: hosts[1].id: "a" is listed twice');
});
