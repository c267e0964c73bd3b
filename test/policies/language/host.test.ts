/** What a rule may ask of a host: its facts, its guests, its load now and with a guest more, and what is said of each. */
import { describe, test } from 'vitest';
import { type Ask, checkedOn, guestNamed, notKnown, type Row } from './answer.js';
import { host, site, stale, zero } from './furnished.js';
import { used } from './site.js';

describe('facts', () => {
  test.each<Row>([
    zero('memory', '16.0 GiB', (h) => h.memory),
    zero('free memory', '11.0 GiB', (h) => h.freeMemory),
    zero('clock', '2.00 GHz', (h) => h.clock, '0.00 GHz'),
    zero('cores', '4', (h) => h.cores),
    zero('cache', '8.0 MiB', (h) => h.cache),
    zero('memory speed', '4.9 GiB/s', (h) => h.memorySpeed),
    zero('migration bandwidth', '100.0 MiB/s', (h) => h.bandwidth()),
    zero('guest bandwidth', '50.0 MiB/s', (h) => h.bandwidth('guest')),
    zero('bandwidth for guests', '50.0 MiB/s', (h) => h.guestBandwidth),
    zero('power drawn', '200 W', (h) => h.watts),
    zero('disk score', '300.0 MiB/s', (h, words) => h.diskScore(guestNamed(words, 'web'))),
    zero('disk score', '70.0 MiB/s', (h, words) => h.diskScore(guestNamed(words, 'db'))),
    [
      'bandwidth for guests is the migration network’s where they have none',
      (_, { hosts }) =>
        hosts
          .select((h) => h.name.is('b'))
          .first()
          .it.guestBandwidth.above(0),
      true,
      ['b bandwidth for guests 100.0 MiB/s above 0.0 MiB/s'],
      ['b bandwidth for guests 100.0 MiB/s not at most 0.0 MiB/s'],
    ],
    notKnown(
      'a network that it does not have',
      (h) => h.bandwidth('storage').above(0),
      'a storage bandwidth not in the inventory',
    ),
    notKnown(
      'what the inventory does not say',
      (_, { hosts }) =>
        hosts
          .select((h) => h.name.is('b'))
          .first()
          .it.cache.above(0),
      'b cache not in the inventory',
    ),
    notKnown(
      'power without a curve',
      (_, { hosts }) =>
        hosts
          .select((h) => h.name.is('b'))
          .first()
          .it.watts.above(0),
      'b power drawn not measured',
    ),
    notKnown(
      'a disk that it cannot reach',
      (h, words) => h.diskScore(guestNamed(words, 'bare')).above(0),
      'a disk score not in the inventory',
    ),
    notKnown(
      'a disk of nobody’s',
      (h, words) => h.diskScore(guestNamed(words, 'nobody')).above(0),
      'a disk score not in the inventory',
    ),
    notKnown(
      'a host that is none',
      (_, { hosts }) =>
        hosts
          .select((h) => h.name.is('nobody'))
          .first()
          .it.cores.above(0),
      'the cluster cores not in the inventory',
    ),
  ])('%s', checkedOn(site));

  test('power is not known of a host that is silent', () => {
    checkedOn({ hosts: { a: { ...host, readings: used(0.5), knowledge: stale } } })(
      ...notKnown('', (h) => h.watts.above(0), 'a power drawn not measured'),
    );
  });
});

describe('its guests', () => {
  test.each<Row>([
    [
      'are those that stand on it',
      (h) => h.guests.count().equals(3),
      true,
      ['the cluster guests 3 equal to 3'],
      ['the cluster guests 3 not above 3'],
    ],
    [
      'are units, those that must stand together one',
      (h) => h.units.count().equals(2),
      true,
      ['the cluster units 2 equal to 2'],
      ['the cluster units 2 not above 2'],
    ],
    [
      'are as many as a unit has',
      (h) => h.units.first().it.size.equals(2),
      true,
      ['db guests that leave together 2 equal to 2'],
      ['db guests that leave together 2 not above 2'],
    ],
    [
      'have the memory of all of a unit',
      (h) => h.units.first().it.memory.above(0),
      true,
      ['db memory of all that leave together 4.0 GiB above 0.0 GiB'],
      ['db memory of all that leave together 4.0 GiB not at most 0.0 GiB'],
    ],
    [
      'are listed in a unit',
      (h) =>
        h.units
          .first()
          .it.guests.maxBy((g) => g.memory)
          .it.name.is('db2'),
      true,
      ['db2 name db2'],
      ['db2 times that name db2 is db2 1 not at most 0'],
    ],
    [
      'of nobody are none',
      (_, { hosts }) =>
        hosts
          .select((h) => h.name.is('nobody'))
          .first()
          .it.guests.any(),
      false,
      ['the cluster guests of the kind asked for 0 not at least 1'],
      ['the cluster guests of the kind asked for 0 at most 0'],
    ],
    [
      'of nobody are no units',
      (_, { hosts }) =>
        hosts
          .select((h) => h.name.is('nobody'))
          .first()
          .it.units.any(),
      false,
      ['the cluster units of the kind asked for 0 not at least 1'],
      ['the cluster units of the kind asked for 0 at most 0'],
    ],
    notKnown(
      'no unit has no size',
      (_, { hosts }) =>
        hosts
          .select((h) => h.name.is('nobody'))
          .first()
          .it.units.first()
          .it.size.above(0),
      'the cluster guests that leave together not in the inventory',
    ),
  ])('%s', checkedOn(site));
});

describe('its load (W12.1)', () => {
  const joinedBy =
    (name: string): ((...given: Parameters<Ask>) => ReturnType<Parameters<Ask>[0]['with']>) =>
    (h, words) =>
      h.with(guestNamed(words, name));
  test.each<Row>([
    // (0.5 × 2 + 0.25 + 0.25) of 4 cores.
    zero('demand', '37.5 %', (h) => h.demand, '0.0 %'),
    // And half of four slow vCPUs, as much as one core of this host's clock.
    zero('demand afterwards', '62.5 %', (...given) => joinedBy('far')(...given).demand, '0.0 %'),
    zero('demand afterwards', '62.5 %', (...given) => joinedBy('far')(...given).demandAtWorst, '0.0 %'),
    // Two slow vCPUs in full.
    zero('demand afterwards', '62.5 %', (...given) => joinedBy('mute')(...given).demandAtWorst, '0.0 %'),
    zero('memory left afterwards', '9.0 GiB', (...given) => joinedBy('far')(...given).freeMemory),
    zero('memory left afterwards', '7.0 GiB', (h) => h.with(h.units.first().it).freeMemory),
    zero('demand afterwards', '50 %', (h) => h.with(h.units.first().it).demand),
    notKnown(
      'of a guest without a reading',
      (...given) => joinedBy('mute')(...given).demand.above(0),
      'a demand afterwards not measured',
    ),
    notKnown(
      'of nobody',
      (...given) => joinedBy('nobody')(...given).demandAtWorst.above(0),
      'a demand afterwards not measured',
    ),
    notKnown(
      'memory with nobody',
      (...given) => joinedBy('nobody')(...given).freeMemory.above(0),
      'a memory left afterwards not in the inventory',
    ),
    notKnown(
      'of a host with a guest without a reading',
      (_, { hosts }) =>
        hosts
          .select((h) => h.name.is('b'))
          .first()
          .it.demand.above(0),
      'b demand not measured',
    ),
  ])('%s', checkedOn(site));

  test('is not known of a host that is silent', () => {
    checkedOn({ hosts: { a: { knowledge: stale } } })(
      ...notKnown('', (h) => h.demand.above(0), 'a demand not measured'),
    );
    checkedOn({ hosts: { a: {} }, guests: { g: { on: 'b', readings: used(0.5), knowledge: stale } } })(
      ...notKnown(
        '',
        (h, words) => h.with(guestNamed(words, 'g')).demandAtWorst.above(0),
        'a demand afterwards not measured',
      ),
    );
  });
});
