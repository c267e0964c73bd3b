import { describe, expect, test } from 'vitest';
import { seconds } from '../../../src/model/index.js';
import { firstOf, homeward, muda, SettingsError } from '../../../src/policies/index.js';
import { after, against, encoding, host, moves, process, type Second } from './play.js';

const away = { hosts: [host('a', 3.33), host('laptop', 2)], guest: { home: 'laptop' } };
const idle = (length: number, change: (i: number) => Second = () => ({})): readonly Second[] =>
  encoding(length, (i) => ({ load: 0.1, user: 0.01, iowait: 0, processes: [], ...change(i) }));

describe('the way home (M39)', () => {
  test('M39: a guest that was idle for 60 s returns to its home', () => {
    expect(moves(homeward(), away, idle(59))).toEqual([]);
    expect(moves(homeward(), away, idle(60))).toEqual(['web a→laptop']);
  });

  test('M39: without a list of processes its whole processor use tells', () => {
    expect(
      moves(
        homeward(),
        away,
        idle(60, () => ({ processes: undefined })),
      ),
    ).toEqual(['web a→laptop']);
    expect(
      moves(
        homeward(),
        away,
        idle(60, () => ({ processes: undefined, user: 0.8 })),
      ),
    ).toEqual([]);
  });

  test.each<[string, Second]>([
    ['a load average of its vCPUs', { load: 1 }],
    ['a process at 70 %', { processes: [process(0.7)] }],
    ['I/O wait of 10 %', { iowait: 0.1 }],
    ['a load that is not measured', { load: undefined }],
    ['I/O wait that is not measured', { iowait: undefined }],
  ])('M39: %s is no idleness, and the time begins again', (_, second) => {
    const once = idle(60, (i) => (i === 30 ? second : {}));
    expect(moves(homeward(), away, once)).toEqual([]);
    expect(moves(homeward({ idle: seconds(29) }), away, once)).toEqual(['web a→laptop']);
  });

  test('M39: a guest of more vCPUs is idle at a higher load', () => {
    const two = { ...away, guest: { home: 'laptop', vcpus: 2 } };
    expect(
      moves(
        homeward(),
        two,
        idle(60, () => ({ load: 1.5 })),
      ),
    ).toEqual(['web a→laptop']);
  });

  test('M2, M39: one that is at home, or has none, stays', () => {
    expect(moves(homeward(), { ...away, guest: { home: 'a' } }, idle(60))).toEqual([]);
    expect(moves(homeward(), { ...away, guest: {} }, idle(60))).toEqual([]);
  });

  test('M39: a home that takes no guests is told, and waited for', () => {
    const shut = { ...away, hosts: [host('a', 3.33), host('laptop', 2, { state: 'off' })] };
    const policy = homeward();
    expect(against(policy.plan(after(policy, shut, idle(60))))).not.toEqual([]);
    expect(moves(policy, shut, idle(60))).toEqual([]);
  });

  test('M39: joined with muda, the guest leaves when it is busy and returns when it is idle', () => {
    const both = firstOf(muda(), homeward());
    const home = { hosts: [host('laptop', 2), host('a', 3.33)], guest: { home: 'laptop' } };
    expect(moves(both, home, encoding(40))).toEqual(['web laptop→a']);
    expect(moves(both, away, idle(60))).toEqual(['web a→laptop']);
    expect(moves(both, away, encoding(40))).toEqual([]);
  });

  test('a wrong setting is refused at once', () => {
    expect(() => homeward({ idle: -1 })).toThrow(SettingsError);
  });
});
