import { describe, expect, test } from 'vitest';
import { gibibytes, gigahertz, type ObservedGuest, percent } from '../../../src/model/index.js';
import { memoryGranted, relieve, type RelieveSettings, timesMean, vcpusGranted } from '../../../src/policies/index.js';
import { cluster, guest, host, migration, movesOf, whole } from '../build.js';
import { toldMoves, toldPassed } from '../told.js';

const moves = (settings: RelieveSettings, ...given: Parameters<typeof cluster>): readonly string[] =>
  movesOf(relieve(settings).plan(cluster(...given)));

describe('what a plan of relief says', () => {
  const hosts = ['a', 'b', 'c', 'e'].map((id) => host(id));
  const guests = [
    whole('x', 'a', 0.5),
    whole('y', 'a', 0.2),
    whole('pinned', 'a', 0.25, { pins: ['a'] }),
    whole('z', 'b', 0.4),
    whole('w', 'c', 0.1),
    whole('silent', 'e'),
  ];

  test('of each move: what was above its mark, what the other host is filled to, and what the constraints say', () => {
    const plan = relieve({ above: 0.8, until: 0.3, fillTo: 0.6 }).plan(cluster(hosts, guests));
    expect(toldMoves(plan)).toEqual([
      'x a→c: [relieve.above] a cpu 95 % above 30 %',
      'x a→c: [relieve.fillTo] c cpu afterwards 60 % at most 60 %',
      'x a→c: [architecture] c architecture x86_64',
      'x a→c: [cores] c cores 4 at least 4',
      'x a→c: [image] c storage shared',
      'x a→c: [memory] c memory 15.0 GiB free, 1.0 GiB needed',
      'y a→b: [relieve.above] a cpu 45 % above 30 %',
      'y a→b: [relieve.fillTo] b cpu afterwards 60 % at most 60 %',
      'y a→b: [architecture] b architecture x86_64',
      'y a→b: [cores] b cores 4 at least 4',
      'y a→b: [image] b storage shared',
      'y a→b: [memory] b memory 15.0 GiB free, 1.0 GiB needed',
    ]);
    expect(toldPassed(plan)).toEqual([
      'host e: ✗ [load evaluation] silent cpu not measured',
      'host b: ✗ [relieve.above] b cpu 40 % not above 80 %',
      'host c: ✗ [relieve.above] c cpu 10 % not above 80 %',
    ]);
  });

  test('of a guest that goes: where it was refused before it found its place', () => {
    const also = [{ resource: memoryGranted, above: 0.5, fillTo: 0.2 }];
    const large = host('c', { memory: { total: gibibytes(64), reserved: 0 } });
    const plan = relieve({ above: 0.8, also }).plan(
      cluster(
        [host('a'), host('b'), large],
        [whole('x', 'a', 0.4), whole('y', 'a', 0.5, { memory: gibibytes(4) }), whole('z', 'c', 0.2)],
      ),
    );
    expect(movesOf(plan)).toEqual(['y a→c']);
    expect(toldPassed(plan)[0]).toBe('guest y not to b: ✗ [relieve.fillTo] b memory afterwards 25 % not at most 20 %');
    expect(
      toldPassed(plan)
        .slice(1)
        .every((line) => line.startsWith('host ')),
    ).toBe(true);
  });

  test('where nothing can go: of every guest and every host why, in every resource that is too full', () => {
    const also = [{ resource: vcpusGranted, above: 2, fillTo: 1 }];
    const plan = relieve({ above: 0.8, also }).plan(cluster(hosts, guests));
    expect(plan.moves).toEqual([]);
    expect(toldPassed(plan)).toEqual([
      'host e: ✗ [load evaluation] silent cpu not measured',
      'guest pinned not to b: ✗ [relieve.fillTo] b vcpus afterwards 200 % not at most 100 %',
      'guest pinned not to c: ✗ [relieve.fillTo] c vcpus afterwards 200 % not at most 100 %',
      'guest x not to b: ✗ [relieve.fillTo] b cpu afterwards 90 % not at most 80 %',
      'guest x not to b: ✗ [relieve.fillTo] b vcpus afterwards 200 % not at most 100 %',
      'guest x not to c: ✗ [relieve.fillTo] c vcpus afterwards 200 % not at most 100 %',
      'guest y not to b: ✗ [relieve.fillTo] b vcpus afterwards 200 % not at most 100 %',
      'guest y not to c: ✗ [relieve.fillTo] c vcpus afterwards 200 % not at most 100 %',
      'host a: ✗ [relieve] a guests that another host could take 0 not at least 1',
      'host b: ✗ [relieve.above] b cpu 40 % not above 80 %',
      'host b: ✗ [relieve.above] b vcpus 100 % not above 200 %',
      'host c: ✗ [relieve.above] c cpu 10 % not above 80 %',
      'host c: ✗ [relieve.above] c vcpus 100 % not above 200 %',
    ]);
  });

  test('of three that go together or not at all, of which one may not: that one is named', () => {
    const group = { together: ['group'] };
    const plan = relieve({ above: 0.6 }).plan(
      cluster(
        [host('a'), host('b')],
        [
          whole('x', 'a', 0.3, group),
          whole('y', 'a', 0.2, { ...group, pins: ['a'] }),
          whole('z', 'a', 0.1, group),
          whole('other', 'a', 0.1, { pins: ['a'] }),
        ],
      ),
    );
    expect(toldPassed(plan)).toEqual([
      'guest y not to b: ✗ [pins] y pinned host b, not a',
      'guest other not to b: ✗ [pins] other pinned host b, not a',
      'host a: ✗ [relieve] a guests that another host could take 0 not at least 1',
      'host b: ✗ [relieve.above] b cpu 0 % not above 60 %',
    ]);
  });

  test('hosts that are not under their mark are named only where a host is above its own', () => {
    const marks = { above: 0.8, under: 0.2 };
    expect(toldPassed(relieve(marks).plan(cluster(hosts, guests)))).toEqual([
      'host e: ✗ [load evaluation] silent cpu not measured',
      'host a: ✗ [relieve.under] a cpu 95 % not below 20 %',
      'host b: ✗ [relieve.under] b cpu 40 % not below 20 %',
      'host b: ✗ [relieve.above] b cpu 40 % not above 80 %',
      'host c: ✗ [relieve.above] c cpu 10 % not above 80 %',
    ]);
    expect(toldPassed(relieve(marks).plan(cluster([host('a'), host('b')], [whole('x', 'a', 0.8)])))).toEqual([
      'host a: ✗ [relieve.above] a cpu 80 % not above 80 %',
      'host b: ✗ [relieve.above] b cpu 0 % not above 80 %',
    ]);
  });
});

describe('which host is relieved, and how far', () => {
  const three = ['a', 'b', 'c'].map((id) => host(id));

  test('of hosts that are equally far above, the first by name', () => {
    const guests = ['a', 'b'].flatMap((on) => [whole(`${on}1`, on, 0.5), whole(`${on}2`, on, 0.4)]);
    expect(moves({ above: 0.8, fillTo: 0.5 }, three.toReversed(), guests)).toEqual(['a1 a→c']);
  });

  test('the host furthest above in any of its resources', () => {
    const also = [{ resource: memoryGranted, above: 0.5 }];
    const guests = [
      whole('a1', 'a', 0.5),
      whole('a2', 'a', 0.4),
      ...['b1', 'b2'].map((id) => guest(id, 'b', 0.1, { memory: gibibytes(6) })),
    ];
    // b is 25 points above in memory, a 10 points in processors: b goes first.
    expect(moves({ above: 0.8, also }, three, guests)).toEqual(['b1 b→c', 'a1 a→b']);
  });

  test('only what was above its mark is brought down to `until`', () => {
    const guests = [
      ...['x1', 'x2', 'x3'].map((id) => whole(id, 'a', 0.28, { memory: gibibytes(2) })),
      guest('y', 'a', 0, { memory: gibibytes(4) }),
    ];
    const also = [{ resource: memoryGranted, above: 0.8, until: 0.1 }];
    expect(moves({ above: 0.8, until: 0.5, also }, three, guests)).toEqual(['x1 a→b', 'x2 a→c']);
    expect(moves({ above: 0.8, until: 0.57, also }, three, guests)).toEqual(['x1 a→b']);
  });

  test('draining hosts neither give guests nor take any', () => {
    const guests = [whole('x', 'a', 0.5), whole('y', 'a', 0.4)];
    expect(moves({ above: 0.8 }, [host('a', { state: 'draining' }), host('b')], guests)).toEqual([]);
    expect(moves({ above: 0.8 }, [host('a'), host('b', { state: 'draining' })], guests)).toEqual([]);
  });

  test('a mark that hangs on the mean takes the mean of all that active hosts offer, each by its capacity', () => {
    const cpu = { clock: gigahertz(2), cores: 12, threads: 12, architecture: 'x86_64' } as const;
    const unequal = [host('a'), host('b', { cpu })];
    const guests = [whole('x', 'a', 0.3), whole('y', 'a', 0.3), whole('z', 'b', 0.6)];
    // 1.2 of 4 hosts' worth: 30 %.
    expect(moves({ above: timesMean(1.99) }, unequal, guests)).toEqual(['x a→b']);
    expect(moves({ above: timesMean(2) }, unequal, guests)).toEqual([]);
  });

  test('what a host may be filled to is never beyond what it is relieved from, whatever the marks say', () => {
    const guests = [whole('x', 'a', 0.5), whole('y', 'a', 0.45), whole('z', 'b', 0.4)];
    const settings = { above: timesMean(1), fillTo: percent(95) };
    expect(moves({ above: percent(80), fillTo: timesMean(9) }, [host('a'), host('b')], guests)).toEqual([]);
    expect(moves(settings, [host('a'), host('b')], guests)).toEqual([]);
  });
});

describe('which guest leaves, and where it goes', () => {
  const two = [host('a'), host('b')];
  const all = (...shares: readonly number[]): readonly ObservedGuest[] =>
    shares.map((share, i) => whole(`g${i}`, 'a', share));

  test.each([
    ['largest', 'g1 a→b'],
    ['smallest', 'g0 a→b'],
  ] as const)('the %s first', (leaving, move) => {
    expect(moves({ above: 0.8, leaving }, two, all(0.2, 0.4, 0.3))).toEqual([move]);
  });

  test('of those within the surplus the largest, and where none is, the smallest of the others', () => {
    const surplus = { above: 0.75, leaving: 'within surplus' } as const;
    expect(moves(surplus, two, all(0.1, 0.4, 0.3))).toEqual(['g1 a→b']);
    expect(moves(surplus, two, all(0.1, 0.5, 0.3))).toEqual(['g2 a→b']);
    expect(moves({ ...surplus, above: 0.55 }, two, all(0.32, 0.31))).toEqual(['g1 a→b']);
    expect(moves({ ...surplus, above: 0.7 }, two, [...all(0.48, 0.3), whole('z', 'b', 0.3)])).toEqual(['g1 a→b']);
  });

  test('of guests that take the same, the one of less memory, and then the first by name', () => {
    const equal = [
      whole('c', 'a', 0.45, { memory: gibibytes(2) }),
      whole('b', 'a', 0.45),
      whole('a', 'a', 0.45, { memory: gibibytes(3) }),
    ];
    expect(moves({ above: 1 }, two, equal)).toEqual(['b a→b']);
    expect(moves({ above: 0.8 }, two, [whole('y', 'a', 0.45), whole('x', 'a', 0.45)])).toEqual(['x a→b']);
  });

  test('a guest that takes nothing of what is short stays', () => {
    expect(moves({ above: 0.8 }, two, [whole('full', 'a', 0.9), whole('idle', 'a', 0)])).toEqual([]);
  });

  test('to the host that has least taken of what is short, and of equals the first by name', () => {
    const four = ['a', 'b', 'c', 'd'].map((id) => host(id));
    const guests = [...all(0.5, 0.4), whole('z', 'b', 0.1)];
    expect(moves({ above: 0.8 }, four.toReversed(), guests)).toEqual(['g0 a→c']);
  });

  test('guests that must stand together leave together, and count together', () => {
    const pair = { together: ['pair'] };
    const guests = [whole('x', 'a', 0.3, pair), whole('y', 'a', 0.25, pair), whole('z', 'a', 0.4)];
    expect(moves({ above: 0.8 }, two, guests)).toEqual(['x a→b', 'y a→b']);
    expect(moves({ above: 0.8, fillTo: 0.5 }, two, guests)).toEqual(['z a→b']);
  });

  test('a pair of which one is on its way already is left alone', () => {
    const pair = { together: ['pair'] };
    const guests = [whole('x', 'a', 0.5, pair), whole('y', 'a', 0.3, pair), whole('z', 'a', 0.4)];
    expect(moves({ above: 0.8 }, two, guests, { migrations: [migration('y', 'a', 'b')] })).toEqual(['z a→b']);
  });

  test('a later move knows what the earlier ones take: a host is filled once', () => {
    const guests = all(0.3, 0.3, 0.3, 0.3);
    expect(moves({ above: 0.6, fillTo: 0.35 }, [...two, host('c'), host('d')], guests)).toEqual(['g0 a→b', 'g1 a→c']);
  });
});
