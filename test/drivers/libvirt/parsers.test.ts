/** The parsers of the libvirt driver: every capture is read, and the traps that lie in them are seen. */
import { describe, expect, test } from 'vitest';
import { parseCapabilities, parseNodeInfo } from '../../../src/drivers/libvirt/capabilities.js';
import { parseDomainList, parseUuids } from '../../../src/drivers/libvirt/domain-list.js';
import { mayBeArriving, standingOf } from '../../../src/drivers/libvirt/domain-state.js';
import { parseDomainXml } from '../../../src/drivers/libvirt/domain-xml.js';
import { changesInventory, parseEvent } from '../../../src/drivers/libvirt/events.js';
import { failureOfVirsh } from '../../../src/drivers/libvirt/failures.js';
import { isLeaving, parseJobInfo, progressOfJob } from '../../../src/drivers/libvirt/job-info.js';
import { parseMigrationLine } from '../../../src/drivers/libvirt/migration-output.js';
import { parseXml } from '../../../src/drivers/libvirt/xml.js';
import { kibibytes, mebibytes, megahertz } from '../../../src/model/index.js';
import { jobPolls, namesIn, stream, virshSaid } from './captures.js';

const value = <V>(read: { ok: true; value: V } | { ok: false; error: unknown }): V => {
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
};
const now = { at: 0, postCopy: false, stopped: false };

describe('host', () => {
  test('capabilities tell the UUID, the model, the flags and the cache', () => {
    const host = value(parseCapabilities(virshSaid('06-capabilities.stdout.txt')));
    expect(host).toMatchObject({
      uuid: 'aaaaaaaa-0000-4000-8000-000000000001',
      architecture: 'x86_64',
      model: 'Broadwell-noTSX-IBRS',
      cache: mebibytes(300),
    });
    expect(host.flags).toContain('avx512f');
  });

  test('nodeinfo tells clock, cores and threads; its memory, which is too small here, is not read', () => {
    expect(value(parseNodeInfo(virshSaid('02-nodeinfo.stdout.txt')))).toEqual({
      threads: 2,
      clock: megahertz(2100),
      cores: 2,
    });
    expect(value(parseNodeInfo(virshSaid('02-nodeinfo-remote.stdout.txt'))).threads).toBe(2);
  });

  test('nodeinfo in another language is refused', () => {
    expect(parseNodeInfo('CPU-Modell: x86_64\nCPU(s): 2\n').ok).toBe(false);
  });
});

describe('guests', () => {
  test('the list gives UUIDs and names; a name may begin like an option or hold a semicolon', () => {
    expect(value(parseDomainList(virshSaid('10-list-name-uuid.stdout.txt')))).toEqual([
      { uuid: '11111111-0000-4000-8000-00005917e197', name: 'vm1' },
    ]);
    const odd = '11111111-0000-4000-8000-00005917e197 --help\n22222222-0000-4000-8000-00005917e197 a;b c\n';
    expect(value(parseDomainList(odd)).map(({ name }) => name)).toEqual(['--help', 'a;b c']);
    expect(value(parseDomainList(''))).toEqual([]);
    expect(parseUuids('not a uuid\n').ok).toBe(false);
  });

  test('dumpxml tells memory, processors, disks and how it is run', () => {
    expect(value(parseDomainXml(virshSaid('18-dumpxml.stdout.txt')))).toEqual({
      uuid: '11111111-0000-4000-8000-00005917e197',
      name: 'vm1',
      memory: kibibytes(196608),
      vcpus: 2,
      hypervisor: 'qemu',
      hostCpu: false,
      disks: [{ kind: 'file', source: '/run/lab/shared/disk.img', readOnly: false }],
      hostDevices: [],
    });
  });

  test('devices of the host and its very CPU tie a guest to it', () => {
    const tied = value(
      parseDomainXml(
        `<domain type='kvm'><name>a&lt;b&#x21;</name><uuid>u</uuid><memory unit='GiB'>2</memory><vcpu current='3'>4</vcpu>
         <cpu mode='host-passthrough'/><devices><hostdev mode='subsystem' type='pci'/><interface type='hostdev'/></devices></domain>`,
      ),
    );
    expect(tied).toMatchObject({
      name: 'a<b!',
      memory: 2 * 1024 ** 3,
      vcpus: 3,
      hostCpu: true,
      hostDevices: ['pci', 'network'],
    });
  });

  test.each([
    ['no root', ''],
    ['an end without a beginning', '</a>'],
    ['a beginning without an end', '<a><b></b>'],
    [
      'a document type, which could name other files',
      '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    ],
    ['two roots', '<a/><b/>'],
    ['too deep', `${'<a>'.repeat(100)}${'</a>'.repeat(100)}`],
  ])('xml with %s is refused', (_, text) => {
    expect(parseXml(text).ok).toBe(false);
  });
});

describe('states', () => {
  test.each([
    [{ state: 1, reason: 1 }, 'running'],
    [{ state: 1, reason: 2 }, 'running'],
    [{ state: 3, reason: 1 }, 'paused'],
    [{ state: 3, reason: 2 }, 'suspended to move'],
    [{ state: 3, reason: 12 }, 'post-copy source'],
    [{ state: 3, reason: 13 }, 'broken'],
    [{ state: 1, reason: 10 }, 'post-copy destination'],
    [{ state: 1, reason: 11 }, 'broken'],
    [{ state: 5, reason: 0 }, 'off'],
    [{ state: 6, reason: 0 }, 'off'],
  ] as const)('%o is %s', (state, standing) => {
    expect(standingOf(state, 'source')).toBe(standing);
  });

  test('a guest that is received is paused to migrate, or runs in post-copy', () => {
    expect(mayBeArriving({ state: 3, reason: 2 })).toBe(true);
    expect(mayBeArriving({ state: 1, reason: 10 })).toBe(true);
    expect(mayBeArriving({ state: 1, reason: 11 })).toBe(true);
    expect(mayBeArriving({ state: 3, reason: 13 })).toBe(false);
    expect(mayBeArriving(undefined)).toBe(false);
  });
});

describe('progress', () => {
  test('before QEMU has begun nothing remains known, and zeros are no progress', () => {
    const first = jobPolls('41-migrate-native-bw')[0];
    expect(progressOfJob(value(parseJobInfo(first?.stdout ?? '')), now)).toEqual({
      at: 0,
      phase: 'preparing',
      sent: 0,
    });
  });

  test('in the first pass the dirty rate is unknown, not zero, and the downtime is what is expected, not what is allowed', () => {
    expect(progressOfJob(value(parseJobInfo(virshSaid('41-domjobinfo-during-rawstats.stdout.txt'))), now)).toEqual({
      at: 0,
      phase: 'copying',
      round: 1,
      sent: 92347968,
      remaining: 96837632,
      bandwidth: 34697603,
    });
  });

  test('from the second pass on the dirty rate is in bytes per second', () => {
    const rates = jobPolls('41-migrate-native-bw')
      .filter(({ rc }) => rc === 0)
      .map(({ stdout }) => value(parseJobInfo(stdout)))
      .filter(isLeaving)
      .map((job) => progressOfJob(job, now));
    expect(rates.filter(({ round }) => round === 1).every(({ dirtyRate }) => dirtyRate === undefined)).toBe(true);
    expect(rates.filter(({ dirtyRate }) => dirtyRate !== undefined).length).toBeGreaterThan(60);
    expect(rates.every(({ dirtyRate }) => dirtyRate === undefined || dirtyRate % 4096 === 0)).toBe(true);
  });

  test('pages asked for by the destination show post-copy, whoever began it', () => {
    const phases = jobPolls('56-fail-postcopy-link-down')
      .filter(({ rc }) => rc === 0)
      .map(({ stdout }) => value(parseJobInfo(stdout)))
      .filter(isLeaving)
      .map((job) => progressOfJob(job, now).phase);
    expect(new Set(phases)).toEqual(new Set(['preparing', 'copying', 'post-copy']));
  });

  test('auto-converge tells how much it takes from the guest', () => {
    const job = value(parseJobInfo('Job type: 2\n\noperation: 5\nmemory_total: 10\nauto_converge_throttle: 40\n'));
    expect(progressOfJob(job, now).throttle).toBe(0.4);
  });

  test('no job is type 0, a job of another kind does not leave', () => {
    expect(isLeaving(value(parseJobInfo(virshSaid('20-domjobinfo-none-rawstats.stdout.txt'))))).toBe(false);
    expect(isLeaving(value(parseJobInfo('Job type: 2\n\noperation: 8\n')))).toBe(false);
  });

  test.each(namesIn('libvirt').filter((name) => name.endsWith('.jobpoll.jsonl')))(
    'every answer of %s is read',
    (name) => {
      for (const { rc, stdout, stderr } of jobPolls(name.replace('.jobpoll.jsonl', '')))
        if (rc === 0) expect(parseJobInfo(stdout).ok).toBe(true);
        else expect(failureOfVirsh(stderr).kind).not.toBe('protocol');
    },
  );
});

describe('lines of a move', () => {
  test('the error stands behind the last percentage', () => {
    const last =
      stream('45-migrate-aborted', 'stderr')
        .trim()
        .split(/[\r\n]+/)
        .at(-1)
        ?.trim() ?? '';
    expect(parseMigrationLine(last)).toEqual({
      kind: 'percent',
      percent: 37,
      rest: "error: operation aborted: job 'migration out' canceled by client",
    });
  });

  test('every line of every move is a percentage, an error or nothing', () => {
    for (const name of namesIn('libvirt').filter((one) => one.includes('migrate') && one.endsWith('.stderr.txt')))
      for (const line of virshSaid(name).split(/[\r\n]+/)) {
        const read = parseMigrationLine(line);
        if (read?.kind === 'percent') expect(read.percent).toBeLessThanOrEqual(100);
        if (read?.kind === 'said') expect(read.text.startsWith('error:')).toBe(true);
      }
  });
});

describe('failures', () => {
  test.each([
    ['30-fail-unsafe-disk-cache', 'refused as unsafe', false],
    ['41-busy-setmem', 'conflict', true],
    ['45-migrate-aborted', 'cancelled', false],
    ['52-first-migration', 'cancelled', false],
    ['49-migrate-tls-unavailable', 'unsupported', false],
    ['50-fail-bad-migrateuri', 'unreachable', true],
    ['50-fail-bad-option', 'unsupported', false],
    ['50-fail-connect-daemon-down', 'unreachable', true],
    ['50-fail-connection-refused', 'unreachable', true],
    ['50-fail-name-unknown', 'unreachable', true],
    ['50-fail-net-unreachable', 'unreachable', true],
    ['50-fail-no-route', 'unreachable', true],
    ['50-fail-no-such-domain', 'not found', false],
    ['50-fail-p2p-unreachable', 'unreachable', true],
    ['50-fail-same-host', 'conflict', false],
    ['51-fail-already-active-same-uuid', 'conflict', false],
    ['51-fail-already-exists-other-uuid', 'conflict', false],
    ['51-fail-domain-not-running', 'conflict', false],
    ['52-fail-second-migration', 'conflict', true],
    ['53-fail-insufficient-memory', 'insufficient memory', true],
    ['54-fail-dest-qemu-killed', 'protocol', true],
    ['55-fail-link-down', 'unreachable', true],
    ['56-fail-postcopy-link-down', 'unreachable', true],
    ['56-postcopy-resume', 'post-copy broken', false],
    ['56-postcopy-resume-at-once', 'conflict', true],
    ['57-fail-dest-host-killed', 'unreachable', true],
    ['57-remote-connect-after', 'unreachable', true],
    ['58-fail-postcopy-link-down', 'unreachable', true],
    ['60-dirtyrate-dirty-bitmap', 'protocol', true],
    ['60-dirtyrate-dirty-ring', 'unsupported', false],
    ['41-domjobinfo-during-dest', 'unsupported', false],
    ['45-domjobabort-no-job', 'not found', false],
  ] as const)('%s is %s', (name, kind, retryable) => {
    expect(failureOfVirsh(stream(name, 'stderr'), 1)).toMatchObject({ kind, retryable });
  });

  test('the other text of insufficient memory is known too, and the other text of an abort', () => {
    const other =
      "error: internal error: qemu unexpectedly closed the monitor: qemu-system-x86_64: cannot set up guest memory 'pc.ram': Cannot allocate memory";
    expect(failureOfVirsh(other).kind).toBe('insufficient memory');
    expect(failureOfVirsh('error: operation aborted: migration out: canceled by client').kind).toBe('cancelled');
  });

  test('a text in another language is a breach of protocol, to be asked about', () => {
    expect(failureOfVirsh('Fehler: Vorgang abgebrochen', 1)).toEqual({
      kind: 'protocol',
      retryable: false,
      message: 'Fehler: Vorgang abgebrochen',
    });
    expect(failureOfVirsh('', 3).message).toBe('virsh failed without a word (exit 3)');
  });

  test('a password in a URI is not repeated', () => {
    expect(failureOfVirsh('error: cannot parse qemu+tcp://me:secret@a/system').message).not.toContain('secret');
  });
});

describe('events', () => {
  test('success, failure and abort are told by different events on the two hosts', () => {
    const told = (name: string): readonly string[] =>
      stream(name, 'stdout')
        .split('\n')
        .flatMap((line) => parseEvent(line) ?? [])
        .filter(changesInventory)
        .map(({ detail }) => detail);
    expect(told('41-migrate-native-bw.events.A')).toEqual(['Suspended Migrated', 'Stopped Migrated']);
    expect(told('45-migrate-aborted.events.A')).toEqual([]);
    expect(told('45-migrate-aborted.events.B')).toEqual(['Started Migrated', 'Stopped Failed']);
    expect(told('56-fail-postcopy-link-down.events.A').at(-1)).toBe('Suspended Post-copy Error');
  });

  test('lines below an event, and the last words of the loop, are none', () => {
    expect(parseEvent('\toperation: 5')).toBeUndefined();
    expect(parseEvent('event loop interrupted')).toBeUndefined();
    expect(parseEvent(`event 'lifecycle' for domain '${'x'.repeat(100_000)}': Stopped`)).toBeUndefined();
  });
});
