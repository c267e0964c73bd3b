import { expect, test } from 'vitest';
import { DriverError } from '../../src/drivers/index.js';
import { seconds } from '../../src/model/index.js';
import { busy, type Change, traceDemand } from '../../src/simulation/index.js';
import { bare, endings, guest, host, move, order, seconds1GHz, small } from './small.js';

const world = () => small({ hosts: [host('a'), host('b')], guests: [guest('g', 'a')], migration: bare });

const refusal = (change: Change, of = world()): string | undefined => {
  try {
    of.cluster.change(change);
  } catch (thrown) {
    return DriverError.is(thrown) ? thrown.kind : String(thrown);
  }
  return undefined;
};

test('a job that is started by order is told of when it is done', () => {
  const of = world();
  const finished: string[] = [];
  of.cluster.completions().subscribe(({ id, finishedAt }) => finished.push(`${id} at ${finishedAt ?? NaN}`));
  of.time.run(seconds(5));
  expect(of.cluster.change({ kind: 'start job', guest: 'g', job: seconds1GHz(2) })).toBe('g/work/1');
  of.cluster.change({ kind: 'start job', guest: 'g', job: seconds1GHz(1), id: 'mine' });
  of.time.run(seconds(20));
  expect(finished).toEqual(['mine at 7000', 'g/work/1 at 8000']);
});

test('W27: what is told of a completion may order the next job at once', () => {
  const of = world();
  of.cluster
    .completions()
    .subscribe(({ guest: id }) => of.cluster.change({ kind: 'start job', guest: id, job: seconds1GHz(2) }));
  of.cluster.change({ kind: 'start job', guest: 'g', job: seconds1GHz(2) });
  of.time.run(seconds(9));
  expect(of.cluster.jobs().map(({ startedAt, outcome }) => [startedAt / 1000, outcome])).toEqual([
    [0, 'done'],
    [2, 'done'],
    [4, 'done'],
    [6, 'done'],
    [8, 'running'],
  ]);
});

test('a job can be stopped', () => {
  const of = world();
  const id = of.cluster.change({ kind: 'start job', guest: 'g', job: busy(2) }) ?? '';
  of.time.run(seconds(3));
  of.cluster.change({ kind: 'stop job', id });
  of.time.run(seconds(5));
  expect(of.cluster.jobs()).toMatchObject([{ outcome: 'stopped', finishedAt: 3000 }]);
  expect(of.cluster.meter().guests.get('g')?.served).toBeCloseTo(3e9, 0);
});

test('demand can be given and taken', () => {
  const of = world();
  of.cluster.change({ kind: 'demand', guest: 'g', demand: traceDemand([0.5]) });
  of.time.run(seconds(4));
  of.cluster.change({ kind: 'demand', guest: 'g' });
  of.time.run(seconds(9));
  expect(of.cluster.meter().guests.get('g')).toMatchObject({ demanded: 2e9, served: 2e9 });
});

test('guests come and go, and the inventory says so', () => {
  const of = world();
  const guests: string[] = [];
  of.cluster.inventory().subscribe((inventory) => guests.push(inventory.guests.map(({ id }) => id).join()));
  of.cluster.change({ kind: 'add guest', guest: guest('h', 'b') });
  of.cluster.change({ kind: 'remove guest', guest: 'g' });
  expect(guests).toEqual(['g', 'g,h', 'h']);
});

test('a guest that is removed while it moves is removed on both sides', () => {
  const of = world();
  const moved = move(of, order('g', 'a', 'b'));
  of.time.run(seconds(1));
  of.cluster.change({ kind: 'remove guest', guest: 'g' });
  expect(moved.error()?.kind).toBe('cancelled');
  expect(refusal({ kind: 'host state', host: 'b', state: 'off' }, of)).toBeUndefined();
});

test('the state of a host changes; it is switched off only when empty', () => {
  const of = world();
  expect(refusal({ kind: 'host state', host: 'a', state: 'draining' }, of)).toBeUndefined();
  expect(refusal({ kind: 'host state', host: 'a', state: 'off' }, of)).toBe('conflict');
  expect(refusal({ kind: 'host state', host: 'b', state: 'off' }, of)).toBeUndefined();
  expect(move(of, order('g', 'a', 'b')).error()?.kind).toBe('unreachable');
  expect(refusal({ kind: 'host state', host: 'b', state: 'active' }, of)).toBeUndefined();
  expect(move(of, order('g', 'a', 'b')).error()).toBeUndefined();
});

test('orders that cannot be carried out are refused by name', () => {
  expect(refusal({ kind: 'remove guest', guest: 'x' })).toBe('not found');
  expect(refusal({ kind: 'add guest', guest: guest('g', 'a') })).toBe('conflict');
  expect(refusal({ kind: 'add guest', guest: guest('h', 'x') })).toBe('not found');
  expect(refusal({ kind: 'add guest', guest: guest('h', 'b', { memory: 1e12 }) })).toBe('insufficient memory');
  expect(refusal({ kind: 'restart guest', guest: 'g', host: 'b' })).toBe('conflict');
  expect(refusal({ kind: 'stop job', id: 'x' })).toBe('not found');
});

test('an order that is wrong in itself is refused with the path of the value', () => {
  expect(
    refusal({
      kind: 'start job',
      guest: 'g',
      job: { name: 'x', stages: [{ activities: [{ kind: 'compute', cycles: -1 }] }] },
    }),
  ).toContain('change.job.stages[0].activities[0].cycles');
  expect(
    refusal({
      kind: 'start job',
      guest: 'g',
      job: { name: 'x', stages: [{ activities: [{ kind: 'sleep', time: 0 }] }] },
    }),
  ).toContain('hold nothing to do');
});

test('a script is carried out at its times, and what cannot be is kept with the reason', () => {
  const of = small({
    hosts: [host('a')],
    guests: [guest('g', 'a')],
    script: [
      { at: seconds(3), change: { kind: 'start job', guest: 'g', job: seconds1GHz(2) } },
      { at: seconds(4), change: { kind: 'start job', guest: 'x', job: seconds1GHz(2) } },
    ],
  });
  of.time.run(seconds(10));
  expect(endings(of)).toEqual({ work: 5 });
  expect(of.cluster.refused()).toMatchObject([{ at: seconds(4), failure: { kind: 'not found' } }]);
});
