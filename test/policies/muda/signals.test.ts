/** The signals that muda folds of a guest: what each is of, and what it says of odd samples. */
import { describe, expect, test } from 'vitest';
import { type AnySignal, foldSignal } from '../../../src/metrics/index.js';
import type { ProcessReading, Readings, Sample } from '../../../src/model/index.js';
import { muda, type MudaSettings } from '../../../src/policies/index.js';
import { process } from './play.js';

const watchOf = (settings: MudaSettings = {}): Readonly<Record<string, AnySignal>> => muda(settings).watch.guest ?? {};

const value = (key: string, settings: MudaSettings, samples: readonly Sample[]): unknown => {
  const signal = watchOf(settings)[key];
  return signal && foldSignal(signal, samples);
};

const sample = (second: number, readings: Omit<Readings, 'at'>): Sample => ({
  kind: 'guest',
  id: 'web',
  at: second * 1000,
  ...readings,
});
/** A second of a guest with all the time in user mode, unless it says otherwise. */
const busy = (
  second: number,
  processes: readonly ProcessReading[] | undefined,
  cpu: Readings['cpu'] = { used: 1, user: 1, system: 0, iowait: 0 },
): Sample => sample(second, { cpu, ...(processes && { processes }) });

test('each is named by what it is of, so that signals of one name are the same', () => {
  expect(Object.fromEntries(Object.entries(watchOf()).map(([key, { name }]) => [key, name]))).toEqual({
    trend: 'trend(load one, tolerance 3 steps, one rise turns)',
    load: 'level(load one)',
    usage: 'usage(over 20000 ms)',
    cpu: 'level(cpu)',
    steal: 'level(steal)',
    occupied: 'level(memory used)',
    active: 'latest(active memory("over the bound", 0.7, user+system))',
    held: 'latest(held programs([]))',
    use: 'use({"process":0.7,"iowait":0.1,"for":20000,"tolerance":3,"by":"same","spells":"apart","of":"one"}, user+system, of 1)',
  });
  expect(muda().watch.host?.['cpu']?.name).toBe('level(cpu)');
});

test('a share of all vCPUs is folded for each count of them up to sixteen (M13)', () => {
  const names = Object.keys(watchOf({ use: { of: 'all' } })).filter((key) => key.startsWith('use'));
  expect(names).toEqual(Array.from({ length: 16 }, (_, i) => `use of ${i + 1}`));
});

test('the load average asked is the one of a minute, of five or of fifteen (M12)', () => {
  const load = sample(0, { load: { one: 1, five: 5, fifteen: 15 } });
  expect(value('load', {}, [load])).toBe(1);
  expect(value('load', { load: { average: 'five' } }, [load])).toBe(5);
  expect(value('load', { load: { average: 'fifteen' } }, [load])).toBe(15);
});

test('needs are told from as long a time as rule 2 asks, and from something even where it asks for none', () => {
  expect(watchOf({ use: { for: 5000 } })['usage']?.name).toBe('usage(over 5000 ms)');
  expect(watchOf({ use: { for: 0 } })['usage']?.name).toBe('usage(over 1 ms)');
});

describe('memory of the active processes (M17)', () => {
  const processes = [
    process(0.7, { name: 'a', memory: 1 }),
    process(0.69, { name: 'b', memory: 10 }),
    process(0, { name: 'c', memory: 100 }),
    process(0.8, { name: 'd', memory: 1000 }),
  ];

  test('is that of those at the bound or over it', () => {
    expect(value('active', {}, [busy(0, processes)])).toBe(1001);
    expect(value('active', { use: { process: 0.9 } }, [busy(0, processes)])).toBe(0);
  });

  test('or of all that had any processor time', () => {
    expect(value('active', { length: { active: 'all' } }, [busy(0, processes)])).toBe(1011);
    expect(value('active', { use: { process: 0 } }, [busy(0, processes)])).toBe(1011);
  });

  test('is not known without a list of processes', () => {
    expect(value('active', {}, [busy(0, undefined)])).toBeUndefined();
  });

  test('is of a name where one of its processes is over the bound', () => {
    const twins = [process(0.9, { memory: 1 }), process(0.1, { memory: 10 })];
    expect(value('active', {}, [busy(0, twins)])).toBe(11);
  });
});

describe('spells of use (M13)', () => {
  const at =
    (processes: readonly ProcessReading[] | undefined, iowait = 0) =>
    (second: number) =>
      busy(second, processes, { used: 1, user: 1, system: 0, iowait });
  const encoder = [process(0.95)];
  const spells = (use: MudaSettings['use'], ...seconds: readonly ((second: number) => Sample)[]): unknown =>
    value(
      'use',
      use ? { use } : {},
      seconds.map((one, i) => one(i)),
    );
  const none = { measure: 'iowait', held: 0 };

  test('last from the first sample that qualifies to the last that does', () => {
    expect(spells({}, at(encoder), at(encoder), at(encoder))).toEqual([
      { measure: 'cpu of encoder', held: 2000 },
      none,
    ]);
    expect(spells({}, at(encoder), at(encoder), at([]))).toEqual([{ measure: 'cpu of encoder', held: 1000 }, none]);
  });

  test('are of each process by its name, the busiest of a name counting', () => {
    const both = at([process(0.1), process(0.9), process(0.2), process(0.7, { name: 'sort' })]);
    expect(spells({}, both, both)).toEqual([
      { measure: 'cpu of encoder', held: 1000 },
      { measure: 'cpu of sort', held: 1000 },
      none,
    ]);
  });

  test('end after more contrary samples than are tolerated, and a sample without the list is one', () => {
    const three = [at([]), at(undefined), at([])];
    expect(spells({}, at(encoder), ...three, at(encoder))).toEqual([{ measure: 'cpu of encoder', held: 4000 }, none]);
    expect(spells({}, at(encoder), ...three, at([]))).toEqual([{ measure: 'cpu of a single process', held: 0 }, none]);
    expect(spells({ tolerance: 2 }, at(encoder), ...three, at(encoder))).toEqual([
      { measure: 'cpu of encoder', held: 0 },
      none,
    ]);
  });

  test('of waiting for disks begin at the bound', () => {
    const waits = at([], 0.1);
    expect(spells({}, waits, waits)).toEqual([
      { measure: 'cpu of a single process', held: 0 },
      { measure: 'iowait', held: 1000 },
    ]);
    expect(spells({}, at([], 0.09), at([], 0.09))).toEqual([{ measure: 'cpu of a single process', held: 0 }, none]);
  });

  test('that have begun go on to be told while nothing is read; without one, what is not read is left out', () => {
    const blind = (second: number): Sample => sample(second, {});
    expect(spells({}, at([], 0.5), at([], 0.5), blind)).toEqual([{ measure: 'iowait', held: 1000 }]);
    expect(spells({}, at(encoder), blind)).toEqual([{ measure: 'cpu of encoder', held: 0 }]);
    expect(spells({}, blind)).toBeUndefined();
    expect(spells({}, (second) => sample(second, { processes: [] }))).toEqual([
      { measure: 'cpu of a single process', held: 0 },
    ]);
  });

  test('joined, waiting goes over into computing and back, and is told once for each process', () => {
    const use = { spells: 'joined' } as const;
    expect(spells(use, at([], 0.5), at(encoder), at(encoder))).toEqual([
      { measure: 'cpu of encoder or iowait', held: 2000 },
      { measure: 'iowait', held: 0 },
    ]);
    expect(spells(use, at(encoder), at([], 0.5), at([], 0.5))).toEqual([
      { measure: 'cpu of encoder or iowait', held: 2000 },
      { measure: 'iowait', held: 1000 },
    ]);
  });

  test('by any process pass from one to the next', () => {
    const other = at([process(0.8, { name: 'sort' })]);
    expect(spells({ by: 'any' }, at(encoder), other, other)).toEqual([
      { measure: 'cpu of any process', held: 2000 },
      none,
    ]);
    expect(spells({ by: 'any' }, at([]), at([]))).toEqual([{ measure: 'cpu of any process', held: 0 }, none]);
  });

  test('M22: count the user part of the time of a process alone, where user time alone counts', () => {
    const half = (second: number): Sample =>
      busy(second, [process(1)], { used: 0.8, user: 0.4, system: 0.4, iowait: 0 });
    const part = (bound: number): unknown =>
      value('use', { needs: { counts: 'user' }, use: { process: bound } }, [half(0), half(1)]);
    expect(part(0.5)).toEqual([{ measure: 'cpu of encoder', held: 1000 }, none]);
    expect(part(0.51)).toEqual([{ measure: 'cpu of a single process', held: 0 }, none]);
  });

  test('M22: what is not told apart is not counted as user time', () => {
    const only = (cpu: Readings['cpu']): unknown =>
      value('use', { needs: { counts: 'user' } }, [sample(0, { ...(cpu && { cpu }), processes: [process(1)] })]);
    expect(only(undefined)).toBeUndefined();
    expect(only({ used: 0.9, user: 0.9 })).toBeUndefined();
    expect(only({ used: 0.9, system: 0 })).toBeUndefined();
    expect(only({ used: 0.9, user: 0.9, system: 0 })).toEqual([{ measure: 'cpu of encoder', held: 0 }]);
  });

  test('M22: a guest that ran in neither mode had its processes in user mode, for all that is known', () => {
    const idle = (second: number): Sample => busy(second, [process(0.9)], { used: 0, user: 0, system: 0, iowait: 0 });
    expect(value('use', { needs: { counts: 'user' } }, [idle(0), idle(1)])).toEqual([
      { measure: 'cpu of encoder', held: 1000 },
      none,
    ]);
  });

  test('M13: of all vCPUs, a process has its share of them', () => {
    const samples = [busy(0, [process(1.4)]), busy(1, [process(1.4)])];
    const settings = { use: { of: 'all' } } as const;
    expect(value('use of 2', settings, samples)).toEqual([{ measure: 'cpu of encoder', held: 1000 }, none]);
    expect(value('use of 3', settings, samples)).toEqual([{ measure: 'cpu of a single process', held: 0 }, none]);
  });
});

describe('programs that wait to begin (M44)', () => {
  const programs = [
    { name: 'cp', needs: 'io' },
    { name: 'dd', needs: 'io' },
    { name: 'cc1', needs: 'cpu' },
  ] as const;
  const stopped = (...names: readonly string[]): Sample =>
    sample(0, { processes: names.map((name) => process(0, { name, state: 'stopped' })) });

  test('are told by name, sorted, where they are known to be heavy on I/O', () => {
    expect(value('held', { programs }, [stopped('dd', 'cc1', 'cp', 'vi')])).toEqual(['cp', 'dd']);
    expect(value('held', { programs }, [sample(0, {})])).toBeUndefined();
  });

  test('and the signal is named by the list', () => {
    expect(watchOf({ programs: [{ name: 'cp', needs: 'io' }] })['held']?.name).toBe(
      'latest(held programs([{"name":"cp","needs":"io"}]))',
    );
  });
});
