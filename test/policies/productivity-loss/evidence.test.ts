/** What P-loss says of its moves and of all that stays, word for word, and of settings that it refuses. */
import { describe, expect, test } from 'vitest';
import { cpu, level, smoothed } from '../../../src/metrics/index.js';
import { gbps, gibibytes, seconds } from '../../../src/model/index.js';
import { productivityLoss } from '../../../src/policies/productivity-loss/productivity-loss.js';
import type { ProductivityLossSettings } from '../../../src/policies/productivity-loss/settings.js';
import { cluster, host, migration, refused, told, whole } from '../build.js';

const wants = (id: string, on: string, share?: number, changes: Parameters<typeof whole>[3] = {}) =>
  whole(id, on, share, { signals: { wanted: share }, ...changes });
const said = (settings: ProductivityLossSettings, ...state: Parameters<typeof cluster>): readonly string[] =>
  told(productivityLoss(settings).plan(cluster(...state)));
const hosts = [host('a'), host('b'), host('c'), host('d', { state: 'off' }), host('e', { state: 'draining' })];
const guests = [
  wants('x', 'a', 0.6),
  wants('y', 'a', 0.4),
  wants('z', 'a', 0.3),
  wants('b1', 'b', 0.5),
  wants('c1', 'c'),
];

describe('the evidence (W22)', () => {
  test('of the move of least loss, its own counted', () => {
    expect(said({}, hosts, guests)).toEqual([
      'z a→b',
      'productivityLoss: z change of the productivity lost if it goes to b -2.39 GHz below -0.00 GHz',
      'architecture: b architecture x86_64',
      'cores: b cores 4 at least 4',
      'image: b storage shared',
      'memory: b memory 15.0 GiB free, 1.0 GiB needed',
      'c stays: load evaluation: c1 cpu not measured',
      'd stays: productivityLoss: d state off, not active',
      'e stays: productivityLoss: e state draining, not active',
      'b stays: productivityLoss.source: b productivity lost 0 Hz not above 1 Hz',
      'y stays off b: productivityLoss: y change of the productivity lost if it goes to b -2.391 GHz not below -2.393 GHz',
      'x stays off b: productivityLoss: x change of the productivity lost if it goes to b -1.59 GHz not below -2.39 GHz',
    ]);
  });

  test('of several moves, each the best after those before it', () => {
    const more = [...guests.slice(0, 3), wants('w', 'a', 0.5), wants('b1', 'b', 0.3)];
    expect(said({ moves: 3, cost: () => 0 }, hosts.slice(0, 3), more)).toEqual([
      'x a→b',
      'productivityLoss: x change of the productivity lost if it goes to b -4.80 GHz below -0.00 GHz',
      'architecture: b architecture x86_64',
      'cores: b cores 4 at least 4',
      'image: b storage shared',
      'memory: b memory 15.0 GiB free, 1.0 GiB needed',
      'w a→c',
      'productivityLoss: w change of the productivity lost if it goes to c -1.60 GHz below -0.00 GHz',
      'architecture: c architecture x86_64',
      'cores: c cores 4 at least 4',
      'image: c storage shared',
      'memory: c memory 16.0 GiB free, 1.0 GiB needed',
      'b stays: productivityLoss.source: b productivity lost 0 Hz not above 1 Hz',
      'c stays: productivityLoss.source: c productivity lost 0 Hz not above 1 Hz',
      'w stays off b: productivityLoss: w change of the productivity lost if it goes to b -4.00 GHz not below -4.80 GHz',
      'y stays off b: productivityLoss: y change of the productivity lost if it goes to b -3.20 GHz not below -4.80 GHz',
      'z stays off b: productivityLoss: z change of the productivity lost if it goes to b -2.40 GHz not below -4.80 GHz',
      'y stays off c: productivityLoss: y change of the productivity lost if it goes to c -1.60 GHz not below -1.60 GHz',
      'z stays off c: productivityLoss: z change of the productivity lost if it goes to c -1.60 GHz not below -1.60 GHz',
      'a stays: productivityLoss.source: a productivity lost 0 Hz not above 1 Hz',
    ]);
  });

  test('of guests whose wants vary', () => {
    const spread = [wants('x', 'a', 0.45), wants('y', 'a', 0.4), wants('b1', 'b', 0.1)];
    expect(said({ demand: 'spread' }, hosts.slice(0, 2), spread)).toEqual([
      'y a→b',
      'productivityLoss: y change of the productivity lost if it goes to b -558.9 MHz below -0.0 MHz',
      'architecture: b architecture x86_64',
      'cores: b cores 4 at least 4',
      'image: b storage shared',
      'memory: b memory 15.0 GiB free, 1.0 GiB needed',
      'b stays: productivityLoss.source: b productivity lost 0 Hz not above 1 Hz',
      'x stays off b: productivityLoss: x change of the productivity lost if it goes to b -539.8 MHz not below -558.9 MHz',
    ]);
  });

  test('of guests on their way, which count where they go', () => {
    const flying = [wants('x', 'a', 0.6), wants('y', 'a', 0.6), wants('b1', 'b', 0.5), wants('f', 'c', 0.4)];
    const rest = { migrations: [migration('f', 'c', 'b')] };
    expect(said({ cost: () => 0 }, hosts.slice(0, 3), flying, rest)).toEqual([
      'x a→c',
      'productivityLoss: x change of the productivity lost if it goes to c -1.60 GHz below -0.00 GHz',
      'architecture: c architecture x86_64',
      'cores: c cores 4 at least 4',
      'image: c storage shared',
      'memory: c memory 15.0 GiB free, 1.0 GiB needed',
      'b stays: productivityLoss.source: b productivity lost 0 Hz not above 1 Hz',
      'c stays: productivityLoss.source: c productivity lost 0 Hz not above 1 Hz',
      'y stays off c: productivityLoss: y change of the productivity lost if it goes to c -1.60 GHz not below -1.60 GHz',
    ]);
    const landed = [...flying.slice(0, 3), wants('f', 'b', 0.4)];
    expect(said({ cost: () => 0 }, hosts.slice(0, 3), landed, rest)).toEqual([
      'x a→c',
      'productivityLoss: x change of the productivity lost if it goes to c -1.60 GHz below -0.00 GHz',
      'architecture: c architecture x86_64',
      'cores: c cores 4 at least 4',
      'image: c storage shared',
      'memory: c memory 16.0 GiB free, 1.0 GiB needed',
      'b stays: productivityLoss.source: b productivity lost 0 Hz not above 1 Hz',
      'c stays: productivityLoss.source: c productivity lost 0 Hz not above 1 Hz',
      'y stays off c: productivityLoss: y change of the productivity lost if it goes to c -1.60 GHz not below -1.60 GHz',
    ]);
  });

  test('of moves whose cost is not known, or is none that could be', () => {
    const two = [host('a'), host('b', { networks: [{ role: 'storage', link: 'san', bandwidth: gbps(1) }] })];
    const state = [two, [wants('x', 'a', 0.8), wants('y', 'a', 0.6)]] as const;
    expect(said({}, ...state)).toEqual([
      'b stays: productivityLoss.source: b productivity lost 0 Hz not above 1 Hz',
      'x stays off b: productivityLoss: x cost of the move not measured',
      'y stays off b: productivityLoss: y cost of the move not measured',
    ]);
    const lines = said({}, ...state);
    expect(said({ cost: () => undefined }, ...state)).toEqual(lines);
    expect(said({ cost: () => -1 }, ...state)).toEqual(lines);
    expect(said({ cost: () => Number.NaN }, ...state)).toEqual(lines);
  });

  test('of a move that is refused, and of the next one, which is made', () => {
    const small = { memory: { total: gibibytes(2), reserved: gibibytes(1) } };
    const state = [host('a'), host('b', small), host('c')];
    const all = [wants('x', 'a', 0.8), wants('y', 'a', 0.6, { migratable: false }), wants('b1', 'b', 0.1)];
    expect(said({ cost: () => 0 }, state, [...all, wants('c1', 'c', 0.3)])).toEqual([
      'x a→c',
      'productivityLoss: x change of the productivity lost if it goes to c -2.40 GHz below -0.00 GHz',
      'architecture: c architecture x86_64',
      'cores: c cores 4 at least 4',
      'image: c storage shared',
      'memory: c memory 15.0 GiB free, 1.0 GiB needed',
      'b stays: productivityLoss.source: b productivity lost 0 Hz not above 1 Hz',
      'c stays: productivityLoss.source: c productivity lost 0 Hz not above 1 Hz',
      'x stays off b: memory: b memory 0.0 GiB free, 1.0 GiB needed',
      'y stays off b: migratable: y migration forbidden, not allowed',
      'y stays off b: memory: b memory 0.0 GiB free, 1.0 GiB needed',
      'y stays off c: migratable: y migration forbidden, not allowed',
    ]);
  });

  test('of a destination that loses already, what it loses more', () => {
    const full = [wants('x', 'a', 0.6), wants('y', 'a', 0.6), wants('b1', 'b', 0.7), wants('b2', 'b', 0.5)];
    expect(said({ cost: () => 0 }, hosts.slice(0, 2), full)[0]).toBe(
      'b2 stays off a: productivityLoss: b2 change of the productivity lost if it goes to a 2.40 GHz not below -0.00 GHz',
    );
  });

  test('one host decides for its own guests alone', () => {
    const two = [wants('x', 'a', 0.6), wants('y', 'a', 0.6), wants('b1', 'b', 0.7), wants('b2', 'b', 0.5)];
    expect(said({ own: 'b', cost: () => 0 }, hosts.slice(0, 3), two)).toEqual([
      'b1 b→c',
      'productivityLoss: b1 change of the productivity lost if it goes to c -1.60 GHz below -0.00 GHz',
      'architecture: c architecture x86_64',
      'cores: c cores 4 at least 4',
      'image: c storage shared',
      'memory: c memory 16.0 GiB free, 1.0 GiB needed',
      'b2 stays off c: productivityLoss: b2 change of the productivity lost if it goes to c -1.60 GHz not below -1.60 GHz',
    ]);
    expect(productivityLoss({ own: 'b' }).name).toBe('productivityLoss(b)');
    expect(productivityLoss().name).toBe('productivityLoss');
  });
});

describe('settings', () => {
  test.each<[string, object, string]>([
    ['no horizon', { horizon: 0 }, 'productivityLoss.horizon: Too small: expected number to be >0'],
    ['half a move', { moves: 0.5 }, 'productivityLoss.moves: Invalid input: expected int, received number'],
    ['a cost that is a number', { cost: 5 }, 'productivityLoss.cost: must be a function'],
    ['a signal that is a name', { signal: 'cpu' }, 'productivityLoss.signal: must be a signal'],
    ['a signal of nothing', { signal: null }, 'productivityLoss.signal: must be a signal'],
    ['a constraint that is a name', { constraints: ['x'] }, 'productivityLoss.constraints[0]: must be a constraint'],
    ['none', {}, 'taken'],
  ])('%s', (_, settings, message) => {
    // What JavaScript may pass.
    expect(refused(() => productivityLoss(settings as ProductivityLossSettings))).toBe(message);
  });

  test('it watches what guests use, or the signal given', () => {
    expect(productivityLoss().watch.guest?.['wanted']?.name).toBe(level(cpu).name);
    const signal = smoothed(cpu, { over: seconds(60) });
    expect(productivityLoss({ signal }).watch.guest?.['wanted']).toBe(signal);
  });
});
