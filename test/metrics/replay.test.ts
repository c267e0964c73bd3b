import { asyncScheduler, interval, lastValueFrom, take, timestamp, toArray, VirtualTimeScheduler } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { cpu, level, recordedTime, type RecordingEntry, replay, snapshots } from '../../src/metrics/index.js';
import type { BadInput } from '../../src/model/index.js';
import { guest, guestSample, host } from './samples.js';

const day = 1_700_000_000_000;
const bad: BadInput = {
  kind: 'bad-input',
  source: 's',
  place: 'line 9',
  problem: 'malformed',
  message: 'm',
  value: 'v',
};
const entries: readonly (RecordingEntry | BadInput)[] = [
  { kind: 'inventory', at: day, inventory: { hosts: [host('a')], guests: [guest('web', 'a')] } },
  { kind: 'sample', at: day + 1000, sample: guestSample('web', day + 990, { cpu: { used: 0.5 } }) },
  bad,
  { kind: 'refused', at: day + 2000, input: { ...bad, place: 'recorded' } },
  { kind: 'decision', at: day + 2000, policy: 'p', plan: { moves: [], passedOver: [] } },
  { kind: 'sample', at: day + 30_000, sample: guestSample('web', day + 30_000, { cpu: { used: 0.9 } }) },
];

/** What comes out of a replay, with the time that its clock shows. */
const heard = (scheduler: VirtualTimeScheduler, options: Parameters<typeof replay>[1] = {}): readonly unknown[] => {
  const played = replay(entries, { scheduler, ...options });
  const events: unknown[] = [];
  const note = (what: string) => (): unknown => events.push(`${what} ${played.scheduler.now() - day}`);
  played.inventory.subscribe({ next: note('inventory'), complete: note('complete') });
  played.readings.subscribe((reading) => note(reading.kind === 'bad-input' ? reading.place : 'sample')());
  scheduler.flush();
  return events;
};

const expected = ['inventory 0', 'sample 1000', 'line 9 1000', 'recorded 2000', 'sample 30000', 'complete 30000'];

describe('replay', () => {
  test('plays a recording into readings and inventory, at its own times', () =>
    expect(heard(new VirtualTimeScheduler())).toEqual(expected));

  test('on a clock that begins with the recording, at any speed', () => {
    const scheduler = new VirtualTimeScheduler();
    expect(heard(scheduler, { from: day, speed: 60 })).toEqual(expected);
    expect(scheduler.now()).toBe(30_000 / 60);
  });

  test('into the same streams: snapshots of it are those of the time when it was recorded', () => {
    const scheduler = new VirtualTimeScheduler();
    const { readings, inventory, scheduler: clock } = replay(entries, { scheduler, from: day, speed: 10 });
    const seen: string[] = [];
    snapshots({
      readings,
      inventory,
      watch: { guest: { cpu: level(cpu) } },
      every: 10_000,
      staleAfter: 15_000,
      scheduler: clock,
    }).subscribe((event) => {
      if (event.kind === 'snapshot') {
        const [web] = event.cluster.guests;
        seen.push(`${event.cluster.at - day} ${web?.knowledge.kind ?? ''} ${String(web?.signals['cpu'])}`);
      }
    });
    scheduler.flush();
    expect(seen.slice(0, 2)).toEqual(['10000 fresh 0.5', '20000 stale undefined']);
  });

  test('plays nothing before somebody subscribes, and ends with the last who leaves', () => {
    const scheduler = new VirtualTimeScheduler();
    let closed = false;
    function* asked(): Generator<RecordingEntry | BadInput> {
      try {
        yield* entries;
      } finally {
        closed = true;
      }
    }
    const { readings } = replay(asked(), { scheduler });
    expect(scheduler.actions).toHaveLength(0);
    const events: unknown[] = [];
    readings.pipe(take(1)).subscribe((reading) => events.push(reading));
    scheduler.flush();
    expect(events).toHaveLength(1);
    expect(closed).toBe(true);
  });

  test('plays entries that come one by one from elsewhere', async () => {
    async function* coming(): AsyncGenerator<RecordingEntry | BadInput> {
      for (const entry of entries.slice(0, 4)) yield await Promise.resolve(entry);
    }
    const { entries: played } = replay(coming(), { from: day, speed: 1e6 });
    expect(await lastValueFrom(played.pipe(toArray()))).toEqual(entries.slice(0, 4));
  });

  test('fails if the entries do', async () => {
    async function* failing(): AsyncGenerator<RecordingEntry | BadInput> {
      yield await Promise.resolve(bad);
      throw new Error('disk on fire');
    }
    await expect(lastValueFrom(replay(failing()).entries)).rejects.toThrow('disk on fire');
  });
});

describe('recorded time', () => {
  test('shows the time of the recording, and runs as fast as asked', () => {
    const scheduler = new VirtualTimeScheduler();
    const clock = recordedTime(scheduler, { from: 1000, speed: 4 });
    const times: unknown[] = [];
    interval(100, clock)
      .pipe(take(3), timestamp(clock))
      .subscribe(({ value, timestamp: at }) => times.push([value, at, scheduler.now()]));
    scheduler.flush();
    expect(times).toEqual([
      [0, 1100, 25],
      [1, 1200, 50],
      [2, 1300, 75],
    ]);
  });
  test('what is unsubscribed from is not carried out', () => {
    const scheduler = new VirtualTimeScheduler();
    let done = 0;
    const action = recordedTime(scheduler, { from: 0 }).schedule(() => (done += 1), 10);
    action.unsubscribe();
    scheduler.flush();
    expect(done).toBe(0);
  });
  test('refuses to stand still', () =>
    expect(() => recordedTime(asyncScheduler, { from: 0, speed: 0 })).toThrow('recordedTime.speed: 0'));
});
