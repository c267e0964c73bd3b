import { delay, interval, map, of, take, timer } from 'rxjs';
import { expect, test } from 'vitest';
import { hours, seconds } from '../../src/model/index.js';
import { virtualTime } from '../../src/simulation/index.js';

test('time passes only when it is run, and operators of RxJS go by it', () => {
  const time = virtualTime();
  const seen: number[] = [];
  interval(seconds(10), time.scheduler)
    .pipe(map(() => time.now()))
    .subscribe((at) => seen.push(at));
  expect(seen).toEqual([]);
  time.run(seconds(35));
  expect(seen).toEqual([10_000, 20_000, 30_000]);
  expect(time.now()).toBe(seconds(35));
});

test('what is due at the end of a run is done in it, in the order in which it was put down', () => {
  const time = virtualTime(1000);
  const seen: string[] = [];
  timer(500, time.scheduler).subscribe(() => seen.push('first'));
  of('second')
    .pipe(delay(500, time.scheduler))
    .subscribe((name) => seen.push(name));
  time.run(1499);
  expect(seen).toEqual([]);
  time.run(1500);
  expect(seen).toEqual(['first', 'second']);
});

test('slices do the same as one run, and say how far they are', () => {
  const time = virtualTime();
  const seen: number[] = [];
  interval(400, time.scheduler).subscribe(() => seen.push(time.now()));
  expect([...time.slices(2500, 1000)]).toEqual([1000, 2000, 2500]);
  expect(seen).toEqual([400, 800, 1200, 1600, 2000, 2400]);
});

test('an interval that ran very often can be unsubscribed', () => {
  const time = virtualTime();
  let ticks = 0;
  const subscription = interval(1000, time.scheduler).subscribe(() => (ticks += 1));
  time.run(hours(24));
  subscription.unsubscribe();
  time.run(hours(48));
  expect(ticks).toBe(86_400);
});

test('work that was unsubscribed is not done', () => {
  const time = virtualTime();
  const seen: number[] = [];
  interval(1000, time.scheduler)
    .pipe(take(2))
    .subscribe((n) => seen.push(n));
  const subscription = timer(500, time.scheduler).subscribe((n) => seen.push(n));
  subscription.unsubscribe();
  time.run(seconds(10));
  expect(seen).toEqual([0, 1]);
});
