/** What a rule may ask of a host and something else: what is free for a guest, which host it is, what it holds, what moves. */
import { describe, expect, test } from 'vitest';
import { migration } from '../build.js';
import { type Ask, checkedOn, guestNamed, notKnown, type Row, type Site } from './answer.js';
import { site, stale, zero } from './furnished.js';
import { movesIf, used } from './site.js';

describe('idle time for a guest (M29)', () => {
  const idle =
    (name: string): ((...given: Parameters<Ask>) => ReturnType<Parameters<Ask>[0]['idleFor']>) =>
    (h, words) =>
      h.idleFor(guestNamed(words, name));
  test.each<Row>([
    zero('cpu free for the guest', '50 %', idle('far')),
    // What it had itself, (0.5 - 0.1) × 2 of 8 threads, is free for it too.
    zero('cpu free for the guest', '60 %', idle('web')),
    // A guest without stolen time had what it used.
    zero('cpu free for the guest', '53.1 %', idle('db'), '0.0 %'),
    notKnown('of nobody', (...given) => idle('nobody')(...given).above(0), 'a cpu free for the guest not measured'),
    notKnown(
      'of a guest on it that has no reading',
      (_, words) =>
        words.hosts
          .select((h) => h.name.is('b'))
          .first()
          .it.idleFor(guestNamed(words, 'mute'))
          .above(0),
      'b cpu free for the guest not measured',
    ),
  ])('%s', checkedOn(site));

  test.each<[string, Site, string]>([
    [
      'a host that is silent',
      { hosts: { a: { readings: used(0.5), knowledge: stale } }, guests: { g: { on: 'b', readings: used(0.5) } } },
      'a cpu free for the guest not measured',
    ],
    [
      'a host without a reading',
      { hosts: { a: {} }, guests: { g: { on: 'b', readings: used(0.5) } } },
      'a cpu free for the guest not measured',
    ],
    [
      'a guest on it that is silent',
      { hosts: { a: { readings: used(0.5) } }, guests: { g: { on: 'a', readings: used(0.5), knowledge: stale } } },
      'a cpu free for the guest not measured',
    ],
  ])('is not known of %s', (_, on, said) => {
    checkedOn(on)(...notKnown('', (...given) => idle('g')(...given).above(0), said));
  });

  test.each<[string, Site, string]>([
    [
      'more than all, of a host that is overstretched',
      { hosts: { a: { readings: used(1.2) } }, guests: { g: { on: 'b' } } },
      '0 %',
    ],
    [
      'no less than its own, though more was stolen than used',
      {
        hosts: { a: { readings: used(0.5) } },
        guests: { g: { on: 'a', readings: [{ cpu: { used: 0.1, steal: 0.3 } }] } },
      },
      '50 %',
    ],
    [
      'all, where the guest used more than the host',
      { hosts: { a: { readings: used(0.1) } }, guests: { g: { on: 'a', vcpus: 4, readings: used(0.9) } } },
      '100 %',
    ],
  ])('is %s', (_, on, said) => {
    checkedOn(on)(
      '',
      (...given) => idle('g')(...given).atLeast(0),
      true,
      [`a cpu free for the guest ${said} at least 0 %`],
      [`a cpu free for the guest ${said} not below 0 %`],
    );
  });
});

describe('moves', () => {
  test('in flight are counted at both ends', () => {
    const rest = { migrations: [migration('x', 'a', 'c'), migration('y', 'c', 'a'), migration('z', 'b', 'c')] };
    checkedOn({ hosts: { a: {}, c: {} }, guests: { x: { on: 'a' }, y: { on: 'c' }, z: { on: 'b' } }, rest })(
      ...zero('moves in flight', '2', (h) => h.moves),
    );
    checkedOn({
      hosts: { a: {}, c: {} },
      guests: { x: { on: 'a' } },
      rest: { migrations: [migration('x', 'a', 'c')] },
    })('', (h) => h.movesPlanned.equals(0), true, ['a moves planned 0 equal to 0'], ['a moves planned 0 not above 0']);
  });
});

describe('which it is, and what it holds', () => {
  const b = (_: unknown, { hosts }: Parameters<Ask>[1]): Parameters<Ask>[0] =>
    hosts.select((h) => h.name.is('b')).first().it;
  test.each<Row>([
    [
      'the same',
      (h, { hosts }) => h.is(hosts.select((one) => one.name.is('a')).first().it),
      true,
      ['a name a'],
      ['a names that it has in common with a 1 not at most 0'],
    ],
    [
      'another',
      (h, words) => h.is(b(h, words)),
      false,
      ['a name a, not b'],
      ['a names that it has in common with b 0 at most 0'],
    ],
    notKnown(
      'nobody',
      (h, { hosts }) => h.is(hosts.select((one) => one.name.is('nobody')).first().it),
      'a name not in the inventory',
    ),
    notKnown(
      'of nobody',
      (h, { hosts }) =>
        hosts
          .select((one) => one.name.is('nobody'))
          .first()
          .it.is(h),
      'the cluster name not in the inventory',
    ),
    [
      'the image of a guest, in a disk of its own',
      (h, words) => h.holdsImageOf(guestNamed(words, 'web')),
      true,
      ['a image own'],
      ['a image elsewhere: own, of which there is none'],
    ],
    [
      'an image that is shared is in no disk of its own',
      (h, words) => h.holdsImageOf(guestNamed(words, 'db')),
      false,
      ['a image shared, not own'],
      ['a image elsewhere: shared'],
    ],
    [
      'no image is in no disk',
      (h, words) => h.holdsImageOf(guestNamed(words, 'bare')),
      false,
      ['a image , not own'],
      ['a image elsewhere: '],
    ],
    notKnown(
      'the image of nobody',
      (h, words) => h.holdsImageOf(guestNamed(words, 'nobody')),
      'a image not in the inventory',
    ),
    notKnown(
      'in a disk of nobody',
      (_, words) =>
        words.hosts
          .select((one) => one.name.is('nobody'))
          .first()
          .it.holdsImageOf(guestNamed(words, 'web')),
      'the cluster image not in the inventory',
    ),
  ])('%s', checkedOn(site));
});

test('a policy watches what its questions of a host read', () => {
  const watched = (ask: Ask): readonly (readonly string[])[] => {
    const { host: ofHosts, guest: ofGuests } = movesIf(ask).watch;
    return [Object.keys(ofHosts ?? {}), Object.keys(ofGuests ?? {})];
  };
  const [cpu, steal] = ['level(cpu)', 'level(steal)'];
  expect(watched((h) => h.demand.above(0))).toEqual([[], [cpu]]);
  expect(watched((h) => h.with(h.guests.maxBy((g) => g.steal).it).freeMemory.above(0))).toEqual([[], [steal]]);
  expect(watched((h) => h.watts.above(0))).toEqual([[cpu], []]);
  expect(watched((h) => h.idleFor(h.guests.first().it).above(0))).toEqual([[cpu], [cpu, steal]]);
  expect(watched((h) => h.holdsImageOf(h.guests.maxBy((g) => g.cpu).it))).toEqual([[], [cpu]]);
});
