/** The libvirt driver against hosts that answer from recorded outputs: what it tells, what it orders, and how it judges. */
import { lastValueFrom, type Observable, toArray } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type Driver,
  DriverError,
  libvirt,
  type LibvirtOptions,
  type MigrationEvent,
} from '../../../src/drivers/index.js';
import { type Inventory, type Migration, type MigrationOrder, seconds } from '../../../src/model/index.js';
import { virtualTime, type VirtualTime } from '../../../src/simulation/index.js';
import { stream, virshSaid } from './captures.js';
import { answer, fakeHosts, type FakeHosts, later, running } from './fake-hosts.js';

const uuid = '11111111-0000-4000-8000-00005917e197';
const other = '22222222-0000-4000-8000-000000000002';
const order: MigrationOrder = { id: 'm1', guest: 'web', from: 'a', to: 'b' };
const during = virshSaid('41-domjobinfo-during-rawstats.stdout.txt');

let hosts: FakeHosts;
let time: VirtualTime;
let driver: Driver;

const make = (options: Partial<LibvirtOptions> = {}): Driver =>
  libvirt({
    hosts: ['qemu+tcp://a/system', 'qemu+tcp://b/system'],
    commands: hosts.run,
    scheduler: time.scheduler,
    shared: [{ path: '/run/lab/shared/' }],
    ...options,
  });

beforeEach(() => {
  hosts = fakeHosts();
  time = virtualTime();
  driver = make();
  hosts.held['a']?.push(running('web', uuid));
});

/** Everything that a stream tells, and how it ended. */
const heard = <T>(
  stream$: Observable<T>,
): { readonly told: T[]; failure?: DriverError; done?: true; stop: () => void } => {
  const log: { told: T[]; failure?: DriverError; done?: true; stop: () => void } = { told: [], stop: () => undefined };
  const subscription = stream$.subscribe({
    next: (value) => log.told.push(value),
    error: (thrown: unknown) => {
      if (!DriverError.is(thrown)) throw thrown;
      log.failure = thrown;
    },
    complete: () => {
      log.done = true;
    },
  });
  log.stop = () => subscription.unsubscribe();
  return log;
};
const ordered = (command: string): readonly (readonly string[])[] => hosts.asked.filter(([word]) => word === command);
const moves = (): void => {
  hosts.held['b']?.push({ ...running('web', uuid), reason: 2 });
  hosts.held['a']?.splice(0);
};

describe('inventory', () => {
  test('nothing is asked before somebody subscribes', () => {
    make().migrate(order);
    expect(hosts.asked).toEqual([]);
  });

  test('hosts and guests are told with what was given to them', () => {
    const { told } = heard(driver.inventory());
    time.run(1);
    const [inventory] = told;
    expect(inventory?.hosts.map(({ id, cpu, memory }) => [id, cpu.cores, memory.total])).toEqual([
      ['a', 2, 24684092 * 1024],
      ['b', 2, 24684092 * 1024],
    ]);
    expect(inventory?.guests).toMatchObject([
      {
        id: 'web',
        host: 'a',
        vcpus: 2,
        memory: 196608 * 1024,
        image: { storage: '/run/lab/shared/' },
        migratable: true,
      },
    ]);
  });

  test('a guest with a disk that is not shared cannot be moved', () => {
    const { told } = heard(make({ shared: [] }).inventory());
    time.run(1);
    expect(told[0]?.guests[0]?.migratable).toBe(false);
  });

  test('two guests of one name are told apart by their UUIDs', () => {
    hosts.held['b']?.push(running('web', other));
    const { told } = heard(driver.inventory());
    time.run(1);
    expect(told.at(-1)?.guests.map(({ id, host }) => [id, host])).toEqual([
      [uuid, 'a'],
      [other, 'b'],
    ]);
  });

  test('a guest that arrives stands where it still runs', () => {
    hosts.held['b']?.push({ uuid, name: 'web', state: 3, reason: 2 });
    const { told } = heard(driver.inventory());
    time.run(1);
    expect(told[0]?.guests.map(({ host }) => host)).toEqual(['a']);
  });

  test('a guest whose post-copy broke is not movable', () => {
    hosts.held['a'] = [{ uuid, name: 'web', state: 3, reason: 13 }];
    hosts.held['b']?.push({ uuid, name: 'web', state: 1, reason: 10 });
    const { told } = heard(driver.inventory());
    time.run(1);
    expect(told[0]?.guests).toMatchObject([{ host: 'a', migratable: false }]);
  });

  test('a host that does not answer stays as it was for a while, then it is left out', () => {
    const { told } = heard(driver.inventory());
    time.run(1);
    hosts.down.add('b');
    time.run(seconds(60));
    expect(told).toHaveLength(1);
    time.run(seconds(150));
    expect(told.at(-1)?.hosts.map(({ id }) => id)).toEqual(['a']);
  });

  test('where no host answers, the driver cannot be reached', () => {
    hosts.down.add('a').add('b');
    const log = heard(driver.inventory());
    time.run(1);
    expect(log.failure).toMatchObject({ kind: 'unreachable', retryable: true });
  });

  test('unsubscribing ends everything', () => {
    const log = heard(driver.inventory());
    time.run(1);
    log.stop();
    const asked = hosts.asked.length;
    time.run(seconds(600));
    expect(hosts.asked.length).toBe(asked);
  });
});

describe('samples', () => {
  test('a host that does not answer is told of, and silences no other', () => {
    hosts.down.add('b');
    const log = heard(driver.samples());
    time.run(seconds(11));
    expect(
      log.told.filter((reading) => reading.kind === 'bad-input').map((reading) => 'place' in reading && reading.place),
    ).toEqual(['host b', 'host b']);
    expect(log.told.filter(({ kind }) => kind === 'host')).toMatchObject([
      { id: 'a', memory: { total: 24684092 * 1024 } },
    ]);
  });

  test('dirty rates are measured by page sampling only, unless the guest is under KVM', () => {
    const measured = make({ dirtyRate: { every: seconds(20), mode: 'dirty-bitmap' } });
    heard(measured.inventory());
    heard(measured.samples());
    time.run(seconds(25));
    expect(ordered('domdirtyrate-calc')).toEqual([
      ['domdirtyrate-calc', '--seconds', '1', '--', uuid],
      ['domdirtyrate-calc', '--seconds', '1', '--', uuid],
    ]);
  });
});

describe('a move', () => {
  test('goes peer to peer, by UUID, and its options end before its names', () => {
    heard(driver.migrate(order));
    expect(ordered('migrate')).toEqual([
      [
        'migrate',
        '--live',
        '--p2p',
        '--verbose',
        '--persistent',
        '--undefinesource',
        '--',
        uuid,
        'qemu+tcp://b/system',
      ],
    ]);
  });

  test('of a guest called --help or a;b is a move like any other', () => {
    for (const name of ['--help', 'a;b']) {
      hosts.held['a'] = [running(name, uuid)];
      heard(driver.migrate({ ...order, guest: name }));
    }
    expect(ordered('migrate').every((words) => !words.includes('--help') && !words.includes('a;b'))).toBe(true);
    expect(ordered('migrate')).toHaveLength(2);
  });

  test('tells its progress and, when the guest is there, that it is done with its figures', () => {
    hosts.job = during;
    hosts.completed = 'Job type: 3\n\noperation: 4\ndowntime: 272\nmemory_processed: 2361297345\n';
    hosts.migrate = () =>
      later(seconds(3), time.scheduler, () => {
        moves();
        return answer('', stream('42-migrate-p2p-back', 'stderr'));
      });
    const log = heard(driver.migrate(order));
    time.run(seconds(5));
    expect(log.told.map(({ kind }) => kind)).toEqual(['progress', 'progress', 'done']);
    expect(log.told.at(-1)).toMatchObject({ downtime: 272, sent: 2361297345 });
    expect(log.done).toBe(true);
    expect(ordered('domjobabort')).toEqual([]);
  });

  test('is refused before anything is sent where the name is taken, or the memory does not fit', () => {
    hosts.held['b'] = [running('web', other)];
    expect(heard(driver.migrate({ ...order, guest: uuid })).failure).toMatchObject({ kind: 'conflict' });
    hosts.held['b'] = [];
    hosts.free = 1000;
    heard(driver.inventory());
    time.run(1);
    expect(heard(driver.migrate(order)).failure).toMatchObject({ kind: 'insufficient memory', retryable: true });
    expect(ordered('migrate')).toEqual([]);
  });

  test('of a guest or to a host that there is not, is not found', () => {
    expect(heard(driver.migrate({ ...order, guest: 'nobody' })).failure?.kind).toBe('not found');
    expect(heard(driver.migrate({ ...order, to: 'c' })).failure?.kind).toBe('not found');
    expect(heard(driver.migrate({ ...order, to: 'a' })).failure?.kind).toBe('conflict');
  });

  test.each([
    ['54-fail-dest-qemu-killed', 'protocol'],
    ['53-fail-insufficient-memory', 'insufficient memory'],
    ['30-fail-unsafe-disk-cache', 'refused as unsafe'],
    ['55-fail-link-down', 'unreachable'],
  ] as const)('that failed as in %s fails with its cause when the guest is still at the source', (name, kind) => {
    hosts.migrate = () => answer('', stream(name, 'stderr'), 1);
    expect(heard(driver.migrate(order)).failure?.kind).toBe(kind);
  });

  test('that virsh calls a failure is done all the same if the guest is there', () => {
    hosts.migrate = () => {
      moves();
      return answer('', 'error: internal error: client socket is closed\n', 1);
    };
    expect(heard(driver.migrate(order)).told).toMatchObject([{ kind: 'done' }]);
  });

  test('that virsh calls a success is not believed if the guest is still at the source', () => {
    hosts.migrate = () => answer('');
    expect(heard(driver.migrate(order)).failure).toMatchObject({ kind: 'protocol' });
  });

  test('whose connection broke in post-copy is broken, and nothing is resumed or started on either side', () => {
    hosts.migrate = () => {
      hosts.held['a'] = [{ uuid, name: 'web', state: 3, reason: 13 }];
      hosts.held['b'] = [{ uuid, name: 'web', state: 1, reason: 10 }];
      return answer('', stream('56-fail-postcopy-link-down', 'stderr'), 1);
    };
    expect(heard(driver.migrate(order)).failure).toMatchObject({ kind: 'post-copy broken', retryable: false });
    time.run(seconds(600));
    expect(
      hosts.asked
        .map(([word]) => word)
        .filter((word) => ['resume', 'start', 'destroy', 'domjobabort'].includes(word ?? '')),
    ).toEqual([]);
  });

  test('that nobody can judge is unreachable, for the engine to ask again', () => {
    hosts.migrate = () => {
      hosts.down.add('b');
      return answer('', 'error: internal error: client socket is closed\n', 1);
    };
    expect(heard(driver.migrate(order)).failure).toMatchObject({ kind: 'unreachable', retryable: true });
  });

  test('that hangs is aborted at its deadline', () => {
    const log = heard(make({ migration: { deadline: seconds(60) } }).migrate(order));
    time.run(seconds(59));
    expect(ordered('domjobabort')).toEqual([]);
    time.run(seconds(99));
    expect(ordered('domjobabort').length).toBeGreaterThan(0);
    expect(log.failure).toMatchObject({ kind: 'timed out' });
  });

  test('that nobody wants any more is aborted until virsh has ended', () => {
    let aborts = 0;
    hosts.abort = () => (aborts += 1);
    const log = heard(driver.migrate(order));
    time.run(seconds(2));
    log.stop();
    time.run(seconds(300));
    expect(aborts).toBeGreaterThan(1);
    const asked = hosts.asked.length;
    time.run(seconds(600));
    expect(hosts.asked.length).toBe(asked);
    expect(ordered('domjobabort')[0]).toEqual(['domjobabort', '--', uuid]);
  });

  test('whose virsh is not installed is unsupported', () => {
    hosts.migrate = () => answer('', '', 0);
    const without = make({ commands: () => answer('', 'sh: virsh: not found\n', 127) });
    expect(heard(without.migrate(order)).failure).toMatchObject({ kind: 'unsupported' });
  });
});

describe('steering', () => {
  test('raises the downtime, which the progress then tells', () => {
    hosts.job = during;
    const log = heard(driver.migrate(order));
    expect(heard(driver.steer('m1', { kind: 'raise downtime', limit: 800 })).done).toBe(true);
    expect(ordered('migrate-setmaxdowntime')).toEqual([['migrate-setmaxdowntime', '--', uuid, '800']]);
    time.run(seconds(1));
    expect(log.told).toMatchObject([{ progress: { downtimeLimit: 800 } }]);
  });

  test('switches to post-copy only what was begun so, and never aborts it then', () => {
    heard(driver.migrate(order));
    expect(heard(driver.steer('m1', { kind: 'post-copy' })).failure?.kind).toBe('unsupported');
    const able = make({ migration: { postCopy: true } });
    const log = heard(able.migrate({ ...order, id: 'm2' }));
    expect(ordered('migrate').at(-1)).toContain('--postcopy');
    expect(heard(able.steer('m2', { kind: 'post-copy' })).done).toBe(true);
    expect(heard(able.steer('m2', { kind: 'abort' })).failure?.kind).toBe('refused as unsafe');
    log.stop();
    time.run(seconds(60));
    expect(ordered('domjobabort')).toEqual([]);
  });

  test('cannot throttle a running move, pauses by suspend, and says so of moves that there are not', () => {
    heard(driver.migrate(order));
    expect(heard(driver.steer('m1', { kind: 'throttle', share: 0.5 })).failure?.kind).toBe('unsupported');
    expect(heard(driver.steer('m1', { kind: 'pause' })).done).toBe(true);
    expect(ordered('suspend')).toEqual([['suspend', '--', uuid]]);
    expect(heard(driver.steer('nobody', { kind: 'abort' })).failure?.kind).toBe('not found');
  });

  test('aborts, and the move is cancelled', () => {
    let end: (() => void) | undefined;
    hosts.migrate = () =>
      later(seconds(2), time.scheduler, () => answer('', stream('45-migrate-aborted', 'stderr'), 1));
    hosts.abort = () => end?.();
    const log = heard(driver.migrate(order));
    expect(heard(driver.steer('m1', { kind: 'abort' })).done).toBe(true);
    time.run(seconds(3));
    expect(log.failure?.kind).toBe('cancelled');
  });
});

describe('after a restart', () => {
  const found = async (): Promise<readonly Migration[]> => lastValueFrom(driver.inFlight());

  test('a move under way is found by the guest that two hosts list, and followed to its end', async () => {
    hosts.held['b']?.push({ uuid, name: 'web', state: 3, reason: 2 });
    hosts.job = during;
    const [migration] = await found();
    expect(migration).toMatchObject({ guest: 'web', from: 'a', to: 'b' });
    const log = heard<MigrationEvent>(make().follow(migration?.id ?? ''));
    time.run(seconds(2));
    moves();
    hosts.held['b'] = [{ uuid, name: 'web', state: 1, reason: 2 }];
    time.run(seconds(3));
    expect(log.told.at(0)).toMatchObject({ kind: 'progress', progress: { round: 1 } });
    expect(log.told.at(-1)?.kind).toBe('done');
  });

  test('unsubscribing from a move that is followed leaves it alone', async () => {
    hosts.held['b']?.push({ uuid, name: 'web', state: 3, reason: 2 });
    hosts.job = during;
    const [migration] = await found();
    const log = heard(driver.follow(migration?.id ?? ''));
    time.run(seconds(2));
    log.stop();
    time.run(seconds(100));
    expect(ordered('domjobabort')).toEqual([]);
  });

  test('a host that is down hides its own moves only', async () => {
    hosts.down.add('b');
    expect(await lastValueFrom(driver.inFlight().pipe(toArray()))).toEqual([[]]);
    hosts.down.add('a');
    expect(heard(driver.inFlight()).failure?.kind).toBe('unreachable');
  });

  test('a move of which there is nothing is not found', () => {
    expect(heard(driver.follow('nothing')).failure?.kind).toBe('not found');
    expect(heard(driver.follow(`${uuid} ["a","z"]`)).failure?.kind).toBe('not found');
  });
});

describe('settings', () => {
  const wrong = (options: object): string => {
    try {
      // @ts-expect-error [ts2345] wrong on purpose
      libvirt(options);
      return '';
    } catch (thrown) {
      return thrown instanceof Error ? thrown.message : '';
    }
  };
  test.each([
    [{}, 'libvirt.hosts'],
    [{ hosts: ['qemu+ssh://-oProxyCommand=x/system'] }, 'libvirt.hosts[0]'],
    [{ hosts: ['qemu:///system', 'qemu+tcp://b/system'] }, 'libvirt.hosts[0].peerUri'],
    [{ hosts: ['qemu+tcp://a/system', 'qemu+ssh://a/system'] }, 'two hosts are called "a"'],
    [{ hosts: [{ uri: 'qemu+tcp://a/system', migrateUri: 'exec:reboot' }] }, 'libvirt.hosts[0]'],
    [{ hosts: ['qemu:///system'], migration: { deadlin: 5 } }, 'libvirt.migration.deadlin'],
  ])('%o names the path', (options, path) => {
    expect(wrong(options)).toContain(path);
  });
});

test('the inventory is never half: every guest stands on a host that is listed', () => {
  const log = heard<Inventory>(driver.inventory());
  hosts.down.add('a');
  time.run(seconds(300));
  for (const { hosts: listed, guests } of log.told)
    expect(guests.every(({ host }) => listed.some(({ id }) => id === host))).toBe(true);
});
