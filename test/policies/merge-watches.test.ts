import { expect, test } from 'vitest';
import { cpu, iowait, level, smoothed } from '../../src/metrics/index.js';
import { minutes, seconds } from '../../src/model/index.js';
import { mergeWatches } from '../../src/policies/index.js';
import { cluster, guest, host } from './build.js';

test('signals of one name are folded once, and nothing is renamed', () => {
  const { watch, views } = mergeWatches([
    { guest: { cpu: level(cpu) } },
    { guest: { cpu: level(cpu), io: level(iowait) } },
  ]);
  expect(Object.keys(watch.guest ?? {})).toEqual(['cpu', 'io']);
  const state = cluster([host('a')], [guest('x', 'a', 0.5)]);
  for (const view of views) expect(view(state)).toBe(state);
});

test('different signals under one name are both folded, and each policy sees its own', () => {
  const calm = smoothed(cpu, { over: seconds(60) });
  const calmer = smoothed(cpu, { over: minutes(10) });
  const { watch, views } = mergeWatches([
    { guest: { cpu: level(cpu) }, host: { cpu: level(cpu) } },
    { guest: { cpu: calm } },
    { guest: { cpu: calmer }, host: { cpu: calm } },
  ]);
  expect(Object.entries(watch.guest ?? {}).map(([name, signal]) => [name, signal.name])).toEqual([
    ['cpu', level(cpu).name],
    ['cpu (2)', calm.name],
    ['cpu (3)', calmer.name],
  ]);
  const state = cluster(
    [host('a', { signals: { cpu: 0.1, 'cpu (2)': 0.2 } })],
    [guest('x', 'a', 0, { signals: { cpu: 0.9, 'cpu (2)': 0.8, 'cpu (3)': 0.7 } })],
  );
  const seen = views.map((view) => {
    const { hosts, guests } = view(state);
    return [hosts[0]?.signals['cpu'], guests[0]?.signals['cpu']];
  });
  expect(seen).toEqual([
    [0.1, 0.9],
    [0.1, 0.8],
    [0.2, 0.7],
  ]);
});

test('a name that looks like a renamed one is kept apart too', () => {
  const calm = smoothed(cpu, { over: seconds(60) });
  const { watch, views } = mergeWatches([
    { guest: { cpu: level(cpu), 'cpu (2)': level(iowait) } },
    { guest: { cpu: calm } },
  ]);
  expect(Object.keys(watch.guest ?? {})).toEqual(['cpu', 'cpu (2)', 'cpu (3)']);
  const state = cluster([host('a')], [guest('x', 'a', 0, { signals: { cpu: 1, 'cpu (2)': 2, 'cpu (3)': 3 } })]);
  expect(views[1]?.(state).guests[0]?.signals).toEqual({ cpu: 3 });
});

test('a signal that is not known stays unknown under its own name', () => {
  const { views } = mergeWatches([{ guest: { cpu: level(cpu) } }, { guest: { cpu: level(iowait) } }]);
  const state = cluster([host('a')], [guest('x', 'a', 0.5)]);
  expect(views[1]?.(state).guests[0]?.signals['cpu']).toBeUndefined();
});
