import { describe, expect, test } from 'vitest';
import { gibibytes, mbps, mebibytesPerSecond } from '../../../src/model/index.js';
import { demandRule, muda, type MudaSettings } from '../../../src/policies/index.js';
import { refused, told } from '../build.js';
import { after, against, copying, encoding, host, moves, process, type Second } from './play.js';

const asBuilt = (settings: MudaSettings = {}): ReturnType<typeof muda> => muda({ profile: 'asBuilt', ...settings });
/** One is fast, one is near the image; the guest stands on a host that is neither. */
const choice = {
  hosts: [host('a', 2, { score: 40 }), host('fast', 3.33, { score: 30 }), host('near', 1.5, { score: 60 })],
};
const busy = encoding(40);

describe('what a guest needs (M20, M23, M24)', () => {
  test('M20, M26: a CPU-bound guest goes where clock and idle are highest', () => {
    expect(moves(asBuilt(), choice, busy)).toEqual(['web a→fast']);
  });

  test('M20, M26, M30: an I/O-bound one goes where the disk score on the way to its image is', () => {
    expect(moves(asBuilt(), choice, copying(40))).toEqual(['web a→near']);
  });

  test('M20: an idle one stays, whatever its load says', () => {
    const idle = encoding(40, (i) => (i < 20 ? {} : { user: 0.01, processes: [process(i % 4 === 0 ? 0.9 : 0)] }));
    const policy = asBuilt();
    expect(against(policy.plan(after(policy, choice, idle)))).toEqual([
      'web class idle, not one of cpu, io, balanced, paging, network',
    ]);
  });

  test('M23: memory nearly full makes the disk decide, even for a CPU-bound guest', () => {
    expect(
      moves(
        asBuilt(),
        choice,
        encoding(40, () => ({ memoryUsed: 0.95 })),
      ),
    ).toEqual(['web a→near']);
  });

  test('M23: so does swap in growing use', () => {
    expect(
      moves(
        asBuilt(),
        choice,
        encoding(40, (i) => ({ swapUsed: i / 100 })),
      ),
    ).toEqual(['web a→near']);
  });

  test('M24: a guest that uses half of the bandwidth has bandwidth as the first tie-breaker, before the load', () => {
    const network = (bandwidth: number): Parameters<typeof host>[2] => ({
      score: 80,
      networks: [{ role: 'migration', link: 'net', bandwidth: mbps(bandwidth) }],
    });
    const twins = {
      hosts: [host('a', 2), host('quiet', 2, network(700)), host('wide', 2, network(1000))],
      hostCpu: { quiet: 0, wide: 0.3 },
    };
    const carrying = (traffic: number): readonly Second[] => copying(40, () => ({ network: mbps(traffic) }));
    expect(moves(asBuilt(), twins, carrying(349))).toEqual(['web a→quiet']);
    expect(moves(asBuilt(), twins, carrying(350))).toEqual(['web a→wide']);
    expect(moves(asBuilt({ needs: { network: 0.6 } }), twins, carrying(350))).toEqual(['web a→quiet']);
  });

  test('M24: where the network is all that is used, the host with more bandwidth is chosen', () => {
    const wide = {
      hosts: [host('a', 3), host('b', 2, { networks: [{ role: 'migration', link: 'net', bandwidth: mbps(1000) }] })],
    };
    const serving = encoding(40, () => ({ user: 0.3, iowait: 0, network: mbps(400), processes: [process(0.75)] }));
    expect(moves(asBuilt(), wide, serving)).toEqual(['web a→b']);
  });

  test('M20: another classifier may be put in place of the thesis’', () => {
    expect(moves(asBuilt({ needs: { classifier: demandRule() } }), choice, busy)).toEqual(['web a→fast']);
  });
});

describe('scores and ties (M26, M27, M28)', () => {
  test('M26: a fast host that is busy is worth less than a slow one that is not', () => {
    const crowded = {
      ...choice,
      hostCpu: { fast: 0.6, near: 0 },
      hosts: [host('a', 1), host('fast', 3.33), host('near', 1.5)],
    };
    expect(moves(asBuilt(), crowded, busy)).toEqual(['web a→near']);
  });

  test('M26: a host whose load is not known is passed over, and told', () => {
    const policy = asBuilt();
    const plan = policy.plan(after(policy, { ...choice, hostCpu: { fast: undefined } }, busy));
    expect(plan.moves).toEqual([]);
    expect(against(plan)).toContain('fast: fast cpu score not measured');
  });

  type Breaker = 'load' | 'memory' | 'bandwidth' | 'cache' | 'nothing';
  /** Hosts of one disk score; each is better than the others in one tie-breaker. Where an I/O-bound guest goes. */
  const tied = (...better: readonly Breaker[]): readonly string[] => {
    const hosts = better.map((of, i) =>
      host(['b', 'c', 'd', 'e'][i] ?? '', 2, {
        score: 80,
        cpu: { clock: 2e9, cores: 2, threads: 2, architecture: 'x86_64', cache: of === 'cache' ? 4e6 : 1e6 },
        memory: {
          total: gibibytes(17),
          reserved: gibibytes(1),
          speed: mebibytesPerSecond(of === 'memory' ? 6000 : 5000),
        },
        networks: [{ role: 'migration', link: 'net', bandwidth: mbps(of === 'bandwidth' ? 1000 : 700) }],
      }),
    );
    const hostCpu = Object.fromEntries(hosts.map(({ id }, i) => [id, better[i] === 'load' ? 0 : 0.3]));
    return moves(asBuilt(), { hosts: [host('a', 2), ...hosts], hostCpu }, copying(40));
  };

  test('M27, M25: equal scores are told apart by present load, memory speed, bandwidth, in that order', () => {
    expect(tied('nothing', 'load')).toEqual(['web a→c']);
    expect(tied('bandwidth', 'memory', 'load')).toEqual(['web a→d']);
    expect(tied('cache', 'bandwidth', 'memory')).toEqual(['web a→d']);
    expect(tied('cache', 'bandwidth')).toEqual(['web a→c']);
  });

  test('M28: then by cache, a weak plus, and at last by name', () => {
    expect(tied('nothing', 'cache')).toEqual(['web a→c']);
    expect(tied('nothing', 'nothing')).toEqual(['web a→b']);
  });

  test('M27: scores further apart than the tie are not', () => {
    const close = {
      hosts: [host('a', 2), host('b', 3), host('c', 3.04, { memory: { total: gibibytes(17), reserved: 0, speed: 1 } })],
    };
    expect(moves(asBuilt(), close, busy)).toEqual(['web a→c']);
  });

  test('M28: a host with fewer cores than vCPUs is refused', () => {
    const small = {
      hosts: [host('a', 2, { cpu: { clock: 2e9, cores: 4, threads: 4, architecture: 'x86_64' } }), host('b', 3)],
      guest: { vcpus: 3 },
    };
    const policy = asBuilt();
    const plan = policy.plan(
      after(
        policy,
        small,
        encoding(60, (i) => ({ load: 3 + i * 0.1 })),
      ),
    );
    expect(against(plan)).toContain('b: b cores 2 not at least 3');
  });

  test('M28: a host without the memory is refused', () => {
    const small = { hosts: [host('a', 2), host('b', 3, { memory: { total: 1e9, reserved: 0 } })] };
    expect(moves(asBuilt(), small, busy)).toEqual([]);
  });

  test('M30: a host that does not reach the image is refused', () => {
    const cut = { hosts: [host('a', 2), host('b', 3, { storage: [] })] };
    expect(moves(asBuilt(), cut, busy)).toEqual([]);
  });

  test('M45: a host without the special hardware of a guest is refused', () => {
    const world = {
      hosts: [host('a', 2), host('b', 4), host('c', 3, { devices: ['capture'] })],
      guest: { devices: ['capture'] },
    };
    expect(moves(asBuilt(), world, busy)).toEqual(['web a→c']);
  });

  test('hosts marked by a move are not chosen for another guest until it is over (M34)', () => {
    const move = { id: 'm', guest: 'other', from: 'fast', to: 'elsewhere', startedAt: 0 };
    const policy = asBuilt();
    const plan = policy.plan(after(policy, { ...choice, migrations: [move] }, busy));
    expect(plan.moves).toEqual([]);
    expect(against(plan)).toContain('fast: fast moves in flight 1 not at most 0');
  });

  test('nor by one that is planned at the same time (M34)', () => {
    const policy = asBuilt();
    const state = after(policy, choice, busy);
    const both = { ...state, guests: state.guests.flatMap((one) => [one, { ...one, id: 'web-2' }]) };
    expect(policy.plan(both).moves.map(({ guest }) => guest)).toEqual(['web']);
  });
});

describe('the guest’s own load (M29)', () => {
  /** After the move to a host of 3.33 GHz with four logical processors, a quarter of which the guest uses. */
  const moved = {
    hosts: [host('a', 3.33, { cpu: { clock: 3.33e9, cores: 2, threads: 4, architecture: 'x86_64' } }), host('b', 2.66)],
    hostCpu: { a: 0.25 * 0.95, b: 0 },
  };

  test('M29: it does not count against the host where the guest stands, so nothing goes back and forth', () => {
    expect(moves(asBuilt(), moved, busy)).toEqual([]);
  });

  test('M29: where it counts, 2.50 is below 2.66 and the guest is sent back', () => {
    expect(moves(asBuilt({ ownLoad: 'counted' }), moved, busy)).toEqual(['web a→b']);
  });
});

describe('change in capability (M21)', () => {
  /** CPU 60 %, I/O wait 35 %: close together. */
  const balanced = (change: (i: number) => Second = () => ({})): readonly Second[] =>
    encoding(40, (i) => ({ user: 0.6, iowait: 0.35, processes: [process(0.75)], ...change(i) }));
  const gains = (cpu: number, disk: number) => ({
    hosts: [host('a', 2, { score: 40 }), host('b', 2 * (1 + cpu), { score: 40 * (1 + disk) })],
  });

  test('M21: a balanced guest moves only for a change above |CPU − I/O wait|', () => {
    expect(moves(asBuilt(), gains(0.3, 0.3), balanced())).toEqual(['web a→b']);
    expect(moves(asBuilt(), gains(0.2, 0.2), balanced())).toEqual([]);
  });

  test('M21: a faster processor that costs disk speed counts less, net; alone, it does not', () => {
    // (0.6 × 0.5 − 0.35 × 0.5) / 0.95 = 0.13, below 0.25; 0.5 alone is above it.
    expect(moves(asBuilt(), gains(0.5, -0.5), balanced())).toEqual([]);
    expect(moves(asBuilt({ capability: { change: 'single' } }), gains(0.5, -0.5), balanced())).toEqual(['web a→b']);
  });

  test('M21, reading 3: asked of all guests, it stops the encoder that the thesis moved', () => {
    const desktops = { hosts: [host('a', 2.66), host('b', 3.33)] };
    expect(moves(asBuilt(), desktops, busy)).toEqual(['web a→b']);
    expect(moves(asBuilt({ capability: { asked: 'of all' } }), desktops, busy)).toEqual([]);
  });
});

describe('the two profiles (M42, M43)', () => {
  test('M43: as built, a guest that waits for disks is moved; by the strategy, which is the default, it is not', () => {
    expect(moves(asBuilt(), choice, copying(40))).toEqual(['web a→near']);
    expect(moves(muda(), choice, copying(40))).toEqual([]);
    expect(moves(muda({ profile: 'strategy' }), choice, busy)).toEqual(moves(muda(), choice, busy));
  });

  test('M42a: the strategy moves CPU-bound guests', () => {
    expect(moves(muda(), choice, busy)).toEqual(['web a→fast']);
    expect(moves(muda({ classes: ['io'] }), choice, busy)).toEqual([]);
  });

  test('M42b: but none while an I/O-bound job runs in it', () => {
    const both = encoding(40, () => ({ user: 0.8, iowait: 0.15, processes: [process(0.8)] }));
    expect(moves(muda({ duringIo: true }), choice, both)).toEqual(['web a→fast']);
    const policy = muda();
    expect(against(policy.plan(after(policy, choice, both)))).toEqual(['web iowait 15 % not below 10 %']);
  });

  test('M42e: the strategy counts user and system time', () => {
    const kernel = encoding(40, () => ({ user: 0.5, system: 0.45 }));
    expect(moves(asBuilt(), choice, kernel)).toEqual([]);
    expect(moves(muda(), choice, kernel)).toEqual(['web a→fast']);
  });
});

describe('settings', () => {
  test.each([
    [{ use: { process: 70 } }, 'muda.use.process: Too big: expected number to be <=1'],
    [{ use: { cpu: 0.7 } }, 'muda.use.cpu: no such setting'],
    [{ use: { for: -1 } }, 'muda.use.for: Too small: expected number to be >=0'],
    [{ tie: 1 }, 'muda.tie: Too big: expected number to be <=0.99'],
    [{ length: { ceiling: 0 } }, 'muda.length.ceiling: Too small: expected number to be >0'],
    [{ length: { life: 7 } }, 'muda.length.life: must be a function'],
    [{ needs: { classifier: 'demand' } }, 'muda.needs.classifier: must be a classifier'],
    [{ needs: { classifier: null } }, 'muda.needs.classifier: must be a classifier'],
    [{ constraints: ['memory'] }, 'muda.constraints[0]: must be a constraint'],
    [
      { programs: [{ name: '', needs: 'io' }] },
      'muda.programs[0].name: Too small: expected string to have >=1 characters',
    ],
  ])('a wrong one is refused at once, with its path: %j', (settings, message) => {
    // What JavaScript may pass.
    expect(refused(() => muda(settings as unknown as MudaSettings))).toBe(message);
  });

  test.each<[string, Second, MudaSettings, string, string]>([
    ['memory', { memoryUsed: 0.8 }, { needs: { occupied: 0.8 } }, 'cpu', 'paging'],
    ['the difference', { user: 0.55, iowait: 0.3 }, { needs: { dramatic: 0.2 } }, 'balanced', 'cpu'],
    ['the processor', { user: 0.55 }, { use: { process: 0.5 } }, 'idle', 'cpu'],
    ['I/O wait', { user: 0.2, iowait: 0.3 }, { use: { iowait: 0.4 } }, 'balanced', 'idle'],
    ['the network', { user: 0.2, network: mbps(300) }, { needs: { network: 0.4 } }, 'idle', 'network'],
    ['the time that counts', { user: 0.4, system: 0.4 }, { needs: { counts: 'user+system' } }, 'idle', 'cpu'],
    ['all vCPUs', { user: 0.4 }, { use: { of: 'all' } }, 'cpu', 'idle'],
  ])('the thesis’ rule goes by the bound that is set for %s', (what, second, settings, before, then) => {
    const found = (changed: MudaSettings): string | undefined => {
      const policy = asBuilt({ ...changed, classes: [] });
      const world = { ...choice, guest: { vcpus: what === 'all vCPUs' ? 2 : 1 } };
      const seconds = encoding(40, () => ({ iowait: 0, ...second }));
      return told(policy.plan(after(policy, world, seconds))).find((line) => line.includes('muda.needs'));
    };
    expect(found({})).toBe(`web stays: muda.needs: web class ${before}, of which there is none`);
    expect(found(settings)).toBe(`web stays: muda.needs: web class ${then}, of which there is none`);
  });
});
