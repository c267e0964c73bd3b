import { describe, expect, test } from 'vitest';
import {
  cpu,
  level,
  observatory,
  type Observatory,
  smoothed,
  sustained,
  trend,
  type Watch,
} from '../../src/metrics/index.js';
import type { Inventory, Migration, Outcome, Sample } from '../../src/model/index.js';
import { guest, guestSample, host, hostSample } from './samples.js';

const inventory: Inventory = {
  hosts: [host('b'), host('a')],
  guests: [guest('web', 'a'), guest('db', 'b'), guest('app', 'a')],
};
const watch: Watch = { host: { cpu: level(cpu) }, guest: { cpu: level(cpu) } };

const begun = (options: { staleAfter?: number; keep?: number; tolerateFuture?: number } = {}): Observatory => {
  const started = observatory({ source: 'test', staleAfter: 30_000, ...options });
  started.know(inventory);
  started.watch(watch);
  return started;
};

const used = (value: number): Pick<Sample, 'cpu'> => ({ cpu: { used: value } });

const seen = ({ snapshot }: Observatory, id: string, at: number): unknown => {
  const { hosts, guests } = snapshot(at, [], []);
  const found = [...hosts, ...guests].find((subject) => subject.id === id);
  return found && { knowledge: found.knowledge, signals: found.signals };
};

describe('bad input is refused, says why, and changes nothing', () => {
  const refused = (sample: Sample, now = 10_000): unknown => {
    const started = begun();
    started.take(guestSample('web', 5000, used(0.5)), 5000);
    const before = started.snapshot(now, [], []);
    const answer = started.take(sample, now);
    expect(started.snapshot(now, [], [])).toEqual(before);
    return answer;
  };

  test('an unknown guest', () =>
    expect(refused(guestSample('nobody', 6000))).toMatchObject({
      kind: 'bad-input',
      source: 'test',
      place: 'guest nobody',
      problem: 'unknown subject',
      message: 'no guest of the inventory is called "nobody"',
    }));
  test('an unknown host, even if a guest has that name', () =>
    expect(refused(hostSample('web', 6000))).toMatchObject({ place: 'host web', problem: 'unknown subject' }));
  test('a sample out of order', () =>
    expect(refused(guestSample('web', 4999))).toMatchObject({
      problem: 'out of order',
      message: '4999 is older than 5000, the last that was taken',
    }));
  test('a duplicate', () => expect(refused(guestSample('web', 5000))).toMatchObject({ problem: 'duplicate' }));
  test('a sample from the future', () =>
    expect(refused(guestSample('web', 11_001), 10_000)).toMatchObject({
      problem: 'from the future',
      message: '11001 is 1001 ms ahead of 10000, more than 1000 ms',
    }));
  test('a time that is NaN', () =>
    expect(refused(guestSample('web', Number.NaN))).toMatchObject({ problem: 'malformed', place: 'guest web: at' }));

  test.each([
    ['NaN', { cpu: { used: Number.NaN } }, 'cpu.used', 'NaN'],
    ['a share above 1', { cpu: { used: 0.5, iowait: 1.1 } }, 'cpu.iowait', '1.1'],
    ['a negative amount', { network: { received: -1, sent: 0 } }, 'network.received', '-1'],
    ['infinity', { memory: { used: Number.POSITIVE_INFINITY } }, 'memory.used', 'Infinity'],
    [
      'a window of zero, which only means that nothing was measured',
      { dirty: { rate: 0, window: 0 } },
      'dirty.window',
      '0',
    ],
    ['NaN in a list', { processes: [{ name: 'a', cpu: 0, memory: Number.NaN }] }, 'processes[0].memory', 'NaN'],
    ['NaN in the pressure', { pressure: { io: { some: Number.NaN } } }, 'pressure.io.some', 'NaN'],
    ['a text where the types promise a number', { cpu: { used: '0.5' as unknown as number } }, 'cpu.used', '0.5'],
  ])('%s, with the path of the field', (_, readings, path, value) =>
    expect(refused(guestSample('web', 6000, readings))).toMatchObject({
      problem: 'malformed',
      place: `guest web: ${path}`,
      message: 'must be finite, not negative, and at most 1 if it is a share',
      value,
    }),
  );

  test('an input that was none already is handed on', () => {
    const none = {
      kind: 'bad-input',
      source: 's',
      place: 'p',
      problem: 'malformed',
      message: 'm',
      value: 'v',
    } as const;
    expect(begun().take(none, 0)).toBe(none);
  });
});

test('a share that misses 1 by rounding is taken for 1', () => {
  const started = begun();
  expect(started.take(guestSample('web', 1000, used(1 + 1e-12)), 1000)).toBeUndefined();
  expect(seen(started, 'web', 1000)).toMatchObject({ signals: { cpu: 1 } });
});

test('a clock that is a little ahead is put up with', () =>
  expect(begun().take(guestSample('web', 1900), 1000)).toBeUndefined());

describe('what is known of a subject', () => {
  test('unseen before its first sample, its signals not known', () =>
    expect(seen(begun(), 'web', 0)).toEqual({ knowledge: { kind: 'unseen' }, signals: { cpu: undefined } }));

  test('fresh while its last sample is no older than allowed', () => {
    const started = begun();
    started.take(guestSample('web', 1000, used(0.5)), 1000);
    expect(seen(started, 'web', 31_000)).toEqual({ knowledge: { kind: 'fresh', at: 1000 }, signals: { cpu: 0.5 } });
  });

  test('stale when it has fallen silent, its signals not known', () => {
    const started = begun();
    started.take(hostSample('a', 1000, used(0.5)), 1000);
    const knowledge = { kind: 'stale', at: 1000, age: 30_001 };
    expect(seen(started, 'a', 31_001)).toEqual({ knowledge, signals: { cpu: undefined } });
  });

  test('staleness is judged per subject', () => {
    const started = begun();
    started.take(guestSample('web', 1000, used(0.5)), 1000);
    started.take(guestSample('db', 40_000, used(0.25)), 40_000);
    expect(seen(started, 'web', 40_000)).toMatchObject({ knowledge: { kind: 'stale' } });
    expect(seen(started, 'db', 40_000)).toMatchObject({ knowledge: { kind: 'fresh' } });
  });

  test('a host that reports while some of its guests do not is partial, and says which', () => {
    const started = begun();
    started.take(hostSample('a', 1000, used(0.5)), 1000);
    expect(seen(started, 'a', 1000)).toEqual({
      knowledge: { kind: 'partial', at: 1000, missing: ['app', 'web'] },
      signals: { cpu: 0.5 },
    });
    started.take(guestSample('app', 1001), 1001);
    started.take(guestSample('web', 1001), 1001);
    expect(seen(started, 'a', 1001)).toMatchObject({ knowledge: { kind: 'fresh' } });
  });

  test('a host that is silent itself is stale, not partial', () =>
    expect(seen(begun(), 'a', 1000)).toMatchObject({ knowledge: { kind: 'unseen' } }));

  test('a host that is switched off is not asked about its guests', () => {
    const started = begun();
    started.know({ ...inventory, hosts: [host('a', { state: 'off' }), host('b')] });
    started.take(hostSample('a', 1000), 1000);
    expect(seen(started, 'a', 1000)).toMatchObject({ knowledge: { kind: 'fresh' } });
  });
});

describe('the inventory', () => {
  test('hosts and guests are sorted by name', () => {
    const { hosts, guests } = begun().snapshot(0, [], []);
    expect(hosts.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(guests.map(({ id }) => id)).toEqual(['app', 'db', 'web']);
  });

  test('a guest that moves keeps its folds', () => {
    const started = begun();
    started.watch({ guest: { trend: trend(cpu) } });
    started.take(guestSample('web', 1000, used(0.5)), 1000);
    started.know({ ...inventory, guests: [guest('web', 'b')] });
    started.take(guestSample('web', 2000, used(0.6)), 2000);
    expect(seen(started, 'web', 2000)).toMatchObject({ signals: { trend: 'rising' } });
  });

  test('a guest that leaves and comes back starts anew', () => {
    const started = begun();
    started.take(guestSample('web', 1000, used(0.5)), 1000);
    started.know({ ...inventory, guests: [] });
    started.know(inventory);
    expect(seen(started, 'web', 1000)).toMatchObject({ knowledge: { kind: 'unseen' } });
  });
});

describe('silence', () => {
  test('that was longer than allowed breaks the folds: no spell is counted over a time of which nothing is known', () => {
    const started = begun();
    started.watch({ guest: { busy: sustained({ measure: cpu, relation: 'above', limit: 0.7, for: 20_000 }) } });
    started.take(guestSample('web', 1000, used(0.9)), 1000);
    started.take(guestSample('web', 3_600_000, used(0.9)), 3_600_000);
    expect(seen(started, 'web', 3_600_000)).toMatchObject({ signals: { busy: { holds: false, held: 0 } } });
  });
  test('that was just long enough does not', () => {
    const started = begun();
    started.watch({ guest: { busy: sustained({ measure: cpu, relation: 'above', limit: 0.7, for: 20_000 }) } });
    started.take(guestSample('web', 1000, used(0.9)), 1000);
    started.take(guestSample('web', 31_000, used(0.9)), 31_000);
    expect(seen(started, 'web', 31_000)).toMatchObject({ signals: { busy: { holds: true, held: 30_000 } } });
  });
});

describe('a watch that is replaced', () => {
  const calm = smoothed(cpu, { over: 10_000 });
  const feed = (started: Observatory): void =>
    [0.1, 0.9, 0.5].forEach((value, i) => void started.take(guestSample('web', i * 1000, used(value)), i * 1000));

  test('warms up what was not folded so far from the samples that were kept', () => {
    const [early, late] = [begun(), begun()];
    early.watch({ guest: { calm } });
    feed(early);
    feed(late);
    late.watch({ guest: { calm } });
    expect(seen(late, 'web', 2000)).toEqual(seen(early, 'web', 2000));
  });

  test('keeps the state of what was folded already, even under another key', () => {
    const started = begun({ keep: 1 });
    started.watch({ guest: { calm } });
    feed(started);
    const before = seen(started, 'web', 2000);
    started.watch({ guest: { calm, again: smoothed(cpu, { over: 10_000 }) } });
    expect(seen(started, 'web', 2000)).toMatchObject(before as object);
    const { signals } = seen(started, 'web', 2000) as { signals: Record<string, unknown> };
    expect(signals['again']).toBe(signals['calm']);
  });

  test('knows no more than the samples that were kept', () => {
    const started = begun({ keep: 1 });
    feed(started);
    started.watch({ guest: { calm } });
    expect(seen(started, 'web', 2000)).toMatchObject({ signals: { calm: 0.5 } });
  });

  test('without kept samples begins anew', () => {
    const started = begun({ keep: 0 });
    feed(started);
    started.watch({ guest: { calm } });
    expect(seen(started, 'web', 2000)).toMatchObject({ signals: { calm: undefined } });
  });
});

describe('a signal that throws is a bug of its own', () => {
  const broken = {
    name: 'broken',
    initial: 0,
    step: () => {
      throw new Error('no such field');
    },
    value: () => 1,
  };

  test('is said once, as a broken signal, and is not known; the sample is taken', () => {
    const started = begun();
    started.watch({ guest: { broken, cpu: level(cpu) } });
    expect(started.take(guestSample('web', 1000, used(0.5)), 1000)).toMatchObject({
      problem: 'broken signal',
      place: 'guest web',
      message: 'the signal broken threw: Error: no such field',
    });
    expect(started.take(guestSample('db', 1000, used(0.5)), 1000)).toBeUndefined();
    expect(seen(started, 'web', 1000)).toMatchObject({ signals: { broken: undefined, cpu: 0.5 } });
  });

  test('while its value is asked for is said by the next take', () => {
    const started = begun();
    const value = (): number => {
      throw new Error('no such state');
    };
    started.watch({ guest: { broken: { ...broken, step: () => 0, value } } });
    expect(started.take(guestSample('web', 1000), 1000)).toBeUndefined();
    expect(seen(started, 'web', 1000)).toMatchObject({ signals: { broken: undefined } });
    expect(started.take(guestSample('web', 2000), 2000)).toMatchObject({ problem: 'broken signal' });
  });

  test('is folded again from the kept samples when the watch is replaced by one in which it is mended', () => {
    const started = begun();
    started.watch({ guest: { broken } });
    started.take(guestSample('web', 1000), 1000);
    started.watch({
      guest: { broken: { ...broken, step: (state: number) => state + 1, value: (state: number) => state } },
    });
    expect(seen(started, 'web', 1000)).toMatchObject({ signals: { broken: 1 } });
  });

  test('a signal whose value is NaN is not known', () => {
    const started = begun();
    started.watch({ guest: { nan: { name: 'nan', initial: 0, step: () => 0, value: () => Number.NaN } } });
    started.take(guestSample('web', 1000), 1000);
    expect(seen(started, 'web', 1000)).toMatchObject({ signals: { nan: undefined } });
  });
});

describe('a snapshot', () => {
  test('carries the moves under way and those that ended, and does not change with the lists it was given', () => {
    const migration: Migration = { id: 'm', guest: 'web', from: 'a', to: 'b', startedAt: 0 };
    const outcome: Outcome = { ...migration, id: 'n', endedAt: 1, ending: { result: 'done' } };
    const [inFlight, past] = [[migration], [outcome]];
    const cluster = begun().snapshot(5, inFlight, past);
    inFlight.pop();
    past.pop();
    expect(cluster).toMatchObject({ at: 5, migrations: [migration], past: [outcome] });
  });

  test('does not change when more is taken', () => {
    const started = begun();
    started.take(guestSample('web', 1000, used(0.5)), 1000);
    const first = started.snapshot(1000, [], []);
    const copy = structuredClone(first);
    started.take(guestSample('web', 2000, used(0.9)), 2000);
    started.know({ hosts: [], guests: [] });
    expect(first).toEqual(copy);
  });
});

test('settings that make no sense are refused by name', () => {
  expect(() => observatory({ staleAfter: 0 })).toThrow('observatory.staleAfter: 0');
  expect(() => observatory({ staleAfter: 1, keep: 1.5 })).toThrow('observatory.keep: 1.5');
  expect(() => observatory({ staleAfter: 1, tolerateFuture: -1 })).toThrow('observatory.tolerateFuture: -1');
});
