import { describe, expect, test } from 'vitest';
import { admit, afterFailure, noBackOffs, type Round, type Verdict } from '../../src/engine/index.js';
import type { Cluster, Guest, Host, Knowledge, Migration, Proposal } from '../../src/model/index.js';
import { seconds } from '../../src/model/index.js';
import { standardConstraints } from '../../src/policies/index.js';
import { aGuest, aHost, aMove } from './rig.js';

const fresh: Knowledge = { kind: 'fresh', at: 0 };

const clusterOf = (
  hosts: readonly Host[],
  guests: readonly Guest[],
  migrations: readonly Migration[] = [],
  knowledge: Readonly<Record<string, Knowledge>> = {},
): Cluster => ({
  at: seconds(100),
  hosts: hosts.map((host) => ({ ...host, knowledge: knowledge[host.id] ?? fresh, signals: {} })),
  guests: guests.map((guest) => ({ ...guest, knowledge: knowledge[guest.id] ?? fresh, signals: {} })),
  migrations,
  past: [],
});

const judged = (cluster: Cluster, proposals: readonly Proposal[], round: Partial<Round> = {}): readonly Verdict[] =>
  admit(proposals, {
    cluster,
    underWay: cluster.migrations,
    limits: {},
    backOffs: noBackOffs,
    constraints: standardConstraints,
    nameOf: ({ guest }, place) => `${guest}#${place}`,
    ...round,
  });

/** The verdicts in short: `yes`, or the rules that speak against it. */
const inShort = (verdicts: readonly Verdict[]): readonly string[] =>
  verdicts.map((verdict) =>
    verdict.kind === 'admitted' ? 'yes' : [...new Set(verdict.because.map(({ rule }) => rule))].join(' '),
  );

const hosts = [aHost('a', 8), aHost('b', 8), aHost('c', 8)];
const guests = [aGuest('web', 'a', 2), aGuest('db', 'a', 4), aGuest('log', 'b', 4)];
const cluster = clusterOf(hosts, guests);
const moving = (guest: string, from: string, to: string): Migration => ({
  id: `move-${guest}`,
  guest,
  from,
  to,
  startedAt: 0,
});

describe('admission', () => {
  test('admits a sound proposal with its own evidence, and names the order', () => {
    const because = [{ kind: 'unknown', rule: 'r', subject: { kind: 'cluster' }, measure: 'm', why: 'stale' }] as const;
    expect(judged(cluster, [{ ...aMove('web', 'a', 'b'), because }])).toEqual([
      { kind: 'admitted', order: { id: 'web#0', guest: 'web', from: 'a', to: 'b' }, because },
    ]);
  });

  test('refuses what names an unknown guest or an unknown host', () => {
    const verdicts = judged(cluster, [aMove('ghost', 'a', 'b'), aMove('web', 'a', 'z'), aMove('web', 'y', 'y')]);
    expect(verdicts.map((verdict) => verdict.kind === 'refused' && verdict.because)).toEqual([
      [expect.objectContaining({ subject: { kind: 'guest', id: 'ghost' }, why: 'not in the inventory' })],
      [expect.objectContaining({ subject: { kind: 'host', id: 'z' }, why: 'not in the inventory' })],
      [expect.objectContaining({ subject: { kind: 'host', id: 'y' }, why: 'not in the inventory' })],
    ]);
  });

  test('refuses a guest that does not stand where the proposal says', () => {
    expect(judged(cluster, [aMove('web', 'b', 'c')])).toEqual([
      expect.objectContaining({
        kind: 'refused',
        because: [expect.objectContaining({ kind: 'listed', value: 'b', among: ['a'], holds: false })],
      }),
    ]);
  });

  test('refuses a move to where the guest is', () => {
    expect(inShort(judged(cluster, [aMove('web', 'a', 'a')]))).toEqual(['engine.place']);
  });

  test('refuses a guest that is in a move already, in flight or of the same round', () => {
    const busy = clusterOf(hosts, guests, [moving('web', 'a', 'b')]);
    expect(inShort(judged(busy, [aMove('web', 'a', 'c')]))).toEqual(['engine.place']);
    expect(inShort(judged(cluster, [aMove('web', 'a', 'b'), aMove('web', 'a', 'c')]))).toEqual(['yes', 'engine.place']);
  });

  test('reserves the memory of moves in flight', () => {
    const busy = clusterOf(hosts, guests, [moving('web', 'a', 'b')]);
    expect(inShort(judged(busy, [aMove('db', 'a', 'b')]))).toEqual(['memory']);
  });

  test('reserves the memory of what was admitted before in the same round', () => {
    expect(inShort(judged(cluster, [aMove('web', 'a', 'b'), aMove('db', 'a', 'b')]))).toEqual(['yes', 'memory']);
    expect(inShort(judged(cluster, [aMove('db', 'a', 'b'), aMove('web', 'a', 'b')]))).toEqual(['yes', 'memory']);
  });

  test('does not count memory as free before its guest has gone', () => {
    const full = clusterOf([aHost('a', 4), aHost('b', 4)], [aGuest('x', 'a', 4), aGuest('y', 'b', 4)]);
    expect(inShort(judged(full, [aMove('x', 'a', 'b'), aMove('y', 'b', 'a')]))).toEqual(['memory', 'memory']);
  });

  test('takes no guest where one of unknown size is arriving or leaving', () => {
    const busy = clusterOf(hosts, guests, [moving('ghost', 'c', 'b')]);
    expect(inShort(judged(busy, [aMove('web', 'a', 'b'), aMove('web', 'a', 'c')], { constraints: [] }))).toEqual([
      'engine.memory',
      'engine.memory',
    ]);
  });

  test('keeps the memory of a source that is not released, though the inventory shows the guest at its destination', () => {
    const arrived = clusterOf(
      [aHost('a', 4), aHost('b', 8), aHost('c', 8)],
      [aGuest('x', 'b', 4), aGuest('y', 'c', 1)],
      [moving('x', 'a', 'b')],
    );
    expect(inShort(judged(arrived, [aMove('y', 'c', 'a')]))).toEqual(['engine.memory']);
  });

  test.each([
    ['a stale destination', { b: { kind: 'stale', at: 0, age: seconds(100) } }],
    ['a stale source', { a: { kind: 'stale', at: 0, age: seconds(100) } }],
    ['a destination that was never seen', { b: { kind: 'unseen' } }],
    ['a partial destination', { b: { kind: 'partial', at: 0, missing: ['log'] } }],
    ['a partial source', { a: { kind: 'partial', at: 0, missing: ['db'] } }],
    ['a stale guest', { web: { kind: 'stale', at: 0, age: seconds(100) } }],
  ] as const)('refuses %s', (_, knowledge) => {
    expect(inShort(judged(clusterOf(hosts, guests, [], knowledge), [aMove('web', 'a', 'b')]))).toEqual(['known']);
  });

  test.each(['draining', 'failing', 'off'] as const)('refuses a destination that is %s', (state) => {
    const hosts = [aHost('a', 8), aHost('b', 8, { state })];
    expect(inShort(judged(clusterOf(hosts, [aGuest('web', 'a')]), [aMove('web', 'a', 'b')]))).toEqual(['state']);
  });

  test('keeps limits within a round: what comes first has the place', () => {
    const verdicts = judged(cluster, [aMove('web', 'a', 'b'), aMove('db', 'a', 'c'), aMove('log', 'b', 'c')], {
      limits: { total: 2, perHost: 2 },
    });
    expect(inShort(verdicts)).toEqual(['yes', 'yes', 'engine.limits.total']);
    expect(
      inShort(judged(cluster, [aMove('web', 'a', 'b'), aMove('db', 'a', 'c')], { limits: { perHost: 1 } })),
    ).toEqual(['yes', 'engine.limits.perHost']);
  });

  test('a refused proposal takes no place', () => {
    const verdicts = judged(cluster, [aMove('ghost', 'a', 'b'), aMove('web', 'a', 'b')], { limits: { total: 1 } });
    expect(inShort(verdicts)).toEqual(['engine.place', 'yes']);
  });

  test('refuses a guest that backs off after a failure', () => {
    const settings = { first: seconds(60), factor: 2, longest: seconds(600) };
    const backOffs = afterFailure(noBackOffs, settings, aMove('web', 'a', 'b'), seconds(90));
    expect(inShort(judged(cluster, [aMove('web', 'a', 'c'), aMove('db', 'a', 'c')], { backOffs }))).toEqual([
      'engine.backOff',
      'yes',
    ]);
  });

  test('tells every reason against a proposal, and none for it', () => {
    const [verdict] = judged(cluster, [aMove('log', 'b', 'a')], { limits: { total: 0 } });
    expect(inShort(verdict ? [verdict] : [])).toEqual(['engine.limits.total memory']);
  });

  test('a constraint that throws, or answers with nonsense, does not let a move pass', () => {
    const thrower = {
      name: 'mine',
      judge: () => {
        throw new Error('bug');
      },
    };
    const liar = { name: 'yours', judge: () => [undefined] as never };
    for (const constraint of [thrower, liar])
      expect(judged(cluster, [aMove('web', 'a', 'b')], { constraints: [constraint] })).toMatchObject([
        { kind: 'refused', because: [{ kind: 'unknown', rule: constraint.name }] },
      ]);
  });

  test('constraints of the embedding application are asked too, as the snapshot stands after what was admitted', () => {
    const seen: number[] = [];
    const counting = {
      name: 'counting',
      judge: (_: unknown, { migrations }: Cluster) => (seen.push(migrations.length), []),
    };
    judged(cluster, [aMove('web', 'a', 'b'), aMove('db', 'a', 'c')], { constraints: [counting] });
    expect(seen).toEqual([0, 1]);
  });

  test.each([
    ['that is taken', () => 'move-log'],
    ['that is none', () => ''],
    ['that is no text', () => 7 as never],
    [
      'that cannot be made',
      () => {
        throw new Error('bug');
      },
    ],
  ])('refuses a move with a name %s', (_, nameOf) => {
    const busy = clusterOf(hosts, guests, [moving('log', 'b', 'c')]);
    expect(inShort(judged(busy, [aMove('web', 'a', 'b')], { nameOf }))).toEqual(['engine.idOf']);
  });

  test('changes nothing that it is given', () => {
    const frozen = JSON.stringify(cluster);
    judged(cluster, [aMove('web', 'a', 'b'), aMove('db', 'a', 'c')]);
    expect(JSON.stringify(cluster)).toBe(frozen);
  });
});
