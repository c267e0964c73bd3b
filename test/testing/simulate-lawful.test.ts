/** SimulateLawful: laws over time, on the real engine and the simulated cluster, catch policies that break them. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hours, minutes, seconds } from '../../src/model/index.js';
import { cslb, relieve, stay } from '../../src/policies/index.js';
import { simulatedCluster } from '../../src/simulation/index.js';
import {
  breachesOverTime,
  courseOf,
  faults,
  type LawOverTimeName,
  simulateLawful,
  sites,
  standingLoad,
  workloads,
} from '../../src/testing/index.js';
import { carefulPolicy } from './wrong-policies/careful.js';
import { pingPong } from './wrong-policies/ping-pong.js';
import { refills } from './wrong-policies/refills.js';

const relieves = { above: 0.8, within: minutes(10) };
const onlyLaw = (name: LawOverTimeName): Partial<Record<LawOverTimeName, string>> =>
  Object.fromEntries(
    (['restsInTime', 'noPingPong', 'noStarvation', 'noStorm'] as const)
      .filter((other) => other !== name)
      .map((other) => [other, 'asked for elsewhere']),
  );
const short = { lasting: minutes(15), every: seconds(15), runs: 6 };

describe('policies that keep the laws over time', () => {
  test('relieve comes to rest, plays no ping-pong, starves no host, and stays calm after missing data', () => {
    simulateLawful(relieve({ above: 0.8, fillTo: 0.8 }), { ...short, relieves });
  });

  test('cslb that may not swap', () => {
    simulateLawful(cslb({ light: 0.3, heavy: 0.8, guards: { noSwap: true } }), short);
  });

  test('careful', () => {
    simulateLawful(carefulPolicy(), short);
  });
});

describe('policies that break one', () => {
  test('ping-pong is found by restsInTime, on a site of two hosts', () => {
    expect(() => simulateLawful(pingPong, { ...short, except: onlyLaw('restsInTime') })).toThrow(
      /ping-pong breaks restsInTime: the load stands still, and yet guest-\w+ host-\w → host-\w at \d+ s/,
    );
  });

  test('ping-pong is found by noPingPong, which says how soon the guest came back', () => {
    expect(() => simulateLawful(pingPong, { ...short, except: onlyLaw('noPingPong') })).toThrow(
      /breaks noPingPong: guest-\w+ host-\w → host-\w at \d+ s and back \d+ s later/,
    );
  });

  test('who promises relief and does nothing starves a host', () => {
    expect(() => simulateLawful(stay(), { ...short, runs: 30, relieves })).toThrow(
      /stay breaks noStarvation: host-\w stays over 0\.8 for more than 600 s/,
    );
  });

  test('who promises nothing starves nobody', () => {
    simulateLawful(stay(), short);
  });

  test('who fills up hosts that were silent starts a storm after missing data', () => {
    expect(() => simulateLawful(refills(), { ...short, runs: 30, except: onlyLaw('noStorm') })).toThrow(
      /refills breaks noStorm: after \d+ s without samples of \d hosts/,
    );
  });

  test('the smallest site is told of, with what its guests want', () => {
    const found = fc.check(
      fc.property(
        sites(),
        (site) => breachesOverTime(pingPong, site, { ...short, except: onlyLaw('noPingPong') }).length === 0,
      ),
      { numRuns: 20 },
    );
    const [site] = found.counterexample ?? [];
    expect(site?.hosts).toHaveLength(2);
    expect(site?.guests).toHaveLength(1);
    expect(site?.guests[0]?.vcpus).toBe(1);
    expect(site?.faults).toEqual([]);
    expect(Object.values(site?.workloads ?? {}).map(({ demand }) => demand?.values)).toEqual([[1]]);
  });
});

test('equal input gives an equal course', () => {
  fc.assert(
    fc.property(sites({ faultsUntil: minutes(2) }), (site) => {
      const pace = { lasting: minutes(5), every: seconds(10) };
      expect(courseOf(carefulPolicy(), site, pace)).toEqual(courseOf(carefulPolicy(), { ...site }, pace));
    }),
    { numRuns: 5 },
  );
});

describe('sites, workloads and faults', () => {
  test('every site is one that the simulation takes', () => {
    fc.assert(
      fc.property(sites({ standing: false, faultsUntil: hours(1) }), ({ faults: scheduled, ...site }) => {
        expect(() => simulatedCluster({ ...site, faults: { scheduled } })).not.toThrow();
      }),
      { numRuns: 40 },
    );
  });

  test('all kinds of faults are met', () => {
    const kinds = fc
      .sample(faults(['a', 'b'], hours(1)), { numRuns: 100, seed: 1 })
      .flatMap((list) => list.map(({ kind }) => kind));
    expect([...new Set(kinds)].sort()).toEqual([
      'crash',
      'garbage',
      'migration fails',
      'outage',
      'silence',
      'slow link',
    ]);
  });

  test('workloads that stand still do so, and others do not have to', () => {
    const still = fc.sample(workloads({ standing: true }), { numRuns: 30, seed: 1 });
    expect(still.every(({ demand, jobs }) => demand?.values.length === 1 && jobs === undefined)).toBe(true);
    const any = fc.sample(workloads(), { numRuns: 60, seed: 1 });
    expect(any.some(({ jobs }) => jobs !== undefined)).toBe(true);
    expect(any.some(({ demand }) => (demand?.values.length ?? 0) > 1)).toBe(true);
  });

  test('a site shrinks to one host with one idle guest, and no fault, where any guest will do', () => {
    const { counterexample } = fc.check(
      fc.property(sites({ faultsUntil: hours(1) }), ({ guests }) => guests.length === 0),
    );
    const [site] = counterexample ?? [];
    expect(site?.hosts).toHaveLength(1);
    expect(site?.faults).toEqual([]);
    expect(Object.values(site?.workloads ?? {})).toEqual([standingLoad(0)]);
  });
});
