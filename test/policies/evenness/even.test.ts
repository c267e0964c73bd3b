import { describe, expect, test } from 'vitest';
import { gibibytes, gigahertz, type ObservedGuest, type ObservedHost } from '../../../src/model/index.js';
import { cpuCycles, even, type EvenSettings, memoryGranted } from '../../../src/policies/index.js';
import { cluster, guest, host, migration, movesOf, whole } from '../build.js';
import { toldMoves, toldPassed } from '../told.js';

const moves = (settings: EvenSettings, ...given: Parameters<typeof cluster>): readonly string[] =>
  movesOf(even(settings).plan(cluster(...given)));
const two = [host('a'), host('b')];
const three = [...two, host('c')];

describe('what a plan of evening out says', () => {
  const guests = [
    whole('x', 'a', 0.5),
    whole('y', 'a', 0.3),
    whole('z', 'b', 0.3),
    whole('p', 'a', 0.1, { pins: ['a'] }),
  ];

  test('of each move: how uneven loads were, how uneven they are afterwards, and what the constraints say', () => {
    const plan = even({ above: 0.1 }).plan(cluster(three, guests));
    expect(toldMoves(plan)).toEqual([
      'x a→c: [even.above] the cluster deviation of loads 0.37 above 0.10',
      'x a→c: [even.margin] the cluster deviation of loads after the move 0.08 below 0.37',
      'x a→c: [architecture] c architecture x86_64',
      'x a→c: [cores] c cores 4 at least 4',
      'x a→c: [image] c storage shared',
      'x a→c: [memory] c memory 16.0 GiB free, 1.0 GiB needed',
    ]);
    expect(toldPassed(plan)).toEqual([]);
  });

  test('with a margin: what a move has to come down to; and at the end that no move is left', () => {
    const plan = even({ by: 'gap', above: 0.1, margin: 0.3 }).plan(cluster(three, guests));
    expect(toldMoves(plan).slice(0, 2)).toEqual([
      'x a→c: [even.above] the cluster gap of loads 0.90 above 0.10',
      'x a→c: [even.margin] the cluster gap of loads after the move 0.20 at most 0.63',
    ]);
    expect(toldPassed(plan)).toEqual([
      'cluster: [even.above] the cluster gap of loads 0.20 above 0.10',
      'cluster: ✗ [even] the cluster moves that lower it and are allowed 0 not at least 1',
    ]);
  });

  test('that loads are even enough, and of which host nobody knows', () => {
    const silent = [...guests, whole('silent', 'd')];
    expect(toldPassed(even({ above: 0.38 }).plan(cluster([...three, host('d')], silent)))).toEqual([
      'host d: ✗ [load evaluation] silent cpu not measured',
      'cluster: ✗ [even.above] the cluster deviation of loads 0.37 not above 0.38',
    ]);
  });

  test('that the best move that is left lowers it too little', () => {
    const plan = even({ by: 'gap', above: 0.1, margin: 0.9 }).plan(
      cluster(two, [whole('x', 'a', 0.5), whole('y', 'a', 0.4), whole('z', 'b', 0.2)]),
    );
    expect(toldMoves(plan)).toEqual([]);
    expect(toldPassed(plan)).toEqual([
      'cluster: [even.above] the cluster gap of loads 0.70 above 0.10',
      'cluster: ✗ [even.margin] the cluster gap of loads after the move 0.10 not at most 0.07',
    ]);
  });

  test('why a move that evens out more was not made', () => {
    const pair = { together: ['pair'] };
    const plan = even({ above: 0.1 }).plan(
      cluster(two, [
        whole('x', 'a', 0.3, pair),
        whole('y', 'a', 0.2, { ...pair, pins: ['a'] }),
        whole('z', 'a', 0.2),
        whole('own', 'a', 0.1, { migratable: false }),
      ]),
    );
    expect(movesOf(plan)).toEqual(['z a→b']);
    expect(toldPassed(plan)[0]).toBe('guest y not to b: ✗ [pins] y pinned host b, not a');
    expect(toldPassed(plan).some((line) => line.startsWith('guest x'))).toBe(false);
  });
});

describe('how uneven loads are', () => {
  test('a spread at the mark is even enough', () => {
    const guests = [whole('x', 'a', 0.25), whole('y', 'a', 0.25)];
    expect(moves({ by: 'gap', above: 0.5 }, two, guests)).toEqual([]);
    expect(moves({ by: 'gap', above: 0.49 }, two, guests)).toEqual(['x a→b']);
  });

  test('a margin that is met just so is met', () => {
    const guests = [whole('x', 'a', 0.25), whole('y', 'a', 0.5), whole('z', 'b', 0.25)];
    // From a gap of 0.5 to none, or with the smaller one likewise.
    expect(moves({ by: 'gap', above: 0.1, margin: 1 }, two, guests)).toEqual(['x a→b']);
    expect(moves({ by: 'gap', above: 0.1, margin: 0.5 }, two, [whole('x', 'a', 0.75), whole('y', 'a', 0.25)])).toEqual([
      'x a→b',
    ]);
    expect(moves({ by: 'gap', above: 0.1, margin: 0.51 }, two, [whole('x', 'a', 0.75), whole('y', 'a', 0.25)])).toEqual(
      [],
    );
  });

  test('resources count by their weight, each as a share of what the host offers', () => {
    const of = (weight: number): NonNullable<EvenSettings['of']> => [
      { resource: cpuCycles, weight },
      { resource: memoryGranted },
    ];
    // x takes much of the processors, y of the memory.
    const guests = [
      whole('x', 'a', 0.4),
      guest('y', 'a', 0, { memory: gibibytes(6) }),
      whole('own', 'a', 0.4, { migratable: false }),
      whole('z', 'b', 0.1),
    ];
    expect(moves({ by: 'gap', above: 0.25, of: of(3) }, two, guests)).toEqual(['x a→b']);
    expect(moves({ by: 'gap', above: 0.25, of: of(0.2) }, two, guests)).toEqual(['y a→b']);
  });

  test('a large host carries more before it is as full as a small one', () => {
    const cpu = { clock: gigahertz(2), cores: 16, threads: 16, architecture: 'x86_64' } as const;
    const large: ObservedHost = host('b', { cpu });
    const guests = [whole('x', 'a', 0.4), whole('y', 'a', 0.2), whole('z', 'b', 0.9)];
    expect(moves({ above: 0.05 }, [host('a'), large], guests)).toEqual(['x a→b']);
  });

  test('hosts that are draining or off neither give nor take, and do not count', () => {
    const guests = [whole('x', 'a', 0.5), whole('y', 'a', 0.4)];
    expect(moves({ above: 0.1 }, [host('a'), host('b', { state: 'draining' })], guests)).toEqual([]);
    expect(moves({ above: 0.1 }, [host('a', { state: 'draining' }), host('b'), host('c')], guests)).toEqual([]);
  });
});

describe('which move is made', () => {
  test('of moves that come to the same, that of least memory, then the first guest and the first host by name', () => {
    const equal = (memory: number, id: string): ObservedGuest => whole(id, 'a', 0.3, { memory: gibibytes(memory) });
    const guests = [equal(2, 'w'), equal(1, 'y'), equal(1, 'x')];
    expect(moves({ above: 0.25 }, three.toReversed(), guests)).toEqual(['x a→b']);
    expect(moves({ above: 0.25, ties: 'first by name' }, three, guests)).toEqual(['w a→b']);
  });

  test('a guest that takes nothing stays, for nothing is evened out by it', () => {
    expect(moves({ above: 0 }, two, [whole('x', 'a', 0), whole('y', 'a', 0.5)])).toEqual([]);
  });

  describe('where a later step would send a guest further', () => {
    const cpu = { clock: gigahertz(2), cores: 16, threads: 16, architecture: 'x86_64' } as const;

    test('it goes there at once', () => {
      const guests = [whole('p', 'b', 0.25), whole('q', 'b', 0.1), whole('r', 'b', 0.1), whole('s', 'b', 0.4)];
      const plan = even({ by: 'gap', above: 0 }).plan(cluster([...two, host('c', { cpu })], guests));
      // The best first step would have been s to a.
      expect(movesOf(plan)).toEqual(['s b→c', 'p b→c', 'q b→a']);
      expect(toldMoves(plan).filter((line) => line.includes('[even.'))).toEqual([
        's b→c: [even.above] the cluster gap of loads 0.85 above 0.00',
        's b→c: [even.margin] the cluster gap of loads after the move 0.45 below 0.85',
        'p b→c: [even.above] the cluster gap of loads 0.45 above 0.00',
        'p b→c: [even.margin] the cluster gap of loads after the move 0.20 below 0.45',
        'q b→a: [even.above] the cluster gap of loads 0.20 above 0.00',
        'q b→a: [even.margin] the cluster gap of loads after the move 0.06 below 0.20',
      ]);
    });

    test('it goes no further than its first step where there is no order in which each move lowers the spread', () => {
      const apart = { apart: ['rivals'] };
      const hosts = [...three, host('d', { cpu })];
      const guests = [
        whole('p', 'a', 0.6, apart),
        whole('q', 'b', 0.25, apart),
        whole('r', 'b', 0.3, apart),
        whole('s', 'b', 0.35),
        whole('t', 'd', 0.05),
      ];
      // Further would be: s from d to a, where p was; but p leaves for where s makes room.
      expect(moves({ by: 'gap', above: 0 }, hosts, guests)).toEqual(['r b→c', 's b→d', 'p a→d', 't d→a']);
    });
  });

  test('to where there is as much already nothing is sent, though their variation would fall with the mean rising', () => {
    const small = host('b', { cpu: { clock: gigahertz(2), cores: 4, threads: 4, architecture: 'x86_64' } });
    const large = host('a', { cpu: { clock: gigahertz(2), cores: 40, threads: 40, architecture: 'x86_64' } });
    const own = { migratable: false };
    const site = (onB: number): Parameters<typeof cluster> => [
      [large, small, host('c')],
      [
        guest('x', 'a', 1, { vcpus: 2 }),
        guest('own-a', 'a', 1, { vcpus: 18, ...own }),
        whole('own-b', 'b', onB, own),
        whole('own-c', 'c', 1, own),
      ],
    ];
    expect(moves({ by: 'variation', above: 0 }, ...site(0.5))).toEqual([]);
    expect(moves({ by: 'variation', above: 0 }, ...site(0.6))).toEqual([]);
    expect(moves({ by: 'variation', above: 0 }, ...site(0.4))).toEqual(['x a→b']);
  });

  test('a pair of which one is on its way already is left alone; that one counts where it goes', () => {
    const pair = { together: ['pair'] };
    const own = whole('own', 'a', 0.4, { migratable: false });
    const guests = [whole('x', 'a', 0.2, pair), whole('y', 'a', 0.3, pair), own];
    expect(moves({ above: 0.01 }, two, guests)).toEqual(['x a→b', 'y a→b']);
    expect(moves({ above: 0.01 }, two, guests, { migrations: [migration('y', 'a', 'b')] })).toEqual([]);
  });

  test('where the first thirty moves are all forbidden, the thirty-first is found', () => {
    const pinned = Array.from({ length: 40 }, (_, i) => guest(`p${i}`, 'a', 0.5 - i / 100, { pins: ['a'] }));
    const state = cluster(two, [...pinned, guest('free', 'a', 0.05)]);
    const plan = even({ above: 0.1 }).plan(state);
    expect(movesOf(plan)).toEqual(['free a→b']);
    const refused = plan.passedOver.filter(({ to }) => to === 'b').map(({ subject }) => 'id' in subject && subject.id);
    // Of each forbidden move it is said once, the one that would have evened out most first.
    expect(refused.slice(0, 40)).toEqual(pinned.map(({ id }) => id));
  });
});
