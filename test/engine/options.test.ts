import { NEVER, of } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { engine, type EngineOptions } from '../../src/engine/index.js';
import { seconds } from '../../src/model/index.js';
import { SettingsError } from '../../src/policies/index.js';
import { aHost, always, rig } from './rig.js';

const { driver } = rig({ hosts: [aHost('a')], guests: [] });
const sound = { driver, policy: always(), every: seconds(10) };

/** What the engine says to options that the types would not let pass. */
const complaint = (change: Readonly<Record<string, unknown>>): string => {
  try {
    engine({ ...sound, ...change });
    return 'none';
  } catch (thrown) {
    return (thrown as Error).message;
  }
};

describe('a bad configuration fails at construction, naming the path of the value', () => {
  test('sound options make an engine, and nothing happens yet', () => {
    expect(complaint({})).toBe('none');
  });

  test.each([
    ['an unknown key', { evry: 1 }, 'engine.evry: no such setting'],
    ['an unknown key inside', { limits: { totl: 1 } }, 'engine.limits.totl: no such setting'],
    [
      'a time with a unit in a text',
      { every: '10 s' },
      'engine.every: Invalid input: expected number, received string',
    ],
    ['a negative limit', { limits: { total: -1 } }, 'engine.limits.total: Too small: expected number to be >=0'],
    [
      'half a move',
      { limits: { perHost: 1.5 } },
      'engine.limits.perHost: Invalid input: expected int, received number',
    ],
    ['NaN', { staleAfter: NaN }, 'engine.staleAfter: Invalid input: expected number, received NaN'],
    ['no time at all', { every: 0 }, 'engine.every: Too small: expected number to be >0'],
    ['an endless time', { remember: Infinity }, 'engine.remember: Invalid input: expected number, received Infinity'],
    ['a shrinking wait', { backOff: { first: 1, factor: 0.5, longest: 9 } }, 'engine.backOff.factor: Too small'],
    ['a longest wait below the first', { backOff: { first: 9, factor: 2, longest: 1 } }, 'engine.backOff.longest: '],
    ['half a back-off', { retry: { first: 1, factor: 2 } }, 'engine.retry.longest: '],
    ['no driver', { driver: undefined }, 'engine.driver: is not a driver: it needs a name and the functions'],
    ['half a driver', { driver: { ...driver, follow: 1 } }, 'engine.driver: is not a driver'],
    ['no policy', { policy: () => [] }, 'engine.policy: is not a policy (a name, a watch, a plan function)'],
    ['a trigger that is no stream', { every: undefined, trigger: 1 }, 'engine.trigger: is not an Observable'],
    ['neither tempo nor trigger', { every: undefined }, 'engine.every: '],
    ['both tempo and trigger', { trigger: NEVER }, 'engine.every: give either every or trigger'],
    ['a convergence policy that is no function', { convergence: 'abort' }, 'engine.convergence: is not a function'],
    ['a constraint without judge', { constraints: [{ name: 'x' }] }, 'engine.constraints[0]: is not a constraint'],
    ['an idOf that is no function', { idOf: 'id' }, 'engine.idOf: is not a function of a move'],
    ['a scheduler without a clock', { scheduler: {} }, 'engine.scheduler: is not a scheduler'],
  ])('%s', (_, change, message) => {
    expect(complaint(change)).toContain(message);
  });

  test('a trigger needs a staleAfter, for there is no tempo to derive it from', () => {
    const triggered = { driver, policy: always(), trigger: NEVER };
    // @ts-expect-error [ts2345] the type asks for it too
    expect(() => engine(triggered)).toThrow('engine.staleAfter: is needed where trigger is given');
    expect(() => engine({ ...triggered, staleAfter: seconds(30) })).not.toThrow();
  });

  test('every wrong value is named, a line for each, and the issues are kept as data', () => {
    try {
      engine({ ...sound, every: -1, limits: { total: '4' } } as unknown as EngineOptions);
      expect.unreachable();
    } catch (thrown) {
      if (!SettingsError.is(thrown)) throw thrown;
      expect(thrown.message.split('\n').map((line) => line.split(':')[0])).toEqual([
        'engine.every',
        'engine.limits.total',
      ]);
      expect(thrown.issues.map(({ path }) => path)).toEqual([['every'], ['limits', 'total']]);
    }
  });

  test('a stream of policies is taken, and a limit of zero, which only watches', () => {
    expect(complaint({ policy: of(always()), limits: { total: 0 } })).toBe('none');
  });
});
