import { describe, expect, test } from 'vitest';
import { gibibytes, gigahertz, type Guest, sayReason } from '../../../src/model/index.js';
import { firstPlacement, type FirstPlacementOptions, standardConstraints } from '../../../src/policies/index.js';
import { guest, host } from '../build.js';

type Options = Partial<Omit<FirstPlacementOptions, 'wants'>>;

/** Where guests go, by what each is expected to want in gigahertz, and what is said of those that go nowhere. */
const placed = (wanted: Readonly<Record<string, number>>, options: Options = {}) => {
  const guests = Object.keys(wanted).map((id) => guest(id, 'elsewhere'));
  const { places, passedOver } = firstPlacement({
    hosts: [host('a'), host('b')],
    guests,
    wants: ({ id }) => gigahertz(wanted[id] ?? 0),
    ...options,
  });
  return {
    places: Object.fromEntries(places),
    said: passedOver.flatMap(({ subject, to, because }) =>
      because.map((reason) => `${'id' in subject ? subject.id : ''} stays off ${to ?? ''}: ${sayReason(reason)}`),
    ),
  };
};

const named = (id: string, changes: Partial<Guest> = {}): Guest => guest(id, 'elsewhere', undefined, changes);

describe('first placement (W24)', () => {
  test('those that want most go first, each to the host that is least loaded with it', () => {
    // In the order of their names x would join w, and 5 GHz stand beside 4.
    expect(placed({ v: 1, w: 2, x: 3, y: 3 }).places).toEqual({ x: 'a', y: 'b', w: 'a', v: 'b' });
  });

  test('of equal wants the first by name goes first, whatever the order of the lists', () => {
    const equal = { p: 2, q: 2, r: 2 };
    expect(placed(equal).places).toEqual({ p: 'a', q: 'b', r: 'a' });
    const guests = Object.keys(equal).map((id) => named(id));
    expect(placed(equal, { guests: [...guests].reverse(), hosts: [host('b'), host('a')] }).places).toEqual({
      p: 'a',
      q: 'b',
      r: 'a',
    });
  });

  test('a host is loaded by its own capacity', () => {
    const fast = host('b', { cpu: { clock: gigahertz(4), cores: 4, threads: 4, architecture: 'x86_64' } });
    expect(placed({ p: 4, q: 2, r: 1 }, { hosts: [host('a'), fast] }).places).toEqual({ p: 'b', q: 'a', r: 'b' });
  });

  test('of hosts that are equally loaded the one with more memory free is taken, those placed before counted', () => {
    const large = host('b', { memory: { total: gibibytes(33), reserved: gibibytes(1) } });
    expect(placed({ p: 0 }, { hosts: [host('a'), large] }).places).toEqual({ p: 'b' });
    const guests = [named('p', { memory: gibibytes(20) }), named('q')];
    expect(placed({ p: 0, q: 0 }, { hosts: [host('a'), large], guests }).places).toEqual({ p: 'b', q: 'a' });
  });

  test('constraints hold all the while, and a guest that finds no place hears of each host why', () => {
    const guests = [
      named('p', { memory: gibibytes(10) }),
      named('q', { memory: gibibytes(10) }),
      named('r', { memory: gibibytes(10) }),
    ];
    expect(placed({ p: 3, q: 2, r: 1 }, { guests })).toEqual({
      places: { p: 'a', q: 'b' },
      said: [
        'r stays off b: b memory 6.0 GiB free, 10.0 GiB needed',
        'r stays off a: a memory 6.0 GiB free, 10.0 GiB needed',
      ],
    });
  });

  test('a guest that found a place after it was refused one is not passed over', () => {
    const guests = [named('p'), named('q', { pins: ['a'] })];
    expect(placed({ p: 3, q: 1 }, { guests })).toEqual({ places: { p: 'a', q: 'a' }, said: [] });
  });

  test('hosts that take no guests are refused, and any rule that is given is kept', () => {
    const hosts = [host('a', { state: 'draining' }), host('b', { state: 'off' }), host('c')];
    expect(placed({ p: 1 }, { hosts }).places).toEqual({ p: 'c' });
    const none = { name: 'none', judge: () => [] };
    expect(placed({ p: 1 }, { hosts: [host('a', { storage: [] })], constraints: [none] }).places).toEqual({ p: 'a' });
    expect(placed({ p: 1 }, { hosts: [host('a', { storage: [] })], constraints: standardConstraints }).places).toEqual(
      {},
    );
  });

  test('guests that must stand together go together, by what they want together, or not at all', () => {
    const pair = (memory: number): Options => ({
      guests: [
        named('p', { together: ['pair'], memory }),
        named('q', { together: ['pair'], memory }),
        named('r', { memory: gibibytes(1) }),
      ],
    });
    expect(placed({ p: 2, q: 2, r: 3 }, pair(gibibytes(1))).places).toEqual({ p: 'a', q: 'a', r: 'b' });
    const { places, said } = placed({ p: 2, q: 2, r: 3 }, pair(gibibytes(9)));
    expect(places).toEqual({ r: 'a' });
    expect(said.length).toBeGreaterThan(0);
    expect(new Set(said.map((line) => line.slice(0, 13)))).toContain('q stays off a');
  });

  test('guests that must stand apart do not meet', () => {
    const guests = [named('p', { apart: ['twins'] }), named('q', { apart: ['twins'] })];
    expect(placed({ p: 3, q: 0 }, { guests }).places).toEqual({ p: 'a', q: 'b' });
    expect(placed({ p: 3, q: 0 }, { guests, hosts: [host('a')] }).places).toEqual({ p: 'a' });
  });
});
