/** Names in the rule language: what is asked of a name, of one that is not there, and of one that nobody has. */
import { describe, test } from 'vitest';
import { type Ask, checkedOn, guestNamed, notKnown, type Row } from './answer.js';

const site = {
  hosts: { a: { labels: { rack: 'r1', row: 'a' } } },
  guests: { web: { on: 'a', labels: { tier: 'front' }, home: 'a' }, db: { on: 'b', home: 'b' } },
};
const nobody: (ask: (label: ReturnType<typeof guestNamed>['image']) => ReturnType<Ask>) => Ask = (ask) => (_, words) =>
  ask(guestNamed(words, 'nobody').image);

describe('a name', () => {
  test.each<Row>([
    [
      'is one of those asked for',
      (h) => h.label('rack').is('r1', 'r2'),
      true,
      ['a label rack r1 among r1, r2'],
      ['a times that label rack r1 is r1 or r2 1 not at most 0'],
    ],
    [
      'is none of those asked for',
      (h) => h.label('rack').is('r2', 'r3'),
      false,
      ['a label rack r1, not one of r2, r3'],
      ['a times that label rack r1 is r2 or r3 0 at most 0'],
    ],
    [
      'is not one',
      (h) => h.label('rack').isNot('r2'),
      true,
      ['a times that label rack r1 is r2 0 at most 0'],
      ['a label rack r1, not r2'],
    ],
    [
      'that is not given is none of them',
      (h) => h.label('bay').is('x', 'y'),
      false,
      ['a times that label bay is x or y 0 not at least 1'],
      ['a times that label bay is x or y 0 at most 0'],
    ],
    [
      'is given',
      (h) => h.label('rack').isGiven(),
      true,
      ['a names given as label rack 1 at least 1'],
      ['a names given as label rack 1 not at most 0'],
    ],
    [
      'is not given',
      (h) => h.label('bay').isGiven(),
      false,
      ['a names given as label bay 0 not at least 1'],
      ['a names given as label bay 0 at most 0'],
    ],
    [
      'of the prototype is not given',
      (h) => h.label('constructor').isGiven(),
      false,
      ['a names given as label constructor 0 not at least 1'],
      ['a names given as label constructor 0 at most 0'],
    ],
    [
      'is the same as another',
      (h, words) => guestNamed(words, 'web').home.equals(h.name),
      true,
      ['web home a'],
      ['web times that home a is a 1 not at most 0'],
    ],
    [
      'is another than another',
      (h, words) => guestNamed(words, 'db').home.equals(h.name),
      false,
      ['db home b, not a'],
      ['db times that home b is a 0 at most 0'],
    ],
    [
      'is not the same as none',
      (h) => h.name.equals(h.label('bay')),
      false,
      ['a name a, of which there is none'],
      ['a times that name a is  0 at most 0'],
    ],
    [
      'that is not given is not the same as another',
      (h) => h.label('bay').equals(h.name),
      false,
      ['a times that label bay is a 0 not at least 1'],
      ['a times that label bay is a 0 at most 0'],
    ],
    [
      'of a state',
      (h) => h.state.is('active'),
      true,
      ['a state active'],
      ['a times that state active is active 1 not at most 0'],
    ],
    [
      'of an image',
      (_, words) => guestNamed(words, 'web').image.is('shared'),
      true,
      ['web image shared'],
      ['web times that image shared is shared 1 not at most 0'],
    ],
    [
      'of a guest',
      (_, words) => guestNamed(words, 'web').name.is('web'),
      true,
      ['web name web'],
      ['web times that name web is web 1 not at most 0'],
    ],
    ['of a host', (h) => h.name.is('a'), true, ['a name a'], ['a times that name a is a 1 not at most 0']],
  ])('%s', checkedOn(site));
});

describe('of what is not in the inventory, no name is known', () => {
  test.each<Row>([
    notKnown(
      'which it is',
      nobody((image) => image.is('shared')),
      'the cluster image not in the inventory',
    ),
    notKnown(
      'which it is not',
      nobody((image) => image.isNot('shared')),
      'the cluster image not in the inventory',
    ),
    notKnown(
      'whether it is given',
      nobody((image) => image.isGiven()),
      'the cluster image not in the inventory',
    ),
    notKnown(
      'whether it is another’s',
      nobody((image) => image.equals(image)),
      'the cluster image not in the inventory',
    ),
    notKnown(
      'whether another’s is it',
      (h, words) => h.name.equals(guestNamed(words, 'nobody').home),
      'the cluster home not in the inventory',
    ),
  ])('%s', checkedOn(site));
});
