/** What muda says of a move and of each guest and host that it leaves alone, word for word. */
import { describe, expect, test } from 'vitest';
import type { Cluster } from '../../../src/model/index.js';
import { homeward, muda, type MudaSettings, type Policy } from '../../../src/policies/index.js';
import { migration, told } from '../build.js';
import { after, copying, encoding, host, process, type Second, type World } from './play.js';

const asBuilt = (settings: MudaSettings = {}): Policy => muda({ profile: 'asBuilt', ...settings });
const choice = {
  hosts: [host('a', 2, { score: 40 }), host('fast', 3.33, { score: 30 }), host('near', 1.5, { score: 60 })],
};
const pair = { hosts: [host('a', 2), host('b', 3)] };
/** CPU 60 %, I/O wait 35 %. */
const balanced = encoding(40, () => ({ user: 0.6, iowait: 0.35, processes: [process(0.75)] }));

const said = (policy: Policy, world: World, seconds: readonly Second[], change: Change = (state) => state) =>
  told(policy.plan(change(after(policy, world, seconds))));
type Change = (state: Cluster) => Cluster;

/** The snapshot with other signals of the guest. */
const signals =
  (changes: Readonly<Record<string, unknown>>): Change =>
  (state) => ({ ...state, guests: state.guests.map((one) => ({ ...one, signals: { ...one.signals, ...changes } })) });

const constraintsOf = (to: string): readonly string[] => [
  `architecture: ${to} architecture x86_64`,
  `cores: ${to} cores 2 at least 1`,
  `image: ${to} storage shared`,
  `memory: ${to} memory 16.0 GiB free, 1.0 GiB needed`,
  'muda.marked: a moves in flight 0 at most 0',
  `muda.marked: ${to} moves in flight 0 at most 0`,
];
const acceptable = 'muda.acceptable: web predicted time of the move 0.3 min at most 2.0 min';

describe('the evidence for a move, in the order in which it was asked (M19)', () => {
  test('of a CPU-bound guest, by the strategy', () => {
    expect(said(muda(), choice, encoding(40))).toEqual([
      'web a→fast',
      'muda.load: web trend of load rising',
      'muda.load: web load 1.30 above 1.00',
      'muda.use: web time with cpu of encoder over its bound 40.0 s at least 20.0 s',
      'muda.length: web time in use against the time of a move 40.0 s above 23.9 s',
      'muda.needs: web class cpu among cpu, paging, network',
      'muda.duringIo: web iowait 1 % below 10 %',
      'muda.score: fast cpu score, against that of a and a tie, 3.33 GHz above 2.02 GHz',
      ...constraintsOf('fast'),
      acceptable,
      'web stays off near: muda.score: near cpu score, ties broken, against that of fast 1.50 GHz not above 3.33 GHz',
    ]);
  });

  test('of an I/O-bound guest, as built', () => {
    expect(said(asBuilt(), choice, copying(40))).toEqual([
      'web a→near',
      'muda.load: web trend of load rising',
      'muda.load: web load 1.30 above 1.00',
      'muda.use: web time with iowait over its bound 40.0 s at least 20.0 s',
      'muda.length: web time in use against the time of a move 40.0 s above 23.4 s',
      'muda.needs: web class io among cpu, io, balanced, paging, network',
      'muda.score: near disk score, against that of a and a tie, 60.0 MiB/s above 40.4 MiB/s',
      ...constraintsOf('near'),
      acceptable,
      'web stays off fast: muda.score: fast disk score, ties broken, against that of near 30.0 MiB/s not above 60.0 MiB/s',
    ]);
  });

  test('M21: of a balanced guest, with the change in capability', () => {
    expect(said(asBuilt(), choice, balanced)).toEqual([
      'web a→fast',
      'muda.load: web trend of load rising',
      'muda.load: web load 1.30 above 1.00',
      'muda.use: web time with cpu of encoder over its bound 40.0 s at least 20.0 s',
      'muda.use: web time with iowait over its bound 40.0 s at least 20.0 s',
      'muda.length: web time in use against the time of a move 40.0 s above 23.9 s',
      'muda.needs: web class balanced among cpu, io, balanced, paging, network',
      'muda.score: fast capability, against that of a and a tie, 1.33 above 1.01',
      ...constraintsOf('fast'),
      'muda.capability: fast change in capability against |cpu - iowait| 32.8 % above 25.0 %',
      acceptable,
      'web stays off near: muda.capability: near change in capability against |cpu - iowait| 2.6 % not above 25.0 %',
    ]);
  });

  test('M24: of a guest that needs bandwidth', () => {
    const wide = { networks: [{ role: 'migration', link: 'net', bandwidth: 125e6 }] } as const;
    const serving = encoding(40, () => ({ user: 0.3, iowait: 0, network: 50e6, processes: [process(0.75)] }));
    expect(said(asBuilt(), { hosts: [host('a', 3), host('b', 2, wide)] }, serving)).toContain(
      'muda.score: b bandwidth, against that of a and a tie, 119.2 MiB/s above 84.3 MiB/s',
    );
  });

  test('M46: of a use that is likely to go on for as long as the move takes', () => {
    expect(said(asBuilt({ length: { reading: 'future' } }), choice, encoding(40))).toContain(
      'muda.length: web chance to be in use for another 23890 ms 62.6 % at least 50.0 %',
    );
  });

  test('M42c: of a program that waits to begin near its image', () => {
    const waits = encoding(3, () => ({
      load: 0,
      user: 0.01,
      processes: [process(0, { name: 'cp', state: 'stopped' })],
    }));
    expect(said(muda({ programs: [{ name: 'cp', needs: 'io' }] }), choice, waits)).toEqual([
      'web a→near',
      'muda.beforeIo: web program that waits to begin cp',
      'muda.score: near disk score, against that of a and a tie, 60.0 MiB/s above 40.4 MiB/s',
      ...constraintsOf('near'),
      acceptable,
      'web stays off fast: muda.score: fast disk score, ties broken, against that of near 30.0 MiB/s not above 60.0 MiB/s',
    ]);
  });

  test('M13: of spells that are joined, of any process, or both', () => {
    const useOf = (use: NonNullable<MudaSettings['use']>): readonly string[] =>
      said(asBuilt({ use }), choice, encoding(40)).filter((line) => line.startsWith('muda.use'));
    const rest = 'over its bound 40.0 s at least 20.0 s';
    expect(useOf({ by: 'any' })).toEqual([`muda.use: web time with cpu of any process ${rest}`]);
    expect(useOf({ spells: 'joined' })).toEqual([`muda.use: web time with cpu of encoder or iowait ${rest}`]);
    expect(useOf({ by: 'any', spells: 'joined' })).toEqual([
      `muda.use: web time with cpu of any process or iowait ${rest}`,
    ]);
  });
});

describe('why a guest stays', () => {
  test('M19: each of the three rules that does not hold, and no more', () => {
    expect(said(muda(), choice, encoding(10))).toEqual([
      'web stays: muda.load: web load 0.70 not above 1.00',
      'web stays: muda.use: web time with cpu of encoder over its bound 10.0 s not at least 20.0 s',
      'web stays: muda.use: web time with iowait over its bound 0.0 s not at least 20.0 s',
      'web stays: muda.length: web time in use against the time of a move 10.0 s not above 23.9 s',
    ]);
  });

  test('M13: where no process and no waiting is over its bound, both are told with no time at all', () => {
    const quiet = encoding(40, () => ({ processes: [process(0.1)] }));
    expect(said(asBuilt(), choice, quiet).slice(0, 2)).toEqual([
      'web stays: muda.use: web time with cpu of a single process over its bound 0.0 s not at least 20.0 s',
      'web stays: muda.use: web time with iowait over its bound 0.0 s not at least 20.0 s',
    ]);
  });

  const nothing: Second = { load: undefined, processes: undefined, user: undefined, iowait: undefined };
  test('what was not measured, by name', () => {
    expect(
      said(
        muda(),
        choice,
        encoding(40, () => nothing),
      ),
    ).toEqual([
      'web stays: muda.load: web trend of load not measured',
      'web stays: muda.load: web load not measured',
      'web stays: muda.use: web cpu of a process, iowait not measured',
      'web stays: muda.length: web memory of the active processes not measured',
      'web stays: muda.needs: web class unknown, not one of cpu, paging, network',
      'web stays: muda.duringIo: web iowait not measured',
    ]);
  });

  test.each<readonly [string, Change, World, readonly string[]]>([
    ['its usage', signals({ usage: undefined }), pair, ['web stays: muda.needs: web usage not measured']],
    [
      'the network of its host',
      (state) => state,
      { hosts: [host('a', 2, { networks: [] }), host('b', 3)] },
      ['web stays: muda.length: web migration bandwidth of a not measured'],
    ],
    [
      'the network of its destination',
      (state) => state,
      { hosts: [host('a', 2), host('b', 3, { networks: [] })] },
      ['web stays off b: muda.acceptable: web migration bandwidth not measured'],
    ],
    [
      'its memory',
      signals({ occupied: undefined }),
      pair,
      ['web stays off b: muda.acceptable: web memory used not measured'],
    ],
    [
      'its own load, so that the rest of its host is not known',
      signals({ cpu: undefined }),
      pair,
      ['web stays: muda.score: a cpu score not measured'],
    ],
  ])('%s was not measured', (_, change, world, expected) => {
    expect(said(muda(), world, encoding(40), change)).toEqual(expected);
  });

  test('M21: a disk whose speed was not measured says nothing of the change in capability', () => {
    const hosts = [host('a', 2), host('b', 3, { storage: [{ id: 'shared', access: 'nfs' }] })];
    expect(said(asBuilt(), { hosts }, balanced)).toEqual([
      'web stays off b: muda.score: b capability not measured',
      'web stays off b: muda.capability: b change in capability not measured',
      'web stays: muda.score: web hosts that could take it 0 not at least 1',
    ]);
  });

  test('M26: the score of a host whose load is not known is told, and no host is left', () => {
    expect(said(muda(), { ...pair, hostCpu: { b: undefined } }, encoding(40))).toEqual([
      'web stays off b: muda.score: b cpu score not measured',
      'web stays: muda.score: web hosts that could take it 0 not at least 1',
    ]);
  });

  test.each<readonly [string, Change, string]>([
    [
      'is on its way',
      (state) => ({ ...state, migrations: [migration('web', 'a', 'b')] }),
      'settled: web state moving to b, not at rest',
    ],
    [
      'stands on no host that is known',
      (state) => ({ ...state, guests: state.guests.map((one) => ({ ...one, host: 'gone' })) }),
      'muda: web host not in the inventory',
    ],
    [
      'was not heard of for long',
      (state) => ({
        ...state,
        guests: state.guests.map((one) => ({ ...one, knowledge: { kind: 'stale', at: 0, age: 40_000 } })),
      }),
      'muda: web samples stale',
    ],
  ])('one that %s is told so, and asked nothing', (_, change, expected) => {
    expect(said(muda(), pair, encoding(40), change)).toEqual([`web stays: ${expected}`]);
  });
});

describe('the evidence for the way home (M39)', () => {
  const away = { hosts: [host('a', 3.33), host('laptop', 2)], guest: { home: 'laptop' } };
  const idle = encoding(60, () => ({ load: 0.1, user: 0.01, iowait: 0, processes: [] }));

  test('the time of idleness, and what every move must keep', () => {
    expect(said(homeward(), away, idle)).toEqual([
      'web a→laptop',
      'homeward: web idle time 60.0 s at least 60.0 s',
      ...constraintsOf('laptop'),
    ]);
  });

  test('where it is not long enough, that alone', () => {
    expect(said(homeward(), away, idle.slice(0, 11))).toEqual([
      'web stays off laptop: homeward: web idle time 10.0 s not at least 60.0 s',
    ]);
  });

  test('where it has just ended, that none is left of it', () => {
    const busy = encoding(60, (i) => ({ load: i < 60 ? 0.1 : 3, user: 0.01, iowait: 0, processes: [] }));
    expect(said(homeward(), away, busy)).toEqual([
      'web stays off laptop: homeward: web idle time 0.0 s not at least 60.0 s',
    ]);
  });

  test('where nothing was read yet, or its host or its home is not known, that', () => {
    const lost: Change = (state) => ({ ...state, guests: state.guests.map((one) => ({ ...one, host: 'gone' })) });
    expect(said(homeward(), away, idle, lost)).toEqual([
      'web stays off laptop: homeward: web host or home not in the inventory',
    ]);
    expect(said(homeward(), away, [])).toEqual(['web stays off laptop: homeward: web idle time not measured']);
    expect(said(homeward(), { ...away, hosts: [host('a', 3.33)] }, idle)).toEqual([
      'web stays off laptop: homeward: web host or home not in the inventory',
    ]);
  });

  test('M34: it waits while another move marks its host or its home', () => {
    expect(said(homeward(), { ...away, migrations: [migration('other', 'laptop', 'c')] }, idle)).toEqual([
      'web stays off laptop: muda.marked: laptop moves in flight 1 not at most 0',
    ]);
  });

  test('its signal is named by the bounds that it was given', () => {
    expect(homeward({ process: 0.5, iowait: 0.2 }).watch.guest?.['idle']?.name).toBe(
      'idle(process below 0.5, iowait below 0.2)',
    );
  });
});
