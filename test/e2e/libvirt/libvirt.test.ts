/** Two real libvirt hosts in namespaces of this machine: the engine moves a real guest there and back, and the driver refuses, aborts and finds again. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  filter,
  firstValueFrom,
  lastValueFrom,
  map,
  type Observable,
  Subject,
  take,
  takeUntil,
  tap,
  timer,
} from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engine } from '../../../src/engine/index.js';
import {
  type Driver,
  DriverError,
  libvirt,
  type LibvirtOptions,
  localCommands,
  type RunCommand,
} from '../../../src/drivers/index.js';
import { type HostId, mebibytesPerSecond, type MigrationOrder, nothing, seconds } from '../../../src/model/index.js';
import { definePolicy, type Policy } from '../../../src/policies/index.js';

const lab = fileURLToPath(new URL('lab/hosts.sh', import.meta.url));

/** Why it cannot be done here, or nothing. */
const missing = ((): string | undefined => {
  if (process.getuid?.() !== 0) return 'needs root';
  const namespaces = ['unshare', '--mount', '--net', '--pid', '--fork', 'true'];
  if (spawnSync('sh', ['-c', namespaces.join(' ')]).status !== 0) return 'this machine makes no namespaces';
  const programs = ['virsh', 'libvirtd', 'qemu-system-x86_64', 'busybox', 'cpio', 'ip', 'nsenter'];
  const absent = programs.filter((program) => spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status !== 0);
  return absent.length > 0 ? `${absent.join(', ')} not installed` : undefined;
})();

const description = (name: string, dirty: number): string => `<domain type='qemu'>
  <name>${name}</name><memory unit='MiB'>128</memory><vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type><kernel>/run/lab/guest/vmlinuz</kernel><initrd>/run/lab/guest/initrd.gz</initrd>
    <cmdline>console=ttyS0 quiet panic=1 whither.dirty=${dirty}</cmdline></os>
  <devices><emulator>/usr/bin/qemu-system-x86_64</emulator><controller type='usb' model='none'/>
    <serial type='file'><source path='/run/lab/${name}.console' append='on'/></serial></devices>
</domain>`;

/** A policy that wants a guest on a host and nothing else. */
const wanted = (guest: string, to: HostId): Policy =>
  definePolicy({
    name: `${guest} to ${to}`,
    watch: {},
    plan: ({ guests }) => {
      const own = guests.find(({ id }) => id === guest);
      return own === undefined || own.host === to
        ? nothing()
        : { moves: [{ guest, from: own.host, to, because: [] }], passedOver: [] };
    },
  });

describe.skipIf(missing !== undefined)(
  `two real libvirt hosts${missing === undefined ? '' : `: skipped, ${missing}`}`,
  () => {
    const guest = 'web';
    let folder = '';
    let entry: readonly [string, ...string[]] = ['true'];
    let commands: RunCommand = localCommands();

    const inside = (...argv: readonly string[]): string => {
      const [program, ...rest] = [...entry, ...argv];
      return execFileSync(program, rest, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    };
    const driver = (options: Partial<LibvirtOptions> = {}): Driver =>
      libvirt({
        hosts: ['qemu+tcp://host-a/system', 'qemu+tcp://host-b/system'],
        commands,
        every: seconds(5),
        sampling: seconds(1),
        ...options,
      });
    const stateOn = (host: string): string =>
      inside('virsh', '-c', `qemu+tcp://${host}/system`, 'list', '--name').trim();
    const ticks = (): number =>
      Number(/guest second (\d+)\s*$/.exec(readFileSync(join(folder, `${guest}.console`), 'utf8').trim())?.[1] ?? -1);
    const within = <T>(time: number, stream$: Observable<T>): Promise<T> =>
      firstValueFrom(
        stream$.pipe(
          takeUntil(
            timer(time).pipe(
              tap(() => {
                throw new Error(`nothing within ${time} ms`);
              }),
            ),
          ),
        ),
      );
    const standing = async (): Promise<HostId> => {
      const { guests } = await within(seconds(60), driver().inventory());
      return guests.find(({ id }) => id === guest)?.host ?? 'nowhere';
    };
    const order = (from: HostId, to: HostId): MigrationOrder => ({ id: 'by-hand', guest, from, to });
    const failureOf = async (stream$: Observable<unknown>): Promise<DriverError> => {
      try {
        await lastValueFrom(stream$);
      } catch (thrown) {
        if (DriverError.is(thrown)) return thrown;
        throw thrown;
      }
      throw new Error('it did not fail');
    };

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'whither-libvirt-'));
      execFileSync(lab, ['up', folder], { stdio: ['ignore', 'inherit', 'inherit'] });
      const first = execFileSync(lab, ['pid', folder, 'a'], { encoding: 'utf8' }).trim();
      entry = ['nsenter', '-t', first, '-m', '-u', '-i', '-n', '-p', '-C', '--'];
      const local = localCommands();
      commands = (argv, options) => local([...entry, ...argv], options);
      writeFileSync(join(folder, `${guest}.xml`), description(guest, 16));
      inside('virsh', 'define', `/run/lab/${guest}.xml`);
      inside('virsh', 'start', guest);
      await within(
        seconds(120),
        timer(0, 500).pipe(
          map(ticks),
          filter((tick) => tick >= 1),
        ),
      );
    }, 240_000);

    afterAll(() => {
      if (folder === '') return;
      execFileSync(lab, ['down', folder]);
      rmSync(folder, { recursive: true, force: true });
    });

    test('the inventory shows both hosts and the guest', async () => {
      const { hosts, guests } = await within(seconds(60), driver().inventory());
      expect(hosts.map(({ id }) => id)).toEqual(['host-a', 'host-b']);
      expect(guests).toMatchObject([
        { id: guest, host: 'host-a', vcpus: 1, memory: 128 * 1024 ** 2, migratable: true },
      ]);
    });

    test('samples of both hosts and of the guest come, with shares between 0 and 1', async () => {
      const seen = new Map<string, number | undefined>();
      await within(
        seconds(60),
        driver()
          .samples()
          .pipe(
            tap((reading) => reading.kind !== 'bad-input' && seen.set(reading.id, reading.cpu?.used)),
            filter(() => seen.size === 3),
          ),
      );
      for (const used of seen.values()) expect(used).toSatisfy((share: number) => share >= 0 && share <= 1);
    });

    test('the engine moves the guest there and back, and it lives on', async () => {
      for (const to of ['host-b', 'host-a'] as const) {
        const before = ticks();
        const events$ = engine({
          driver: driver(),
          policy: wanted(guest, to),
          every: seconds(2),
          staleAfter: seconds(30),
        });
        const ended = await within(
          seconds(120),
          events$.pipe(filter(({ kind }) => kind === 'ended' || kind === 'failed')),
        );
        expect(ended).toMatchObject({ kind: 'ended', outcome: { guest, to, ending: { result: 'done' } } });
        expect(stateOn(to)).toBe(guest);
        expect(await standing()).toBe(to);
        await within(
          seconds(60),
          timer(0, 500).pipe(
            map(ticks),
            filter((tick) => tick > before),
          ),
        );
      }
    }, 300_000);

    test('a move to a host that has another guest of that name is refused before anything is sent', async () => {
      writeFileSync(join(folder, 'other.xml'), description(guest, 0));
      inside('virsh', '-c', 'qemu+tcp://host-b/system', 'define', '/run/lab/other.xml');
      try {
        expect(await failureOf(driver().migrate(order('host-a', 'host-b')))).toMatchObject({
          kind: 'conflict',
          retryable: false,
        });
      } finally {
        inside('virsh', '-c', 'qemu+tcp://host-b/system', 'undefine', guest);
      }
    });

    test('a guest that there is not, and a host that is down, are told apart', async () => {
      expect(await failureOf(driver().migrate({ ...order('host-a', 'host-b'), guest: '--help' }))).toMatchObject({
        kind: 'not found',
      });
      const wrong = driver({ hosts: ['qemu+tcp://host-a/system', 'qemu+tcp://host-b:16999/system'] });
      expect(await failureOf(wrong.migrate(order('host-a', 'host-b')))).toMatchObject({
        kind: 'unreachable',
        retryable: true,
      });
    });

    test('a slow move tells its progress, is found by another driver, and is aborted: the guest stays', async () => {
      const slow = driver({ migration: { bandwidth: mebibytesPerSecond(2), poll: 500 } });
      const progress = new Subject<number>();
      const failing = failureOf(
        slow
          .migrate(order('host-a', 'host-b'))
          .pipe(tap((event) => event.kind === 'progress' && progress.next(event.progress.sent))),
      );
      await within(seconds(60), progress.pipe(filter((sent) => sent > 0)));
      const another = driver({ migration: { poll: 500 } });
      const found = await within(seconds(30), another.inFlight());
      expect(found).toMatchObject([{ guest, from: 'host-a', to: 'host-b' }]);
      const id = found[0]?.id ?? '';
      const followed = await within(seconds(30), another.follow(id).pipe(take(1)));
      expect(followed).toMatchObject({ kind: 'progress', progress: { phase: 'copying' } });
      await lastValueFrom(slow.steer('by-hand', { kind: 'abort' }), { defaultValue: undefined });
      expect(await failing).toMatchObject({ kind: 'cancelled' });
      expect(await standing()).toBe('host-a');
      expect(stateOn('host-b')).toBe('');
    }, 120_000);

    test('a move from which its subscriber goes is aborted', async () => {
      const slow = driver({ migration: { bandwidth: mebibytesPerSecond(2), poll: 500 } });
      await within(
        seconds(60),
        slow
          .migrate(order('host-a', 'host-b'))
          .pipe(filter((event) => event.kind === 'progress' && event.progress.sent > 0)),
      );
      await within(
        seconds(60),
        timer(0, 500).pipe(filter(() => stateOn('host-b') === '' && stateOn('host-a') === guest)),
      );
      expect(await lastValueFrom(driver().inFlight())).toEqual([]);
    }, 120_000);

    test('the downtime of a running move can be raised, and it ends', async () => {
      const able = driver({ migration: { bandwidth: mebibytesPerSecond(20), poll: 500 } });
      let raised = false;
      const last = await lastValueFrom(
        able.migrate(order('host-a', 'host-b')).pipe(
          tap(() => {
            if (raised) return;
            raised = true;
            able.steer('by-hand', { kind: 'raise downtime', limit: 5000 }).subscribe();
          }),
        ),
      );
      expect(last).toMatchObject({ kind: 'done' });
      expect(raised).toBe(true);
      expect(await standing()).toBe('host-b');
    }, 120_000);
  },
);
