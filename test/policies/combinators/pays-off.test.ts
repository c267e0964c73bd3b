/** What weighing a move reads, and what it says of a move that does not end or that nobody can estimate. */
import { describe, expect, test } from 'vitest';
import type { Estimator } from '../../../src/estimators/index.js';
import { foldSignal } from '../../../src/metrics/index.js';
import { type GuestSample, minutes, type Proposal, type Reason } from '../../../src/model/index.js';
import { definePolicy, paysOff, type PaysOffSettings, type Policy } from '../../../src/policies/index.js';
import { cluster, guest, host } from '../build.js';

const move: Proposal = { guest: 'x', from: 'a', to: 'b', because: [] };
const wants: Policy = definePolicy({
  name: 'wants',
  watch: {},
  plan: () => ({ moves: [move], passedOver: [] }),
});
const never: Estimator = () => ({ convergence: 'never' });

describe('what is folded', () => {
  const value = (name: string, sample: Partial<GuestSample>): unknown => {
    const signal = paysOff(wants, never).watch.guest?.[name];
    return signal && foldSignal(signal, [{ kind: 'guest', id: 'x', at: 1, ...sample }]);
  };

  test('the last dirty rate with its window, and the memory in use', () => {
    const dirty = { rate: 5e6, window: 1000 };
    expect(value('dirty', { dirty })).toEqual(dirty);
    expect(value('used', { memory: { used: 7e8 } })).toBe(7e8);
    expect([value('dirty', {}), value('used', {})]).toEqual([undefined, undefined]);
    const { guest: of = {} } = paysOff(wants, never).watch;
    expect([of['dirty']?.name, of['used']?.name]).toEqual(['latest(dirty)', 'latest(memory used in bytes)']);
  });

  test('for how long a host has been busy: at the mark or above', () => {
    const busy = (used: number): unknown => {
      const signal = paysOff(wants, never, { busy: 0.6 }).watch.host?.['busy'];
      return signal && foldSignal(signal, [{ kind: 'host', id: 'a', at: 1, cpu: { used } }]);
    };
    expect(busy(0.6)).toMatchObject({ holds: true });
    expect(busy(0.59)).toMatchObject({ holds: false });
  });
});

describe('a move that does not end', () => {
  const state = cluster(
    [
      host('a', { signals: { cpu: 1, busy: { holds: true, held: minutes(60), value: 1 } } }),
      host('b', { signals: { cpu: 0 } }),
    ],
    ['x', 'y'].map((id) => guest(id, 'a', 1, { vcpus: 4, signals: { cpu: 1, dirty: { rate: 1e6, window: 1000 } } })),
  );
  const said = (estimator: Estimator): readonly Reason[] =>
    paysOff(wants, estimator)
      .plan(state)
      .passedOver.flatMap(({ because }) => because);

  test.each<Estimator>([never, () => ({ convergence: 'unknown', missing: ['dirty rate'] })])(
    'nothing is weighed: neither a gain nor a cost is told',
    (estimator) => {
      expect(said(estimator)).toEqual([
        {
          kind: 'weighed',
          rule: 'paysOff',
          subject: { kind: 'guest', id: 'x' },
          to: 'b',
          estimate: expect.objectContaining({}) as unknown,
          holds: false,
        },
      ]);
    },
  );
});

test('what is believed of a load is a function', () => {
  // Settings from outside have no type.
  expect(() => paysOff(wants, never, { life: 'stays' } as unknown as PaysOffSettings)).toThrow(
    'paysOff.life: must be a function',
  );
});
