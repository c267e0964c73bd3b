import * as fc from 'fast-check';
import { VirtualTimeScheduler } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { parseTraces, playTraces, type Trace, traceAt } from '../../src/metrics/index.js';
import { type GuestSample, minutes, seconds } from '../../src/model/index.js';

describe('a table of traces', () => {
  test('is a row a machine, in percent', () =>
    expect(parseTraces('vm,0,1\n7,21.5,0\nweb,100,50\n')).toEqual({
      traces: [
        { id: '7', step: minutes(5), values: [0.215, 0] },
        { id: 'web', step: minutes(5), values: [1, 0.5] },
      ],
      bad: [],
    }));
  test('has values above 100 taken for 100', () => expect(parseTraces('vm,0\na,215\n').traces[0]?.values).toEqual([1]));
  test('has an empty or missing cell for what was not measured, never for zero', () =>
    expect(parseTraces('vm,0,1,2\na,,5\n')).toMatchObject({
      traces: [{ values: [undefined, 0.05, undefined] }],
      bad: [],
    }));
  test.each(['x', '-1', 'NaN', 'Infinity', '0x10', '1 2'])(
    'has a cell of "%s" given as bad, with row and column, and not measured',
    (cell) =>
      expect(parseTraces(`vm,0,1\na,5,${cell}\n`, { source: 'day.csv' })).toEqual({
        traces: [{ id: 'a', step: minutes(5), values: [0.05, undefined] }],
        bad: [
          {
            kind: 'bad-input',
            source: 'day.csv',
            place: 'line 2, column 1',
            problem: 'malformed',
            message: 'must be a percentage, not negative',
            value: cell,
          },
        ],
      }),
  );
  test('has a name that is listed twice given as bad, and the first kept', () =>
    expect(parseTraces('vm,0\na,1\na,2\n')).toMatchObject({
      traces: [{ values: [0.01] }],
      bad: [{ place: 'line 3', problem: 'duplicate' }],
    }));
  test('has a row with too many cells, or without a name, given as bad and left out', () =>
    expect(parseTraces('vm,0\na,1,2\n,3\nb,4\n')).toMatchObject({
      traces: [{ id: 'b' }],
      bad: [{ place: 'line 2' }, { place: 'line 3' }],
    }));
  test('with another header is no such table', () =>
    expect(parseTraces('time,cpu\n0,1\n')).toMatchObject({
      traces: [],
      bad: [{ place: 'line 1', value: 'time,cpu' }],
    }));
});

const trace: Trace = { id: 'web', step: 100, values: [0, 1, undefined, 0.5] };

describe('a trace between its values', () => {
  test.each([
    [0, 0, 0],
    [50, 0, 0.5],
    [100, 1, 1],
    [150, 1, undefined],
    [250, undefined, undefined],
    [300, 0.5, 0.5],
    [399, 0.5, 0.5],
    [400, undefined, undefined],
    [-1, undefined, undefined],
    [Number.NaN, undefined, undefined],
  ])('at %d is %s by steps, %s on a line', (at, step, linear) => {
    expect(traceAt(trace, at, 'step')).toBe(step);
    expect(traceAt(trace, at, 'linear')).toBe(linear);
  });

  test('never leaves the range of its values', () => {
    const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined });
    const times = fc.double({ min: -10, max: 1000, noNaN: true });
    fc.assert(
      fc.property(fc.array(share, { maxLength: 9 }), times, (values, at) => {
        for (const interpolation of ['step', 'linear'] as const) {
          const value = traceAt({ id: 'web', step: 100, values }, at, interpolation);
          expect(value === undefined || (value >= 0 && value <= 1)).toBe(true);
        }
      }),
    );
  });
});

describe('traces are played over virtual time', () => {
  const play = (options: Partial<Parameters<typeof playTraces>[1]> = {}, start = 0): readonly GuestSample[] => {
    const scheduler = new VirtualTimeScheduler();
    const samples: GuestSample[] = [];
    scheduler.schedule(() => {
      playTraces([trace, { id: 'db', step: 100, values: [0.25] }], { every: 50, scheduler, ...options }).subscribe(
        (sample) => {
          expect(sample.at).toBe(scheduler.now());
          samples.push(sample);
        },
      );
    }, start);
    scheduler.flush();
    return samples;
  };

  test('each gives a sample at every beat, and none where nothing was measured or after its end', () =>
    expect(play({ every: 100 })).toEqual([
      { kind: 'guest', id: 'web', at: 0, cpu: { used: 0 } },
      { kind: 'guest', id: 'db', at: 0, cpu: { used: 0.25 } },
      { kind: 'guest', id: 'web', at: 100, cpu: { used: 1 } },
      { kind: 'guest', id: 'web', at: 300, cpu: { used: 0.5 } },
    ]));
  test('on the line between two values if asked to', () =>
    expect(play({ interpolation: 'linear' }, 1000).find(({ at }) => at === 1050)?.cpu).toEqual({ used: 0.5 }));
  test('as any reading that the trace stands for', () =>
    expect(play({ as: (used) => ({ memory: { total: 8, used: used * 8 } }) })[1]).toEqual({
      kind: 'guest',
      id: 'db',
      at: 0,
      memory: { total: 8, used: 2 },
    }));
  test('complete when the longest is over', () => {
    const scheduler = new VirtualTimeScheduler();
    let completedAt = -1;
    playTraces([trace], { every: seconds(1), scheduler }).subscribe({
      complete: () => (completedAt = scheduler.now()),
    });
    scheduler.flush();
    expect(completedAt).toBe(1000);
  });
  test('refuse a tempo of zero', () => expect(() => playTraces([], { every: 0 })).toThrow('playTraces.every: 0'));
});
