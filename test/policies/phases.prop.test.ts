import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { classify, movingBounds, selectTask } from '../../src/policies/index.js';

const loads = fc.array(fc.record({ load: fc.integer({ min: 0, max: 20 }).map((n) => n / 20) }));
const amount = fc.integer({ min: -5, max: 25 }).map((n) => n / 20);

test('classification loses nothing and doubles nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.double(), { nil: undefined })), fc.double({ noNaN: true }), (values, light) => {
      const { light: low, moderate, heavy, unknown } = classify(values, (value) => value, { light, heavy: light + 1 });
      expect([...low, ...moderate, ...heavy, ...unknown]).toHaveLength(values.length);
      expect(unknown.every((value) => value === undefined || Number.isNaN(value))).toBe(true);
    }),
  );
});

test('the group never falls when the value rises', () => {
  const order = ['light', 'moderate', 'heavy'] as const;
  const at = (value: number): number => {
    const groups = classify([value], (v) => v, { light: 0.3, heavy: 0.8 });
    return order.findIndex((group) => groups[group].length > 0);
  };
  fc.assert(
    fc.property(fc.double({ min: 0, max: 2, noNaN: true }), fc.double({ min: 0, max: 2, noNaN: true }), (a, b) => {
      expect(at(Math.min(a, b))).toBeLessThanOrEqual(at(Math.max(a, b)));
    }),
  );
});

test('moving bounds enclose the average', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(share, { minLength: 1 }), share, share, (values, below, above) => {
      const average = values.reduce((sum, value) => sum + value, 0) / values.length;
      const { light, heavy } = movingBounds(values, { below, above, most: 1 });
      expect(light).toBeLessThanOrEqual(average);
      expect(heavy).toBeGreaterThanOrEqual(Math.min(1, average));
    }),
  );
});

test('selection: the chosen one is within the amount and none that is within is larger; or all exceed it and none is smaller (W12.4)', () => {
  fc.assert(
    fc.property(loads, amount, (tasks, wanted) => {
      const selection = selectTask(tasks, wanted);
      const within = tasks.filter(({ load }) => load <= wanted);
      expect(selection === undefined).toBe(tasks.length === 0);
      if (!selection) return;
      const pool = selection.as === 'largest' ? within : tasks;
      const best = (selection.as === 'largest' ? Math.max : Math.min)(...pool.map(({ load }) => load));
      expect(selection.as).toBe(within.length > 0 ? 'largest' : 'smallest');
      expect(selection.task).toBe(pool.find(({ load }) => load === best));
    }),
  );
});
