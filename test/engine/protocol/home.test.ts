import { describe, expect, test } from 'vitest';
import * as fc from 'fast-check';
import { idleTime, returnsHome } from '../../../src/engine/protocol/index.js';
import type { Guest, GuestSample } from '../../../src/model/index.js';
import { aGuest } from './world.js';

const away: Guest = { ...aGuest('g', 'a'), host: 'b' };

const idle = (at: number): GuestSample => ({
  kind: 'guest',
  id: 'g',
  at,
  cpu: { used: 0.05, iowait: 0.01 },
  load: { one: 0.2, five: 0.2, fifteen: 0.2 },
  processes: [{ name: 'sh', cpu: 0.05, memory: 1 }],
});
const spell = (length: number, sample: (at: number) => GuestSample = idle): GuestSample[] =>
  Array.from({ length: length / 5000 + 1 }, (_, i) => sample(i * 5000));

describe('the return home', () => {
  test('M39 a guest that was idle for 60 s returns to its home', () => {
    const decision = returnsHome(away, spell(60_000), 60_000);
    expect(decision.to).toBe('a');
    expect(decision.because).toMatchObject([{ kind: 'compared', value: 60_000, limit: 60_000, holds: true }]);
  });

  test('M39 a guest that was idle for less stays', () => {
    expect(returnsHome(away, spell(55_000), 55_000)).toMatchObject({ because: [{ value: 55_000, holds: false }] });
    expect(returnsHome(away, spell(55_000), 55_000).to).toBeUndefined();
  });

  test.each([
    ['a process at 70 %', { processes: [{ name: 'encode', cpu: 0.7, memory: 1 }] }],
    ['waiting for I/O for 10 %', { cpu: { used: 0.05, iowait: 0.1 } }],
    ['a load average of its one vCPU', { load: { one: 1, five: 0, fifteen: 0 } }],
  ])('M39 %s is not idle', (_, busy) => {
    const reports = [...spell(55_000), { ...idle(60_000), ...busy }];
    expect(idleTime(reports, 1, 60_000)).toBe(0);
  });

  test('M39 one busy report starts the spell anew', () => {
    const reports = spell(60_000).map((one) => (one.at === 30_000 ? { ...one, cpu: { used: 0.5, iowait: 0.3 } } : one));
    expect(idleTime(reports, 1, 60_000)).toBe(25_000);
  });

  test('M39 a gap in the reports is not taken for idleness', () => {
    expect(idleTime([idle(0), idle(50_000), idle(60_000)], 1, 60_000)).toBe(10_000);
  });

  test('M39 without a list of processes all that was used bounds a single one', () => {
    const bare = (at: number): GuestSample => {
      const { kind, id, cpu, load } = idle(at);
      return { kind, id, at, ...(cpu && { cpu }), ...(load && { load }) };
    };
    expect(idleTime(spell(60_000, bare), 2, 60_000)).toBe(60_000);
    expect(idleTime([{ ...bare(0), cpu: { used: 0.5, iowait: 0 } }], 2, 0)).toBeUndefined();
  });

  test('M39 a guest whose reports have ceased, or that never reported, stays for want of knowledge', () => {
    expect(returnsHome(away, spell(60_000), 90_000).because).toMatchObject([{ kind: 'unknown', why: 'stale' }]);
    expect(returnsHome(away, [], 90_000).because).toMatchObject([{ kind: 'unknown', why: 'unseen' }]);
  });

  test('M41 a guest at home stays there', () => {
    expect(returnsHome({ ...away, host: 'a' }, spell(60_000), 60_000).to).toBeUndefined();
  });

  test('M39 a guest without a home returns nowhere', () => {
    const { home, ...homeless } = away;
    expect(home).toBe('a');
    expect(returnsHome(homeless, spell(60_000), 60_000)).toMatchObject({
      because: [{ kind: 'unknown', measure: 'home' }],
    });
  });

  test('M39 what was not measured, or is no number, never sends a guest home', () => {
    const broken = fc.constantFrom<Partial<GuestSample>>(
      { cpu: { used: 0.1 } },
      { cpu: { used: NaN, iowait: NaN } },
      { load: { one: NaN, five: 0, fifteen: 0 } },
      { processes: [{ name: 'x', cpu: NaN, memory: 1 }] },
    );
    fc.assert(
      fc.property(fc.nat({ max: 11 }), broken, (n, part) => {
        const reports = spell(60_000).map((one, i) => (i === n || i === 12 ? { ...one, ...part } : one));
        expect(returnsHome(away, reports, 60_000).to).toBeUndefined();
      }),
    );
  });
});
