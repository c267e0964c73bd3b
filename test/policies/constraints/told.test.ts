/** What constraints say, in full: by which rule, of whom, what was compared. */
import { describe, expect, test } from 'vitest';
import { gibibytes, minutes, type ObservedGuest, type ObservedHost } from '../../../src/model/index.js';
import {
  type Constraint,
  devicesPresent,
  enoughStorage,
  imageReachable,
  isKnown,
  keptApart,
  rested,
  sameCpuModel,
  takesGuests,
} from '../../../src/policies/index.js';
import { cluster, guest, host, migration, now, outcome } from '../build.js';
import { tellReason } from '../told.js';

interface Scene {
  readonly guest?: ObservedGuest;
  readonly from?: ObservedHost;
  readonly to?: ObservedHost;
  readonly others?: readonly ObservedGuest[];
  readonly rest?: Parameters<typeof cluster>[2];
}

/** What a constraint says of moving `web` from a to b. */
const said = (
  constraint: Constraint,
  { guest: moved = guest('web', 'a', 0.5), from = host('a'), to = host('b'), others = [], rest = {} }: Scene,
): readonly string[] =>
  constraint
    .judge({ guest: moved, from, to }, cluster(from === to ? [from] : [from, to], [moved, ...others], rest))
    .map(tellReason);

describe('storage', () => {
  type Access = ObservedHost['storage'][number];
  const stores = (id: string, ...storage: readonly Access[]): ObservedHost => host(id, { storage });
  const disk = { id: 'disk', access: 'local' } as const;
  const spare = { id: 'spare', access: 'local' } as const;
  const shared = { id: 'shared', access: 'nfs' } as const;
  const onDisk = guest('web', 'a', 0.5, { image: { storage: 'disk', size: gibibytes(100) } });

  test.each<[string, Scene, readonly string[]]>([
    [
      'local to the source: the destination’s of the same name is another',
      { guest: onDisk, from: stores('a', spare, disk), to: stores('b', disk, shared) },
      ['✗ [image] b storage disk, not shared'],
    ],
    [
      'another local one beside it changes nothing',
      { guest: onDisk, from: stores('a', shared, spare), to: stores('b', disk) },
      ['[image] b storage disk'],
    ],
    [
      'shared by both, with local ones beside it',
      { from: stores('a', disk, shared), to: stores('b', shared, disk) },
      ['[image] b storage shared among shared, disk'],
    ],
    [
      'exported by the source under its name',
      { guest: onDisk, from: stores('a', { ...disk, access: 'nfs' }), to: stores('b', disk) },
      ['[image] b storage disk'],
    ],
    ['no image', { guest: { ...onDisk, image: undefined } as unknown as ObservedGuest }, []],
  ])('reach of an image: %s', (_, scene, lines) => {
    expect(said(imageReachable, scene)).toEqual(lines);
  });

  const room = { ...disk, free: gibibytes(100) };
  test.each<[string, Scene, readonly string[]]>([
    [
      'just enough',
      { guest: onDisk, from: stores('a', disk), to: stores('b', shared, room) },
      ['[storage] b storage on disk 100.0 GiB free, 100.0 GiB needed'],
    ],
    [
      'nobody knows how much there is',
      { guest: onDisk, from: stores('a', disk), to: stores('b', disk) },
      ['✗ [storage] b free storage on disk not measured'],
    ],
    [
      'nobody knows how much is needed',
      { guest: guest('web', 'a', 0.5, { image: { storage: 'disk' } }), from: stores('a', disk), to: stores('b', room) },
      ['✗ [storage] b image size not measured'],
    ],
    ['another local storage', { guest: onDisk, from: stores('a', disk), to: stores('b', { ...spare, free: 1 }) }, []],
    [
      'a storage that is not local to the source',
      { guest: onDisk, from: stores('a', { ...disk, access: 'nfs' }, spare), to: stores('b', { ...disk, free: 1 }) },
      [],
    ],
    [
      'a storage that is not local to the destination',
      { guest: onDisk, from: stores('a', disk), to: stores('b', { ...disk, access: 'nfs', free: 1 }) },
      [],
    ],
    [
      'no image',
      {
        guest: { ...onDisk, image: undefined } as unknown as ObservedGuest,
        from: stores('a', disk),
        to: stores('b', { ...disk, free: 1 }),
      },
      [],
    ],
  ])('room for an image: %s', (_, scene, lines) => {
    expect(said(enoughStorage, scene)).toEqual(lines);
  });

  test('room for an image that stays where it is is not asked for', () => {
    const here = stores('a', { ...disk, free: 1 });
    expect(said(enoughStorage, { guest: onDisk, from: here, to: here })).toEqual([]);
  });
});

describe('rest', () => {
  const left = (time: number): ReturnType<typeof outcome> => outcome('web', 'c', 'a', now - time);
  const rest = rested({ guest: minutes(10), host: minutes(5) });

  test('of a guest and of both hosts, each since the last of its moves', () => {
    const past = [left(minutes(20)), left(minutes(6)), outcome('db', 'b', 'c', now - minutes(4))];
    expect(said(rest, { rest: { past } })).toEqual([
      '✗ [rested] web time since its last move 6.0 min not at least 10.0 min',
      '[rested] a time since its last move 6.0 min at least 5.0 min',
      '✗ [rested] b time since its last move 4.0 min not at least 5.0 min',
    ]);
  });

  test('moves in flight speak against it, beside what was before; where nothing moved nothing is said', () => {
    const migrations = [migration('web', 'a', 'c')];
    expect(said(rest, { rest: { migrations } })).toEqual([
      '✗ [rested] web moves in flight 1 not at most 0',
      '✗ [rested] a moves in flight 1 not at most 0',
    ]);
    expect(said(rested({ guest: minutes(10) }), { rest: { migrations, past: [left(minutes(10))] } })).toEqual([
      '✗ [rested] web moves in flight 1 not at most 0',
      '[rested] web time since its last move 10.0 min at least 10.0 min',
    ]);
    expect(said(rest, {})).toEqual([]);
  });
});

describe('other rules', () => {
  test('rivals at the destination are named, sorted; a guest without rivals says nothing', () => {
    const rival = (id: string): ObservedGuest => guest(id, 'b', 0.1, { apart: ['db'] });
    const web = guest('web', 'a', 0.5, { apart: ['db'] });
    expect(said(keptApart, { guest: web, others: [rival('y'), rival('x')] })).toEqual([
      '✗ [apart] b guests of the apart-group db (x, y) 2 not at most 0',
    ]);
    expect(said(keptApart, { guest: web, others: [guest('z', 'b')] })).toEqual([
      '[apart] b guests of the apart-group db 0 at most 0',
    ]);
    expect(said(keptApart, { others: [rival('x')] })).toEqual([]);
  });

  test('devices, states and readings', () => {
    expect(said(devicesPresent, { guest: guest('web', 'a', 0.5, { devices: ['gpu'] }) })).toEqual([
      '✗ [devices] b device gpu, of which there is none',
    ]);
    expect(said(takesGuests, { to: host('b', { state: 'draining' }) })).toEqual([
      '✗ [state] b state draining, not active',
    ]);
    const unseen = { knowledge: { kind: 'unseen' } } as const;
    expect(
      said(isKnown, { guest: guest('web', 'a', 0.5, unseen), from: host('a', unseen), to: host('b', unseen) }),
    ).toEqual(['✗ [known] web samples never seen', '✗ [known] a samples never seen', '✗ [known] b samples never seen']);
  });

  test('flags of the processor are looked for one by one; where nobody knows them, each is named', () => {
    const web = guest('web', 'a', 0.5, { cpuModel: 'Skylake' });
    const cpu = (flags?: readonly string[]): Partial<ObservedHost> => ({
      cpu: { clock: 2e9, cores: 4, threads: 4, architecture: 'x86_64', model: 'Skylake', ...(flags && { flags }) },
    });
    const from = host('a', cpu(['avx', 'sse']));
    const against = (to: ObservedHost): readonly string[] =>
      said(sameCpuModel, { guest: web, from, to }).filter((line) => line.startsWith('✗'));
    expect(against(host('b', cpu(['sse'])))).toEqual([expect.stringMatching(/CPU flag avx, not sse$/)]);
    expect(against(host('b', cpu()))).toEqual([
      expect.stringMatching(/ b CPU flag avx not measured$/),
      expect.stringMatching(/ b CPU flag sse not measured$/),
    ]);
  });
});
