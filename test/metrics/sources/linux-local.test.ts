/** The local source: which files it reads, what becomes of those that are missing or broken, and that it keeps its deadlines. */
import { firstValueFrom, of, Subject, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, test } from 'vitest';
import {
  type Files,
  type FileText,
  localFacts,
  localFiles,
  localLinux,
  readFacts,
} from '../../../src/metrics/sources/linux/index.js';
import { gigahertz, kibibytes, megahertz, mebibytes, type Reading, sampleSchema } from '../../../src/model/index.js';
import { fixture } from './fixture.js';

const directory = (texts: Readonly<Record<string, string>>): Files => ({
  text: (path) => of<FileText>(path in texts ? { kind: 'text', text: texts[path] ?? '' } : { kind: 'missing' }),
  names: (path) =>
    of([
      ...new Set(
        Object.keys(texts)
          .filter((name) => name.startsWith(`${path}/`))
          .map((name) => name.slice(path.length + 1).split('/')[0] ?? ''),
      ),
    ]),
});

const recorded: Readonly<Record<string, string>> = {
  '/proc/stat': fixture('stat.txt'),
  '/proc/loadavg': fixture('loadavg.txt'),
  '/proc/meminfo': fixture('meminfo.txt'),
  '/proc/diskstats': fixture('diskstats.txt'),
  '/proc/7/stat': fixture('self-stat.txt'),
};

/** Everything that the source gives in some seconds of virtual time. */
const readingsOf = (
  files: Files,
  seconds: number,
  change?: { readonly at: number; readonly to: Files },
): readonly Reading[] => {
  const scheduler = new VirtualTimeScheduler();
  let now = files;
  const readings: Reading[] = [];
  const through: Files = { text: (path) => now.text(path), names: (path) => now.names(path) };
  const subscription = localLinux({
    subject: { kind: 'host', id: 'h' },
    every: 1000,
    scheduler,
    files: through,
  }).subscribe((reading) => readings.push(reading));
  if (change) scheduler.schedule(() => (now = change.to), change.at);
  scheduler.schedule(() => subscription.unsubscribe(), seconds * 1000 + 1);
  scheduler.flush();
  return readings;
};

describe('reading', () => {
  test('M10: the first reading lays the base, and then there is a sample an interval', () => {
    const readings = readingsOf(directory(recorded), 3);
    expect(readings).toHaveLength(3);
    expect(readings[0]).toMatchObject({ kind: 'host', id: 'h', at: 1000, load: { one: 25.31 } });
  });

  test('files that are not there leave their fields absent, without a word', () => {
    const [sample] = readingsOf(directory(recorded), 1);
    expect(sample).not.toHaveProperty('pressure');
    expect(sample).not.toHaveProperty('network');
    expect(sample).not.toHaveProperty('runQueueWait');
  });

  test('a broken file is a bad input beside the sample, and the stream lives on', () => {
    const broken = directory({ ...recorded, '/proc/loadavg': '1.0 what\n' });
    const readings = readingsOf(directory(recorded), 3, { at: 1500, to: broken });
    expect(readings.map(({ kind }) => kind)).toEqual(['host', 'bad-input', 'host', 'bad-input', 'host']);
    expect(readings[1]).toMatchObject({ source: '/proc/loadavg', place: 'line 1', value: '1.0 what' });
    expect(readings[2]).not.toHaveProperty('load');
  });

  test('a file that cannot be read is a bad input', () => {
    const files: Files = {
      ...directory(recorded),
      text: (path) =>
        path.endsWith('stat') ? of<FileText>({ kind: 'unreadable', why: 'EACCES' }) : of<FileText>({ kind: 'missing' }),
    };
    const bad = readingsOf(files, 0.5).find(({ kind }) => kind === 'bad-input');
    expect(bad).toMatchObject({ source: '/proc/stat', value: 'EACCES' });
  });

  test('the time between two readings is that of the samples: processor shares need a change', () => {
    const later = directory({
      ...recorded,
      '/proc/stat': 'cpu  230560 95910 45294 126006 630 0 781 2134 0 6\ncpu0 0 0 0 0\ncpu1 0 0 0 0\n',
    });
    const readings = readingsOf(directory(recorded), 2, { at: 1500, to: later });
    expect(readings[0]).not.toHaveProperty('cpu');
    expect(readings[1]).toMatchObject({ cpu: { used: 0.25, user: 0.25, idle: 0.75 } });
  });

  test('nothing is read before somebody subscribes, and nothing after', () => {
    let reads = 0;
    const files: Files = { ...directory(recorded), text: (path) => (reads++, directory(recorded).text(path)) };
    const scheduler = new VirtualTimeScheduler();
    const source = localLinux({ subject: { kind: 'host', id: 'h' }, scheduler, files });
    expect(reads).toBe(0);
    const subscription = source.subscribe();
    scheduler.schedule(() => subscription.unsubscribe(), 10);
    scheduler.flush();
    const after = reads;
    expect(after).toBeGreaterThan(0);
    expect(scheduler.actions).toHaveLength(0);
  });

  test('a reading that hangs is not overtaken by the next', () => {
    const hanging = new Subject<FileText>();
    const files: Files = {
      ...directory(recorded),
      text: (path) => (path === '/proc/stat' ? hanging : directory(recorded).text(path)),
    };
    expect(readingsOf(files, 5)).toEqual([]);
  });
});

describe('local files', () => {
  test('a file that is not there is missing', async () =>
    expect(await firstValueFrom(localFiles().text('/nonexistent/file'))).toEqual({ kind: 'missing' }));
  test('a directory is unreadable as a file', async () =>
    expect(await firstValueFrom(localFiles().text('/'))).toMatchObject({ kind: 'unreadable' }));
  test('a directory that is not there has no names', async () =>
    expect(await firstValueFrom(localFiles().names('/nonexistent'))).toEqual([]));
  test('a read past its deadline is unreadable', () => {
    const scheduler = new VirtualTimeScheduler();
    const read: FileText[] = [];
    localFiles({ deadline: 5, scheduler })
      .text('/proc/self/stat')
      .subscribe((text) => read.push(text));
    // All virtual time passes before a true read can answer, which is what a hanging file looks like.
    scheduler.flush();
    expect(read).toEqual([{ kind: 'unreadable', why: 'no answer within 5 ms' }]);
  });
});

describe('static facts', () => {
  const cpuinfo = (model: string): string =>
    `processor : 0\nmodel name : ${model}\ncpu MHz : 1200.000\ncore id : 0\nphysical id : 0\n\nprocessor : 1\ncore id : 0\nphysical id : 0\n\n`;
  const sys = '/sys/devices/system/cpu';
  const machine: Readonly<Record<string, string>> = {
    '/proc/cpuinfo': cpuinfo('Example'),
    '/proc/meminfo': fixture('meminfo.txt'),
    [`${sys}/cpu0/topology/physical_package_id`]: '0\n',
    [`${sys}/cpu0/topology/core_id`]: '0\n',
    [`${sys}/cpu1/topology/physical_package_id`]: '0\n',
    [`${sys}/cpu1/topology/core_id`]: '1\n',
    [`${sys}/cpu0/cache/index0/level`]: '1\n',
    [`${sys}/cpu0/cache/index0/size`]: '32K\n',
    [`${sys}/cpu0/cache/index3/level`]: '3\n',
    [`${sys}/cpu0/cache/index3/size`]: '32M\n',
    [`${sys}/cpu0/cpufreq/cpuinfo_max_freq`]: '3330000\n',
  };

  test('M8: clock, cores, threads, last-level cache, architecture and memory', async () =>
    expect((await firstValueFrom(readFacts({ files: directory(machine), architecture: 'x86_64' }))).facts).toEqual({
      cpu: {
        clock: gigahertz(3.33),
        cores: 2,
        threads: 2,
        cache: mebibytes(32),
        architecture: 'x86_64',
        model: 'Example',
      },
      memory: { total: kibibytes(24684092) },
      clockFrom: 'greatest frequency',
    }));

  test('M11: an idle host that scales its frequency is told by its nominal clock, not by its present one', () => {
    const read = { cpuinfo: { threads: 2, currentClock: megahertz(1200), model: 'i7 CPU @ 3.33GHz' } };
    expect(localFacts(read)).toMatchObject({ cpu: { clock: gigahertz(3.33) }, clockFrom: 'model name' });
    expect(localFacts({ ...read, baseClock: gigahertz(2.66) })).toMatchObject({
      cpu: { clock: gigahertz(2.66) },
      clockFrom: 'base frequency',
    });
    expect(localFacts({ cpuinfo: { threads: 1, currentClock: megahertz(1200) } })).toMatchObject({
      clockFrom: 'current',
    });
  });

  test('what the kernel does not show is absent', async () => {
    const { facts, bad } = await firstValueFrom(readFacts({ files: directory({}), architecture: 'riscv64' }));
    expect(facts).toEqual({ cpu: { architecture: 'riscv64' }, memory: {} });
    expect(bad).toEqual([]);
  });

  test('a file that makes no sense is told', async () =>
    expect((await firstValueFrom(readFacts({ files: directory({ '/proc/cpuinfo': 'nothing\n' }) }))).bad).toMatchObject(
      [{ kind: 'bad-input', source: '/proc/cpuinfo' }],
    ));
});

test.skipIf(process.platform !== 'linux')(
  'this machine, where it runs Linux: a sample that the schema takes (else skipped: no /proc)',
  async () => {
    const reading = await firstValueFrom(
      localLinux({ subject: { kind: 'host', id: 'here' }, every: 50, processes: 3 }),
    );
    expect(reading.kind === 'bad-input' ? reading : sampleSchema.safeParse(reading).error).toBeUndefined();
    expect(reading).toHaveProperty('load');
    const { facts } = await firstValueFrom(readFacts());
    expect(facts.cpu.threads).toBeGreaterThan(0);
    expect(facts.memory.total).toBeGreaterThan(0);
  },
);
