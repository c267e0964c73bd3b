/** A run on the simulation, recorded to text, read back, and lived through again. */
import { Readable } from 'node:stream';
import { from, lastValueFrom, toArray } from 'rxjs';
import { expect, test } from 'vitest';
import type { EngineEvent, EngineOptions } from '../../src/engine/index.js';
import { recordedEngine, replayedEngine } from '../../src/experiments/index.js';
import { readRecording, type RecordingEntry, writeRecording } from '../../src/metrics/index.js';
import { mebibytes, mebibytesPerSecond, minutes, percent, seconds } from '../../src/model/index.js';
import { cslb, stay } from '../../src/policies/index.js';
import { clusterOf, simulatedCluster, traceDemand, virtualTime } from '../../src/simulation/index.js';

const writes = { rate: mebibytesPerSecond(5), workingSet: mebibytes(64), pattern: 'random' } as const;

const record = (
  options: Omit<EngineOptions, 'driver' | 'scheduler' | 'trigger'> & { every: number },
  seed: number,
): { readonly entries: readonly RecordingEntry[]; readonly events: readonly EngineEvent[] } => {
  const time = virtualTime();
  const { hosts, guests } = clusterOf({ hosts: 5, guests: 40, seed });
  const workloads = Object.fromEntries(
    guests.map(({ id }, i) => [
      id,
      { demand: traceDemand([0.2 + (i % 5) / 6, 0.9 - (i % 7) / 8, 0.1], { step: minutes(2), writes }) },
    ]),
  );
  const entries: RecordingEntry[] = [];
  const events: EngineEvent[] = [];
  const driver = simulatedCluster({
    hosts,
    guests,
    workloads,
    seed,
    scheduler: time.scheduler,
    // Moves fail, samples get lost: that belongs to the past too.
    faults: {
      rates: {
        loss: 0.05,
        duplication: 0.05,
        garbage: 0.02,
        migrationFailure: { share: 0.3, within: seconds(5) },
      },
    },
  });
  recordedEngine({ ...options, driver, scheduler: time.scheduler }, (entry) => entries.push(entry)).subscribe((event) =>
    events.push(event),
  );
  time.run(minutes(15));
  return { entries, events };
};
const decisions = (events: readonly EngineEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'decided' ? [JSON.stringify([event.at, event.policy, event.plan])] : []));

const throughText = async (entries: readonly RecordingEntry[]): Promise<readonly RecordingEntry[]> => {
  const lines = await lastValueFrom(from(entries).pipe(writeRecording(), toArray()));
  const read = await lastValueFrom(readRecording(Readable.from(lines)).pipe(toArray()));
  return read.map((entry) => {
    if (entry.kind === 'bad-input') throw new Error(entry.message);
    return entry;
  });
};

test.each([1, 2, 3, 4])('a recording leads to byte-equal decisions when it is read back (seed %d)', async (seed) => {
  const policy = cslb({ moving: { below: percent(5), above: percent(5) }, guards: { noSwap: true } });
  const options = { policy, limits: { perHost: 1, total: 2 } };
  const { entries, events } = record({ ...options, every: seconds(10) }, seed);
  expect(events.filter(({ kind }) => kind === 'ended').length).toBeGreaterThan(0);

  const again = replayedEngine(await throughText(entries), { ...options, staleAfter: seconds(30) });
  expect(decisions(again)).toEqual(decisions(events));
  expect(again.filter(({ kind }) => kind === 'ended')).toEqual(events.filter(({ kind }) => kind === 'ended'));
});

test('another policy is shown the same past', async () => {
  const { entries, events } = record({ policy: cslb(), every: seconds(10) }, 1);
  const again = replayedEngine(await throughText(entries), { policy: stay(), staleAfter: seconds(30) });
  expect(again.filter(({ kind }) => kind === 'decided')).toHaveLength(
    events.filter(({ kind }) => kind === 'decided').length,
  );
  expect(again.some(({ kind }) => kind === 'admitted')).toBe(false);
});

test('an empty recording leads to nothing', () => {
  expect(replayedEngine([], { policy: stay(), staleAfter: 1 })).toEqual([]);
});
