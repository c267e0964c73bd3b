/** What consolidation says of its moves, of what stays, and of hosts that may be switched, word for word. */
import { describe, expect, test } from 'vitest';
import { hours, type Milliseconds, minutes } from '../../../src/model/index.js';
import { consolidate, type ConsolidateSettings, powerAdvice } from '../../../src/policies/power/index.js';
import { standardConstraints } from '../../../src/policies/index.js';
import { cluster, host, migration, refused, told, whole } from '../build.js';

/** A host that has been below the lower mark, and above the upper one, for so long. */
const since = (
  id: string,
  { low = 0, high = 0 }: { readonly low?: Milliseconds; readonly high?: Milliseconds } = {},
  changes: Parameters<typeof host>[1] = {},
): ReturnType<typeof host> =>
  host(id, {
    signals: { low: { holds: low > 0, held: low, value: 0.3 }, high: { holds: high > 0, held: high, value: 0.9 } },
    ...changes,
  });
const quiet = (id: string): ReturnType<typeof host> => since(id, { low: hours(1) });
const hot = (id: string): ReturnType<typeof host> => since(id, { high: minutes(6) });
const off = (id: string): ReturnType<typeof host> => host(id, { state: 'off' });
const said = (settings: ConsolidateSettings, ...state: Parameters<typeof cluster>): readonly string[] =>
  told(consolidate(settings).plan(cluster(...state)));

describe('gathering (W20)', () => {
  test('a host that is emptied, and those that stay: not low, not for long, empty, silent, draining or off', () => {
    const hosts = [
      quiet('a'),
      since('b'),
      since('c', { low: minutes(39) }),
      quiet('d'),
      quiet('e'),
      since('f', {}, { state: 'draining' }),
      off('g'),
      since('h', { low: minutes(30) }),
    ];
    const guests = [whole('a1', 'a', 0.05), whole('a2', 'a', 0.1), whole('b1', 'b', 0.5), whole('c1', 'c', 0.2)];
    expect(said({ spare: 1 }, hosts, [...guests, whole('e1', 'e')])).toEqual([
      'a1 a→b',
      'consolidate.low: a cpu 15 % below 45 %',
      'consolidate.low: a time below the lower mark 60.0 min at least 40.0 min',
      'consolidate.fill: b cpu afterwards 55 % at most 63 %',
      'architecture: b architecture x86_64',
      'cores: b cores 4 at least 4',
      'image: b storage shared',
      'memory: b memory 15.0 GiB free, 1.0 GiB needed',
      'a2 a→c',
      'consolidate.low: a cpu 15 % below 45 %',
      'consolidate.low: a time below the lower mark 60.0 min at least 40.0 min',
      'consolidate.fill: c cpu afterwards 30 % at most 63 %',
      'architecture: c architecture x86_64',
      'cores: c cores 4 at least 4',
      'image: c storage shared',
      'memory: c memory 15.0 GiB free, 1.0 GiB needed',
      'e stays: load evaluation: e1 cpu not measured',
      'c stays: consolidate.low: c time below the lower mark 39.0 min not at least 40.0 min',
      'c stays: consolidate.settled: c guests on their way to it 1 not at most 0',
      'c stays: consolidate.atOnce: c hosts emptied at once, with it, 2 not at most 1',
      'b stays: consolidate.low: b cpu 55 % not below 45 %',
      'b stays: consolidate.low: b time below the lower mark 0.0 min not at least 40.0 min',
      'b stays: consolidate.settled: b guests on their way to it 1 not at most 0',
      'b stays: consolidate.atOnce: b hosts emptied at once, with it, 2 not at most 1',
      'd stays: consolidate.spare: d empty hosts that are on, up to it, 1 not above 1',
      'h stays: consolidate.low: h time below the lower mark 30.0 min not at least 40.0 min',
      'f stays: consolidate: f state draining, not active',
      'g stays: consolidate: g state off, not active',
    ]);
  });

  test('of a host that cannot give all away: what was refused, and how many would have fitted', () => {
    const hosts = [quiet('a'), quiet('b')];
    const guests = [whole('a1', 'a', 0.2), whole('a2', 'a', 0.21), whole('b1', 'b', 0.43)];
    expect(said({}, hosts, guests)).toEqual([
      'a2 stays off a: elsewhere: a2 destination a, not b',
      'a2 stays off b: consolidate.fill: b cpu afterwards 84 % not at most 63 %',
      'a stays: consolidate.all: a guests, or groups of them, that fit elsewhere, 1 not at least 2',
      'b1 stays off b: elsewhere: b1 destination b, not a',
      'b1 stays off a: consolidate.fill: a cpu afterwards 84 % not at most 63 %',
      'b stays: consolidate.all: b guests, or groups of them, that fit elsewhere, 0 not at least 1',
    ]);
  });

  test('the guest of most memory finds its place first, where it fills the memory best', () => {
    const gibibyte = 2 ** 30;
    const guests = [
      whole('a1', 'a', 0.1, { memory: 2 * gibibyte }),
      whole('a2', 'a', 0.05, { memory: 3 * gibibyte }),
      whole('b1', 'b', 0.5),
      whole('c1', 'c', 0.2, { memory: 12 * gibibyte }),
    ];
    // Of c 4 GiB are free, which would take the smaller one as well, but not both.
    expect(said({}, [quiet('a'), since('b'), since('c')], guests).filter((line) => line.includes('→'))).toEqual([
      'a2 a→c',
      'a1 a→b',
    ]);
  });

  test('a host to which a guest is on its way is not emptied, nor told to be empty', () => {
    const hosts = [quiet('a'), quiet('b'), since('c')];
    const guests = [whole('x', 'c', 0.1), whole('b1', 'b', 0.2), whole('c1', 'c', 0.5)];
    expect(said({}, hosts, guests, { migrations: [migration('x', 'c', 'a')] })).toEqual([
      'b1 b→a',
      'consolidate.low: b cpu 20 % below 45 %',
      'consolidate.low: b time below the lower mark 60.0 min at least 40.0 min',
      'consolidate.fill: a cpu afterwards 30 % at most 63 %',
      'architecture: a architecture x86_64',
      'cores: a cores 4 at least 4',
      'image: a storage shared',
      'memory: a memory 15.0 GiB free, 1.0 GiB needed',
      'a stays: consolidate.settled: a guests on their way to it 1 not at most 0',
      'c stays: consolidate.low: c cpu 50 % not below 45 %',
      'c stays: consolidate.low: c time below the lower mark 0.0 min not at least 40.0 min',
      'c stays: consolidate.atOnce: c hosts emptied at once, with it, 2 not at most 1',
    ]);
  });

  test('with two at once, the second does not go to the first, nor is one emptied that a guest goes to', () => {
    const hosts = [quiet('a'), quiet('b'), quiet('c')];
    const guests = [whole('a1', 'a', 0.1), whole('b1', 'b', 0.15), whole('c1', 'c', 0.2)];
    expect(said({ atOnce: 2 }, hosts, guests)).toEqual([
      'a1 a→b',
      'consolidate.low: a cpu 10 % below 45 %',
      'consolidate.low: a time below the lower mark 60.0 min at least 40.0 min',
      'consolidate.fill: b cpu afterwards 25 % at most 63 %',
      'architecture: b architecture x86_64',
      'cores: b cores 4 at least 4',
      'image: b storage shared',
      'memory: b memory 15.0 GiB free, 1.0 GiB needed',
      'c1 c→b',
      'consolidate.low: c cpu 20 % below 45 %',
      'consolidate.low: c time below the lower mark 60.0 min at least 40.0 min',
      'consolidate.fill: b cpu afterwards 45 % at most 63 %',
      'architecture: b architecture x86_64',
      'cores: b cores 4 at least 4',
      'image: b storage shared',
      'memory: b memory 14.0 GiB free, 1.0 GiB needed',
      'b stays: consolidate.settled: b guests on their way to it 1 not at most 0',
    ]);
    expect(said({ atOnce: 0 }, hosts, guests)).toEqual([
      'a stays: consolidate.atOnce: a hosts emptied at once, with it, 1 not at most 0',
      'b stays: consolidate.atOnce: b hosts emptied at once, with it, 1 not at most 0',
      'c stays: consolidate.atOnce: c hosts emptied at once, with it, 1 not at most 0',
    ]);
  });

  test('a guest without load leaves a quiet host too, and one that fills a host just to the mark may go', () => {
    expect(said({}, [quiet('a'), since('b')], [whole('x', 'a', 0), whole('y', 'b', 0.63)])).toEqual([
      'x a→b',
      'consolidate.low: a cpu 0 % below 45 %',
      'consolidate.low: a time below the lower mark 60.0 min at least 40.0 min',
      'consolidate.fill: b cpu afterwards 63 % at most 63 %',
      'architecture: b architecture x86_64',
      'cores: b cores 4 at least 4',
      'image: b storage shared',
      'memory: b memory 15.0 GiB free, 1.0 GiB needed',
      'b stays: consolidate.low: b cpu 63 % not below 45 %',
      'b stays: consolidate.low: b time below the lower mark 0.0 min not at least 40.0 min',
      'b stays: consolidate.settled: b guests on their way to it 1 not at most 0',
      'b stays: consolidate.atOnce: b hosts emptied at once, with it, 2 not at most 1',
    ]);
  });
});

describe('spreading (W20)', () => {
  const hosts = [hot('a'), since('b'), since('c'), off('d')];

  test('the largest guest that anybody can take goes, up to the usual mark if it can be, else to the upper one', () => {
    const guests = [
      ...[0.5, 0.2, 0.15, 0.05].map((share, i) => whole(`a${i + 1}`, 'a', share)),
      whole('b1', 'b', 0.45),
      whole('c1', 'c', 0.55),
    ];
    expect(said({}, hosts, guests)).toEqual([
      'a2 a→b',
      'consolidate.high: a cpu 90 % above 81 %',
      'consolidate.high: a time above the upper mark 6.0 min at least 5.0 min',
      'consolidate.fill: b cpu afterwards 65 % at most 81 %',
      'architecture: b architecture x86_64',
      'cores: b cores 4 at least 4',
      'image: b storage shared',
      'memory: b memory 15.0 GiB free, 1.0 GiB needed',
      'a1 stays off a: elsewhere: a1 destination a, not one of b, c, d',
      'a1 stays off b: consolidate.fill: b cpu afterwards 95 % not at most 81 %',
      'a1 stays off c: consolidate.fill: c cpu afterwards 105 % not at most 81 %',
      'a2 stays off a: elsewhere: a2 destination a, not one of b, c, d',
      'd stays: consolidate: d state off, not active',
    ]);
  });

  test('a host that finds nobody wants one switched on; guests that take nothing are not asked', () => {
    const guests = [whole('a1', 'a', 0.5), whole('a2', 'a', 0.4), whole('a3', 'a', 0), whole('b1', 'b', 0.6)];
    expect(said({}, [hot('a'), since('b'), off('d')], guests)).toEqual([
      'a1 stays off a: elsewhere: a1 destination a, not one of b, d',
      'a1 stays off b: consolidate.fill: b cpu afterwards 110 % not at most 81 %',
      'a2 stays off a: elsewhere: a2 destination a, not one of b, d',
      'a2 stays off b: consolidate.fill: b cpu afterwards 100 % not at most 81 %',
      'a stays: consolidate.relieve: a guests that another host could take 0 not at least 1',
      'd stays: consolidate.on: d state off, not active',
    ]);
  });

  test('while one is hot for too short a time, none is emptied, and a spare one is wanted', () => {
    const guests = [whole('a1', 'a', 0.9), whole('b1', 'b', 0.1)];
    const state = [since('a', { high: minutes(4) }), quiet('b'), off('d')];
    expect(said({ spare: 1 }, state, guests)).toEqual([
      'a stays: consolidate.high: a time above the upper mark 4.0 min not at least 5.0 min',
      'd stays: consolidate.on: d state off, not active',
    ]);
    expect(said({}, state, guests)).toEqual([
      'a stays: consolidate.high: a time above the upper mark 4.0 min not at least 5.0 min',
      'd stays: consolidate: d state off, not active',
    ]);
    expect(said({}, [host('a'), quiet('b')], guests)).toEqual([
      'a stays: consolidate.high: a time above the upper mark not measured',
    ]);
  });

  test('the largest guest is asked first, of equal ones the first by name', () => {
    const guests = [0.1, 0.3, 0.25, 0.3].map((share, i) => whole(`a${i + 1}`, 'a', share));
    expect(said({}, [hot('a'), since('b')], guests)[0]).toBe('a2 a→b');
  });

  test('the most loaded host is relieved first', () => {
    const both = [hot('a'), hot('b'), since('c')];
    const guests = [
      whole('a1', 'a', 0.5),
      whole('a2', 'a', 0.35),
      whole('b1', 'b', 0.55),
      whole('b2', 'b', 0.35),
      whole('c1', 'c', 0.2),
    ];
    expect(said({}, both, guests).filter((line) => line.includes('→') || line.includes('relieve'))).toEqual([
      'b1 b→c',
      'a2 a→b',
    ]);
  });
});

describe('advice and settings', () => {
  test('hosts to switch are told in the order of their names, and other subjects never', () => {
    const because = [{ kind: 'unknown', rule: 'consolidate.off', measure: 'x', why: 'stale' }] as const;
    const entry = (kind: 'host' | 'guest', id: string) => ({
      subject: { kind, id },
      because: because.map((reason) => ({ ...reason, subject: { kind, id } })),
    });
    const passedOver = [entry('host', 'b'), entry('guest', 'g'), entry('host', 'a')];
    expect(powerAdvice({ moves: [], passedOver })).toEqual({ off: ['a', 'b'], on: [] });
  });

  test('it watches the marks over their windows, and what guests use', () => {
    const { host: ofHost, guest: ofGuest } = consolidate({ low: 0.4, down: 1000, up: 2000 }).watch;
    expect(Object.entries({ ...ofHost, ...ofGuest }).map(([key, { name }]) => `${key}: ${name}`)).toEqual([
      'low: sustained(cpu below 0.4, for 1000 ms, tolerance 3)',
      'high: sustained(cpu above 0.81, for 2000 ms, tolerance 3)',
      'cpu: level(cpu)',
    ]);
    expect(consolidate().name).toBe('consolidate');
  });

  test.each([
    [{ low: 0.7 }, 'consolidate.fill: 0.63 is below low 0.7'],
    [{ high: 0.6 }, 'consolidate.high: 0.6 is below fill 0.63'],
    [{ low: 0.5, fill: 0.5, high: 0.5 }, 'taken'],
    [{ atOnce: 1.5 }, 'consolidate.atOnce: Invalid input: expected int, received number'],
    [{ constraints: ['memory'] }, 'consolidate.constraints[0]: must be a constraint'],
    [{ constraints: [null] }, 'consolidate.constraints[0]: must be a constraint'],
    [{ constraints: standardConstraints }, 'taken'],
  ])('%j: %s', (settings, message) => {
    // What JavaScript may pass.
    expect(refused(() => consolidate(settings as ConsolidateSettings))).toBe(message);
  });
});
