/** FakeSite: QEMUs that answer as they are told to, and a host that starts, lists and ends them; all on a virtual clock. */
import { NEVER, Observable, of, Subject, throwError } from 'rxjs';
import {
  type CommandEvent,
  type Dial,
  DriverError,
  type QemuOptions,
  type RunCommand,
} from '../../../src/drivers/index.js';
import { gibibytes, gigahertz, type Host, mebibytes } from '../../../src/model/index.js';
import { virtualTime, type VirtualTime } from '../../../src/simulation/index.js';

/** A QEMU as a test has it. */
export interface FakeQemu {
  readonly argv: readonly string[];
  status: string;
  running: boolean;
  /** Answers of `query-migrate`, one after the other; the last again and again. */
  migration: unknown[];
  /** Accepts and says nothing. */
  silent: boolean;
  /** What it was told, without what only asks. */
  readonly told: { readonly execute: string; readonly arguments?: unknown }[];
  /** Commands that are refused, and how. */
  readonly refuses: Record<string, string>;
}

/** What stands at a site, and what was run there. */
export interface FakeSite {
  readonly time: VirtualTime;
  readonly qemus: Map<string, FakeQemu>;
  readonly ran: (readonly string[])[];
  readonly options: (more?: Partial<QemuOptions>) => QemuOptions;
  readonly at: (host: string) => FakeQemu;
  /** How a receiver starts: with this code and these words. */
  launch: { code: number; stderr: string };
  /** What becomes of both when the source is told to migrate. */
  onMigrate: (source: FakeQemu, receiver: FakeQemu | undefined) => void;
}

const host = (id: string): Host => ({
  id,
  state: 'active',
  cpu: { clock: gigahertz(2), cores: 4, threads: 4, architecture: 'x86_64' },
  memory: { total: gibibytes(8), reserved: 0 },
  storage: [],
  networks: [],
  devices: [],
  power: [],
  labels: {},
});

const greeting =
  '{"QMP": {"version": {"qemu": {"micro": 22, "minor": 2, "major": 7}, "package": ""}, "capabilities": []}}\r\n';

const path = (on: string): string => `/run/${on}/web.qmp`;

/** A running guest `web` on host a, and nobody on host b. */
export const fakeSite = (): FakeSite => {
  const time = virtualTime();
  const qemus = new Map<string, FakeQemu>();
  const ran: (readonly string[])[] = [];
  const add = (where: string, argv: readonly string[], status: string): FakeQemu => {
    const running = status === 'running';
    const one: FakeQemu = { argv, status, running, migration: [{}], silent: false, told: [], refuses: {} };
    qemus.set(where, one);
    return one;
  };

  const answer = (where: string, one: FakeQemu, command: string, parameters: unknown): unknown => {
    if (!command.startsWith('query-') && command !== 'qmp_capabilities')
      one.told.push({ execute: command, arguments: parameters });
    switch (command) {
      case 'query-status':
        return { status: one.status, running: one.running, singlestep: false };
      case 'query-migrate':
        return one.migration.length > 1 ? one.migration.shift() : one.migration[0];
      case 'query-migrate-parameters':
        return { 'downtime-limit': 300 };
      case 'query-cpus-fast':
        return [{ 'thread-id': 7 }];
      case 'query-dirty-rate':
        return { status: 'measured', 'dirty-rate': 3, 'calc-time': 1, 'start-time': 0, mode: 'page-sampling' };
      case 'migrate':
        site.onMigrate(one, qemus.get(path('b')));
        return {};
      case 'migrate_cancel':
        one.migration = [{ status: 'cancelled' }];
        return {};
      case 'quit':
        qemus.delete(where);
        return {};
      default:
        return {};
    }
  };

  const dial: Dial = (address) => {
    const where = address.kind === 'unix' ? address.path : '';
    const one = qemus.get(where);
    if (!one)
      return throwError(() => new DriverError({ kind: 'not found', retryable: true, message: `${where}: nobody` }));
    if (one.silent) return of({ pieces: NEVER, send: () => undefined });
    const pieces = new Subject<Uint8Array>();
    return of({
      pieces: new Observable<Uint8Array>((heard) => {
        const subscription = pieces.subscribe(heard);
        pieces.next(Buffer.from(greeting));
        return subscription;
      }),
      send: (text: string) => {
        const command = JSON.parse(text) as { execute: string; arguments?: unknown; id: string };
        const refused = one.refuses[command.execute];
        const said =
          refused === undefined
            ? { return: answer(where, one, command.execute, command.arguments), id: command.id }
            : { error: { class: 'GenericError', desc: refused }, id: command.id };
        asap(() => pieces.next(Buffer.from(`${JSON.stringify(said)}\r\n`)));
      },
    });
  };
  /** After what is being done now, but at the same time. */
  const asap = (act: () => void): void => void time.scheduler.schedule(act);

  const gives = (stdout: string, code = 0, stderr = ''): Observable<CommandEvent> =>
    of<CommandEvent[]>(
      { kind: 'output', stream: 'stdout', bytes: Buffer.from(stdout) },
      { kind: 'output', stream: 'stderr', bytes: Buffer.from(stderr) },
      { kind: 'ended', code },
    );
  const runs: RunCommand = (argv) =>
    new Observable((subscriber) => {
      ran.push(argv);
      const list = [...qemus.values()];
      const [program] = argv;
      if (program === 'ps')
        return gives(list.map((one, i) => ` ${i + 100} ${one.argv.join(' ')}\n`).join('')).subscribe(subscriber);
      const pid = Number(/\/proc\/(\d+)\/cmdline/.exec(argv.at(-1) ?? '')?.[1]);
      if (program === 'cat' && pid >= 100)
        return gives(`${list[pid - 100]?.argv.join('\0') ?? ''}\0`).subscribe(subscriber);
      if (program === 'cat')
        return gives('7 (CPU 0/TCG) R 1 1 1 0 -1 0 0 0 0 0 100 0 0 0 20 0 3 0 50 0 10\n').subscribe(subscriber);
      if (program === 'kill') {
        const found = [...qemus][Number(argv.at(-1)) - 100];
        if (found) qemus.delete(found[0]);
        return gives('').subscribe(subscriber);
      }
      const { code, stderr } = site.launch;
      if (code === 0) add(/unix:([^,]+),/.exec(argv[argv.indexOf('-qmp') + 1] ?? '')?.[1] ?? '', argv, 'inmigrate');
      return gives('', code, stderr).subscribe(subscriber);
    });

  // A command takes a moment, as every process does.
  const run: RunCommand = (argv) =>
    new Observable((subscriber) => {
      asap(() => {
        if (!subscriber.closed) runs(argv).subscribe(subscriber);
      });
    });

  const arrives: FakeSite['onMigrate'] = (source, receiver) => {
    source.migration = [
      { status: 'setup' },
      active(1),
      { status: 'completed', 'total-time': 900, downtime: 20, ram: { transferred: 5000, remaining: 0 } },
    ];
    time.scheduler.schedule(() => {
      source.status = 'postmigrate';
      source.running = false;
      if (receiver) {
        receiver.status = 'running';
        receiver.running = true;
      }
    }, 400);
  };
  const at = (on: string): FakeQemu => {
    const one = qemus.get(path(on));
    if (!one) throw new Error(`no QEMU on ${on}`);
    return one;
  };
  const site: FakeSite = {
    time,
    qemus,
    ran,
    at,
    launch: { code: 0, stderr: '' },
    onMigrate: arrives,
    options: (more = {}) => ({
      hosts: [
        {
          host: host('a'),
          run,
          directory: '/run/a',
          incoming: { address: '10.0.0.1', ports: [4000, 4001] },
          samples: 'guests',
        },
        {
          host: host('b'),
          run,
          directory: '/run/b',
          incoming: { address: '10.0.0.2', ports: [4000, 4001] },
          samples: 'guests',
        },
      ],
      guests: [
        {
          id: 'web',
          vcpus: 1,
          memory: mebibytes(256),
          devices: [],
          labels: {},
          together: [],
          apart: [],
          pins: [],
          migratable: true,
        },
      ],
      dial,
      scheduler: time.scheduler,
      ...more,
    }),
  };
  add(
    path('a'),
    [
      '/usr/bin/qemu-system-x86_64',
      '-name',
      'web',
      '-m',
      '256',
      '-chardev',
      'file,id=s,path=/run/a/web.log',
      '-qmp',
      `unix:${path('a')},server=on,wait=off`,
      '-S',
      '-pidfile',
      '/run/a/web.pid',
    ],
    'running',
  );
  return site;
};

/** An answer of `query-migrate` in the midst of a pass. */
export const active = (
  sync: number,
  more: Record<string, unknown> = {},
  ram: Record<string, unknown> = {},
): unknown => ({
  status: 'active',
  'total-time': 300,
  ram: {
    transferred: 4096,
    remaining: 8192,
    'dirty-sync-count': sync,
    'dirty-pages-rate': 0,
    'page-size': 4096,
    mbps: 8,
    ...ram,
  },
  ...more,
});
