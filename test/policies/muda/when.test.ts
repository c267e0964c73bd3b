import { describe, expect, test } from 'vitest';
import { cpu, foldSignal, level } from '../../../src/metrics/index.js';
import { mbps, percent, seconds } from '../../../src/model/index.js';
import { muda, type MudaSettings } from '../../../src/policies/index.js';
import { after, against, copying, encoding, host, moves, process, type Second } from './play.js';

const pair = { hosts: [host('a', 2.66), host('b', 3.33)] };
const go = ['web a→b'];
const asBuilt = (settings: MudaSettings = {}): ReturnType<typeof muda> => muda({ profile: 'asBuilt', ...settings });
const after40 = (settings: MudaSettings, change: (i: number) => Second): readonly string[] =>
  moves(asBuilt(settings), pair, encoding(40, change));

/** A list of loads, one a second, of an encoder that had long been busy. */
const loads = (...last: readonly number[]): readonly Second[] => [
  ...encoding(40),
  ...last.map((load) => ({ ...encoding(0)[0], load })),
];

describe('rule 1 (M12)', () => {
  test('a rising load average above the vCPUs, with a process at 95 % for 40 s, moves the guest', () => {
    expect(after40({}, () => ({}))).toEqual(go);
  });

  test('M12: a load average of just the number of vCPUs does not', () => {
    expect(after40({}, (i) => ({ load: Math.min(1, i / 40) }))).toEqual([]);
  });

  test('M12: a load average above the vCPUs that never rose does not', () => {
    expect(after40({}, () => ({ load: 3 }))).toEqual([]);
  });

  test('M12: the five-minute average may be asked instead', () => {
    const policy = asBuilt({ load: { average: 'five' } });
    expect(policy.watch.guest?.['load']?.name).toBe('level(load five)');
    expect(moves(policy, pair, encoding(40))).toEqual(go);
  });

  test('M12: a load that is not measured is told, and never moves it', () => {
    const policy = asBuilt();
    const state = after(
      policy,
      pair,
      encoding(40, () => ({ load: undefined })),
    );
    expect(policy.plan(state).moves).toEqual([]);
    expect(against(policy.plan(state))).toContain('web load not measured');
  });
});

describe('contrary samples of the load (M14)', () => {
  test('M14, example A: three falling entries are ignored, at the fourth the trend is falling', () => {
    expect(moves(asBuilt(), pair, loads(1.4, 1.35, 1.3, 1.28))).toEqual(go);
    expect(moves(asBuilt(), pair, loads(1.4, 1.35, 1.3, 1.28, 1.25))).toEqual([]);
  });

  test('M14, example B: a rise in between starts the count again', () => {
    expect(moves(asBuilt(), pair, loads(1.4, 1.35, 1.3, 1.45, 1.4, 1.35, 1.3))).toEqual(go);
  });

  test('M14, reading 2: counted by entries it turns one step earlier', () => {
    expect(moves(asBuilt({ load: { counting: 'entries' } }), pair, loads(1.4, 1.35, 1.3, 1.28))).toEqual([]);
  });

  test('M14: from falling, one rise turns back, but not where the tolerance is symmetric', () => {
    const fell = loads(1.4, 1.35, 1.3, 1.28, 1.25, 1.3);
    expect(moves(asBuilt(), pair, fell)).toEqual(go);
    expect(moves(asBuilt({ load: { symmetric: true } }), pair, fell)).toEqual([]);
  });

  test('M14: three samples under the bound do not end a spell of use; without the tolerance they do', () => {
    const dip = (i: number): Second => (i > 30 && i <= 33 ? { processes: [process(0.2)] } : {});
    expect(after40({}, dip)).toEqual(go);
    expect(after40({ use: { tolerance: 0 } }, dip)).toEqual([]);
  });

  test('M14: a fourth ends it', () => {
    expect(after40({}, (i) => (i > 30 && i <= 34 ? { processes: [process(0.2)] } : {}))).toEqual([]);
  });
});

describe('rule 2 (M13)', () => {
  test('M13: 70 % is enough, 69 % is not', () => {
    expect(after40({}, () => ({ processes: [process(0.7)] }))).toEqual(go);
    expect(after40({}, () => ({ processes: [process(0.69)] }))).toEqual([]);
  });

  test('M13: 10 % of I/O wait is enough, 9 % is not', () => {
    const near = { hosts: [host('a', 3.33, { score: 40 }), host('b', 2.66, { score: 60 })] };
    const waiting = (iowait: number): readonly Second[] => copying(40, () => ({ iowait }));
    expect(moves(asBuilt(), near, waiting(0.4))).toEqual(go);
    expect(moves(asBuilt({ needs: { dramatic: 0 } }), near, waiting(0.1))).toEqual(go);
    expect(moves(asBuilt({ needs: { dramatic: 0 } }), near, waiting(0.09))).toEqual([]);
  });

  test('M13: the bounds and the time are parameters', () => {
    const policy = asBuilt({ use: { process: percent(50), for: seconds(30) } });
    const half = (length: number): readonly Second[] =>
      encoding(40, (i) => ({ processes: [process(i >= 40 - length ? 0.95 : 0.1)] }));
    expect(moves(policy, pair, half(29))).toEqual([]);
    expect(moves(policy, pair, half(30))).toEqual(go);
  });

  test('M13: with reports every 5 s it takes five of them', () => {
    const rate = {
      ...pair,
      hosts: pair.hosts.map((one) => ({
        ...one,
        networks: [{ role: 'migration' as const, link: 'net', bandwidth: mbps(1000) }],
      })),
    };
    const reports = (count: number): readonly Second[] =>
      encoding(12, (i) => ({ load: 0.9 + 0.05 * i, processes: [process(i > 12 - count ? 0.95 : 0.1)] }));
    expect(moves(asBuilt(), rate, reports(4), 5)).toEqual([]);
    expect(moves(asBuilt(), rate, reports(5), 5)).toEqual(go);
  });

  const relay = (i: number): Second => ({ processes: [process(0.95, { name: `cc1-${Math.floor(i / 15)}` })] });

  test('M13, reading a: the same process must have been busy throughout, or any at each sample', () => {
    expect(after40({}, relay)).toEqual([]);
    expect(after40({ use: { by: 'any' } }, relay)).toEqual(go);
  });

  const mixed = (i: number): Second =>
    i < 22 ? { processes: [process(0.1)], iowait: 0.8, user: 0.1 } : { iowait: 0.0 };

  test('M13, reading b: spells of computing and of waiting are apart, or joined', () => {
    expect(after40({}, mixed)).toEqual([]);
    expect(after40({ use: { spells: 'joined' } }, mixed)).toEqual(go);
  });

  test('M13, reading b: joined, a spell goes on while the guest waits in between', () => {
    const between = (i: number): Second =>
      i > 20 && i <= 30 ? { processes: [process(0.1)], iowait: 0.8, user: 0.1 } : { iowait: 0 };
    expect(after40({}, between)).toEqual([]);
    expect(after40({ use: { spells: 'joined' } }, between)).toEqual(go);
  });

  test('M13, reading c: the share of a process is of one vCPU, or of all', () => {
    const two = { ...pair, guest: { vcpus: 2 } };
    const busy = encoding(40, (i) => ({ load: 1.5 + i * 0.02, user: 0.75, processes: [process(1.2)] }));
    expect(moves(asBuilt(), two, busy)).toEqual(go);
    expect(moves(asBuilt({ use: { of: 'all' } }), two, busy)).toEqual([]);
    expect(moves(asBuilt({ use: { of: 'all', process: 0.6 } }), two, busy)).toEqual(go);
  });

  test('M22: user time alone counts as built, user and system time by the strategy', () => {
    const system = (): Second => ({ user: 0.6, system: 0.38, processes: [process(0.98)] });
    expect(after40({}, system)).toEqual([]);
    expect(after40({ needs: { counts: 'user+system' } }, system)).toEqual(go);
    expect(moves(muda(), pair, encoding(40, system))).toEqual(go);
    const policy = asBuilt();
    const plan = policy.plan(after(policy, pair, encoding(40, system)));
    expect(plan.passedOver[0]?.because.map(({ rule }) => rule)).toContain('muda.use');
  });

  test('M22: where user and system time were not told apart, user time is not known', () => {
    const policy = asBuilt();
    const use = policy.watch.guest?.['use'] ?? level(cpu);
    const blind = { kind: 'guest', id: 'web', at: 0, cpu: { used: 0.9 }, processes: [process(0.9)] } as const;
    expect(foldSignal(use, [blind])).toBeUndefined();
  });
});

describe('rule 3 (M15, M17)', () => {
  /** Busy for the last so many seconds. */
  const busyFor = (length: number): readonly Second[] =>
    encoding(60, (i) => (i >= 60 - length ? {} : { processes: [process(0.1)], user: 0.1 }));

  test('M17: at 700 Mbps a move of 1024 MB and a process of 42.4 MB is expected to take 23.9 s, and the use must be older', () => {
    expect(moves(asBuilt(), pair, busyFor(23))).toEqual([]);
    expect(moves(asBuilt(), pair, busyFor(24))).toEqual(go);
    const policy = asBuilt();
    expect(against(policy.plan(after(policy, pair, busyFor(23))))).toEqual([
      'web time in use against the time of a move 23.0 s not above 23.9 s',
    ]);
  });

  test('M17: with a ceiling of 300 Mbps it is 55.7 s (M37)', () => {
    const policy = asBuilt({ length: { ceiling: mbps(300) } });
    expect(moves(policy, pair, busyFor(55))).toEqual([]);
    expect(moves(policy, pair, busyFor(56))).toEqual(go);
  });

  test('M17: active are the processes over the bound, or all that had processor time', () => {
    const crowd = busyFor(24).map((second) => ({
      ...second,
      processes: [...(second.processes ?? []), process(0.05, { name: 'indexer', memory: 600e6 })],
    }));
    expect(moves(asBuilt(), pair, crowd)).toEqual(go);
    expect(moves(asBuilt({ length: { active: 'all' } }), pair, crowd)).toEqual([]);
  });

  test('M15, reading 2: it must be likely to last as long; by M46 the rest is expected to be as long as the age', () => {
    const future = asBuilt({ length: { reading: 'future' } });
    expect(moves(future, pair, busyFor(23))).toEqual([]);
    expect(moves(future, pair, busyFor(24))).toEqual(go);
    expect(moves(asBuilt({ length: { reading: 'future', chance: 0.6 } }), pair, busyFor(24))).toEqual([]);
  });

  test('M46: where the run time is known, that is asked', () => {
    const left = (rest: number): ReturnType<typeof muda> =>
      asBuilt({ length: { reading: 'future', life: () => ({ kind: 'known', left: seconds(rest) }) } });
    expect(moves(left(20), pair, busyFor(60))).toEqual([]);
    expect(moves(left(30), pair, busyFor(22))).toEqual(go);
  });

  test('M15: memory of processes that was not measured is not taken for none', () => {
    expect(after40({}, () => ({ processes: undefined, iowait: 0.5 }))).toEqual([]);
  });
});

describe('the largest acceptable duration (M18)', () => {
  const slow = (settings: MudaSettings['acceptable']): readonly string[] =>
    moves(
      asBuilt({ acceptable: settings ?? {} }),
      pair,
      encoding(40, () => ({ memoryUsed: 0.5 })),
    );

  test('M18: T_M + p T_S of the occupied memory, 11.7 s + 5.9 s, must be within the limit', () => {
    expect(slow({})).toEqual(go);
    expect(slow({ most: seconds(17.6) })).toEqual(go);
    expect(slow({ most: seconds(17.5) })).toEqual([]);
    expect(slow({ most: seconds(17.5), p: 0 })).toEqual(go);
  });

  test('M18: it is asked after a host is chosen, and names it (M19)', () => {
    const policy = asBuilt({ acceptable: { most: seconds(10) } });
    const plan = policy.plan(after(policy, pair, encoding(40)));
    expect(plan.passedOver).toMatchObject([{ to: 'b', because: [{ rule: 'muda.acceptable', holds: false }] }]);
  });
});

describe('the order of the checks (M19)', () => {
  test('M19: all three rules are tested at once, and all that fail are told', () => {
    const policy = asBuilt();
    const plan = policy.plan(
      after(
        policy,
        pair,
        encoding(10, () => ({ load: 0.2, processes: [process(0.1)] })),
      ),
    );
    expect(plan.passedOver[0]?.because.map(({ rule }) => rule)).toEqual([
      'muda.load',
      'muda.load',
      'muda.use',
      'muda.use',
      'muda.length',
    ]);
  });

  test('M19: a guest that is on the best host stays', () => {
    const here = { hosts: [host('a', 3.33), host('b', 2.66)] };
    const policy = asBuilt();
    expect(against(policy.plan(after(policy, here, encoding(40))))).toEqual([
      'b cpu score, against that of a and a tie, 2.66 GHz not above 3.36 GHz',
    ]);
  });
});
