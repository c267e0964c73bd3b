/** What load rebalancing says of its moves and of all that stays, word for word, and of settings that it refuses. */
import { describe, expect, test } from 'vitest';
import { cpu, level, smoothed } from '../../../src/metrics/index.js';
import { gbps, gibibytes, gigahertz, seconds, transferTime } from '../../../src/model/index.js';
import { rebalance, type RebalanceSettings } from '../../../src/policies/rebalancing/index.js';
import { cluster, host, migration, refused, told, whole } from '../build.js';

const said = (settings: RebalanceSettings, ...state: Parameters<typeof cluster>): readonly string[] =>
  told(rebalance(settings).plan(cluster(...state)));
const pile = (on: string, ...shares: readonly number[]) => shares.map((share, i) => whole(`${on}${i + 1}`, on, share));
const hosts = (...ids: readonly string[]) => ids.map((id) => host(id));
const costOf = ({ memory }: { readonly memory: number }): number => transferTime(memory, gbps(1));

describe('the evidence (W23)', () => {
  test('of moves, of what one destination refused, and of hosts that take no part', () => {
    const small = host('b', { memory: { total: gibibytes(2), reserved: gibibytes(1) } });
    const state = [host('a'), small, host('c'), host('d', { state: 'draining' }), host('e')];
    const guests = [...pile('a', 0.4, 0.35, 0.2), ...pile('b', 0), ...pile('c', 0.1), whole('x', 'e')];
    expect(said({ moves: 1 }, state, guests)).toEqual([
      'a1 a→c',
      'rebalance.gain: the cluster largest cpu of a, b, c afterwards 55 % at most 90 %',
      'rebalance.moves: the cluster moves in the plan 1 at most 1',
      'rebalance.destination: c cpu with a1 50 % at most 95 %',
      'architecture: c architecture x86_64',
      'cores: c cores 4 at least 4',
      'image: c storage shared',
      'memory: c memory 15.0 GiB free, 1.0 GiB needed',
      'd stays: rebalance: d state draining, not active',
      'e stays: load evaluation: x cpu not measured',
      'a1 stays off b: memory: b memory 0.0 GiB free, 1.0 GiB needed',
    ]);
  });

  test('of a budget of cost, in its own unit, and of a guest that has no price', () => {
    const guests = [
      whole('x', 'a', 0.4, { memory: gibibytes(8) }),
      whole('y', 'a', 0.4, { memory: gibibytes(1) }),
      whole('z', 'a', 0.3),
    ];
    const price = (guest: (typeof guests)[number]): number | undefined =>
      guest.id === 'z' ? undefined : costOf(guest);
    expect(said({ cost: seconds(10), costOf: price }, hosts('a', 'b'), guests)).toEqual([
      'y a→b',
      'rebalance.gain: the cluster largest cpu of a, b afterwards 70 % at most 105 %',
      'rebalance.cost: the cluster cost of the moves in the plan 8.6 s at most 10.0 s',
      'rebalance.destination: b cpu with y 40 % at most 110 %',
      'architecture: b architecture x86_64',
      'cores: b cores 4 at least 4',
      'image: b storage shared',
      'memory: b memory 16.0 GiB free, 1.0 GiB needed',
      'z stays: rebalance.cost: z cost of a move not measured',
    ]);
    const odd = (value: number) => said({ cost: seconds(10), costOf: () => value }, hosts('a', 'b'), guests);
    expect(odd(-1)).toEqual([
      'x stays: rebalance.cost: x cost of a move not measured',
      'y stays: rebalance.cost: y cost of a move not measured',
      'z stays: rebalance.cost: z cost of a move not measured',
      'cluster stays: rebalance.gain: the cluster largest cpu of a, b afterwards 110 % not at most 105 %',
    ]);
    expect(odd(Number.NaN)).toEqual(odd(-1));
    expect(odd(0).filter((line) => line.includes('→'))).toEqual(['y a→b']);
  });

  test('of pools of equal hosts, the one with the most loaded host first; of many by their number', () => {
    const fast = { cpu: { clock: gigahertz(4), cores: 4, threads: 4, architecture: 'x86_64' } };
    const state = [host('a'), host('b'), ...['c', 'd', 'e', 'f'].map((id) => host(id, fast))];
    const guests = [...pile('a', 0.3, 0.3), ...pile('c', 0.4, 0.4)];
    expect(said({ moves: 1 }, state, guests)).toEqual([
      'c2 c→d',
      'rebalance.gain: the cluster largest cpu of 4 equal hosts from c on afterwards 40 % at most 75 %',
      'rebalance.moves: the cluster moves in the plan 1 at most 1',
      'rebalance.destination: d cpu with c2 40 % at most 80 %',
      'architecture: d architecture x86_64',
      'cores: d cores 4 at least 4',
      'image: d storage shared',
      'memory: d memory 16.0 GiB free, 1.0 GiB needed',
      'cluster stays: rebalance.gain: the cluster largest cpu of a, b afterwards 60 % not at most 55 %',
    ]);
    expect(said({ moves: 2 }, state, guests).filter((line) => !/^(arch|cores|image|memory)/.test(line))).toEqual([
      'c2 c→d',
      'rebalance.gain: the cluster largest cpu of 4 equal hosts from c on afterwards 40 % at most 75 %',
      'rebalance.moves: the cluster moves in the plan 1 at most 2',
      'rebalance.destination: d cpu with c2 40 % at most 80 %',
      'a2 a→b',
      'rebalance.gain: the cluster largest cpu of a, b afterwards 30 % at most 55 %',
      'rebalance.moves: the cluster moves in the plan 2 at most 2',
      'rebalance.destination: b cpu with a2 30 % at most 60 %',
    ]);
  });

  test('of a guest on its way, which stays where it goes, and of none where nothing is gained', () => {
    const guests = [...pile('a', 0.4, 0.3, 0.2), ...pile('c', 0.1)];
    const rest = { migrations: [migration('a1', 'a', 'b')] };
    expect(said({ moves: 2 }, hosts('a', 'b', 'c'), guests, rest)).toEqual([
      'a3 a→c',
      'rebalance.gain: the cluster largest cpu of a, b, c afterwards 40 % at most 45 %',
      'rebalance.moves: the cluster moves in the plan 1 at most 2',
      'rebalance.destination: c cpu with a3 30 % at most 50 %',
      'architecture: c architecture x86_64',
      'cores: c cores 4 at least 4',
      'image: c storage shared',
      'memory: c memory 15.0 GiB free, 1.0 GiB needed',
    ]);
  });

  test('of four moves, each to a destination that can take it, by whichever way they were found', () => {
    const guests = [...pile('a', 0.35, 0.3, 0.25, 0.2, 0.15, 0.1), ...pile('b', 0.05)];
    const found = (by: 'best' | 'greedy' | 'partition'): readonly string[] =>
      said({ moves: 4, by }, hosts('a', 'b', 'c', 'd'), guests).filter((line) => / \S→|^rebalance/.test(line));
    expect(found('best')).toEqual([
      'a1 a→c',
      'rebalance.gain: the cluster largest cpu of 4 equal hosts from a on afterwards 35 % at most 130 %',
      'rebalance.moves: the cluster moves in the plan 4 at most 4',
      'rebalance.destination: c cpu with a1 35 % at most 135 %',
      'a2 a→b',
      'rebalance.gain: the cluster largest cpu of 4 equal hosts from a on afterwards 35 % at most 130 %',
      'rebalance.moves: the cluster moves in the plan 4 at most 4',
      'rebalance.destination: b cpu with a2 35 % at most 135 %',
      'a4 a→d',
      'rebalance.gain: the cluster largest cpu of 4 equal hosts from a on afterwards 35 % at most 130 %',
      'rebalance.moves: the cluster moves in the plan 4 at most 4',
      'rebalance.destination: d cpu with a4 20 % at most 135 %',
      'a5 a→d',
      'rebalance.gain: the cluster largest cpu of 4 equal hosts from a on afterwards 35 % at most 130 %',
      'rebalance.moves: the cluster moves in the plan 4 at most 4',
      'rebalance.destination: d cpu with a5 35 % at most 135 %',
    ]);
    expect(found('greedy')).toEqual([
      'a1 a→c',
      'rebalance.gain: the cluster largest cpu of 4 equal hosts from a on afterwards 45 % at most 130 %',
      'rebalance.moves: the cluster moves in the plan 3 at most 4',
      'rebalance.destination: c cpu with a1 35 % at most 135 %',
      'a2 a→d',
      'rebalance.gain: the cluster largest cpu of 4 equal hosts from a on afterwards 45 % at most 130 %',
      'rebalance.moves: the cluster moves in the plan 3 at most 4',
      'rebalance.destination: d cpu with a2 30 % at most 135 %',
      'a3 a→b',
      'rebalance.gain: the cluster largest cpu of 4 equal hosts from a on afterwards 45 % at most 130 %',
      'rebalance.moves: the cluster moves in the plan 3 at most 4',
      'rebalance.destination: b cpu with a3 30 % at most 135 %',
    ]);
    expect(found('partition')).toEqual([
      'a1 a→c',
      'rebalance.gain: the cluster largest cpu of 4 equal hosts from a on afterwards 45 % at most 130 %',
      'rebalance.moves: the cluster moves in the plan 4 at most 4',
      'rebalance.destination: c cpu with a1 35 % at most 135 %',
      'a2 a→d',
      'rebalance.gain: the cluster largest cpu of 4 equal hosts from a on afterwards 45 % at most 130 %',
      'rebalance.moves: the cluster moves in the plan 4 at most 4',
      'rebalance.destination: d cpu with a2 30 % at most 135 %',
      'a3 a→b',
      'rebalance.gain: the cluster largest cpu of 4 equal hosts from a on afterwards 45 % at most 130 %',
      'rebalance.moves: the cluster moves in the plan 4 at most 4',
      'rebalance.destination: b cpu with a3 30 % at most 135 %',
      'a5 a→b',
      'rebalance.gain: the cluster largest cpu of 4 equal hosts from a on afterwards 45 % at most 130 %',
      'rebalance.moves: the cluster moves in the plan 4 at most 4',
      'rebalance.destination: b cpu with a5 45 % at most 135 %',
    ]);
  });

  test('of what is refused everywhere: another guest goes in its place', () => {
    const guests = [
      whole('a1', 'a', 0.4, { pins: ['a'] }),
      ...[0.35, 0.3].map((share, i) => whole(`a${i + 2}`, 'a', share)),
      whole('b1', 'b', 0.1),
    ];
    expect(said({ moves: 1 }, hosts('a', 'b', 'c'), guests)).toEqual([
      'a2 a→b',
      'rebalance.gain: the cluster largest cpu of a, b, c afterwards 70 % at most 100 %',
      'rebalance.moves: the cluster moves in the plan 1 at most 1',
      'rebalance.destination: b cpu with a2 45 % at most 105 %',
      'architecture: b architecture x86_64',
      'cores: b cores 4 at least 4',
      'image: b storage shared',
      'memory: b memory 15.0 GiB free, 1.0 GiB needed',
      'a1 stays off b: pins: a1 pinned host b, not a',
      'a1 stays off c: pins: a1 pinned host c, not a',
    ]);
    const all = guests.map((one) => ({ ...one, pins: [one.host] }));
    expect(said({ moves: 2 }, hosts('a', 'b', 'c'), all)).toEqual([
      'a2 stays off c: pins: a2 pinned host c, not a',
      'a2 stays off b: pins: a2 pinned host b, not a',
      'a3 stays off b: pins: a3 pinned host b, not a',
      'a3 stays off c: pins: a3 pinned host c, not a',
      'a1 stays off b: pins: a1 pinned host b, not a',
      'a1 stays off c: pins: a1 pinned host c, not a',
      'cluster stays: rebalance.gain: the cluster largest cpu of a, b, c afterwards 105 % not at most 100 %',
    ]);
  });
});

describe('settings', () => {
  test.each<[string, object, string]>([
    ['neither', {}, 'rebalance.moves: either moves or cost must be given'],
    [
      'both',
      { moves: 1, cost: 1 },
      'rebalance.moves: either moves or cost must be given\nrebalance.costOf: cost and costOf belong together',
    ],
    ['a cost alone', { cost: 1 }, 'rebalance.costOf: cost and costOf belong together'],
    ['a price alone', { moves: 1, costOf }, 'rebalance.costOf: cost and costOf belong together'],
    ['a price that is a number', { cost: 1, costOf: 5 }, 'rebalance.costOf: must be a function'],
    ['GREEDY by cost', { cost: 1, costOf, by: 'greedy' }, 'rebalance.by: greedy counts moves and knows no costs'],
    ['no gain', { moves: 1, smallestGain: 0 }, 'rebalance.smallestGain: Too small: expected number to be >0'],
    ['a resource that is a name', { moves: 1, resource: 'cpu' }, 'rebalance.resource: must be a resource'],
    ['a signal of nothing', { moves: 1, signal: null }, 'rebalance.signal: must be a signal'],
    ['a constraint that is a name', { moves: 1, constraints: ['x'] }, 'rebalance.constraints[0]: must be a constraint'],
    ['GREEDY', { moves: 1, by: 'greedy' }, 'taken'],
    ['PARTITION by cost', { cost: 0, costOf, by: 'partition' }, 'taken'],
  ])('%s', (_, settings, message) => {
    // What JavaScript may pass.
    expect(refused(() => rebalance(settings as RebalanceSettings))).toBe(message);
  });

  test('it watches the resource, or the signal given', () => {
    expect(rebalance({ moves: 1 }).name).toBe('rebalance');
    expect(rebalance({ moves: 1 }).watch.guest?.['cpu']?.name).toBe(level(cpu).name);
    const signal = smoothed(cpu, { over: seconds(60) });
    expect(rebalance({ moves: 1, signal }).watch.guest?.['cpu']).toBe(signal);
  });
});
