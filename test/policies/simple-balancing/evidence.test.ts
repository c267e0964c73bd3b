/** What Simple balancing says of its moves and of all that stays, word for word, and of settings that it refuses. */
import { describe, expect, test } from 'vitest';
import { cpu, diskTraffic, level, smoothed } from '../../../src/metrics/index.js';
import { seconds } from '../../../src/model/index.js';
import type { Resource } from '../../../src/policies/index.js';
import type { SimpleSettings } from '../../../src/policies/simple-balancing/settings.js';
import { simple } from '../../../src/policies/simple-balancing/simple.js';
import { cluster, host, migration, refused, told, whole } from '../build.js';

const said = (settings: SimpleSettings, ...state: Parameters<typeof cluster>): readonly string[] =>
  told(simple(settings).plan(cluster(...state)));
const hosts = [host('a'), host('b'), host('c'), host('d', { state: 'off' }), host('e', { state: 'draining' })];

describe('the evidence (W21)', () => {
  test('by load, with the guard, and all that stays', () => {
    const guests = [
      ...[0.4, 0.3, 0.2].map((share, i) => whole(`a${i + 1}`, 'a', share)),
      whole('b1', 'b', 0.3),
      whole('c1', 'c', 0.2),
    ];
    expect(said({ noSwap: true }, hosts, guests)).toEqual([
      'a1 a→c',
      'simple.heavy: a cpu 90 % above 80 %',
      'simple.load: c cpu 20 % below 80 %',
      'simple.noSwap: a1 larger cpu of a and c after the move 60 % below 90 %',
      'architecture: c architecture x86_64',
      'cores: c cores 4 at least 4',
      'image: c storage shared',
      'memory: c memory 15.0 GiB free, 1.0 GiB needed',
      'b stays: simple.heavy: b cpu 30 % not above 80 %',
      'c stays: simple.heavy: c cpu 20 % not above 80 %',
      'd stays: simple: d state off, not active',
      'e stays: simple.heavy: e cpu 0 % not above 80 %',
      'a2 stays: simple.selection: a2 cpu 30 % not above 40 %',
      'a3 stays: simple.selection: a3 cpu 20 % not above 40 %',
    ]);
  });

  test('by the number of guests where none is light, those in flight counted; of equals the lightest', () => {
    const guests = [
      ...[0.3, 0.3, 0.3, 0.05].map((share, i) => whole(`a${i + 1}`, 'a', share)),
      whole('b1', 'b', 0.7),
      whole('b2', 'b', 0.12),
      whole('c1', 'c', 0.81),
      whole('y', 'b', 0.0),
    ];
    const rest = { migrations: [migration('y', 'b', 'c')] };
    expect(said({ light: 0.5 }, hosts, guests, rest)).toEqual([
      'a1 a→c',
      'simple.heavy: a cpu 95 % above 80 %',
      'simple.guests: c guests, against those on a, 2 below 4',
      'architecture: c architecture x86_64',
      'cores: c cores 4 at least 4',
      'image: c storage shared',
      'memory: c memory 14.0 GiB free, 1.0 GiB needed',
      'c1 c→b',
      'simple.heavy: c cpu 111 % above 80 %',
      'simple.guests: b guests, against those on c, 2 below 3',
      'architecture: b architecture x86_64',
      'cores: b cores 4 at least 4',
      'image: b storage shared',
      'memory: b memory 13.0 GiB free, 1.0 GiB needed',
      'd stays: simple: d state off, not active',
      'e stays: simple.heavy: e cpu 0 % not above 80 %',
      'a2 stays: simple.selection: a2 cpu 30 % not above 30 %',
      'a3 stays: simple.selection: a3 cpu 30 % not above 30 %',
      'a4 stays: simple.selection: a4 cpu 5 % not above 30 %',
      'a stays: simple.load: a cpu 65 % not below 50 %',
      'a stays: simple.guests: a guests, against those on b, 3 not below 2',
      'c stays: simple.load: c cpu 111 % not below 50 %',
      'c stays: simple.guests: c guests, against those on b, 3 not below 2',
      'b stays: simple: b hosts that could take a guest of it 0 not at least 1',
      'a stays: simple.load: a cpu 65 % not below 50 %',
      'a stays: simple.guests: a guests, against those on c, 3 not below 3',
    ]);
  });

  test('a light host by the first rule goes before one of fewer guests by the second', () => {
    const guests = [
      ...[0.5, 0.3, 0.2].map((share, i) => whole(`a${i + 1}`, 'a', share)),
      whole('b1', 'b', 0.2),
      whole('b2', 'b', 0.2),
      whole('c1', 'c', 0.6),
    ];
    expect(said({ light: 0.5, heavy: 0.9 }, hosts, guests)).toEqual([
      'a1 a→b',
      'simple.heavy: a cpu 100 % above 90 %',
      'simple.load: b cpu 40 % below 50 %',
      'architecture: b architecture x86_64',
      'cores: b cores 4 at least 4',
      'image: b storage shared',
      'memory: b memory 14.0 GiB free, 1.0 GiB needed',
      'b stays: simple.heavy: b cpu 40 % not above 90 %',
      'c stays: simple.heavy: c cpu 60 % not above 90 %',
      'd stays: simple: d state off, not active',
      'e stays: simple.heavy: e cpu 0 % not above 90 %',
      'a2 stays: simple.selection: a2 cpu 30 % not above 50 %',
      'a3 stays: simple.selection: a3 cpu 20 % not above 50 %',
    ]);
    expect(said({ light: 0.5, heavy: 0.9, rules: ['guests'] }, hosts, guests).slice(0, 3)).toEqual([
      'a1 a→c',
      'simple.heavy: a cpu 100 % above 90 %',
      'simple.guests: c guests, against those on a, 1 below 3',
    ]);
  });

  test('where no host qualifies, and where none takes a guest', () => {
    const one = [whole('a1', 'a', 0.9), whole('b1', 'b', 0.85), whole('c1', 'c', 0.85)];
    expect(said({}, hosts.slice(0, 3), one)).toEqual([
      'b stays: simple.load: b cpu 85 % not below 80 %',
      'b stays: simple.guests: b guests, against those on a, 1 not below 1',
      'c stays: simple.load: c cpu 85 % not below 80 %',
      'c stays: simple.guests: c guests, against those on a, 1 not below 1',
      'a stays: simple: a hosts that could take a guest of it 0 not at least 1',
      'a stays: simple.load: a cpu 90 % not below 80 %',
      'a stays: simple.guests: a guests, against those on b, 1 not below 1',
      'c stays: simple.load: c cpu 85 % not below 80 %',
      'c stays: simple.guests: c guests, against those on b, 1 not below 1',
      'b stays: simple: b hosts that could take a guest of it 0 not at least 1',
      'a stays: simple.load: a cpu 90 % not below 80 %',
      'a stays: simple.guests: a guests, against those on c, 1 not below 1',
      'b stays: simple.load: b cpu 85 % not below 80 %',
      'b stays: simple.guests: b guests, against those on c, 1 not below 1',
      'c stays: simple: c hosts that could take a guest of it 0 not at least 1',
    ]);
    const stuck = [whole('a1', 'a', 0.9, { migratable: false }), whole('x', 'c')];
    expect(said({}, hosts, stuck)).toEqual([
      'b stays: simple.heavy: b cpu 0 % not above 80 %',
      'c stays: load evaluation: x cpu not measured',
      'd stays: simple: d state off, not active',
      'e stays: simple.heavy: e cpu 0 % not above 80 %',
      'a1 stays off b: migratable: a1 migration forbidden, not allowed',
      'a stays: simple: a guests that another host could take 0 not at least 1',
    ]);
  });

  test('what comes after sees what went before, and a host that is relieved meanwhile gives nothing', () => {
    const guests = [
      whole('a1', 'a', 0.5),
      whole('a2', 'a', 0.45),
      whole('b1', 'b', 0.5),
      whole('b2', 'b', 0.4),
      whole('c1', 'c', 0.1),
    ];
    expect(said({}, hosts, guests)).toEqual([
      'a1 a→c',
      'simple.heavy: a cpu 95 % above 80 %',
      'simple.load: c cpu 10 % below 80 %',
      'architecture: c architecture x86_64',
      'cores: c cores 4 at least 4',
      'image: c storage shared',
      'memory: c memory 15.0 GiB free, 1.0 GiB needed',
      'b1 b→a',
      'simple.heavy: b cpu 90 % above 80 %',
      'simple.load: a cpu 45 % below 80 %',
      'architecture: a architecture x86_64',
      'cores: a cores 4 at least 4',
      'image: a storage shared',
      'memory: a memory 14.0 GiB free, 1.0 GiB needed',
      'c stays: simple.heavy: c cpu 10 % not above 80 %',
      'd stays: simple: d state off, not active',
      'e stays: simple.heavy: e cpu 0 % not above 80 %',
      'b stays: simple.load: b cpu 90 % not below 80 %',
      'b stays: simple.guests: b guests, against those on a, 2 not below 2',
      'a2 stays: simple.selection: a2 cpu 45 % not above 50 %',
      'b2 stays: simple.selection: b2 cpu 40 % not above 50 %',
    ]);
  });

  test('one host decides for itself alone', () => {
    const guests = [whole('a1', 'a', 0.5), whole('a2', 'a', 0.45), whole('b1', 'b', 0.5), whole('b2', 'b', 0.4)];
    expect(said({ own: 'b' }, hosts, guests)).toEqual([
      'b1 b→c',
      'simple.heavy: b cpu 90 % above 80 %',
      'simple.load: c cpu 0 % below 80 %',
      'architecture: c architecture x86_64',
      'cores: c cores 4 at least 4',
      'image: c storage shared',
      'memory: c memory 16.0 GiB free, 1.0 GiB needed',
      'a stays: simple.load: a cpu 95 % not below 80 %',
      'a stays: simple.guests: a guests, against those on b, 2 not below 2',
      'b2 stays: simple.selection: b2 cpu 40 % not above 50 %',
    ]);
    expect(said({ own: 'd' }, hosts, guests)).toEqual(['d stays: simple: d state off, not active']);
    expect(simple({ own: 'b' }).name).toBe('simple(b)');
    expect(simple().name).toBe('simple');
  });
});

describe('settings', () => {
  const resource: Resource = {
    name: 'disk',
    measure: diskTraffic,
    taken: (rate) => rate,
    capacity: () => 1,
    unit: 'count',
  };
  test.each<[string, object, string]>([
    ['a light mark above the heavy one', { light: 0.9 }, 'simple.light: 0.9 is above heavy 0.8'],
    ['equal marks', { light: 0.8 }, 'taken'],
    ['a mark of all', { heavy: 1 }, 'taken'],
    ['more than all', { heavy: 80 }, 'simple.heavy: 80 is above 1, all that a host offers; percent(80) is 0.8'],
    ['more than one of what is counted', { heavy: 80, resource }, 'taken'],
    ['no rules', { rules: [] }, 'simple.rules: Too small: expected array to have >=1 items'],
    ['a resource that is a name', { resource: 'cpu' }, 'simple.resource: must be a resource'],
    ['a signal of nothing', { signal: null }, 'simple.signal: must be a signal'],
    ['a constraint that is a name', { constraints: ['memory'] }, 'simple.constraints[0]: must be a constraint'],
  ])('%s', (_, settings, message) => {
    // What JavaScript may pass.
    expect(refused(() => simple(settings as SimpleSettings))).toBe(message);
  });

  test('it watches the resource, or the signal given', () => {
    expect(simple().watch.guest?.['cpu']?.name).toBe(level(cpu).name);
    expect(simple({ resource }).watch.guest?.['disk']?.name).toBe(level(diskTraffic).name);
    const signal = smoothed(cpu, { over: seconds(60) });
    expect(simple({ signal }).watch.guest?.['cpu']).toBe(signal);
  });
});
