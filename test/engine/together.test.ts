/** Guests that must stand together: a running engine moves all of them at once, or none. */
import { describe, expect, test } from 'vitest';
import { admit, noBackOffs, type Round, type Verdict } from '../../src/engine/index.js';
import type { Cluster, Guest, Host, Proposal } from '../../src/model/index.js';
import { evacuate, standardConstraints } from '../../src/policies/index.js';
import { aGuest, aHost, always, aMove, only, rig, rulesAgainst } from './rig.js';

const pair = { together: ['pair'] };

const clusterOf = (hosts: readonly Host[], guests: readonly Guest[]): Cluster => ({
  at: 0,
  hosts: hosts.map((host) => ({ ...host, knowledge: { kind: 'fresh', at: 0 }, signals: {} })),
  guests: guests.map((guest) => ({ ...guest, knowledge: { kind: 'fresh', at: 0 }, signals: {} })),
  migrations: [],
  past: [],
});

const judged = (cluster: Cluster, proposals: readonly Proposal[], round: Partial<Round> = {}): readonly Verdict[] =>
  admit(proposals, {
    cluster,
    underWay: [],
    limits: {},
    backOffs: noBackOffs,
    constraints: standardConstraints,
    nameOf: ({ guest }) => `move ${guest}`,
    ...round,
  });

/** `yes`, or the rules that speak against it, guest by guest. */
const inShort = (verdicts: readonly Verdict[]): readonly string[] =>
  verdicts.map((verdict) =>
    verdict.kind === 'admitted'
      ? `${verdict.order.guest} yes`
      : [verdict.proposal.guest, ...new Set(verdict.because.map(({ rule }) => rule))].join(' '),
  );

const hosts = [aHost('a', 8), aHost('b', 4), aHost('c', 8)];
const [x, y, z] = [aGuest('x', 'a', 2, pair), aGuest('y', 'a', 2, pair), aGuest('z', 'a', 1)];
const guests = [x, y, z];
const [xMoves, yMoves, zMoves] = [aMove('x', 'a', 'b'), aMove('y', 'a', 'b'), aMove('z', 'a', 'c')];
const cluster = clusterOf(hosts, guests);

describe('guests that must stand together', () => {
  test('are admitted all at once, though others are listed between them', () => {
    expect(inShort(judged(cluster, [xMoves, zMoves, yMoves]))).toEqual(['x yes', 'y yes', 'z yes']);
  });

  test('are refused all where one alone is proposed, or they are sent to different hosts', () => {
    expect(inShort(judged(cluster, [xMoves]))).toEqual(['x together']);
    expect(inShort(judged(cluster, [aMove('x', 'a', 'b'), aMove('y', 'a', 'c')]))).toEqual([
      'x together',
      'y together',
    ]);
  });

  test('are refused all where one of them may not go, which the others name', () => {
    const pinned = clusterOf(hosts, [x, { ...y, pins: ['a', 'c'] }]);
    const verdicts = judged(pinned, [xMoves, yMoves]);
    expect(inShort(verdicts)).toEqual(['x engine.together', 'y pins']);
    expect(verdicts[0]).toMatchObject({ because: [{ kind: 'listed', value: 'y', holds: false }] });
  });

  test('are refused where the destination has memory for each, but not for all', () => {
    const big = clusterOf(hosts, [aGuest('x', 'a', 3, pair), aGuest('y', 'a', 3, pair)]);
    expect(inShort(judged(big, [xMoves, yMoves]))).toEqual(['x memory', 'y memory']);
  });

  test('count as one move for limits, but where something else is under way they wait', () => {
    const moves = [xMoves, yMoves, zMoves];
    for (const limits of [{ perHost: 1 }, { perLink: 1 }, { total: 1 }]) {
      const rule = `engine.limits.${Object.keys(limits).join()}`;
      expect(inShort(judged(cluster, moves, { limits }))).toEqual(['x yes', 'y yes', `z ${rule}`]);
      expect(inShort(judged(cluster, [zMoves, xMoves, yMoves], { limits }))).toEqual([
        'z yes',
        `x ${rule}`,
        `y ${rule}`,
      ]);
    }
    expect(inShort(judged(cluster, moves, { limits: { perHost: 0 } }))).toEqual(
      ['x', 'y', 'z'].map((guest) => `${guest} engine.limits.perHost`),
    );
  });

  test('get names of their own, or do not move', () => {
    expect(inShort(judged(cluster, [xMoves, yMoves], { nameOf: () => 'the same' }))).toEqual([
      'x engine.together',
      'y engine.idOf',
    ]);
  });

  test('are refused where one of them is proposed twice', () => {
    expect(judged(cluster, [xMoves, xMoves, yMoves]).every(({ kind }) => kind === 'refused')).toBe(true);
  });

  test('leave a draining host on a running engine, with the limits that it has by default', () => {
    const world = rig({ hosts: [aHost('a', 8, { state: 'draining' }), aHost('b', 8), aHost('c', 4)], guests });
    const { events } = world.start({ policy: evacuate() });
    world.until(60_000);
    expect(only(events, 'admitted').map(({ order }) => `${order.guest} ${order.to}`)).toEqual(['x c', 'y c', 'z b']);
    expect([...world.stands]).toEqual([
      ['x', 'c'],
      ['y', 'c'],
      ['z', 'b'],
    ]);
  });

  test('stay on a running engine where a policy sends one of them', () => {
    const world = rig({ hosts, guests });
    const { events } = world.start({ policy: always(aMove('x', 'a', 'b')) });
    world.until(60_000);
    expect(only(events, 'admitted')).toEqual([]);
    expect(rulesAgainst(events)).toEqual(['together']);
  });
});
