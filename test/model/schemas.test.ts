import { describe, expect, test } from 'vitest';
import {
  gibibytes,
  guestSchema,
  hostSchema,
  inventorySchema,
  malformed,
  pathText,
  printable,
  sampleSchema,
} from '../../src/model/index.js';

interface Safe {
  readonly safeParse: (value: unknown) => {
    readonly success: boolean;
    readonly error?: { readonly issues: readonly { readonly path: PropertyKey[] }[] };
  };
}

/** Path of the first thing that is wrong; `taken` where nothing is. */
const wrong = (schema: Safe, value: unknown): string => {
  const { success, error } = schema.safeParse(value);
  return success ? 'taken' : pathText(error?.issues[0]?.path ?? []);
};

const host = {
  id: 'a',
  cpu: { clock: 2e9, cores: 4, threads: 8 },
  memory: { total: gibibytes(16) },
};
const guest = { id: 'x', host: 'a', vcpus: 2, memory: gibibytes(1) };

describe('host (Muda, Table 6.1)', () => {
  test('what is not said is ordinary', () => {
    expect(hostSchema.parse(host)).toEqual({
      id: 'a',
      state: 'active',
      cpu: { clock: 2e9, cores: 4, threads: 8, architecture: 'x86_64' },
      memory: { total: gibibytes(16), reserved: 0 },
      storage: [],
      networks: [],
      devices: [],
      power: [],
      labels: {},
    });
  });

  test.each([
    ['a name that is empty', { ...host, id: '' }, 'id'],
    ['a name with a control character', { ...host, id: 'a\nb' }, 'id'],
    ['a clock of NaN', { ...host, cpu: { ...host.cpu, clock: NaN } }, 'cpu.clock'],
    ['a clock of zero', { ...host, cpu: { ...host.cpu, clock: 0 } }, 'cpu.clock'],
    ['an endless clock', { ...host, cpu: { ...host.cpu, clock: Infinity } }, 'cpu.clock'],
    ['half a core', { ...host, cpu: { ...host.cpu, cores: 0.5 } }, 'cpu.cores'],
    ['fewer threads than cores', { ...host, cpu: { ...host.cpu, threads: 2 } }, 'cpu.threads'],
    ['memory below zero', { ...host, memory: { total: -1 } }, 'memory.total'],
    ['memory that is all reserved', { ...host, memory: { total: 5, reserved: 5 } }, 'memory.reserved'],
    ['an unknown key', { ...host, coolness: 1 }, ''],
    ['an unknown key deep down', { ...host, cpu: { ...host.cpu, cache: 1, turbo: true } }, 'cpu'],
    ['a state that there is not', { ...host, state: 'tired' }, 'state'],
    ['a storage of an unknown kind', { ...host, storage: [{ id: 's', access: 'tape' }] }, 'storage[0].access'],
    [
      'a network without bandwidth',
      { ...host, networks: [{ role: 'migration', link: 'l', bandwidth: 0 }] },
      'networks[0].bandwidth',
    ],
    [
      'a power curve that does not rise',
      {
        ...host,
        power: [
          { utilisation: 0.5, watts: 1 },
          { utilisation: 0.5, watts: 2 },
        ],
      },
      'power[1].utilisation',
    ],
    ['a utilisation above one', { ...host, power: [{ utilisation: 1.5, watts: 1 }] }, 'power[0].utilisation'],
    ['a number as text', { ...host, memory: { total: '16 GiB' } }, 'memory.total'],
  ])('%s is refused with its path', (_, value, path) => {
    expect(wrong(hostSchema, value)).toBe(path);
  });
});

describe('guest', () => {
  test('what is not said is ordinary', () => {
    expect(guestSchema.parse(guest)).toEqual({
      ...guest,
      devices: [],
      labels: {},
      together: [],
      apart: [],
      pins: [],
      migratable: true,
    });
  });

  test.each([
    ['no vCPUs', { ...guest, vcpus: 0 }, 'vcpus'],
    ['memory of zero', { ...guest, memory: 0 }, 'memory'],
    ['memory of NaN', { ...guest, memory: NaN }, 'memory'],
    ['a size of an image below zero', { ...guest, image: { storage: 's', size: -1 } }, 'image.size'],
    ['a field that is undefined', { ...guest, home: undefined }, 'home'],
    ['an unknown key', { ...guest, memry: 1 }, ''],
    ['a pin without a name', { ...guest, pins: ['a', ''] }, 'pins[1]'],
  ])('%s is refused with its path', (_, value, path) => {
    expect(wrong(guestSchema, value)).toBe(path);
  });
});

describe('sample', () => {
  const sample = { kind: 'guest', id: 'x', at: 5 };

  test('a sample may hold nothing but whose it is and when it was read', () => {
    expect(sampleSchema.parse(sample)).toEqual(sample);
  });

  test.each([
    ['a share above one', { ...sample, cpu: { used: 1.01 } }, 'cpu.used'],
    ['a share below zero', { ...sample, cpu: { used: 0.5, iowait: -0.1 } }, 'cpu.iowait'],
    ['a share of NaN', { ...sample, cpu: { used: NaN } }, 'cpu.used'],
    ['a time of NaN', { ...sample, at: NaN }, 'at'],
    ['a rate below zero', { ...sample, disk: { read: -1, written: 0 } }, 'disk.read'],
    ['a dirty rate without its window', { ...sample, dirty: { rate: 1 } }, 'dirty.window'],
    ['a dirty rate over no time', { ...sample, dirty: { rate: 1, window: 0 } }, 'dirty.window'],
    ['a process without a name', { ...sample, processes: [{ name: '', cpu: 0, memory: 0 }] }, 'processes[0].name'],
    ['an unknown key', { ...sample, cpus: 1 }, ''],
    ['an unknown kind', { ...sample, kind: 'switch' }, 'kind'],
  ])('%s is refused with its path', (_, value, path) => {
    expect(wrong(sampleSchema, value)).toBe(path);
  });
});

describe('inventory', () => {
  test('names are unique', () => {
    expect(wrong(inventorySchema, { hosts: [host, host], guests: [] })).toBe('hosts[1].id');
    expect(wrong(inventorySchema, { hosts: [host], guests: [guest, { ...guest, vcpus: 1 }] })).toBe('guests[1].id');
  });

  test('every guest stands on a host that is listed', () => {
    expect(wrong(inventorySchema, { hosts: [host], guests: [{ ...guest, host: 'b' }] })).toBe('guests[0].host');
  });

  test('a sane one is taken', () => {
    expect(wrong(inventorySchema, { hosts: [host], guests: [guest] })).toBe('taken');
  });
});

describe('bad input as a value', () => {
  test('it says where, which rule, and what came in', () => {
    const value = { ...host, cpu: { ...host.cpu, threads: 2 } };
    const result = hostSchema.safeParse(value);
    expect(result.success).toBe(false);
    if (result.success) return;
    expect(malformed('inventory.json', 'host a', value, result.error)).toEqual({
      kind: 'bad-input',
      source: 'inventory.json',
      place: 'host a: cpu.threads',
      problem: 'malformed',
      message: '2 threads are fewer than 4 cores',
      value: JSON.stringify(value),
    });
  });

  test('what is wrong as a whole has no path', () => {
    const result = hostSchema.safeParse('nonsense');
    if (result.success) throw new Error('nonsense is no host');
    expect(malformed('file', 'line 3', 'nonsense', result.error)).toMatchObject({ place: 'line 3', value: 'nonsense' });
  });

  test.each([
    ['text', 'text'],
    [undefined, 'undefined'],
    [null, 'null'],
    [{ a: NaN }, '{"a":"NaN"}'],
    [[10n], '["10"]'],
    [Symbol('s'), 'symbol'],
    [Infinity, '"Infinity"'],
  ])('%s is printable', (value, text) => {
    expect(printable(value)).toBe(text);
  });

  test('long values are cut', () => {
    expect(printable('x'.repeat(1000))).toBe(`${'x'.repeat(200)}…`);
  });

  test.each([
    [['hosts', 2, 'cpu', 'clock'], 'hosts[2].cpu.clock'],
    [[0, 'id'], '[0].id'],
    [[], ''],
  ])('the path %j reads %s', (path, text) => {
    expect(pathText(path)).toBe(text);
  });
});
