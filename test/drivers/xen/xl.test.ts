/** The xl driver against hosts that answer as Xen's tools do: what it tells, what it orders, how it judges and what it tidies up. */
import { concat, lastValueFrom, NEVER, Observable, of, timer } from 'rxjs';
import { mergeMap } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type CommandEvent,
  type Driver,
  DriverError,
  type RunCommand,
  xl,
  type XlOptions,
} from '../../../src/drivers/index.js';
import { mebibytes, type MigrationOrder, seconds } from '../../../src/model/index.js';
import { virtualTime, type VirtualTime } from '../../../src/simulation/index.js';
import { complaint, xenSaid } from './captures.js';

interface Held {
  readonly name: string;
  readonly domain: number;
  readonly uuid: string;
  readonly letters: string;
  readonly type?: string;
}

const uuid = 'a5f5e43d-d7c5-45f6-9147-19fbe05cdc16';
const web: Held = { name: 'web', domain: 7, uuid, letters: '-b----', type: 'pvh' };
const order: MigrationOrder = { id: 'm1', guest: 'web', from: 'xen-a', to: 'xen-b' };
const encoder = new TextEncoder();
const said = (stream: 'stdout' | 'stderr', text: string): CommandEvent => ({
  kind: 'output',
  stream,
  bytes: encoder.encode(text),
});
const answer = (stdout: string, stderr = '', code = 0): Observable<CommandEvent> =>
  of<CommandEvent[]>(said('stdout', stdout), said('stderr', stderr), { kind: 'ended', code });

let time: VirtualTime;
let held: Record<string, Held[]>;
let asked: (readonly string[])[];
let down: Set<string>;
let info: string;
let senders: string;
let migrate: () => Observable<CommandEvent>;
let killed: number;

const list = (guests: readonly Held[]): string =>
  [
    'Name                                        ID   Mem VCPUs\tState\tTime(s)   UUID                            Reason-Code\tSecurity Label',
    'Domain-0                                     0   512     1     r-----     582.1 00000000-0000-0000-0000-000000000000        -                -',
    ...guests.map(
      ({ name, domain, uuid: number, letters }) =>
        `${name}   ${domain}    96     1     ${letters}     251.4 ${number}        -                -`,
    ),
    '',
  ].join('\n');
const long = (guests: readonly Held[]): string =>
  JSON.stringify([
    { domid: 0, config: { c_info: {}, b_info: {} } },
    ...guests.map(({ domain, uuid: number, type }) => ({
      domid: domain,
      config: { c_info: { type: type ?? 'pvh', uuid: number }, b_info: { max_memkb: 98304, max_vcpus: 1 } },
    })),
  ]);

const at =
  (host: string): RunCommand =>
  (argv) =>
    new Observable((subscriber) => {
      asked.push([host, ...argv]);
      const guests = held[host] ?? [];
      const reply = (): Observable<CommandEvent> => {
        if (down.has(host)) return answer('', `ssh: connect to host ${host} port 22: Connection refused\n`, 255);
        const [program, word, option] = argv;
        if (program === 'ps') return answer(host === 'xen-a' ? senders : '');
        if (program === 'xentop') return answer(xenSaid('xentop-batch.stdout.txt'));
        if (word === 'info') return answer(info);
        if (word === 'list') return answer(option === '-l' ? long(guests) : list(guests));
        if (word === 'vcpu-list') return answer(xenSaid('xl-vcpu-list.stdout.txt'));
        if (word === 'destroy') held[host] = guests.filter(({ domain }) => String(domain) !== option);
        return word === 'migrate' ? migrate() : answer('');
      };
      const inner = reply().subscribe(subscriber);
      return () => {
        inner.unsubscribe();
        if (argv[1] === 'migrate') killed += 1;
      };
    });

const make = (options: Partial<XlOptions> = {}): Driver =>
  xl({
    hosts: ['xen-a', 'xen-b'].map((id) => ({ id, commands: at(id) })),
    scheduler: time.scheduler,
    ...options,
  });

beforeEach(() => {
  time = virtualTime();
  held = { 'xen-a': [web], 'xen-b': [] };
  asked = [];
  down = new Set();
  info = xenSaid('xl-info.stdout.txt');
  senders = '';
  migrate = () => NEVER;
  killed = 0;
});

const heard = <T>(
  stream$: Observable<T>,
): { readonly told: T[]; failure?: DriverError; done?: true; stop: () => void } => {
  const log: { told: T[]; failure?: DriverError; done?: true; stop: () => void } = { told: [], stop: () => undefined };
  const subscription = stream$.subscribe({
    next: (one) => log.told.push(one),
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
const ordered = (word: string): readonly (readonly string[])[] => asked.filter((argv) => argv[2] === word);
const arrive = (): void => {
  held = { 'xen-a': [], 'xen-b': [{ ...web, domain: 12 }] };
};
const leaveCopy = (): void => {
  held['xen-b'] = [{ name: 'web--incoming', domain: 17, uuid, letters: '--p---' }];
};

test('the inventory tells hosts and guests, and what neither is free nor given is reserved', () => {
  const { told } = heard(make().inventory());
  time.run(1);
  expect(told[0]?.hosts[0]).toMatchObject({
    id: 'xen-a',
    memory: { total: mebibytes(1023), reserved: mebibytes(1023 - 402 - 96) },
  });
  expect(told[0]?.guests).toMatchObject([{ id: 'web', host: 'xen-a', memory: mebibytes(96), migratable: true }]);
});

test('a PV guest cannot move where Xen was built without shadow paging', () => {
  held['xen-a'] = [{ ...web, type: 'pv' }];
  info = xenSaid('xl-4.17.7-info.stdout.txt');
  const { told } = heard(make().inventory());
  time.run(1);
  expect(told[0]?.guests[0]?.migratable).toBe(false);
  expect(heard(make().migrate(order)).failure).toMatchObject({ kind: 'unsupported' });
  expect(ordered('migrate')).toEqual([]);
});

test('a guest that arrives stands at the source', () => {
  leaveCopy();
  const { told } = heard(make().inventory());
  time.run(1);
  expect(told[0]?.guests.map(({ id, host }) => [id, host])).toEqual([['web', 'xen-a']]);
});

test('samples come from the processor time between two readings', () => {
  const { told } = heard(make({ sampling: seconds(10) }).samples());
  time.run(seconds(21));
  expect(told.filter(({ kind }) => kind === 'host').map((sample) => 'id' in sample && sample.id)).toEqual([
    'xen-a',
    'xen-b',
    'xen-a',
    'xen-b',
  ]);
});

describe('a move', () => {
  test('is ordered by number, to an address, and counted on its way', () => {
    heard(make().migrate(order));
    const [, ...words] = ordered('migrate')[0] ?? [];
    expect(words.slice(0, 3)).toEqual(['xl', 'migrate', '-s']);
    expect(words.slice(-2)).toEqual(['7', 'xen-b']);
    expect(words[3]).toContain('status=progress');
    expect(words[3]).toContain('ServerAliveInterval=5');
  });

  test('of a guest called --help or a;b is a move like any other', () => {
    for (const name of ['--help', 'a;b']) {
      held['xen-a'] = [{ ...web, name }];
      heard(make().migrate({ ...order, guest: name }));
    }
    expect(ordered('migrate')).toHaveLength(2);
    expect(ordered('migrate').every((words) => !words.includes('--help') && !words.includes('a;b'))).toBe(true);
  });

  test('tells what was sent, and that it is done when the guest is there', () => {
    migrate = () =>
      concat(
        of(said('stderr', 'xc: info: Saving domain 7, type x86 HVM\n')),
        of(said('stderr', '\r1000000 bytes (1.0 MB, 977 KiB) copied, 1 s, 1.0 MB/s')),
        of(said('stderr', '\r3000000 bytes (3.0 MB, 2.9 MiB) copied, 2 s, 1.5 MB/s')),
        timer(seconds(3), time.scheduler).pipe(
          mergeMap(() => {
            arrive();
            return answer('', `\n${complaint('xl-migrate-success')}`);
          }),
        ),
      );
    const log = heard(make().migrate(order));
    time.run(seconds(5));
    expect(log.told).toMatchObject([
      { kind: 'progress', progress: { phase: 'copying', sent: 1000000 } },
      { kind: 'progress', progress: { phase: 'copying', sent: 3000000, bandwidth: 2000000 } },
      { kind: 'done', sent: 3000000 },
    ]);
    expect(log.done).toBe(true);
  });

  test('is refused before any page is sent where a domain of that name is there', () => {
    held['xen-b'] = [{ ...web, uuid: uuid.replace('a', 'b'), letters: '--p---' }];
    expect(heard(make().migrate({ ...order, guest: uuid })).failure).toMatchObject({ kind: 'conflict' });
    expect(ordered('migrate')).toEqual([]);
  });

  test('is refused before any page is sent where its memory does not fit', () => {
    info = info.replace(/free_memory {12}: 402/, 'free_memory            : 40');
    expect(heard(make().migrate(order)).failure).toMatchObject({ kind: 'insufficient memory', retryable: true });
    expect(ordered('migrate')).toEqual([]);
  });

  test('whose receiver was killed fails, the guest stays, and the half-made copy is destroyed by its number', () => {
    migrate = () => {
      leaveCopy();
      return answer('', complaint('xl-migrate-receiver-killed'), 1);
    };
    expect(heard(make().migrate(order)).failure).toMatchObject({ kind: 'unreachable', retryable: true });
    expect(ordered('destroy')).toEqual([['xen-b', 'xl', 'destroy', '17']]);
    expect(held['xen-b']).toEqual([]);
  });

  test('destroys a copy left behind by an earlier one before it begins', () => {
    leaveCopy();
    heard(make().migrate(order));
    expect(asked.map((argv) => argv[2]).filter((word) => word === 'destroy' || word === 'migrate')).toEqual([
      'destroy',
      'migrate',
    ]);
  });

  test.each([
    ['the guest is suspended at the source', [{ ...web, letters: '---s--' }], ''],
    ['somebody still sends it', [web], ' 99 xl migrate 7 xen-b\n'],
    ['the guest is not at the source', [], ''],
  ])('destroys no copy where %s', (_, here, processes) => {
    migrate = () => {
      leaveCopy();
      held['xen-a'] = here;
      senders = processes;
      return answer('', complaint('xl-migrate-receiver-killed'), 1);
    };
    heard(make().migrate(order));
    expect(ordered('destroy')).toEqual([]);
  });

  test('destroys no copy of another guest', () => {
    migrate = () => {
      held['xen-b'] = [{ name: 'web--incoming', domain: 17, uuid: uuid.replace('a', 'b'), letters: '--p---' }];
      return answer('', complaint('xl-migrate-receiver-killed'), 1);
    };
    heard(make().migrate(order));
    expect(ordered('destroy')).toEqual([]);
  });

  test('that hangs on a cut link is ended at its deadline and tidied up', () => {
    leaveCopy();
    const log = heard(make({ migration: { deadline: seconds(60) } }).migrate(order));
    leaveCopy();
    time.run(seconds(59));
    expect(killed).toBe(0);
    time.run(seconds(70));
    expect(killed).toBe(1);
    expect(log.failure).toMatchObject({ kind: 'timed out' });
    expect(held['xen-b']).toEqual([]);
  });

  test('that nobody wants any more is ended and tidied up', () => {
    const log = heard(make().migrate(order));
    leaveCopy();
    log.stop();
    time.run(seconds(10));
    expect(killed).toBe(1);
    expect(held['xen-b']).toEqual([]);
  });

  test('that succeeded is not believed if the guest is still at the source, and one that failed is done if it is there', () => {
    migrate = () => answer('', complaint('xl-migrate-success'));
    expect(heard(make().migrate(order)).failure?.kind).toBe('protocol');
    migrate = () => {
      arrive();
      return answer('', complaint('xl-migrate-receiver-killed'), 1);
    };
    expect(heard(make().migrate(order)).told).toMatchObject([{ kind: 'done' }]);
  });

  test('that nobody can judge is unreachable', () => {
    migrate = () => {
      down.add('xen-b');
      return answer('', complaint('xl-migrate-connection-killed'), 1);
    };
    expect(heard(make().migrate(order)).failure).toMatchObject({ kind: 'unreachable', retryable: true });
  });

  test('cannot be steered but for its abort', () => {
    const driver = make();
    const log = heard(driver.migrate(order));
    for (const action of [
      { kind: 'raise downtime', limit: 5 },
      { kind: 'throttle', share: 0.5 },
      { kind: 'post-copy' },
      { kind: 'pause' },
    ] as const)
      expect(heard(driver.steer('m1', action)).failure?.kind).toBe('unsupported');
    expect(heard(driver.steer('m1', { kind: 'continue' })).done).toBe(true);
    expect(heard(driver.steer('m1', { kind: 'abort' })).done).toBe(true);
    time.run(seconds(5));
    expect(log.failure?.kind).toBe('cancelled');
    expect(heard(driver.steer('m1', { kind: 'abort' })).failure?.kind).toBe('not found');
  });
});

test('after a restart a move is found by the process that carries it out, and followed to its end', async () => {
  senders = " 512 xl migrate -s sh -c 'dd' transport 7 xen-b\n";
  const driver = make();
  const [migration] = await lastValueFrom(driver.inFlight());
  expect(migration).toMatchObject({ guest: 'web', from: 'xen-a', to: 'xen-b' });
  const log = heard(driver.follow(migration?.id ?? ''));
  time.run(seconds(3));
  senders = '';
  arrive();
  time.run(seconds(6));
  expect(log.told.at(-1)).toMatchObject({ kind: 'done' });
});

test('a leftover without a process is no move under way', async () => {
  leaveCopy();
  expect(await lastValueFrom(make().inFlight())).toEqual([]);
});

test.each([
  [{ hosts: [] }, 'xl.hosts'],
  [{ hosts: [{ id: '-oProxyCommand=x', commands: () => NEVER }] }, 'xl.hosts[0].address'],
  [{ hosts: [{ id: 'a', address: 'a b', commands: () => NEVER }] }, 'xl.hosts[0].address'],
  [{ hosts: [{ id: 'a', commands: 'ssh' }] }, 'xl.hosts[0].commands'],
  [{ hosts: [{ id: 'a', commands: () => NEVER }], evry: 5 }, 'xl.evry'],
])('settings %o name the path', (options, path) => {
  // @ts-expect-error [ts2345] wrong on purpose
  expect(() => xl(options)).toThrow(path);
});
