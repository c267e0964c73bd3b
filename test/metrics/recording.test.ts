import { from, lastValueFrom, of, throwError, toArray } from 'rxjs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  entryLine,
  fileChunks,
  headerLine,
  readRecording,
  type ReadOptions,
  type RecordingEntry,
  writeRecording,
  writtenTo,
} from '../../src/metrics/index.js';
import type { BadInput } from '../../src/model/index.js';
import { guest, guestSample, host } from './samples.js';

async function* chunksOf(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<string | Uint8Array> {
  for (const part of parts) yield await Promise.resolve(part);
}

const read = (
  text: string | readonly (string | Uint8Array)[],
  options?: ReadOptions,
): Promise<(RecordingEntry | BadInput)[]> =>
  lastValueFrom(readRecording(chunksOf(...(typeof text === 'string' ? [text] : text)), options).pipe(toArray()));

const sample: RecordingEntry = { kind: 'sample', at: 1005, sample: guestSample('web', 1000, { cpu: { used: 0.5 } }) };
const inventory: RecordingEntry = {
  kind: 'inventory',
  at: 0,
  inventory: { hosts: [host('a')], guests: [guest('web', 'a')] },
};
const line = (entry: RecordingEntry): string => {
  const written = entryLine(entry, 'test');
  if (!written.ok) throw new Error(written.error.message);
  return `${written.value}\n`;
};
const header = `${headerLine()}\n`;

describe('a recording', () => {
  test('begins with a line that says what it is and in which version', () =>
    expect(headerLine({ site: 'north' })).toBe('{"format":"whither-recording","version":1,"about":{"site":"north"}}'));

  test('is one line of JSON an entry', async () => {
    const lines = await lastValueFrom(of(sample).pipe(writeRecording(), toArray()));
    expect(lines).toEqual([
      header,
      '{"kind":"sample","at":1005,"sample":{"kind":"guest","id":"web","at":1000,"cpu":{"used":0.5}}}\n',
    ]);
  });

  test('is read back entry by entry', async () => {
    expect(await read(header + line(inventory) + line(sample))).toEqual([inventory, sample]);
  });

  test('does not mind blank lines, ends of lines of other systems, a mark of byte order, and a last line without end', async () => {
    const text = `\uFEFF${header}\n${line(sample).trimEnd()}\r\n\r\n${line(sample).trimEnd()}`;
    expect(await read(text)).toEqual([sample, sample]);
  });

  test('is read from bytes that are cut within a character', async () => {
    const named: RecordingEntry = { kind: 'sample', at: 1, sample: guestSample('høst-虚', 1) };
    const bytes = new TextEncoder().encode(header + line(named));
    expect(await read(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual([named]);
  });
});

describe('a bad line is an event with its number and its cause, and reading goes on', () => {
  const events = async (bad: string): Promise<unknown> => {
    const [first, ...rest] = await read(`${header}${bad}\n${line(sample)}`, { source: 'day.ndjson' });
    expect(rest).toEqual([sample]);
    return first;
  };

  test('that is no JSON', async () =>
    expect(await events('{"kind":')).toMatchObject({
      kind: 'bad-input',
      source: 'day.ndjson',
      place: 'line 2',
      problem: 'malformed',
      value: '{"kind":',
    }));
  test('with a value that cannot be, naming the path', async () =>
    expect(
      await events('{"kind":"sample","at":1,"sample":{"kind":"guest","id":"web","at":1,"cpu":{"used":-1}}}'),
    ).toMatchObject({
      place: 'line 2: sample.cpu.used',
      problem: 'malformed',
    }));
  test('with an infinite reading: infinity is no reading', async () =>
    expect(
      await events('{"kind":"sample","at":1,"sample":{"kind":"guest","id":"web","at":1,"cpu":{"used":"Infinity"}}}'),
    ).toMatchObject({ place: 'line 2: sample.cpu.used' }));
  test('of a kind that is not known here', async () =>
    expect(await events('{"kind":"weather","at":1}')).toMatchObject({ place: 'line 2: kind', problem: 'malformed' }));
  test('that was cut off at the end of the file', async () =>
    expect(await read(header + line(sample).slice(0, 40))).toMatchObject([{ place: 'line 2', problem: 'malformed' }]));
});

describe('a first line that is no header ends the reading', () => {
  test('of another version, as an unsupported version', async () =>
    expect(await read(`{"format":"whither-recording","version":2,"zip":true}\n${line(sample)}`)).toEqual([
      expect.objectContaining({
        problem: 'unsupported version',
        place: 'line 1',
        message: 'version 2 is not 1, the only one that can be read',
      }),
    ]));
  test('of something else', async () =>
    expect(await read('timestamp,cpu\n1,2\n')).toEqual([
      expect.objectContaining({ problem: 'malformed', place: 'line 1' }),
    ]));
  test('of nothing', async () => expect(await read('')).toMatchObject([{ problem: 'malformed', place: 'line 1' }]));
});

describe('a line that is too long', () => {
  test('is an event that shows how it began, and reading goes on', async () => {
    const text = `${header}${'x'.repeat(500)}\n${line(sample)}`;
    expect(await read(text, { longest: 300 })).toMatchObject([
      { place: 'line 2', problem: 'malformed', message: 'longer than 300 characters', value: 'x'.repeat(200) },
      sample,
    ]);
  });

  test('does not grow in memory: what comes of it is let go by', async () => {
    const length = 64 * 1024;
    async function* endless(): AsyncGenerator<string> {
      yield header;
      for (let i = 0; i < 2000; i++) yield await Promise.resolve('y'.repeat(length));
    }
    const before = process.memoryUsage().heapUsed;
    const events = await lastValueFrom(readRecording(endless(), { longest: 1000 }).pipe(toArray()));
    expect(events).toMatchObject([{ message: 'longer than 1000 characters' }]);
    // 125 MB went by.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(60e6);
  });
});

describe('writing', () => {
  test('NaN never passes in silence: in its place stands a line that says so', async () => {
    const bad: RecordingEntry = { kind: 'sample', at: 7, sample: guestSample('web', 1, { cpu: { used: Number.NaN } }) };
    const text = await lastValueFrom(of(bad, sample).pipe(writeRecording({ source: 'live' }), toArray()));
    expect(await read(text)).toEqual([
      {
        kind: 'refused',
        at: 7,
        input: expect.objectContaining({ source: 'live', place: 'sample: cpu.used' }) as unknown,
      },
      sample,
    ]);
  });
  test('NaN in a decision is refused as well', () => {
    const move = { guest: 'web', from: 'a', to: 'b', because: [] };
    const plan = { moves: [{ ...move, because: [{ kind: 'weighed', rule: 'r', gain: Number.NaN }] }], passedOver: [] };
    expect(entryLine({ kind: 'decision', at: 1, policy: 'p', plan: plan as never }, 'test')).toMatchObject({
      ok: false,
      error: { place: 'decision: gain', message: 'NaN is no value' },
    });
  });
  test('an inventory that could not be read again is refused', () =>
    expect(
      entryLine({ kind: 'inventory', at: 1, inventory: { hosts: [], guests: [guest('web', 'gone')] } }, 'test'),
    ).toMatchObject({ ok: false, error: { place: 'inventory: inventory.guests[0].host' } }));
  test('a time that is no number is refused', () =>
    expect(entryLine({ ...sample, at: Number.NaN }, 'test')).toMatchObject({
      ok: false,
      error: { place: 'sample: at' },
    }));
});

describe('a recording on disk', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'whither-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('is written and read again', async () => {
    const path = join(folder, 'day.ndjson');
    await lastValueFrom(writtenTo(path, from([inventory, sample]).pipe(writeRecording())), { defaultValue: undefined });
    expect(await readFile(path, 'utf8')).toBe(header + line(inventory) + line(sample));
    expect(await lastValueFrom(readRecording(fileChunks(path)).pipe(toArray()))).toEqual([inventory, sample]);
  });
  test('that does not exist is an error that names it', async () => {
    const path = join(folder, 'nowhere.ndjson');
    await expect(lastValueFrom(readRecording(fileChunks(path)))).rejects.toThrow('nowhere.ndjson');
    await expect(lastValueFrom(writtenTo(join(path, 'x'), of('a')))).rejects.toThrow('nowhere.ndjson');
  });
  test('ends where the entries fail, and fails with them', async () => {
    const path = join(folder, 'short.ndjson');
    const lines = throwError(() => new Error('lost'));
    await expect(lastValueFrom(writtenTo(path, lines))).rejects.toThrow('lost');
  });
});
