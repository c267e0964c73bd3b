/** The xl driver keeps what every driver has to keep, on two hosts that answer xl as real ones did. */
import { Observable, of, Subscription, timer } from 'rxjs';
import { test } from 'vitest';
import { type CommandEvent, type RunCommand, xl } from '../../../src/drivers/index.js';
import { seconds } from '../../../src/model/index.js';
import { virtualTime } from '../../../src/simulation/index.js';
import { driverConformance, type DriverWorld } from '../../../src/testing/index.js';
import { complaint, xenSaid } from './captures.js';

const uuid = 'a5f5e43d-d7c5-45f6-9147-19fbe05cdc16';
const length = seconds(5);
const encoder = new TextEncoder();
const said = (stream: 'stdout' | 'stderr', text: string): CommandEvent => ({
  kind: 'output',
  stream,
  bytes: encoder.encode(text),
});
const answer = (stdout: string, stderr = '', code = 0): Observable<CommandEvent> =>
  of<CommandEvent[]>(said('stdout', stdout), said('stderr', stderr), { kind: 'ended', code });

/** Lists as xl prints them, of a guest under some name and number. */
const lists = (guests: readonly { readonly name: string; readonly domain: number; readonly letters: string }[]) => ({
  short: [
    xenSaid('xl-list-v.stdout.txt').split('\n').slice(0, 2).join('\n'),
    ...guests.map(({ name, domain, letters }) => `${name}  ${domain}  96  1  ${letters}  251.4 ${uuid}  -  -`),
    '',
  ].join('\n'),
  long: JSON.stringify(
    guests.map(({ domain }) => ({
      domid: domain,
      config: { c_info: { type: 'pvh', uuid }, b_info: { max_memkb: 98304, max_vcpus: 1 } },
    })),
  ),
});

/** xl itself carries out the move: it goes on when the driver is gone without a word, and is killed with the command or by its number. */
const world = (): DriverWorld => {
  const time = virtualTime();
  let place: 'xen-a' | 'xen-b' = 'xen-a';
  let sending: Subscription | undefined;
  const own = { name: 'web', domain: 7, letters: '-b----' };
  const stop = (): void => {
    sending?.unsubscribe();
    sending = undefined;
  };
  const migrate = (): Observable<CommandEvent> =>
    new Observable((subscriber) => {
      const begun = time.now();
      subscriber.next(said('stderr', 'xc: info: Saving domain 7, type x86 HVM\n'));
      const ours = new Subscription();
      sending = ours;
      ours.add(
        timer(500, 500, time.scheduler).subscribe(() => {
          const gone = time.now() - begun;
          if (gone < length)
            subscriber.next(said('stderr', `\r${gone * 1000} bytes (1 MB) copied, ${gone / 1000} s, 1.0 MB/s`));
          else {
            stop();
            place = 'xen-b';
            subscriber.next(said('stderr', `\n${complaint('xl-migrate-success')}`));
            subscriber.next({ kind: 'ended', code: 0 });
            subscriber.complete();
          }
        }),
      );
      return () => {
        if (sending === ours) stop();
      };
    });
  const at =
    (host: 'xen-a' | 'xen-b'): RunCommand =>
    (argv) => {
      const [program, word, option] = argv;
      const guests = [
        ...(place === host ? [own] : []),
        ...(sending !== undefined && host === 'xen-b'
          ? [{ name: 'web--incoming', domain: 17, letters: '--p---' }]
          : []),
      ];
      if (program === 'ps')
        return answer(sending !== undefined && host === 'xen-a' ? ' 512 xl migrate -s x 7 xen-b\n' : '');
      if (program === 'kill') stop();
      if (program === 'xentop') return answer(xenSaid('xentop-batch.stdout.txt'));
      if (word === 'info') return answer(xenSaid('xl-info.stdout.txt'));
      if (word === 'list') return answer(option === '-l' ? lists(guests).long : lists(guests).short);
      if (word === 'vcpu-list') return answer(xenSaid('xl-vcpu-list.stdout.txt'));
      return word === 'migrate' ? migrate() : answer('');
    };
  const driver = () =>
    xl({
      hosts: [
        { id: 'xen-a', commands: at('xen-a') },
        { id: 'xen-b', commands: at('xen-b') },
      ],
      scheduler: time.scheduler,
      sampling: seconds(1),
      migration: { poll: 500 },
    });
  return {
    driver: driver(),
    order: { id: 'move-1', guest: 'web', from: 'xen-a', to: 'xen-b' },
    restart: driver,
    pass: (span) => time.run(time.now() + span),
    close: () => undefined,
  };
};

for (const { name, skipped, run } of driverConformance({
  open: world,
  patience: seconds(60),
  actions: [{ kind: 'continue' }, { kind: 'abort' }],
}))
  test.skipIf(skipped !== undefined)(name, run);
