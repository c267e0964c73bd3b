import * as fc from 'fast-check';
import { from, lastValueFrom, toArray, VirtualTimeScheduler } from 'rxjs';
import { expect, test } from 'vitest';
import { readRecording, type RecordingEntry, replay, writeRecording } from '../../src/metrics/index.js';
import { anyEntry } from './entries.js';

const written = (entries: readonly RecordingEntry[]): Promise<string> =>
  lastValueFrom(from(entries).pipe(writeRecording(), toArray())).then((lines) => lines.join(''));

/** A text in chunks of the given lengths, over and over. */
async function* cut(bytes: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length] ?? 1;
    yield await Promise.resolve(bytes.subarray(at, at + length));
    at += length;
  }
}

test('what is written is read again, entry by entry, however the bytes are cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyEntry, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 5 }),
      async (entries, lengths) => {
        const bytes = new TextEncoder().encode(await written(entries));
        expect(await lastValueFrom(readRecording(cut(bytes, lengths)).pipe(toArray()))).toEqual(entries);
      },
    ),
  );
});

test('a recording that was read once is written as the same text from then on', async () => {
  const reread = async (text: string): Promise<string> => {
    const entries = await lastValueFrom(readRecording(cut(new TextEncoder().encode(text), [9000])).pipe(toArray()));
    return written(entries.filter((entry) => entry.kind !== 'bad-input'));
  };
  await fc.assert(
    fc.asyncProperty(fc.array(anyEntry, { maxLength: 8 }), async (entries) => {
      // The schema puts the fields into one order; nothing else may change.
      const once = await reread(await written(entries));
      expect(await reread(once)).toBe(once);
    }),
    { numRuns: 40 },
  );
});

test('no bytes crash a reader: garbage becomes events', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyEntry, { maxLength: 4 }),
      fc.uint8Array(),
      fc.nat(),
      async (entries, garbage, where) => {
        const bytes = new TextEncoder().encode(await written(entries));
        const at = where % (bytes.length + 1);
        const spoilt = new Uint8Array([...bytes.subarray(0, at), ...garbage, ...bytes.subarray(at)]);
        const events = await lastValueFrom(readRecording(cut(spoilt, [100])).pipe(toArray()));
        expect(events.every(({ kind }) => typeof kind === 'string')).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

test('replay plays every entry at its own time, in the order of the recording, and nothing else', () => {
  fc.assert(
    fc.property(fc.array(anyEntry, { maxLength: 10 }), fc.boolean(), (entries, inOrder) => {
      const list = inOrder ? [...entries].sort((a, b) => a.at - b.at) : entries;
      const scheduler = new VirtualTimeScheduler();
      const heard: { entry: unknown; at: number }[] = [];
      replay(list, { scheduler }).entries.subscribe((entry) => heard.push({ entry, at: scheduler.now() }));
      scheduler.flush();
      expect(heard.map(({ entry }) => entry)).toEqual(list);
      // An entry that is older than the one before it is played with that.
      const due = list.map((_, i) => Math.max(0, ...list.slice(0, i + 1).map(({ at }) => at)));
      expect(heard.map(({ at }) => at)).toEqual(due);
    }),
  );
});
