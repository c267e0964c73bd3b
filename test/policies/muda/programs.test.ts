import { describe, expect, test } from 'vitest';
import { sayReason } from '../../../src/model/index.js';
import { heldJobs, learnProgram, muda, neededBy, type Program } from '../../../src/policies/index.js';
import { after, against, encoding, host, moves, process, type Second } from './play.js';

const programs: readonly Program[] = [
  { name: 'cp', needs: 'io' },
  { name: 'ffmpeg*', needs: 'cpu' },
];
const world = { hosts: [host('a', 3.33, { score: 40 }), host('near', 2.66, { score: 60 })] };
/** Nothing runs; a program was stopped before it began. */
const waiting = (name: string, state: 'stopped' | 'runnable' = 'stopped'): readonly Second[] =>
  encoding(3, () => ({ load: 0, user: 0.01, processes: [process(0, { name, state })] }));

describe('programs that are known (M44)', () => {
  test('M44: a name stands for itself, and * for any letters', () => {
    expect(neededBy(programs, 'cp')).toBe('io');
    expect(neededBy(programs, 'scp')).toBeUndefined();
    expect(neededBy(programs, 'ffmpeg-0.6')).toBe('cpu');
    expect(neededBy([{ name: 'c.', needs: 'io' }], 'cp')).toBeUndefined();
  });

  test('M44: a * stands for none too, and wherever it is; other signs stand for themselves', () => {
    const needed = (pattern: string, name: string): unknown => neededBy([{ name: pattern, needs: 'io' }], name);
    expect(needed('ffmpeg*', 'ffmpeg')).toBe('io');
    expect(needed('*-sort-*', 'gnu-sort-8')).toBe('io');
    expect(needed('a*b*c', 'a-b-c')).toBe('io');
    expect(needed('a*b*c', 'a-b-d')).toBeUndefined();
    for (const name of ['g++', 'a.out', '[kworker]', '{x}', 'a|b', 'p(1)', '^$?', 'c:\\cp']) {
      expect(needed(name, name)).toBe('io');
      expect(needed(name, `${name}x`)).toBeUndefined();
    }
    expect(needed('a|b', 'a')).toBeUndefined();
    expect(needed('[ab]', 'a')).toBeUndefined();
  });

  test('M44: the first entry that fits counts', () => {
    const both: readonly Program[] = [
      { name: 'c*', needs: 'cpu' },
      { name: 'cp', needs: 'io' },
    ];
    expect(neededBy(both, 'cp')).toBe('cpu');
  });

  test('M44: what is learnt goes before a pattern, which is left alone, and takes the place of its own old entry', () => {
    const cp = { name: 'cp', needs: 'cpu' };
    expect(learnProgram(programs, 'cp', 'cpu')).toEqual([cp, { name: 'ffmpeg*', needs: 'cpu' }]);
    expect(learnProgram(programs, 'ffmpeg-8', 'io')).toEqual([{ name: 'ffmpeg-8', needs: 'io' }, ...programs]);
    expect(learnProgram(programs, 'ffmpeg-8', 'cpu')).toBe(programs);
    expect(learnProgram(programs, 'cp', 'io')).toBe(programs);
  });

  test('M44: the list is learnt: what was seen last counts', () => {
    const learnt = learnProgram([], 'dd', 'io');
    expect(neededBy(learnt, 'dd')).toBe('io');
    expect(neededBy(learnProgram(learnt, 'dd', 'cpu'), 'dd')).toBe('cpu');
    expect(learnProgram(learnt, 'dd', 'idle')).toBe(learnt);
  });

  test('M42c, M44: a guest goes near its image before a program known to be heavy on I/O begins', () => {
    expect(moves(muda({ programs }), world, waiting('cp'))).toEqual(['web a→near']);
  });

  test('M42c: not for a program that is not known so, nor for one that runs already', () => {
    expect(moves(muda({ programs }), world, waiting('ffmpeg'))).toEqual([]);
    expect(moves(muda({ programs }), world, waiting('cp', 'runnable'))).toEqual([]);
  });

  test('M42c: as built, nothing is moved before it begins', () => {
    expect(moves(muda({ programs, profile: 'asBuilt' }), world, waiting('cp'))).toEqual([]);
    expect(moves(muda({ programs, beforeIo: false }), world, waiting('cp'))).toEqual([]);
  });

  test('M44: a move that would take too long is given up, and told', () => {
    const policy = muda({ programs, acceptable: { most: 1000 } });
    const plan = policy.plan(after(policy, world, waiting('cp')));
    expect(plan.moves).toEqual([]);
    expect(against(plan)).toEqual(['near: web predicted time of the move 15.2 s not at most 1.0 s']);
  });
});

describe('a job that waits (M44)', () => {
  const policy = muda({ programs });
  const job = { guest: 'web', program: 'cp' };

  test('M44: it hears why, and how long it has waited', () => {
    const cluster = after(policy, world, waiting('cp'));
    const plan = policy.plan(cluster);
    const told = (job: Parameters<typeof heldJobs>[0][number]): readonly string[] | undefined =>
      heldJobs([job], cluster, plan)[0]?.because.map((reason) => `${reason.rule}: ${sayReason(reason)}`);
    expect(told(job)).toEqual([
      'muda.beforeIo: web state while cp waits about to move among moving, about to move, not yet examined',
    ]);
    expect(told({ ...job, since: cluster.at - 60_000 })).toEqual([
      'muda.beforeIo: web state while cp waits about to move among moving, about to move, not yet examined',
      'muda.beforeIo: web time that cp has waited 1.0 min below 5.0 min',
    ]);
  });

  test('M44: it waits for five minutes at most, unless told otherwise', () => {
    const cluster = { ...after(policy, world, waiting('cp')), at: 1_000_000 };
    const plan = policy.plan(cluster);
    const verdict = (since: number): unknown => heldJobs([{ ...job, since }], cluster, plan)[0]?.verdict;
    expect(verdict(700_001)).toBe('hold');
    expect(verdict(700_000)).toBe('release');
  });

  test('M44: a guest that was never heard of since it waits was not yet examined', () => {
    const cluster = after(policy, world, waiting('cp'));
    const unseen = {
      ...cluster,
      guests: cluster.guests.map((one) => ({ ...one, knowledge: { kind: 'unseen' } as const })),
    };
    expect(heldJobs([{ ...job, since: 0 }], unseen, { moves: [], passedOver: [] })).toMatchObject([
      { verdict: 'hold', because: [{ value: 'not yet examined' }, {}] },
    ]);
    expect(heldJobs([job], unseen, { moves: [], passedOver: [] })).toMatchObject([{ because: [{ value: 'at rest' }] }]);
  });

  test('M44: the moves of other guests are none of its business', () => {
    const cluster = after(policy, world, waiting('cp'));
    const others = policy.plan(cluster).moves.map((move) => ({ ...move, guest: 'other' }));
    const done = { id: 'm', guest: 'other', from: 'a', to: 'near', startedAt: 0, endedAt: 1 };
    const state = { ...cluster, past: [{ ...done, ending: { result: 'done' } as const }] };
    expect(heldJobs([{ ...job, since: 0 }], state, { moves: others, passedOver: [] })).toMatchObject([
      { because: [{ value: 'at rest' }, {}] },
    ]);
  });

  test('M44: of a job without a time, what has ended before says nothing', () => {
    const cluster = after(policy, world, waiting('cp'));
    const done = { id: 'm', guest: 'web', from: 'a', to: 'near', startedAt: cluster.at, endedAt: cluster.at };
    const state = { ...cluster, past: [{ ...done, ending: { result: 'done' } as const }] };
    expect(heldJobs([job], state, { moves: [], passedOver: [] })).toMatchObject([{ because: [{ value: 'at rest' }] }]);
    expect(heldJobs([{ ...job, since: cluster.at }], state, { moves: [], passedOver: [] })).toMatchObject([
      { because: [{ value: 'moved' }, {}] },
    ]);
  });

  test('M44: it is held while the guest is about to move, and while it moves', () => {
    const cluster = after(policy, world, waiting('cp'));
    expect(heldJobs([job], cluster, policy.plan(cluster))).toMatchObject([{ ...job, verdict: 'hold' }]);
    const moving = { ...cluster, migrations: [{ id: 'm', guest: 'web', from: 'a', to: 'near', startedAt: 0 }] };
    expect(heldJobs([job], moving, policy.plan(moving))).toMatchObject([{ verdict: 'hold' }]);
  });

  test('M44: it is let go when the guest is near its image, and when the move is given up', () => {
    const arrived = after(policy, { hosts: [...world.hosts].reverse() }, waiting('cp'));
    expect(heldJobs([job], arrived, policy.plan(arrived))).toMatchObject([
      { verdict: 'release', because: [{ value: 'at rest', holds: false }] },
    ]);
    const hasty = muda({ programs, acceptable: { most: 0 } });
    const cluster = after(hasty, world, waiting('cp'));
    expect(heldJobs([job], cluster, hasty.plan(cluster))).toMatchObject([{ verdict: 'release' }]);
  });

  test('M44: a guest that nobody knows holds nothing up', () => {
    const cluster = after(policy, world, waiting('cp'));
    expect(heldJobs([{ guest: 'gone', program: 'cp' }], cluster, policy.plan(cluster))).toMatchObject([
      { verdict: 'release', because: [{ value: 'not known' }] },
    ]);
  });

  describe('since a time', () => {
    const cluster = after(policy, world, waiting('cp'));
    const at = cluster.at;
    const outcome = { id: 'm', guest: 'web', from: 'a', to: 'near', startedAt: at - 500, endedAt: at - 100 };
    const failure = { kind: 'cancelled', retryable: true, message: '' } as const;
    const verdict = (since: number, changes: object = {}, longest?: number) =>
      heldJobs(
        [{ ...job, since }],
        { ...cluster, ...changes },
        { moves: [], passedOver: [] },
        longest === undefined ? {} : { longest },
      )[0];

    test('M44: it is held until its guest was examined after that', () => {
      expect(verdict(at + 1)).toMatchObject({ verdict: 'hold', because: [{ value: 'not yet examined' }, {}] });
      expect(verdict(at)).toMatchObject({ verdict: 'release', because: [{ value: 'at rest' }, {}] });
    });

    test.each([
      ['moved', { result: 'done' }],
      ['move given up', { result: 'failed', failure }],
    ])('M44: it is let go when a move that began after that has ended: %s', (value, ending) => {
      const past = [{ ...outcome, ending }];
      expect(verdict(at - 1000, { past })).toMatchObject({ verdict: 'release', because: [{ value }, {}] });
      expect(verdict(at - 200, { past })).toMatchObject({ because: [{ value: 'at rest' }, {}] });
    });

    test('M44: a move that has ended holds nothing up while its memory is still reserved', () => {
      const past = [{ ...outcome, ending: { result: 'failed', failure } }];
      const migration = { id: 'm', guest: 'web', from: 'a', to: 'near', startedAt: at - 500 };
      expect(verdict(at - 1000, { migrations: [migration], past })).toMatchObject({ verdict: 'release' });
      expect(verdict(at - 1000, { migrations: [migration] })).toMatchObject({ verdict: 'hold' });
    });

    test('M44: nothing is held for longer than the longest time, not even while its guest moves', () => {
      const migrations = [{ id: 'm', guest: 'web', from: 'a', to: 'near', startedAt: 0 }];
      expect(verdict(at - 1000, { migrations }, 1001)).toMatchObject({ verdict: 'hold' });
      expect(verdict(at - 1000, { migrations }, 1000)).toMatchObject({ verdict: 'release' });
    });
  });
});
