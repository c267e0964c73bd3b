import { describe, expect, test } from 'vitest';
import { seconds } from '../../../src/model/index.js';
import { firstOf, homeward, type HomewardSettings, muda, standardConstraints } from '../../../src/policies/index.js';
import { refused } from '../build.js';
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

  test('M39: where the processes are listed they tell, else the guest’s use of all its vCPUs', () => {
    const seconds = (second: Second, vcpus: number): readonly string[] =>
      moves(
        homeward(),
        { ...away, guest: { home: 'laptop', vcpus } },
        idle(60, () => second),
      );
    expect(seconds({ user: 0.9, processes: [process(0.69)] }, 1)).toEqual(['web a→laptop']);
    expect(seconds({ user: 0.35, processes: undefined }, 2)).toEqual([]);
    expect(seconds({ user: 0.34, processes: undefined }, 2)).toEqual(['web a→laptop']);
    expect(seconds({ user: undefined, processes: undefined }, 1)).toEqual([]);
  });

  test('M39: of a guest of 65 vCPUs it is not known', () => {
    const large = (vcpus: number): Parameters<typeof moves>[1] => ({
      hosts: ['a', 'laptop'].map((id) =>
        host(id, 2, { cpu: { clock: 2e9, cores: 128, threads: 128, architecture: 'x86_64' } }),
      ),
      guest: { home: 'laptop', vcpus },
    });
    expect(moves(homeward(), large(64), idle(60))).toEqual(['web a→laptop']);
    expect(against(homeward().plan(after(homeward(), large(65), idle(60))))).toEqual([
      'laptop: web idle time not measured',
    ]);
  });

  test('M39: two guests of one home return one after the other', () => {
    const policy = homeward();
    const state = after(policy, away, idle(60));
    const both = { ...state, guests: state.guests.flatMap((one) => [one, { ...one, id: 'web-2' }]) };
    const plan = policy.plan(both);
    expect(plan.moves.map(({ guest }) => guest)).toEqual(['web']);
    expect(plan.passedOver.map(({ subject }) => subject)).toEqual([{ kind: 'guest', id: 'web-2' }]);
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
    // It is not considered at all, so nothing is said of it.
    for (const guest of [{ home: 'a' }, {}])
      expect(homeward().plan(after(homeward(), { ...away, guest }, idle(60))).passedOver).toEqual([]);
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

  test.each([
    [{ idle: -1 }, 'homeward.idle: Too small: expected number to be >=0'],
    [{ process: 2 }, 'homeward.process: Too big: expected number to be <=1'],
    [{ iowait: -0.1 }, 'homeward.iowait: Too small: expected number to be >=0'],
    [{ constraints: ['memory'] }, 'homeward.constraints[0]: must be a constraint'],
    [{ constraints: [null] }, 'homeward.constraints[0]: must be a constraint'],
    [{ after: 1 }, 'homeward.after: no such setting'],
    [{ constraints: standardConstraints }, 'taken'],
  ])('a wrong setting is refused at once: %j', (settings, message) => {
    // What JavaScript may pass.
    expect(refused(() => homeward(settings as HomewardSettings))).toBe(message);
  });

  test('its name', () => expect(homeward().name).toBe('homeward'));
});
