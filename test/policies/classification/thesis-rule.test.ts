/** The thesis' rule: each class of §6.3, each threshold, each reading. */
import { describe, expect, test } from 'vitest';
import { guestSubject, mbps } from '../../../src/model/index.js';
import { thesisRule, type ThesisRuleSettings, type Usage } from '../../../src/policies/classification/index.js';

const subject = guestSubject('g');
const classOf = (usage: Omit<Usage, 'span'>, settings: ThesisRuleSettings = {}, context: object = {}): string =>
  thesisRule(settings).classify({ span: 20_000, ...usage }, { subject, ...context }).class;

describe('M20: by CPU and I/O wait', () => {
  test('CPU high and I/O wait low is CPU-bound', () => expect(classOf({ used: 0.93, iowait: 0.01 })).toBe('cpu'));
  test('I/O wait high and CPU low is I/O-bound', () => expect(classOf({ used: 0.1, iowait: 0.6 })).toBe('io'));
  test('both low is idle', () => expect(classOf({ used: 0.69, iowait: 0.09 })).toBe('idle'));
  test('both bounds are inclusive', () => {
    expect(classOf({ used: 0.7, iowait: 0 })).toBe('cpu');
    expect(classOf({ used: 0.6, iowait: 0.1 })).toBe('cpu');
  });
  test('every threshold is a parameter', () => {
    expect(classOf({ used: 0.5, iowait: 0 }, { cpu: 0.5 })).toBe('cpu');
    expect(classOf({ used: 0, iowait: 0.35 }, { iowait: 0.4 })).toBe('idle');
    expect(classOf({ used: 0.6, iowait: 0.2 }, { dramatic: 0.5 })).toBe('balanced');
  });
});

describe('M21: the balanced case', () => {
  test('closer together than 30 points is balanced', () =>
    expect(classOf({ used: 0.45, iowait: 0.2 })).toBe('balanced'));
  test('30 points apart is dramatic', () => expect(classOf({ used: 0.75, iowait: 0.25 })).toBe('cpu'));
  test('the reason quotes the difference', () =>
    expect(thesisRule().classify({ span: 1, used: 0.5, iowait: 0.25 }, { subject }).reasons).toContainEqual(
      expect.objectContaining({ measure: '|cpu - iowait|', value: 0.25, limit: 0.3, holds: false }),
    ));
});

describe('M22: what CPU means', () => {
  const build = { used: 0.9, user: 0.5, system: 0.4, iowait: 0 };
  test('user time alone, as the built system counted, misses half of a build', () =>
    expect(classOf(build, { counts: 'user' })).toBe('idle'));
  test('user and system time, as the thesis concludes', () => expect(classOf(build)).toBe('cpu'));
  test('without the parts, all used time counts; user alone is then unknown', () => {
    expect(classOf({ used: 0.9, iowait: 0 })).toBe('cpu');
    expect(classOf({ used: 0.9, iowait: 0 }, { counts: 'user' })).toBe('unknown');
  });
});

test('M13: the percentage is of one processor, or of all where so set', () => {
  expect(classOf({ used: 0.4, iowait: 0 }, {}, { processors: 2 })).toBe('cpu');
  expect(classOf({ used: 0.4, iowait: 0 }, { of: 'all' }, { processors: 2 })).toBe('idle');
});

describe('M23: paging', () => {
  test('memory nearly full is paging, even for a CPU-bound guest', () =>
    expect(classOf({ used: 1, iowait: 0, memoryUsed: 0.9 })).toBe('paging'));
  test('swap in growing use is paging', () => expect(classOf({ used: 1, iowait: 0, swapGrowth: 0.01 })).toBe('paging'));
  test('swap in use that stands still is not', () =>
    expect(classOf({ used: 1, iowait: 0, swapGrowth: 0 })).toBe('cpu'));
});

describe('M24: network', () => {
  const usage = { used: 0.1, iowait: 0, networkTraffic: mbps(360) };
  test('half of the bandwidth makes an idle guest a network one', () =>
    expect(classOf(usage, {}, { bandwidth: mbps(700) })).toBe('network'));
  test('not without knowing the bandwidth', () => expect(classOf(usage)).toBe('idle'));
});

describe('what is not known', () => {
  test('without I/O wait nothing is told, and the reason says why', () => {
    const found = thesisRule().classify({ span: 1, used: 1 }, { subject });
    expect(found).toMatchObject({ class: 'unknown', confidence: 0 });
    expect(found.reasons).toContainEqual(
      expect.objectContaining({ kind: 'unknown', measure: 'iowait', why: 'not measured' }),
    );
  });
  test('a setting out of its range is refused by its path', () =>
    expect(() => thesisRule({ cpu: 70 })).toThrow('thesisRule.cpu'));
});
