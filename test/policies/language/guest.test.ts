/** What a rule may ask of a guest and of guests that leave together, and what is said of it. */
import { describe, expect, test } from 'vitest';
import { mebibytesPerSecond, seconds } from '../../../src/model/index.js';
import type { GuestTerm } from '../../../src/policies/index.js';
import { migration } from '../build.js';
import { type Ask, checkedOn, guestNamed, notKnown, type Row, type Site } from './answer.js';
import { type History, movesIf } from './site.js';

const stale = { kind: 'stale', at: 0, age: 90_000 } as const;
const computing: History = Array.from({ length: 7 }, () => ({
  cpu: { used: 0.9, user: 0.9, system: 0, iowait: 0, steal: 0 },
  network: { received: 0, sent: mebibytesPerSecond(2) },
  disk: { read: 0, written: 0 },
  processes: [
    { name: 'busy', cpu: 0.9, memory: 1 },
    { name: 'idle', cpu: 0, memory: 1 },
  ],
  dirty: { rate: mebibytesPerSecond(20), window: 1000 },
}));
const site: Site = {
  hosts: { a: {}, b: { cpu: { clock: 1e9, cores: 4, threads: 4, architecture: 'x86_64' } } },
  guests: {
    web: {
      on: 'a',
      readings: computing,
      home: 'b',
      labels: { weight: ' 3 ', blank: ' ', empty: '' },
      together: ['pair'],
    },
    db: { on: 'a', together: ['pair'] },
    hot: { on: 'a', readings: [{ dirty: { rate: 0, window: 1000 } }] },
    old: { on: 'a', readings: computing, knowledge: stale },
    off: { on: 'b', readings: computing },
    lost: { on: 'nowhere', readings: computing },
  },
  rest: { migrations: [migration('off', 'b', 'a')] },
};
const of =
  (name: string, ask: (guest: GuestTerm, ...given: Parameters<Ask>) => ReturnType<Ask>): Ask =>
  (h, words) =>
    ask(guestNamed(words, name), h, words);

describe('facts', () => {
  test.each<Row>([
    ['vCPUs', of('web', (g) => g.vcpus.above(0)), true, ['web vCPUs 1 above 0'], ['web vCPUs 1 not at most 0']],
    [
      'memory',
      of('web', (g) => g.memory.above(0)),
      true,
      ['web memory 1.0 GiB above 0.0 GiB'],
      ['web memory 1.0 GiB not at most 0.0 GiB'],
    ],
    [
      'a label as a number',
      of('web', (g) => g.amount('weight', 'count').equals(3)),
      true,
      ['web weight 3 equal to 3'],
      ['web weight 3 not above 3'],
    ],
    notKnown(
      'a blank label is no number',
      of('web', (g) => g.amount('blank', 'count').above(-1)),
      'web blank not in the inventory',
    ),
    notKnown(
      'nor is an empty one',
      of('web', (g) => g.amount('empty', 'count').above(-1)),
      'web empty not in the inventory',
    ),
    notKnown(
      'the memory of nobody',
      of('nobody', (g) => g.memory.above(0)),
      'the cluster memory not in the inventory',
    ),
    [
      'a host that it stands on',
      of('off', (g) => g.host.name.is('b')),
      true,
      ['b name b'],
      ['b times that name b is b 1 not at most 0'],
    ],
    notKnown(
      'a host that is not in the inventory',
      of('lost', (g) => g.host.name.is('b')),
      'the cluster name not in the inventory',
    ),
    [
      'the same guest',
      of('web', (g, _, words) => g.is(guestNamed(words, 'web'))),
      true,
      ['web name web'],
      ['web names that it has in common with web 1 not at most 0'],
    ],
    [
      'another guest',
      of('web', (g, _, words) => g.is(guestNamed(words, 'db'))),
      false,
      ['web name web, not db'],
      ['web names that it has in common with db 0 at most 0'],
    ],
    [
      'it moves',
      of('off', (g) => g.isMoving()),
      true,
      ['off moves of it 1 at least 1'],
      ['off moves of it 1 not at most 0'],
    ],
    [
      'it does not move',
      of('web', (g) => g.isMoving()),
      false,
      ['web moves of it 0 not at least 1'],
      ['web moves of it 0 at most 0'],
    ],
    notKnown(
      'whether nobody moves',
      of('nobody', (g) => g.isMoving()),
      'the cluster moves of it not in the inventory',
    ),
    [
      'those that leave with it',
      of('web', (g) => g.withCompanions.size.equals(2)),
      true,
      ['db guests that leave together 2 equal to 2'],
      ['db guests that leave together 2 not above 2'],
    ],
    notKnown(
      'those that leave with nobody',
      of('nobody', (g) => g.withCompanions.size.equals(2)),
      'the cluster guests that leave together not in the inventory',
    ),
    [
      'no guests leave with nobody',
      of('nobody', (g) => g.withCompanions.guests.any()),
      false,
      ['the cluster guests of the kind asked for 0 not at least 1'],
      ['the cluster guests of the kind asked for 0 at most 0'],
    ],
  ])('%s', checkedOn(site));
});

describe('readings', () => {
  test.each<Row>([
    [
      'mean cpu',
      of('web', (g) => g.usage.cpu.above(0)),
      true,
      ['web mean cpu 90 % above 0 %'],
      ['web mean cpu 90 % not at most 0 %'],
    ],
    [
      'mean iowait',
      of('web', (g) => g.usage.iowait.atMost(0)),
      true,
      ['web mean iowait 0 % at most 0 %'],
      ['web mean iowait 0 % not above 0 %'],
    ],
    [
      'mean network traffic',
      of('web', (g) => g.usage.networkTraffic.above(0)),
      true,
      ['web mean network traffic 2.0 MiB/s above 0.0 MiB/s'],
      ['web mean network traffic 2.0 MiB/s not at most 0.0 MiB/s'],
    ],
    [
      'time in use (M13)',
      of('web', (g) => g.busyFor(0.7, 0.7).atLeast(seconds(30))),
      true,
      ['web time in use 30.0 s at least 30.0 s'],
      ['web time in use 30.0 s not below 30.0 s'],
    ],
    [
      'time in use of one that is not',
      of('web', (g) => g.busyFor(0.95, 0.7).atMost(0)),
      true,
      ['web time in use 0 ms at most 0 ms'],
      ['web time in use 0 ms not above 0 ms'],
    ],
    [
      'dirty rate',
      of('web', (g) => g.dirtyRate.above(0)),
      true,
      ['web dirty rate 20.0 MiB/s above 0.0 MiB/s'],
      ['web dirty rate 20.0 MiB/s not at most 0.0 MiB/s'],
    ],
    // 0.9 of a vCPU of 2 GHz, of four cores of 1 GHz.
    [
      'share of another host',
      of('web', (g, _, { hosts }) => g.shareOf(hosts.select((h) => h.name.is('b')).first().it).above(0)),
      true,
      ['web cpu, as a share of the host, 45 % above 0 %'],
      ['web cpu, as a share of the host, 45 % not at most 0 %'],
    ],
    notKnown(
      'share of no host',
      of('web', (g, _, { hosts }) => g.shareOf(hosts.select((h) => h.name.is('nobody')).first().it).above(0)),
      'web cpu, as a share of the host, not measured',
    ),
    notKnown(
      'share of one without a reading',
      of('db', (g, h) => g.shareOf(h).above(0)),
      'db cpu, as a share of the host, not measured',
    ),
    notKnown(
      'share of one whose host is not known',
      of('lost', (g, h) => g.shareOf(h).above(0)),
      'lost cpu, as a share of the host, not measured',
    ),
    notKnown(
      'a dirty rate of zero is not measured',
      of('hot', (g) => g.dirtyRate.above(-1)),
      'hot dirty rate not measured',
    ),
    notKnown(
      'a dirty rate that was never measured',
      of('db', (g) => g.dirtyRate.above(-1)),
      'db dirty rate not measured',
    ),
    notKnown(
      'means of nothing',
      of('db', (g) => g.usage.cpu.above(-1)),
      'db mean cpu not measured',
    ),
    notKnown(
      'use of nothing',
      of('db', (g) => g.busyFor(0.1, 0.1).above(-1)),
      'db time in use not measured',
    ),
    notKnown(
      'readings of a guest that is silent',
      of('old', (g) => g.cpu.above(-1)),
      'old cpu stale',
    ),
    notKnown(
      'means of a guest that is silent',
      of('old', (g) => g.usage.cpu.above(-1)),
      'old mean cpu not measured',
    ),
  ])('%s', checkedOn(site));
});

test('a policy watches what its questions of a guest read', () => {
  const watched = (ask: (g: GuestTerm) => ReturnType<Ask>): readonly string[] =>
    Object.keys(movesIf((h) => h.guests.any(ask)).watch.guest ?? {});
  expect(watched((g) => g.dirtyRate.above(0))).toEqual(['latest(dirty)']);
  expect(watched((g) => g.shareOf(g.host).above(0))).toEqual(['level(cpu)']);
  expect(watched((g) => g.isMoving().and(g.host.is(g.host), g.withCompanions.memory.above(0)))).toEqual([]);
  expect(watched((g) => g.boundBy('cpu'))).toEqual(watched((g) => g.usage.cpu.above(0)));
  expect(watched((g) => g.busyFor(0.5, 0.5).above(0))).toHaveLength(1);
});
