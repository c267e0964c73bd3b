/** What a dynamic policy says of its moves and of all that stays, word for word, and of settings that it refuses. */
import { describe, expect, test } from 'vitest';
import { cpu, level, smoothed } from '../../../src/metrics/index.js';
import { compare, hostSubject, seconds } from '../../../src/model/index.js';
import {
  dynamic,
  type DynamicSettings,
  toFewest,
  toLightest,
  toTightest,
  type Transfer,
  whenOverloaded,
  whenUneven,
} from '../../../src/policies/index.js';
import { cluster, host, migration, refused, told, whole } from '../build.js';

const hot = whenOverloaded({ heavy: 0.7 });
const said = (settings: DynamicSettings, ...state: Parameters<typeof cluster>): readonly string[] =>
  told(dynamic(settings).plan(cluster(...state)));
const hosts = [host('a'), host('b'), host('c'), host('d', { state: 'off' }), host('e', { state: 'draining' })];
const guests = [
  whole('big', 'a', 0.4),
  whole('mid', 'a', 0.3),
  whole('small', 'a', 0.2),
  whole('b1', 'b', 0.15),
  whole('b2', 'b', 0.15),
  whole('c1', 'c', 0.4),
];

describe('the evidence (W8)', () => {
  test('a fixed threshold and the lightest host', () => {
    expect(said({ transfer: hot, placement: toLightest }, hosts, guests)).toEqual([
      'big a→b',
      'transfer.overloaded: a cpu 90 % above 70 %',
      'dynamic.gain: big larger cpu of a and b after the move 70 % below 90 %',
      'architecture: b architecture x86_64',
      'cores: b cores 4 at least 4',
      'image: b storage shared',
      'memory: b memory 14.0 GiB free, 1.0 GiB needed',
      'b stays: transfer.overloaded: b cpu 70 % not above 70 %',
      'c stays: transfer.overloaded: c cpu 40 % not above 70 %',
      'e stays: transfer.overloaded: e cpu 0 % not above 70 %',
    ]);
  });

  test('the average and the host with the fewest guests, those in flight counted', () => {
    const rest = { migrations: [migration('b2', 'b', 'c')] };
    expect(said({ transfer: whenUneven(), placement: toFewest }, hosts, guests, rest)).toEqual([
      'big a→b',
      'transfer.uneven: a cpu 90 % above 48 %',
      'placement.fewest: b guests, against those on a, 1 below 3',
      'dynamic.gain: big larger cpu of a and b after the move 55 % below 90 %',
      'architecture: b architecture x86_64',
      'cores: b cores 4 at least 4',
      'image: b storage shared',
      'memory: b memory 14.0 GiB free, 1.0 GiB needed',
      'b1 stays off a: placement.fewest: a guests, against those on b, 2 not below 2',
      'b1 stays off a: dynamic.gain: b1 larger cpu of b and a after the move 65 % not below 55 %',
      'b1 stays off c: placement.fewest: c guests, against those on b, 2 not below 2',
      'b1 stays off c: dynamic.gain: b1 larger cpu of b and c after the move 70 % not below 55 %',
      'c1 stays off a: placement.fewest: a guests, against those on c, 2 not below 2',
      'c1 stays off a: dynamic.gain: c1 larger cpu of c and a after the move 90 % not below 55 %',
      'c1 stays off b: placement.fewest: b guests, against those on c, 2 not below 2',
      'c1 stays off b: dynamic.gain: c1 larger cpu of c and b after the move 95 % not below 55 %',
      'e stays: transfer.uneven: e cpu 0 % not above 48 %',
    ]);
  });

  test('the fullest host that the guest fits, and a host of which nothing is known', () => {
    const blind = [...guests, whole('x', 'c')];
    expect(said({ transfer: hot, placement: toTightest({ upTo: 0.75 }) }, hosts, blind)).toEqual([
      'big a→b',
      'transfer.overloaded: a cpu 90 % above 70 %',
      'placement.tightest: b cpu with big 70 % at most 75 %',
      'dynamic.gain: big larger cpu of a and b after the move 70 % below 90 %',
      'architecture: b architecture x86_64',
      'cores: b cores 4 at least 4',
      'image: b storage shared',
      'memory: b memory 14.0 GiB free, 1.0 GiB needed',
      'c stays: load evaluation: x cpu not measured',
      'b stays: transfer.overloaded: b cpu 70 % not above 70 %',
      'e stays: transfer.overloaded: e cpu 0 % not above 70 %',
    ]);
  });

  test('two hosts give, the heavier first, one guest each, and loads are evaluated in between', () => {
    const heavy = [...guests, whole('c2', 'c', 0.4), whole('c3', 'c', 0.15)];
    expect(said({ transfer: hot, placement: toLightest }, hosts, heavy)).toEqual([
      'c1 c→b',
      'transfer.overloaded: c cpu 95 % above 70 %',
      'dynamic.gain: c1 larger cpu of c and b after the move 70 % below 95 %',
      'architecture: b architecture x86_64',
      'cores: b cores 4 at least 4',
      'image: b storage shared',
      'memory: b memory 14.0 GiB free, 1.0 GiB needed',
      'mid a→c',
      'transfer.overloaded: a cpu 90 % above 70 %',
      'dynamic.gain: mid larger cpu of a and c after the move 85 % below 90 %',
      'architecture: c architecture x86_64',
      'cores: c cores 4 at least 4',
      'image: c storage shared',
      'memory: c memory 13.0 GiB free, 1.0 GiB needed',
      'big stays off c: dynamic.gain: big larger cpu of a and c after the move 95 % not below 90 %',
      'big stays off b: dynamic.gain: big larger cpu of a and b after the move 110 % not below 90 %',
      'b stays: transfer.overloaded: b cpu 70 % not above 70 %',
      'e stays: transfer.overloaded: e cpu 0 % not above 70 %',
    ]);
    const last = whenOverloaded({ heavy: 0.7, guest: 'smallest' });
    expect(said({ transfer: last, placement: toLightest }, hosts, heavy).filter((line) => line.includes('→'))).toEqual([
      'c3 c→b',
      'small a→b',
    ]);
  });

  test('a host whose guests all find none is done with, and the next one gives', () => {
    const stuck = [
      whole('a1', 'a', 0.5, { migratable: false }),
      whole('a2', 'a', 0.45, { migratable: false }),
      whole('b1', 'b', 0.4),
      whole('b2', 'b', 0.35),
    ];
    expect(said({ transfer: hot, placement: toLightest }, hosts.slice(0, 3), stuck)).toEqual([
      'b1 b→c',
      'transfer.overloaded: b cpu 75 % above 70 %',
      'dynamic.gain: b1 larger cpu of b and c after the move 40 % below 75 %',
      'architecture: c architecture x86_64',
      'cores: c cores 4 at least 4',
      'image: c storage shared',
      'memory: c memory 16.0 GiB free, 1.0 GiB needed',
      'a1 stays off c: migratable: a1 migration forbidden, not allowed',
      'a1 stays off b: dynamic.gain: a1 larger cpu of a and b after the move 125 % not below 95 %',
      'a1 stays off b: migratable: a1 migration forbidden, not allowed',
      'a2 stays off c: migratable: a2 migration forbidden, not allowed',
      'a2 stays off b: dynamic.gain: a2 larger cpu of a and b after the move 120 % not below 95 %',
      'a2 stays off b: migratable: a2 migration forbidden, not allowed',
      'c stays: transfer.overloaded: c cpu 40 % not above 70 %',
    ]);
  });
});

describe('a transfer policy of one’s own (W8)', () => {
  const reason = (id: string, value: number) =>
    compare({
      rule: 'own',
      subject: hostSubject(id),
      measure: 'guests',
      value,
      relation: 'above',
      limit: 1,
      unit: 'count',
    });
  const crowded: Transfer = {
    name: 'crowded',
    giving: ({ loads }) =>
      loads.map((from) => ({
        from,
        because: [reason(from.host.id, 2), reason(from.host.id, from.guests.length)],
        guests: from.guests,
      })),
  };

  test('gives where all of its reasons hold, and else tells those that do not', () => {
    const lines = said({ transfer: crowded, placement: toLightest }, hosts.slice(0, 3), [
      whole('x', 'a', 0.1),
      whole('y', 'a', 0.3),
      whole('z', 'b', 0.2),
    ]);
    expect(lines.slice(0, 3)).toEqual(['x a→c', 'own: a guests 2 above 1', 'own: a guests 2 above 1']);
    expect(lines.slice(-2)).toEqual(['b stays: own: b guests 1 not above 1', 'c stays: own: c guests 0 not above 1']);
  });
});

describe('what it is made of', () => {
  test('it is named by both, and watches what it is told to', () => {
    const policy = dynamic({ transfer: hot, placement: toTightest({ upTo: 0.75 }) });
    expect(policy.name).toBe('dynamic(above 0.7, to the fullest below 0.75)');
    expect(policy.watch.guest?.['cpu']?.name).toBe(level(cpu).name);
    expect(dynamic({ transfer: whenUneven({ above: 0.3 }), placement: toLightest }).name).toBe(
      'dynamic(above the average by 0.3, to the lightest)',
    );
    expect(dynamic({ transfer: hot, placement: toFewest }).name).toBe(
      'dynamic(above 0.7, to the one with fewest guests)',
    );
    const signal = smoothed(cpu, { over: seconds(60) });
    expect(dynamic({ transfer: hot, placement: toLightest, signal }).watch.guest?.['cpu']).toBe(signal);
  });

  const whole2 = { transfer: hot, placement: toLightest };
  test.each<[string, object, string]>([
    ['no transfer', { placement: toLightest }, 'dynamic.transfer: must be a transfer policy'],
    ['a transfer that is none', { ...whole2, transfer: {} }, 'dynamic.transfer: must be a transfer policy'],
    ['a transfer of nothing', { ...whole2, transfer: null }, 'dynamic.transfer: must be a transfer policy'],
    [
      'a placement that is a function',
      { ...whole2, placement: () => [] },
      'dynamic.placement: must be a placement policy',
    ],
    ['a resource that is a name', { ...whole2, resource: 'cpu' }, 'dynamic.resource: must be a resource'],
    ['a signal of nothing', { ...whole2, signal: null }, 'dynamic.signal: must be a signal'],
    [
      'a constraint that is a name',
      { ...whole2, constraints: ['memory'] },
      'dynamic.constraints[0]: must be a constraint',
    ],
    ['both', whole2, 'taken'],
  ])('%s', (_, settings, message) => {
    // What JavaScript may pass.
    expect(refused(() => dynamic(settings as DynamicSettings))).toBe(message);
  });

  test('thresholds that make no sense are refused by their path', () => {
    expect(refused(() => whenOverloaded({ heavy: -1 }))).toBe(
      'whenOverloaded.heavy: Too small: expected number to be >=0',
    );
    expect(refused(() => whenUneven({ above: -1 }))).toBe('whenUneven.above: Too small: expected number to be >=0');
    expect(refused(() => toTightest({ upTo: -1 }))).toMatch(/^toTightest\.upTo: Too small/);
  });
});
