/** FakeHosts: two libvirt hosts that answer virsh from recorded outputs, with guests that stand where the test says. */
import { concat, NEVER, Observable, of, type SchedulerLike, timer } from 'rxjs';
import { mergeMap } from 'rxjs';
import type { CommandEvent, RunCommand } from '../../../src/drivers/index.js';
import { virshSaid } from './captures.js';

/** What one host holds of a guest. */
export interface Held {
  readonly uuid: string;
  readonly name: string;
  state: number;
  reason: number;
  readonly persistent?: boolean;
}

/** What a test can change while the driver runs. */
export interface FakeHosts {
  readonly run: RunCommand;
  /** All command lines so far, without what stands before the command's name. */
  readonly asked: string[][];
  readonly held: Record<string, Held[]>;
  /** Hosts that refuse the connection. */
  readonly down: Set<string>;
  /** The job that a host answers of any guest. */
  job: string;
  /** What `domjobinfo --completed` answers. */
  completed: string;
  /** What `virsh migrate` does; it never ends unless a test says how. */
  migrate: () => Observable<CommandEvent>;
  /** What `domjobabort` does. */
  abort: () => void;
  /** Free memory that `nodememstats` tells, in KiB. */
  free: number;
}

const encoder = new TextEncoder();

/** A command that prints and ends. */
export const answer = (stdout: string, stderr = '', code = 0): Observable<CommandEvent> =>
  concat(
    of<CommandEvent>({ kind: 'output', stream: 'stdout', bytes: encoder.encode(stdout) }),
    of<CommandEvent>({ kind: 'output', stream: 'stderr', bytes: encoder.encode(stderr) }),
    of<CommandEvent>({ kind: 'ended', code }),
  );

/** A command that ends later, after some time of the scheduler. */
export const later = (
  wait: number,
  scheduler: SchedulerLike,
  then: () => Observable<CommandEvent>,
): Observable<CommandEvent> => timer(wait, scheduler).pipe(mergeMap(then));

/** Says that the connection was refused, as virsh does. */
const refused = (host: string): Observable<CommandEvent> =>
  answer(
    '',
    `error: failed to connect to the hypervisor\nerror: unable to connect to server at '${host}:16509': Connection refused\n`,
    1,
  );

/** Two hosts, `a` and `b`, reached by `qemu+tcp`. */
export const fakeHosts = (): FakeHosts => {
  const hosts: FakeHosts = {
    asked: [],
    held: { a: [], b: [] },
    down: new Set(),
    job: 'Job type: 0\n\n',
    completed: 'Job type: 0\n\n',
    migrate: () => NEVER,
    abort: () => undefined,
    free: 16_774_092,
    run: (argv) =>
      new Observable<CommandEvent>((subscriber) => {
        const words = argv.slice(4);
        hosts.asked.push([...words]);
        const host = /\/\/(\w+)\//.exec(argv[3] ?? '')?.[1] ?? '';
        return (hosts.down.has(host) ? refused(host) : reply(host, words)).subscribe(subscriber);
      }),
  };
  const missing = (uuid: string): Observable<CommandEvent> => answer('', `error: failed to get domain '${uuid}'\n`, 1);
  const reply = (host: string, words: readonly string[]): Observable<CommandEvent> => {
    const guests = hosts.held[host] ?? [];
    const active = guests.filter(({ state }) => state !== 5);
    const uuid = words.at(-1) ?? '';
    const own = guests.find((guest) => guest.uuid === uuid);
    switch (words[0]) {
      case 'capabilities':
        return answer(virshSaid('06-capabilities.stdout.txt'));
      case 'nodeinfo':
        return answer(virshSaid('02-nodeinfo.stdout.txt'));
      case 'nodecpustats':
        return answer(virshSaid('03-nodecpustats.stdout.txt'));
      case 'nodememstats':
        return answer(`total  :             24684092 KiB\nfree   :             ${hosts.free} KiB\n`);
      case 'dumpxml':
        return own
          ? answer(
              virshSaid('18-dumpxml.stdout.txt')
                .replace(/<uuid>.*<\/uuid>/, `<uuid>${own.uuid}</uuid>`)
                .replace('<name>vm1</name>', `<name>${own.name}</name>`),
            )
          : missing(uuid);
      case 'list': {
        const listed = words.includes('--all')
          ? guests
          : words.includes('--persistent')
            ? guests.filter(({ persistent }) => persistent)
            : active;
        return answer(
          listed.map((guest) => `${guest.uuid}${words.includes('--name') ? ` ${guest.name}` : ''}\n`).join(''),
        );
      }
      case 'domstats': {
        const wanted = words.includes('--list-active') ? active : own ? [own] : undefined;
        return wanted
          ? answer(
              wanted
                .map(
                  ({ name, state, reason }) =>
                    `Domain: '${name}'\n  state.state=${state}\n  state.reason=${reason}\n  vcpu.0.time=0\n`,
                )
                .join('\n'),
            )
          : missing(uuid);
      }
      case 'domjobinfo':
        return answer(words.includes('--completed') ? hosts.completed : hosts.job);
      case 'domjobabort':
        hosts.abort();
        return answer('');
      case 'migrate':
        return hosts.migrate();
      case 'event':
        return NEVER;
      default:
        return answer('');
    }
  };
  return hosts;
};

/** A guest that runs. */
export const running = (name: string, uuid: string): Held => ({ uuid, name, state: 1, reason: 1, persistent: true });
