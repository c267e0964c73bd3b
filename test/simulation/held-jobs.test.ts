import { describe, expect, test } from 'vitest';
import { DriverError } from '../../src/drivers/index.js';
import { minutes, seconds } from '../../src/model/index.js';
import { bare, endings, guest, host, move, order, record, samplesOf, seconds1GHz, small } from './small.js';

const world = () => small({ hosts: [host('a'), host('b')], guests: [guest('g', 'a')], migration: bare });
const held = { kind: 'hold job', guest: 'g', job: seconds1GHz(2), id: 'mine' } as const;

describe('a job that is held before it begins (M44)', () => {
  test('M44 it does nothing until it is let go', () => {
    const of = world();
    expect(of.cluster.change(held)).toBe('mine');
    of.time.run(seconds(10));
    expect(of.cluster.jobs()).toEqual([]);
    of.cluster.change({ kind: 'release job', id: 'mine' });
    of.time.run(seconds(20));
    expect(of.cluster.jobs()).toMatchObject([{ id: 'mine', startedAt: 10_000, finishedAt: 12_000, outcome: 'done' }]);
    expect(of.cluster.meter().guests.get('g')?.served).toBeCloseTo(2e9, 0);
  });

  test('M44 its processes are listed as stopped, and keep their numbers when they begin', () => {
    const of = world();
    const readings = record(of);
    of.cluster.change({ ...held, job: { ...seconds1GHz(30), processes: 2 } });
    of.time.run(seconds(10));
    of.cluster.change({ kind: 'release job', id: 'mine' });
    of.time.run(seconds(20));
    const [waiting, begun] = samplesOf(readings, 'g').map(({ processes }) => processes);
    expect(waiting).toEqual([1, 2].map((pid) => ({ name: 'work', pid, cpu: 0, memory: 0, state: 'stopped' })));
    expect(begun).toMatchObject([
      { pid: 1, cpu: 0.5 },
      { pid: 2, cpu: 0.5 },
    ]);
    expect(begun?.some(({ state }) => state === 'stopped')).toBe(false);
  });

  test('M44 it is never held for ever: it begins by itself after its longest wait, five minutes unless told', () => {
    const of = world();
    of.cluster.change({ ...held, atMost: seconds(3) });
    of.cluster.change({ kind: 'hold job', guest: 'g', job: seconds1GHz(1), id: 'other' });
    of.time.run(minutes(10));
    expect(of.cluster.jobs().map(({ id, startedAt }) => [id, startedAt])).toEqual([
      ['mine', seconds(3)],
      ['other', minutes(5)],
    ]);
  });

  test('M44 it begins where its guest then stands', () => {
    const of = world();
    of.cluster.change(held);
    move(of, order('g', 'a', 'b'));
    of.time.run(seconds(100));
    of.cluster.change({ kind: 'release job', id: 'mine' });
    of.time.run(seconds(110));
    expect(endings(of)).toEqual({ work: 102 });
    expect(of.cluster.meter().hosts.get('b')?.served).toBeCloseTo(2e9, 0);
  });

  test('M44 letting it go twice, or stopping it, does no harm', () => {
    const of = world();
    of.cluster.change(held);
    of.cluster.change({ kind: 'release job', id: 'mine' });
    of.cluster.change({ kind: 'release job', id: 'mine' });
    of.cluster.change({ ...held, id: 'dropped' });
    of.cluster.change({ kind: 'stop job', id: 'dropped' });
    of.time.run(minutes(10));
    expect(of.cluster.jobs().map(({ id }) => id)).toEqual(['mine']);
  });

  test('M44 it ends with its guest', () => {
    const of = world();
    of.cluster.change(held);
    of.cluster.change({ kind: 'remove guest', guest: 'g' });
    of.time.run(minutes(10));
    expect(of.cluster.jobs()).toEqual([]);
  });

  test.each([
    ['a name that is taken', held, 'conflict'],
    ['a guest that is not there', { ...held, guest: 'x', id: 'x' }, 'not found'],
    ['letting go what nobody holds', { kind: 'release job', id: 'x' } as const, 'not found'],
  ])('M44 %s is refused by name', (_, change, kind) => {
    const of = world();
    of.cluster.change(held);
    let refused: unknown;
    try {
      of.cluster.change(change);
    } catch (thrown) {
      refused = DriverError.is(thrown) ? thrown.kind : thrown;
    }
    expect(refused).toBe(kind);
  });
});
