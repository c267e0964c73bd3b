/** The libvirt driver keeps what every driver has to keep, on two hosts that answer virsh as real ones did. */
import { Observable, Subject, timer } from 'rxjs';
import { test } from 'vitest';
import { type CommandEvent, libvirt } from '../../../src/drivers/index.js';
import { seconds } from '../../../src/model/index.js';
import { virtualTime } from '../../../src/simulation/index.js';
import { driverConformance, type DriverWorld } from '../../../src/testing/index.js';
import { stream } from './captures.js';
import { answer, fakeHosts, running } from './fake-hosts.js';

const uuid = '11111111-0000-4000-8000-00005917e197';
const length = seconds(4);

/** A job of the source's daemon: it goes on when virsh is gone, and ends when it is aborted. */
const world = (): DriverWorld => {
  const hosts = fakeHosts();
  const time = virtualTime();
  let begun: number | undefined;
  const ended = new Subject<'done' | 'aborted'>();
  hosts.held['a'] = [running('web', uuid)];
  const end = (how: 'done' | 'aborted'): void => {
    if (begun === undefined) return;
    begun = undefined;
    if (how === 'done') hosts.held['a'] = [];
    hosts.held['b'] = how === 'done' ? [{ ...running('web', uuid), reason: 2 }] : [];
    ended.next(how);
  };
  Object.defineProperty(hosts, 'job', {
    get: () =>
      begun === undefined
        ? 'Job type: 0\n\n'
        : `Job type: 2\n\noperation: 5\ntime_elapsed: ${time.now() - begun}\nmemory_total: 1000000\nmemory_processed: ${(time.now() - begun) * 100}\nmemory_remaining: 5\nmemory_iteration: 1\n`,
  });
  hosts.migrate = () =>
    new Observable<CommandEvent>((subscriber) => {
      if (begun !== undefined) return answer('', stream('52-fail-second-migration', 'stderr'), 1).subscribe(subscriber);
      begun = time.now();
      hosts.held['b'] = [{ uuid, name: 'web', state: 3, reason: 2 }];
      timer(length, time.scheduler).subscribe(() => end('done'));
      return ended.subscribe((how) => {
        (how === 'done' ? answer('') : answer('', stream('45-migrate-aborted', 'stderr'), 1)).subscribe(subscriber);
      });
    });
  hosts.abort = () => end('aborted');
  const driver = () =>
    libvirt({
      hosts: ['qemu+tcp://a/system', 'qemu+tcp://b/system'],
      commands: hosts.run,
      scheduler: time.scheduler,
      sampling: seconds(1),
      shared: [{ path: '/run/lab/shared/' }],
      migration: { poll: 500, postCopy: true },
    });
  return {
    driver: driver(),
    order: { id: 'move-1', guest: 'web', from: 'a', to: 'b' },
    restart: driver,
    pass: (span) => time.run(time.now() + span),
    close: () => undefined,
  };
};

for (const { name, skipped, run } of driverConformance({
  open: world,
  patience: seconds(60),
  actions: [
    { kind: 'continue' },
    { kind: 'raise downtime', limit: 500 },
    { kind: 'pause' },
    { kind: 'post-copy' },
    { kind: 'abort' },
  ],
}))
  test.skipIf(skipped !== undefined)(name, run);
