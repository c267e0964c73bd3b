/** Two real Xen hosts, emulated: the engine moves a real guest from one to the other by xl over ssh, and what goes wrong there goes well here. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filter, firstValueFrom, lastValueFrom, type Observable, tap, timeout } from 'rxjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Driver, DriverError, type RunCommand, xl, type XlMigration } from '../../../src/drivers/index.js';
import { engine, type EngineEvent } from '../../../src/engine/index.js';
import { type HostId, mebibytes, minutes, nothing, seconds } from '../../../src/model/index.js';
import { definePolicy, type Policy } from '../../../src/policies/index.js';
import { downloaded, openHosts, type XenHost } from './lab/hosts.js';

const folder = mkdtempSync(join(tmpdir(), 'whither-xen-'));
const remove = (): void => rmSync(folder, { recursive: true, force: true });
const lacking = await downloaded(folder);
// Where all tests are skipped, nothing is run after them.
if (lacking !== undefined) remove();
// A worker whose runner was killed would go on by itself.
process.once('exit', remove).once('disconnect', () => process.exit(1));

const guest = 'web';
/** MiB. Less is too little for the kernel. */
const memory = 80;

/** A policy that wants a guest on a host and nothing else. */
const wanted = (to: HostId): Policy =>
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

describe.skipIf(lacking !== undefined)(
  `two real Xen hosts${lacking === undefined ? '' : `: skipped, ${lacking}`}`,
  () => {
    let close = (): Promise<void> => Promise.resolve();
    let a: XenHost;
    let b: XenHost;
    /** Every command that drivers have run, with its host before it. */
    let commands: (readonly string[])[] = [];

    const recorded =
      ({ id, commands: run }: XenHost): RunCommand =>
      (argv, options) => {
        commands.push([id, ...argv]);
        return run(argv, options);
      };
    const driver = (migration: XlMigration = {}, sampling = seconds(30)): Driver =>
      xl({
        hosts: [a, b].map((host) => ({ id: host.id, address: host.address, commands: recorded(host) })),
        // All is slow under emulation, and slower on a machine that has other work; what is asked often slows the move as well.
        deadline: minutes(2),
        patience: minutes(3),
        every: seconds(20),
        sampling,
        migration: { deadline: minutes(8), poll: seconds(3), ...migration },
      });
    /** The cipher takes most of the time under emulation; a young guest's memory is mostly zeros, of which little is left to encrypt. */
    const overSecureShell = { transport: ['ssh', '-C', '-o', 'BatchMode=yes', '--'] };
    /** Without a cipher. */
    const plain = { transport: ['plain'] };
    const back = { id: 'by-hand', guest, from: 'xen-b', to: 'xen-a' };
    const moves = (): number => commands.filter((argv) => argv[2] === 'migrate').length;

    const failureOf = async (stream$: Observable<unknown>): Promise<DriverError> => {
      try {
        await lastValueFrom(stream$);
      } catch (thrown) {
        if (DriverError.is(thrown)) return thrown;
        throw thrown;
      }
      throw new Error('it did not fail');
    };
    const domains = async (host: XenHost): Promise<readonly string[]> =>
      (await host.shell('xl list | tail -n +3 | cut -d" " -f1')).trim().split('\n').filter(Boolean);
    const config = (name: string): string =>
      [
        `name="${name}"`,
        'type="pv"',
        'kernel="/guest/vmlinuz"',
        'ramdisk="/guest/initrd"',
        'extra="console=hvc0 quiet mitigations=off"',
        `memory=${memory}`,
        'vcpus=1',
      ].join('\\n');
    const create = (host: XenHost, name: string, options = ''): Promise<string> =>
      host.shell(`printf '${config(name)}\\n' >/tmp/new.cfg && xl create ${options} /tmp/new.cfg`);
    /** What the guest last said on a host: the word of its start, and its count. Each time that it comes has a log of its own. */
    const lastSaid = async (host: XenHost): Promise<{ readonly word: string; readonly count: number }> => {
      const text = await host.shell(`tail -qn 3 /var/log/xen/console/guest-${guest}*.log 2>/dev/null || true`);
      const said = [...text.matchAll(/guest (\S+) (\d+)\r?$/gm)].map(([, word = '', count]) => ({
        word,
        count: Number(count),
      }));
      return said.reduce((last, one) => (one.count > last.count ? one : last), { word: '', count: -1 });
    };
    /** A guest that lives goes on counting. */
    const alive = async (host: XenHost, before: { readonly word: string; readonly count: number }): Promise<void> => {
      for (const end = performance.now() + minutes(2); performance.now() < end;) {
        const { word, count } = await lastSaid(host);
        if (word !== '' && (before.word === '' || word === before.word) && count > before.count) return;
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
      throw new Error(`the guest does not count on ${host.id}`);
    };
    const isOver = ({ kind }: EngineEvent): boolean => kind === 'ended' || kind === 'failed';
    /** Runs an engine that wants the guest on a host, until a move is over. */
    const untilOver = async (own: Driver, to: HostId): Promise<readonly EngineEvent[]> => {
      const events: EngineEvent[] = [];
      await firstValueFrom(
        engine({ driver: own, policy: wanted(to), every: seconds(2), staleAfter: minutes(2) }).pipe(
          tap((event) => events.push(event)),
          filter(isOver),
          timeout(minutes(10)),
        ),
      );
      return events;
    };
    /** Starts a move and, once some of it has passed, does something; gives how the move failed. */
    const disturbed = async (own: Driver, disturb: () => Promise<unknown>): Promise<DriverError> => {
      let done: Promise<unknown> | undefined;
      const failure = await failureOf(
        own.migrate(back).pipe(
          tap((event) => {
            if (event.kind === 'progress' && event.progress.sent > mebibytes(2)) done ??= disturb();
          }),
        ),
      );
      if (done === undefined) throw new Error(`the move failed by itself: ${failure.message}`);
      await done;
      return failure;
    };

    beforeAll(async () => {
      const opened = await openHosts(folder);
      close = opened.close;
      [a, b] = opened.hosts;
      await create(a, guest);
      await alive(a, { word: '', count: 0 });
    }, minutes(12));

    afterAll(() => close(), minutes(1));

    test(
      'the inventory shows both hosts and the guest',
      async () => {
        const { hosts, guests } = await firstValueFrom(
          driver()
            .inventory()
            .pipe(timeout(minutes(2))),
        );
        expect(hosts.map(({ id }) => id)).toEqual(['xen-a', 'xen-b']);
        expect(hosts[0]?.labels).toMatchObject({ xen: expect.stringMatching(/^4\.17\.5/) as string });
        expect(guests).toMatchObject([
          { id: guest, host: 'xen-a', vcpus: 1, memory: mebibytes(memory), migratable: true, labels: { type: 'pv' } },
        ]);
      },
      minutes(3),
    );

    test(
      'samples of both hosts and of the guest come, with shares between 0 and 1',
      async () => {
        const seen = new Map<string, number | undefined>();
        await firstValueFrom(
          driver()
            .samples()
            .pipe(
              tap((reading) => reading.kind !== 'bad-input' && seen.set(reading.id, reading.cpu?.used)),
              filter(() => seen.size === 3),
              timeout(minutes(3)),
            ),
        );
        for (const used of seen.values()) expect(used).toSatisfy((share: number) => share >= 0 && share <= 1);
      },
      minutes(4),
    );

    test(
      'the engine moves the guest from one host to the other over ssh, and it lives on',
      async () => {
        const before = await lastSaid(a);
        const events = await untilOver(driver(overSecureShell), 'xen-b');
        expect(events.at(-1)).toMatchObject({
          kind: 'ended',
          outcome: { guest, from: 'xen-a', to: 'xen-b', ending: { result: 'done' } },
        });
        expect(events.filter(({ kind }) => kind === 'progress').length).toBeGreaterThan(0);
        expect([await domains(a), await domains(b)]).toEqual([[], [guest]]);
        await alive(b, before);
      },
      minutes(12),
    );

    test(
      'another guest of that name, and too little memory, are found before a page is sent',
      async () => {
        commands = [];
        await create(a, guest, '-p');
        expect(await failureOf(driver(plain).migrate(back))).toMatchObject({ kind: 'conflict' });
        await a.shell(`xl rename ${guest} other`);
        expect(await failureOf(driver(plain).migrate(back))).toMatchObject({
          kind: 'insufficient memory',
          retryable: true,
        });
        expect(moves()).toBe(0);
        expect(await domains(a)).toEqual(['other']);
        await a.shell('xl destroy other');
      },
      minutes(8),
    );

    test(
      'a receiver that is killed half-way fails the move, its half-made copy is destroyed, and the guest lives on at the source',
      async () => {
        commands = [];
        const before = await lastSaid(b);
        const failure = await disturbed(driver(plain), () => a.shell('pkill -KILL -f "[x]l migrate-receive"'));
        expect(['unreachable', 'protocol']).toContain(failure.kind);
        expect(moves()).toBe(1);
        // It was there, and it is not any more.
        expect(commands.filter(([host, , word]) => host === 'xen-a' && word === 'destroy')).toHaveLength(1);
        expect([await domains(a), await domains(b)]).toEqual([[], [guest]]);
        await alive(b, before);
      },
      minutes(8),
    );

    test(
      'a link that is cut half-way ends at the deadline, and the guest lives on at the source',
      async () => {
        const before = await lastSaid(b);
        const failure = await disturbed(driver({ ...plain, deadline: seconds(25) }), () =>
          a.shell('ip link set eth1 down'),
        );
        expect(failure).toMatchObject({ kind: 'timed out', retryable: true });
        await a.shell('ip link set eth1 up');
        expect([await domains(a), await domains(b)]).toEqual([[], [guest]]);
        await alive(b, before);
      },
      minutes(8),
    );

    test(
      'an engine that is started while somebody moves the guest back finds that move, and sees its end',
      async () => {
        const before = await lastSaid(b);
        const byHand = b.shell(`xl migrate -s plain ${guest} ${a.address}`);
        for (let begun = false; !begun;) begun = (await b.shell('pgrep -f "[/]xl migrate" || true')).trim() !== '';
        commands = [];
        const events = await untilOver(driver(plain), 'xen-a');
        expect(events.filter(({ kind }) => kind === 'resumed')).toHaveLength(1);
        expect(events.at(-1)).toMatchObject({ kind: 'ended', outcome: { guest, from: 'xen-b', to: 'xen-a' } });
        expect(moves()).toBe(0);
        await byHand;
        expect([await domains(a), await domains(b)]).toEqual([[guest], []]);
        await alive(a, before);
      },
      minutes(8),
    );
  },
);
