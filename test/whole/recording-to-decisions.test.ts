import { filter, NEVER, Observable, of } from 'rxjs';
import { expect, test } from 'vitest';
import type { Driver } from '../../src/drivers/index.js';
import { engine, type EngineEvent } from '../../src/engine/index.js';
import {
  entryLine,
  headerLine,
  parseEntry,
  parseHeader,
  type RecordingEntry,
  replay,
} from '../../src/metrics/index.js';
import { minutes, percent, type Result, seconds } from '../../src/model/index.js';
import { cslb } from '../../src/policies/index.js';
import { clusterOf, simulatedCluster, traceDemand, virtualTime } from '../../src/simulation/index.js';

/** A driver that shows a cluster and carries out nothing. */
const onlooker = (inventory: Driver['inventory'], samples: Driver['samples']): Driver => ({
  name: 'onlooker',
  inventory,
  samples,
  migrate: () => NEVER,
  steer: () => NEVER,
  inFlight: () => of([]),
  follow: () => NEVER,
});

const decisionsOf = (events: readonly EngineEvent[]): readonly string[] =>
  events.flatMap((event) => (event.kind === 'decided' ? [JSON.stringify([event.at, event.plan])] : []));

const given = <Value>(result: Result<Value, unknown>): Value => {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
};

const policy = cslb({ moving: { below: percent(5), above: percent(5) } });
const options = { policy, limits: { total: 1 } };

test('what was recorded in one run leads to byte-equal decisions when it is read back and replayed in another', () => {
  const recorded = virtualTime();
  const { hosts, guests } = clusterOf({ hosts: 4, guests: 24, seed: 2 });
  const workloads = Object.fromEntries(
    guests.map(({ id }, i) => [
      id,
      { demand: traceDemand([0.2 + (i % 5) / 6, 0.9 - (i % 7) / 8], { step: minutes(1) }) },
    ]),
  );
  const cluster = simulatedCluster({ hosts, guests, workloads, scheduler: recorded.scheduler });
  const lines: string[] = [headerLine()];
  const keep = (entry: RecordingEntry): void => {
    lines.push(given(entryLine(entry, 'test')));
  };
  const tapped = onlooker(
    () =>
      new Observable((subscriber) =>
        cluster.inventory().subscribe((inventory) => {
          keep({ kind: 'inventory', at: recorded.now(), inventory });
          subscriber.next(inventory);
        }),
      ),
    () =>
      new Observable((subscriber) =>
        cluster.samples().subscribe((reading) => {
          if (reading.kind !== 'bad-input') keep({ kind: 'sample', at: recorded.now(), sample: reading });
          subscriber.next(reading);
        }),
      ),
  );
  const first: EngineEvent[] = [];
  engine({ ...options, driver: tapped, every: seconds(10), scheduler: recorded.scheduler }).subscribe((event) => {
    first.push(event);
    if (event.kind === 'decided') keep({ kind: 'decision', at: event.at, policy: event.policy, plan: event.plan });
  });
  recorded.run(minutes(5));

  expect(given(parseHeader(lines[0] ?? '', { source: 'test', line: 1 })).version).toBe(1);
  const entries = lines.slice(1).map((line, i) => given(parseEntry(line, { source: 'test', line: i + 2 })));
  const again = virtualTime();
  const played = replay(entries, { scheduler: again.scheduler, from: 0 });
  const second: EngineEvent[] = [];
  engine({
    ...options,
    driver: onlooker(
      () => played.inventory,
      () => played.readings,
    ),
    // What came in at the very time of a decision came before it or after it; the recording knows which.
    trigger: played.entries.pipe(filter(({ kind }) => kind === 'decision')),
    staleAfter: seconds(30),
    scheduler: played.scheduler,
  }).subscribe((event) => second.push(event));
  again.run(minutes(5));

  const decisions = decisionsOf(first);
  expect(decisions.length).toBeGreaterThan(20);
  expect(decisions.some((decision) => decision.includes('"moves":[{'))).toBe(true);
  expect(decisionsOf(second)).toEqual(decisions);
});
