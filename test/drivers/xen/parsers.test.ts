/** The parsers of the Xen driver: every capture is read, and the traps that lie in them are seen. */
import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { failureOfXl } from '../../../src/drivers/xen/failures.js';
import { parseSenders } from '../../../src/drivers/xen/senders.js';
import { countedTransport, parseCount } from '../../../src/drivers/xen/transport.js';
import { type Both, verdict } from '../../../src/drivers/xen/verdict.js';
import { parseXlInfo } from '../../../src/drivers/xen/xl-info.js';
import { type Domain, parseXlList, parseXlListLong } from '../../../src/drivers/xen/xl-list.js';
import {
  type BadInput,
  failureKindSchema,
  kibibytes,
  mebibytes,
  megahertz,
  type Result,
} from '../../../src/model/index.js';
import { complaint, complaints, cuts, sound, xenSaid } from './captures.js';

const value = <V>(read: { ok: true; value: V } | { ok: false; error: unknown }): V => {
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
};

describe('hosts and domains', () => {
  test('xl info tells processors, memory and what the host can do', () => {
    expect(value(parseXlInfo(xenSaid('xl-info.stdout.txt')))).toMatchObject({
      name: 'xen-b',
      processor: { cores: 1, threads: 1, clock: megahertz(2099.998), architecture: 'x86_64' },
      total: mebibytes(1023),
      free: mebibytes(402),
      version: '4.17.5',
    });
    expect(value(parseXlInfo(xenSaid('xl-info.stdout.txt'))).capabilities).toContain('shadow');
    expect(value(parseXlInfo(xenSaid('xl-4.17.7-info.stdout.txt'))).capabilities).not.toContain('shadow');
  });

  test('xl list -v has the UUIDs; no letter at all is a domain that may run', () => {
    expect(value(parseXlList(xenSaid('xl-list-v.stdout.txt')))[1]).toEqual({
      name: 'domu1',
      domain: 1,
      uuid: 'a5f5e43d-d7c5-45f6-9147-19fbe05cdc16',
      memory: mebibytes(96),
      vcpus: 1,
      state: 'running',
    });
  });

  test('a list without UUIDs is refused', () => {
    expect(parseXlList(xenSaid('xl-list.stdout.txt')).ok).toBe(false);
  });

  test('xl list -l leaves out the domain of the tools, which has no UUID there', () => {
    expect(value(parseXlListLong(xenSaid('xl-list-l.stdout.txt')))).toEqual([
      {
        domain: 1,
        uuid: 'a5f5e43d-d7c5-45f6-9147-19fbe05cdc16',
        type: 'pv',
        memory: kibibytes(98304),
        vcpus: 1,
        disks: [],
        hostDevices: 0,
      },
    ]);
    expect(value(parseXlListLong(xenSaid('xl-4.17.7-list-l-pvh.stdout.txt')))[0]?.type).toBe('pvh');
  });

  test('disks and devices of the host are told', () => {
    const config = {
      c_info: { type: 'hvm', uuid: 'u' },
      b_info: { max_memkb: 5 },
      disks: [{ pdev_path: '/srv/a' }, { pdev_path: null }],
      pcidevs: [{}],
    };
    expect(value(parseXlListLong(JSON.stringify([{ domid: 3, config }])))[0]).toMatchObject({
      disks: ['/srv/a'],
      hostDevices: 1,
    });
  });
});

describe('what xl says of a failure', () => {
  test.each([
    ['xl-migrate-name-conflict-on-destination', 'conflict', false],
    ['xl-migrate-stale-incoming-on-destination', 'conflict', true],
    ['xl-migrate-no-memory-on-destination', 'insufficient memory', true],
    ['xl-migrate-connection-refused', 'unreachable', true],
    ['xl-migrate-unreachable-host', 'unreachable', true],
    ['xl-migrate-unresolvable-host', 'unreachable', true],
    ['xl-migrate-receiver-killed', 'unreachable', true],
    ['xl-migrate-connection-killed', 'unreachable', true],
    ['xl-4.17.7-migrate-pv', 'unsupported', false],
    ['xl-migrate-missing-domain', 'not found', false],
    ['xl-migrate-bad-option', 'unsupported', false],
    ['xl-migrate-dom0', 'protocol', false],
  ] as const)('%s is %s', (name, kind, retryable) => {
    expect(failureOfXl(complaint(name), 1)).toMatchObject({ kind, retryable });
  });

  test('every complaint is a failure of a known kind with a text, wherever it is cut', () => {
    for (const name of complaints())
      for (const length of cuts(complaint(name)).filter((at) => at % 11 === 0)) {
        const { kind, message } = failureOfXl(complaint(name).slice(0, length), 1);
        expect(failureKindSchema.safeParse(kind).success && message !== '' && message.length <= 500).toBe(true);
      }
  });
});

describe('how a move ended', () => {
  const domain = (name: string, state: Domain['state'] = 'running'): Domain => ({
    name,
    domain: 1,
    uuid: 'u',
    memory: 1,
    vcpus: 1,
    state,
  });
  const said = failureOfXl(complaint('xl-migrate-receiver-killed'), 1);
  const judged = (both: Both): string => {
    const ended = verdict(both, said);
    return ended.ok ? 'moved' : ended.error.kind;
  };
  test.each([
    ['here only', [domain('a')], [], 'unreachable'],
    ['here, and half-made there', [domain('a')], [domain('a--incoming', 'paused')], 'unreachable'],
    ['there only, whatever xl said', [], [domain('a')], 'moved'],
    ['there, and about to go here', [domain('a--migratedaway', 'paused')], [domain('a')], 'moved'],
    ['on both hosts', [domain('a')], [domain('a')], 'protocol'],
    ['suspended here and nowhere else', [domain('a', 'shut down')], [], 'protocol'],
    ['nowhere', [], [], 'not found'],
  ] as const)('a guest %s', (_, source, destination, verdictOf) => {
    expect(judged({ source, destination })).toBe(verdictOf);
  });
  test('a guest of which one host does not tell', () => {
    expect(judged({ source: undefined, destination: [] })).toBe('unreachable');
  });
});

describe('the transport', () => {
  test('counts what passes, passes it on unchanged, and gives the words after it to the program', () => {
    const command = `exec ${countedTransport(['sh', '-c', 'cat; printf " to %s as %s" "$1" "$2"', "it's"])} host 'xl migrate-receive'`;
    expect(
      execFileSync('sh', ['-c', command], { input: 'pages', encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] }),
    ).toBe('pages to host as xl migrate-receive');
  });

  test('dd tells its count while it runs and at its end', () => {
    expect(parseCount('104857600 bytes (105 MB, 100 MiB) copied, 2 s, 52.4 MB/s')).toEqual({
      sent: 104857600,
      after: 2000,
    });
    expect(parseCount('5 bytes copied, 0.000210718 s, 23.7 kB/s')).toMatchObject({ sent: 5 });
    expect(parseCount('1 byte copied, 1.5e-05 s, 66.7 kB/s')?.sent).toBe(1);
    expect(parseCount('1+0 records in')).toBeUndefined();
  });
});

test('a process that carries out a move is xl itself, not what merely has its words', () => {
  const processes = [
    '  512 xl migrate -s sh -c \'LC_ALL=C dd bs=65536 status=progress | exec ssh -- "$@"\' transport 5 xen-b',
    '  513 /usr/sbin/xl -v migrate domu1 10.0.0.2',
    '  514 sh -c exec sh -c xl migrate 5 xen-b',
    '  515 xl migrate-receive',
    '  516 xl list -l',
    '',
  ].join('\n');
  expect(parseSenders(processes)).toEqual([
    { process: 512, domain: '5', address: 'xen-b' },
    { process: 513, domain: 'domu1', address: '10.0.0.2' },
  ]);
});

const parsers: readonly (readonly [string, (text: string) => Result<unknown, BadInput>, string])[] = [
  ['xl info', parseXlInfo, xenSaid('xl-info.stdout.txt')],
  ['xl list -v', parseXlList, xenSaid('xl-list-v.stdout.txt')],
  ['xl list -l', parseXlListLong, xenSaid('xl-list-l.stdout.txt')],
];
const typed = (read: Result<unknown, BadInput>): boolean => (read.ok ? sound(read.value) : read.error.message !== '');

test.each(parsers)('%s: cut anywhere, it is refused or read up to a whole line', (_, parse, recorded) => {
  expect(parse(recorded).ok).toBe(true);
  for (const length of cuts(recorded)) {
    const read = parse(recorded.slice(0, length));
    expect(typed(read)).toBe(true);
  }
});

test.each(parsers)('%s: any text gives a typed result', (_, parse, recorded) => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc.nat({ max: 50_000 }).map((length) => `${recorded}${'a '.repeat(length)}\n`),
      ),
      (text) => typed(parse(text)),
    ),
  );
});
