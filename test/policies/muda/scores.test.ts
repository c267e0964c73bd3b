/** The figures behind a choice of host: what a guest's own load takes, which network and which disk count, and what a change is worth. */
import { describe, expect, test } from 'vitest';
import { type Cluster, mbps, mebibytesPerSecond, seconds } from '../../../src/model/index.js';
import {
  type Classifier,
  type ClassifierContext,
  muda,
  type MudaSettings,
  type Policy,
} from '../../../src/policies/index.js';
import { migration, told } from '../build.js';
import { after, copying, encoding, host, moves, process, type Second, type World } from './play.js';

const asBuilt = (settings: MudaSettings = {}): Policy => muda({ profile: 'asBuilt', ...settings });
const busy = encoding(40);
/** CPU and I/O wait close together. */
const balanced = (user: number, iowait: number): readonly Second[] =>
  encoding(40, () => ({ user, iowait, processes: [process(0.75)] }));
const gains = (cpu: number, disk: number): World => ({
  hosts: [host('a', 2, { score: 40 }), host('b', 2 * (1 + cpu), { score: 40 * (1 + disk) })],
});

type Change = (state: Cluster) => Cluster;
const said = (policy: Policy, world: World, list: readonly Second[], change: Change = (state) => state) =>
  told(policy.plan(change(after(policy, world, list))));
const onlyOf = (rule: string, lines: readonly string[]): readonly string[] =>
  lines.filter((line) => line.startsWith(`${rule}: `));

describe('what the guest itself takes of its host (M29)', () => {
  const threads = (id: string, clock: number) =>
    host(id, clock, { cpu: { clock: clock * 1e9, cores: 4, threads: 4, architecture: 'x86_64' } });
  const world = { hosts: [threads('a', 2), threads('b', 8)], hostCpu: { a: 0.5, b: 0 }, guest: { vcpus: 2 } };
  const own =
    (cpu: number, steal: number | undefined): Change =>
    (state) => ({
      ...state,
      guests: state.guests.map((one) => ({ ...one, signals: { ...one.signals, cpu, steal } })),
    });
  const two = encoding(60, (i) => ({ load: 2 + i * 0.1 }));
  const score = (cpu: number, steal: number | undefined): readonly string[] =>
    onlyOf('muda.score', said(muda({ tie: 0 }), world, two, own(cpu, steal)));

  test('is what it ran, without the time stolen from it, of all the threads', () => {
    // (0.95 − 0.2) × 2 of 4 threads is 0.375 of the 0.5; with steal unknown 0.475 of it.
    expect(score(0.95, 0.2)).toEqual(['muda.score: b cpu score, against that of a and a tie, 8.00 GHz above 1.75 GHz']);
    expect(score(0.95, undefined)).toEqual([
      'muda.score: b cpu score, against that of a and a tie, 8.00 GHz above 1.95 GHz',
    ]);
  });

  test('is never below nothing, nor more than the host was busy', () => {
    expect(score(0.1, 0.3)).toEqual(['muda.score: b cpu score, against that of a and a tie, 8.00 GHz above 1.00 GHz']);
    expect(score(1, 0)).toEqual(['muda.score: b cpu score, against that of a and a tie, 8.00 GHz above 2.00 GHz']);
    expect(
      onlyOf('muda.score', said(muda({ tie: 0 }), { ...world, hostCpu: { a: 0.25, b: 0 } }, two, own(1, 0))),
    ).toEqual(['muda.score: b cpu score, against that of a and a tie, 8.00 GHz above 2.00 GHz']);
  });

  test('does not matter where the load of the host is not known', () => {
    expect(said(muda(), { hosts: [host('a', 2), host('b', 3)], hostCpu: { a: undefined } }, busy)).toEqual([
      'web stays: muda.score: a cpu score not measured',
    ]);
  });

  test('a host that is wholly busy offers nothing', () => {
    const full = { hosts: [host('a', 2), host('b', 3)], hostCpu: { b: 1 } };
    expect(said(muda(), full, busy)).toEqual([
      'web stays: muda.score: b cpu score, against that of a and a tie, 0.00 GHz not above 2.02 GHz',
    ]);
  });
});

describe('the disk score is that of the path to the image (M26, M30)', () => {
  const disks = (...scores: readonly number[]) =>
    scores.map((score, i) => ({
      id: ['local', 'shared'][i] ?? '',
      access: 'nfs' as const,
      score: mebibytesPerSecond(score),
    }));
  const storage = (id: string, ...scores: readonly number[]) => host(id, 2, { storage: disks(...scores) });

  test('whatever other disks a host has', () => {
    const world = { hosts: [storage('a', 10, 40), storage('b', 90, 20), storage('c', 5, 60)] };
    expect(moves(asBuilt(), world, copying(40))).toEqual(['web a→c']);
  });

  test('a guest without an image, or with one that its host does not reach, has none', () => {
    const world = { hosts: [storage('a', 10), storage('b', 90)] };
    const unknown = ['web stays: muda.score: a disk score not measured'];
    expect(said(asBuilt(), world, copying(40))).toEqual(unknown);
    const without: Change = (state) => ({
      ...state,
      guests: state.guests.map(({ image, ...one }) => {
        expect(image).toEqual({ storage: 'shared' });
        return one;
      }),
    });
    expect(said(asBuilt(), world, copying(40), without)).toEqual(unknown);
  });
});

describe('networks by their roles (M7, M24)', () => {
  const slow = { role: 'storage', link: 'san', bandwidth: mbps(1) } as const;
  const fast = { role: 'migration', link: 'net', bandwidth: mbps(700) } as const;

  test('a move takes the migration network, whichever comes first', () => {
    const world = { hosts: ['a', 'b'].map((id, i) => host(id, 2 + i, { networks: [slow, fast] })) };
    expect(moves(muda(), world, busy)).toEqual(['web a→b']);
  });

  test('a guest’s traffic takes the guest network where there is one', () => {
    const guests = { role: 'guest', link: 'lan', bandwidth: mbps(100) } as const;
    const wide = { ...guests, bandwidth: mbps(200) };
    const world = { hosts: [host('a', 3, { networks: [fast, guests] }), host('b', 2, { networks: [fast, wide] })] };
    const serving = encoding(40, () => ({ user: 0.3, iowait: 0, network: mbps(60), processes: [process(0.75)] }));
    expect(onlyOf('muda.score', said(asBuilt(), world, serving))).toEqual([
      'muda.score: b bandwidth, against that of a and a tie, 23.8 MiB/s above 12.0 MiB/s',
    ]);
  });
});

describe('what a classifier is told (M20)', () => {
  const contexts = (world: World): readonly ClassifierContext[] => {
    const seen: ClassifierContext[] = [];
    const classifier: Classifier = {
      name: 'listens',
      classify: (_, context) => {
        seen.push(context);
        return { class: 'cpu', confidence: 1, reasons: [] };
      },
    };
    said(muda({ needs: { classifier } }), world, busy);
    return seen;
  };
  const subject = { kind: 'guest', id: 'web' };

  test('whose use it is, of how many vCPUs, the bandwidth, and the pace of the path to its image', () => {
    expect(contexts({ hosts: [host('a', 2, { score: 40 })], guest: { vcpus: 2 } })).toStrictEqual([
      { subject, processors: 2, bandwidth: mbps(700), storage: mebibytesPerSecond(40) },
    ]);
  });

  test('and nothing of what was not measured', () => {
    expect(contexts({ hosts: [host('a', 2, { networks: [], storage: [] })] })).toStrictEqual([
      { subject, processors: 1 },
    ]);
  });
});

describe('the change in capability (M21)', () => {
  const limit = (settings: MudaSettings, list: readonly Second[], world: World = gains(3, 3)): readonly string[] =>
    onlyOf('muda.capability', said(asBuilt(settings), world, list));
  const change = 'muda.capability: b change in capability against |cpu - iowait|';

  test('must be above the difference of the shares, in the time that counts (M22)', () => {
    const kernel = encoding(40, () => ({ user: 0.35, system: 0.1, iowait: 0.2, processes: [process(1)] }));
    const always = { use: { process: 0.1 }, classes: ['balanced', 'io'] } as const;
    expect(limit({ ...always, needs: { counts: 'user' } }, kernel)).toEqual([`${change} 300 % above 15 %`]);
    expect(limit({ ...always, needs: { counts: 'user+system' } }, kernel)).toEqual([`${change} 300 % above 25 %`]);
  });

  test('where shares are of one processor, a guest of two has twice of it, at most one; else it has its share of all', () => {
    const two = { ...gains(3, 3), guest: { vcpus: 2 } };
    const of = (user: number, use: MudaSettings['use']): readonly string[] =>
      limit(
        { use: { process: 0.1, ...use }, capability: { asked: 'of all' } },
        encoding(60, (i) => ({ load: 2 + i * 0.1, user, iowait: 0.2, processes: [process(1)] })),
        two,
      );
    expect(of(0.3, { of: 'one' })).toEqual([`${change} 300 % above 40 %`]);
    expect(of(0.3, { of: 'all' })).toEqual([`${change} 300 % above 10 %`]);
    expect(of(0.8, { of: 'one' })).toEqual([`${change} 300 % above 80 %`]);
  });

  test('net, it weighs both gains by the use of each, and alike where they are used alike', () => {
    expect(limit({}, balanced(0.5, 0.5), gains(0.5, 0.3))).toEqual([`${change} 40 % above 0 %`]);
  });

  test('single, it is the gain of what is used more, of the processor where both are used alike', () => {
    const single = { capability: { change: 'single' } } as const;
    expect(limit(single, balanced(0.35, 0.6), gains(0.5, 0.9))).toEqual([`${change} 90 % above 25 %`]);
    expect(limit(single, balanced(0.6, 0.35), gains(0.5, 0.9))).toEqual([`${change} 50 % above 25 %`]);
    expect(limit(single, balanced(0.5, 0.5), gains(0.5, 0.9))).toEqual([`${change} 50 % above 0 %`]);
  });

  const nowhere = 'web stays: muda.score: web hosts that could take it 0 not at least 1';
  const notKnown = 'web stays off b: muda.capability: b change in capability not measured';

  test('is not known where the load of the other host is not, nor from a disk that was not measured', () => {
    const score = 'web stays off b: muda.score: b capability not measured';
    expect(said(asBuilt(), { ...gains(3, 3), hostCpu: { b: undefined } }, balanced(0.6, 0.35))).toEqual([
      score,
      notKnown,
      nowhere,
    ]);
    const bare = [host('a', 2, { storage: [{ id: 'shared', access: 'nfs' }] }), host('b', 3)];
    expect(said(asBuilt(), { hosts: bare }, balanced(0.6, 0.35))).toEqual([score, notKnown, nowhere]);
  });

  test('is not known from nothing: against a host that offers none, or of a guest that uses neither', () => {
    const full = { ...gains(3, 3), hostCpu: { a: 1, b: 0 } };
    expect(said(asBuilt({ ownLoad: 'counted' }), full, balanced(0.6, 0.35)).at(-2)).toBe(notKnown);
    const serving = encoding(40, () => ({ user: 0, iowait: 0, network: mbps(400), processes: [process(0.75)] }));
    expect(said(asBuilt({ capability: { asked: 'of all' } }), gains(3, 3), serving)).toEqual([notKnown, nowhere]);
  });

  test('is asked of no guest for which a program waits, whatever is asked of the others (M42c)', () => {
    const policy = muda({ programs: [{ name: 'cp', needs: 'io' }], capability: { asked: 'of all' } });
    const waits = encoding(3, () => ({ user: 0.01, processes: [process(0, { name: 'cp', state: 'stopped' })] }));
    expect(moves(policy, { hosts: [host('a', 3, { score: 40 }), host('b', 2)] }, waits)).toEqual(['web a→b']);
  });
});

describe('ties (M27)', () => {
  test('with none allowed, the best score alone is best', () => {
    expect(moves(muda({ tie: 0 }), { hosts: [host('a', 2), host('b', 3), host('c', 3.001)] }, busy)).toEqual([
      'web a→c',
    ]);
  });

  test('a host of which the tie-breaker is not known loses to one of which it is; of none, the next one decides', () => {
    const fast = { memory: { total: 17e9, reserved: 1e9, speed: 6e9 } };
    const hosts = [host('a', 2), host('b', 2, { score: 80 }), host('c', 2, { score: 80, ...fast })];
    expect(moves(asBuilt(), { hosts, hostCpu: { b: 0.9, c: undefined } }, copying(40))).toEqual(['web a→b']);
    expect(moves(asBuilt(), { hosts, hostCpu: { b: undefined, c: undefined } }, copying(40))).toEqual(['web a→c']);
  });
});

describe('what is asked all the same', () => {
  test('M34: a host that a move comes to is marked, and so is one that a move leaves', () => {
    const world = { hosts: [host('a', 2), host('b', 3)] };
    for (const [from, to] of [
      ['b', 'x'],
      ['x', 'b'],
    ] as const)
      expect(said(muda(), { ...world, migrations: [migration('o', from, to)] }, busy)).toContain(
        'web stays off b: muda.marked: b moves in flight 1 not at most 0',
      );
  });

  test('M18: before a program begins, that the time of the move can be told', () => {
    const policy = muda({ programs: [{ name: 'cp', needs: 'io' }] });
    const waits = encoding(3, () => ({ user: 0.01, processes: [process(0, { name: 'cp', state: 'stopped' })] }));
    const world = { hosts: [host('a', 3, { score: 40, networks: [] }), host('b', 2)] };
    expect(said(policy, world, waits)).toEqual([
      'web stays off b: muda.acceptable: web migration bandwidth not measured',
    ]);
  });

  test('M18: at the ceiling of the link it takes longer', () => {
    const policy = asBuilt({ length: { ceiling: mbps(100) }, acceptable: { most: seconds(60) } });
    const old = encoding(400);
    expect(moves(policy, { hosts: [host('a', 2), host('b', 3)] }, old)).toEqual([]);
  });

  test('M15: where spells are not known, they are of no length', () => {
    const change: Change = (state) => ({
      ...state,
      guests: state.guests.map((one) => ({ ...one, signals: { ...one.signals, use: undefined } })),
    });
    expect(said(muda(), { hosts: [host('a', 2), host('b', 3)] }, busy, change)).toEqual([
      'web stays: muda.use: web cpu of a process, iowait not measured',
      'web stays: muda.length: web time in use against the time of a move 0.0 s not above 23.9 s',
    ]);
  });

  test('where nothing was seen of waiting programs, the rules decide', () => {
    const change: Change = (state) => ({
      ...state,
      guests: state.guests.map((one) => ({ ...one, signals: { ...one.signals, held: undefined } })),
    });
    expect(said(muda(), { hosts: [host('a', 2), host('b', 3)] }, busy, change)[0]).toBe('web a→b');
  });

  test('its name', () => expect(muda().name).toBe('muda'));
});
