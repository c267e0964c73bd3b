/** Laws that not every policy promises, and laws of families: each lets the sound pass and names the unsound. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { geometric, precopy } from '../../src/estimators/index.js';
import { mbps, mebibytes, mebibytesPerSecond } from '../../src/model/index.js';
import { definePolicy, even, type Policy, relieve, stay } from '../../src/policies/index.js';
import {
  brokenPromises,
  clusters,
  dearerNeverCheaper,
  expectLawful,
  lawful,
  loadsBy,
  type Promises,
  raisingAddsNothing,
} from '../../src/testing/index.js';
import { carefulPolicy, first, improvements, only, watch } from './wrong-policies/careful.js';
import { pingPong } from './wrong-policies/ping-pong.js';

const small = clusters({ flavour: 'small', watch });
const findsBroken = (policy: Policy, promises: Promises): string | undefined => {
  const { counterexample } = fc.check(
    fc.property(small, (cluster) => brokenPromises(policy, cluster, promises).length === 0),
    { numRuns: 500 },
  );
  return counterexample ? brokenPromises(policy, counterexample[0], promises).join('\n') : undefined;
};
const most: NonNullable<Promises['badness']> = (cluster) => Math.max(0, ...loadsBy()(cluster).values());

describe('promises', () => {
  test('relieve keeps its mark, rests at once, and leaves equal hosts alone', () => {
    const promises = { mark: 0.8, restsAtOnce: true, equalHostsRest: true };
    expectLawful(relieve({ above: 0.8, fillTo: 0.8 }), { flavours: ['small', 'full'], runs: 30, promises });
  });

  test('who promises nothing is not asked', () => {
    expect(findsBroken(pingPong, {})).toBeUndefined();
  });

  test('restsAtOnce names what it goes on with', () => {
    expect(findsBroken(carefulPolicy(), { restsAtOnce: true })).toMatch(
      /^careful breaks restsAtOnce: after .* it goes on with/,
    );
  });

  test('staysUnder names the host, and both loads', () => {
    expect(findsBroken(pingPong, { mark: 0.3 })).toMatch(
      /breaks staysUnder: host-\w was at [\d.]+ and ends at [\d.]+, over 0\.3/,
    );
  });

  test('everyStepAsGood names the move that makes it worse', () => {
    expect(findsBroken(pingPong, { badness: most })).toMatch(
      /breaks everyStepAsGood: guest-\w\d to host-\w makes it worse/,
    );
  });

  test('equalHostsRest names moves between equal hosts', () => {
    const restless = carefulPolicy('restless', { better: () => true });
    expect(findsBroken(restless, { equalHostsRest: true })).toMatch(
      /breaks equalHostsRest: equal hosts with equal guests/,
    );
  });
});

describe('laws of a plan that are new to a policy', () => {
  const broken = (law: keyof typeof lawful, policy: Policy): string | undefined => {
    const { counterexample } = fc.check(
      fc.property(clusters({ watch }), (cluster) => lawful[law](policy, cluster).length === 0),
      { numRuns: 1000 },
    );
    return counterexample ? lawful[law](policy, counterexample[0]).join('\n') : undefined;
  };

  test('neverThrows tells what is thrown', () => {
    const fragile = definePolicy({
      name: 'fragile',
      watch,
      plan: ({ guests }) => {
        if (guests.some(({ signals }) => signals.cpu === undefined)) throw new Error('no reading');
        return { moves: [], passedOver: [] };
      },
    });
    expect(broken('neverThrows', fragile)).toBe('it throws: Error: no reading');
  });

  test('isBounded counts moves', () => {
    const endless = definePolicy({
      name: 'endless',
      watch,
      plan: (cluster) => {
        const moves = first(improvements(cluster));
        return only([...moves, ...moves, ...moves, ...moves, ...moves, ...moves]);
      },
    });
    expect(broken('isBounded', endless)).toMatch(/^6 moves for \d guests$/);
    expect(broken('keepsTheSum', endless)).toMatch(/is counted more than once/);
  });

  test('namesDoNotMatter finds a name that is written into a policy', () => {
    const partial = definePolicy({
      name: 'partial',
      watch,
      plan: (cluster) => only([...improvements(cluster)].filter(({ to }) => to === 'host-a').slice(0, 1)),
    });
    expect(broken('namesDoNotMatter', partial)).toMatch(/all names changed alike give other moves/);
  });

  test('breaksNoRule names the rule that was kept before', () => {
    const lawless = carefulPolicy('lawless', { constraints: [] });
    expect(broken('breaksNoRule', lawless)).toMatch(/guest-\w\d to host-\w puts /);
  });

  test('the clock and the dice are back where they were', () => {
    const owners = [globalThis, Date, Math, performance, process, crypto] as const;
    const methods = (): readonly unknown[] =>
      owners.map((owner) => Object.values(Object.getOwnPropertyDescriptors(owner)).map(({ value }): unknown => value));
    const before = methods();
    expectLawful(stay(), { runs: 2 });
    methods().forEach((now, i) => expect(now).toEqual(before[i]));
    expect(new Date(0).getTime()).toBe(0);
  });

  test('a date made from the time of the snapshot asks no clock', () => {
    const calendar = definePolicy({
      name: 'calendar',
      watch,
      plan: ({ at }) => (new Date(at).getUTCDay() === 9 ? only([]) : { moves: [], passedOver: [] }),
    });
    expect(broken('asksNoClock', calendar)).toBeUndefined();
  });
});

describe('families', () => {
  test('raising a threshold adds no moves to one that balances', () => {
    fc.assert(
      fc.property(small, (cluster) => {
        expect(raisingAddsNothing((above) => even({ by: 'gap', above }), [0.1, 0.3, 0.5], cluster)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  test('a family that has it the wrong way round is named', () => {
    const inverted = (at: number): Policy => (at > 0.4 ? carefulPolicy() : stay());
    const { counterexample } = fc.check(
      fc.property(small, (cluster) => raisingAddsNothing(inverted, [0.1, 0.5], cluster).length === 0),
      { numRuns: 300 },
    );
    expect(counterexample && raisingAddsNothing(inverted, [0.5, 0.1], counterexample[0])).toEqual([
      'a threshold of 0.5 moves something, and 0.1 does not',
    ]);
  });

  const facts = {
    memory: mebibytes(4096),
    demand: { kind: 'sampled', rate: mebibytesPerSecond(30), window: 1000 },
    bandwidth: mbps(1000),
  } as const;

  test('lower bandwidth, more dirtied pages or more memory make no move look cheaper', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 4, noNaN: true }),
        fc.constantFrom(geometric(), precopy()),
        (factor, estimator) => {
          expect(dearerNeverCheaper(estimator, facts, factor)).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('an estimator whose sum turns negative is named (F5)', () => {
    const figures = { interval: { low: 0, high: 0 }, downtime: 0, bytes: 0, rounds: 1 };
    const clamped: Parameters<typeof dearerNeverCheaper>[0] = ({ memory, bandwidth, demand }) => {
      const dirtied = demand.kind === 'sampled' ? demand.rate : 0;
      return { convergence: 'converges', duration: Math.max(1, (1000 * memory) / (bandwidth - dirtied)), ...figures };
    };
    expect(dearerNeverCheaper(clamped, facts, 5)).toContainEqual(
      expect.stringMatching(/^lower bandwidth makes it look cheaper: 1 ms in place of \d/),
    );
  });
});
