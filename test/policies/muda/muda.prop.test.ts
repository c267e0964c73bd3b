import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { muda, type MudaSettings, homeward } from '../../../src/policies/index.js';
import { clusters, expectLawful } from '../../../src/testing/index.js';
import { after, copying, encoding, host, moves, process, type Second } from './play.js';

const asBuilt = (settings: MudaSettings = {}): ReturnType<typeof muda> => muda({ profile: 'asBuilt', ...settings });
const pair = { hosts: [host('a', 2.66), host('b', 3.33)] };
const share = fc.double({ min: 0, max: 1, noNaN: true });
const load = fc.double({ min: 0, max: 4, noNaN: true });
/** Seconds of any guest, busy or not. */
const any: fc.Arbitrary<readonly Second[]> = fc.array(
  fc
    .record({ load, busy: share, iowait: fc.double({ min: 0, max: 0.3, noNaN: true }) })
    .map(({ load: one, busy, iowait }): Second => ({
      load: one,
      user: busy * 0.7,
      iowait,
      processes: [process(busy)],
    })),
  { minLength: 1, maxLength: 60 },
);
/** Seconds that move the guest, but for what is changed. */
const moving = fc.integer({ min: 40, max: 60 });

describe('each rule is necessary', () => {
  test('M12: with rules 2 and 3 alone, under a load that is not above the vCPUs, nothing moves', () => {
    fc.assert(
      fc.property(moving, share, (length, top) => {
        expect(moves(asBuilt(), pair, encoding(length))).toEqual(['web a→b']);
        expect(
          moves(
            asBuilt(),
            pair,
            encoding(length, (i) => ({ load: (top * i) / length })),
          ),
        ).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('M13: with rules 1 and 3 alone, where no process and no waiting is over its bound, nothing moves', () => {
    fc.assert(
      fc.property(moving, fc.double({ min: 0, max: 0.69, noNaN: true }), (length, busy) => {
        const crowd = (): Second => ({ processes: [process(busy), process(busy, { name: 'second' })] });
        expect(moves(asBuilt(), pair, encoding(length, crowd))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  test('M15: with rules 1 and 2 alone, in use for 20 s and not for as long as a move takes, nothing moves', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 23 }), (busyFor) => {
        const since = (i: number): Second => (i < 60 - busyFor ? { processes: [process(0.1)] } : {});
        expect(moves(asBuilt(), pair, encoding(60, since))).toEqual([]);
        expect(moves(asBuilt({ use: { for: 0 } }), pair, encoding(60, since))).toEqual([]);
      }),
      { numRuns: 4 },
    );
  });
});

describe('less load never causes a move', () => {
  test('M12: a guest whose load average only falls is never moved', () => {
    fc.assert(
      fc.property(any, (seconds) => {
        const loads = seconds.map((second) => second.load ?? 0).sort((a, b) => b - a);
        const falling = seconds.map((second, i) => ({ ...second, load: loads[i] }));
        expect(moves(asBuilt(), pair, falling)).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test('of a CPU-bound guest: what moves under a part of the load moves under all of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 30, max: 60 }), share, share, (length, ofLoad, ofUse) => {
        const part = encoding(length, (i) => ({
          load: (0.5 + 0.02 * i) * ofLoad,
          user: 0.95 * ofUse,
          processes: [process(0.95 * ofUse)],
        }));
        expect(moves(asBuilt(), pair, encoding(length))).toEqual(
          expect.arrayContaining([...moves(asBuilt(), pair, part)]),
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('contrary samples (M14)', () => {
  test('M14: up to three in a row change nothing, wherever they are, if the last sample is not one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 41, max: 60 }),
        fc.integer({ min: 30, max: 36 }),
        fc.integer({ min: 1, max: 3 }),
        (length, at, count) => {
          const contrary = (i: number): Second =>
            i >= at && i < at + count ? { load: 0.5 + 0.02 * (2 * at - i) - 0.04, processes: [process(0)] } : {};
          expect(moves(asBuilt(), pair, encoding(length, contrary))).toEqual(['web a→b']);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('no ping-pong (M29)', () => {
  const clock = fc.double({ min: 1, max: 4, noNaN: true });
  const score = fc.double({ min: 20, max: 80, noNaN: true });
  const twoHosts = fc.tuple(clock, clock, score, score, fc.constantFrom(2, 4));

  /** Where the guest goes under a standing load, decision by decision; its load goes with it. */
  const path = (
    settings: MudaSettings,
    seconds: readonly Second[],
    own: number,
    hosts: readonly ReturnType<typeof host>[],
  ): readonly string[] => {
    const policy = asBuilt(settings);
    let [here, there] = hosts;
    const visited: string[] = [];
    for (let step = 0; step < 4 && here && there; step += 1) {
      const state = after(
        policy,
        { hosts: [here, there], hostCpu: { [here.id]: own / here.cpu.threads, [there.id]: 0 } },
        seconds,
      );
      if (policy.plan(state).moves.length === 0) break;
      [here, there] = [there, here];
      visited.push(here.id);
    }
    return visited;
  };

  test('M29: under a standing load a guest moves at most once, whatever the hosts are', () => {
    fc.assert(
      fc.property(twoHosts, fc.boolean(), ([first, second, near, far, threads], io) => {
        const hosts = [host('a', first, { score: near }), host('b', second, { score: far })].map((one) => ({
          ...one,
          cpu: { ...one.cpu, threads },
        }));
        const seconds = io ? copying(40) : encoding(40);
        expect(path({}, seconds, io ? 0.07 : 0.95, hosts).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  test('M29: where its own load counts against the host where it stands, it goes back and forth', () => {
    const hosts = [host('a', 2.66), host('b', 3.33)];
    expect(path({ ownLoad: 'counted' }, encoding(40), 0.95, hosts)).toEqual(['b', 'a', 'b', 'a']);
    expect(path({}, encoding(40), 0.95, hosts)).toEqual(['b']);
  });
});

describe('the laws of every policy', () => {
  const lax: MudaSettings = {
    profile: 'asBuilt',
    use: { process: 0, iowait: 0, for: 0 },
    load: { tolerance: 100 },
    needs: { occupied: 1 },
    acceptable: { most: 1e12 },
  };
  const otherHost = 'a host that falls silent is not chosen, and another guest may take what is free elsewhere';
  test.each([
    ['muda', muda()],
    ['muda as built', asBuilt()],
    ['muda that hardly asks', muda(lax)],
    ['homeward', homeward({ idle: 0, process: 1, iowait: 1 })],
  ])('%s keeps them on any cluster', (_, policy) => {
    fc.assert(
      fc.property(clusters({ watch: policy.watch }), (cluster) =>
        expectLawful(policy, cluster, { lessDataNoMoreMoves: otherHost }),
      ),
      { numRuns: 60 },
    );
  });
});
