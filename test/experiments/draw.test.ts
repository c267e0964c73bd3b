import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterRun, type DrawRule, firstRoster, type Roster } from '../../src/experiments/index.js';
import { chance } from '../../src/simulation/index.js';

const nine = Array.from({ length: 9 }, (_, i) => `vm-${i + 1}`);
const eight = (source = chance(1)): Roster => firstRoster(nine, 8, source);
const running = ({ done }: Roster): readonly string[] => [...done.keys()];

/** Shares of draws that change who runs, over many draws of one rule. */
const changes = (rule: DrawRule): number => {
  const source = chance(`changes, ${rule}`);
  let roster = eight(source);
  let changed = 0;
  for (let i = 0; i < 2000; i += 1) {
    const guest = source.pick(running(roster)) ?? '';
    const turn = afterRun(roster, guest, { rule, iterations: 1 }, source);
    if (turn.start[0] !== guest) changed += 1;
    roster = turn.roster;
  }
  return changed / 2000;
};

describe('W27: the draw', () => {
  test('as many guests begin as are asked for, or those that are named', () => {
    expect(new Set(running(eight())).size).toBe(8);
    expect(running(firstRoster(nine, ['vm-2', 'vm-5'], chance(1)))).toEqual(['vm-2', 'vm-5']);
  });

  test('every guest is left out of the first roster about as often as any other', () => {
    const left = new Map(nine.map((id) => [id, 0]));
    for (let i = 0; i < 900; i += 1) {
      const one = new Set(running(eight(chance(i))));
      for (const id of nine) if (!one.has(id)) left.set(id, (left.get(id) ?? 0) + 1);
    }
    for (const times of left.values()) expect(times).toBeGreaterThan(60);
  });

  test('a guest runs the benchmark k times before another is drawn', () => {
    let roster = firstRoster(['a', 'b'], ['a'], chance(1));
    const followers: string[] = [];
    for (let i = 0; i < 7; i += 1) {
      const [guest = ''] = running(roster);
      const turn = afterRun(roster, guest, { rule: 'another', iterations: 3 }, chance(i));
      followers.push(...turn.start);
      roster = turn.roster;
    }
    expect(followers.join('')).toBe('aabbbaa');
  });

  test('another: the one that is idle follows, never the same', () => {
    expect(changes('another')).toBe(1);
  });

  test('any idle: the one that is done may follow itself, which halves the changes where one is idle', () => {
    expect(changes('any idle')).toBeGreaterThan(0.45);
    expect(changes('any idle')).toBeLessThan(0.55);
  });

  test('all at once: those that are done wait for the others, then as many are drawn out of all', () => {
    let roster = firstRoster(nine, ['vm-1', 'vm-2'], chance(1));
    const rules = { rule: 'all at once', iterations: 1 } as const;
    const first = afterRun(roster, 'vm-1', rules, chance(2));
    expect(first).toMatchObject({ start: [], drawn: false });
    roster = first.roster;
    const second = afterRun(roster, 'vm-2', rules, chance(2));
    expect(second.drawn).toBe(true);
    expect(new Set(second.start).size).toBe(2);
    expect(running(second.roster)).toEqual(second.start);
  });

  test('where nobody is idle the same guest goes on', () => {
    const roster = firstRoster(['a', 'b'], 2, chance(1));
    expect(afterRun(roster, 'a', { rule: 'another', iterations: 1 }, chance(1)).start).toEqual(['a']);
  });

  test('as many run, or wait, after any draw as before it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<DrawRule>('another', 'any idle', 'all at once'),
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(),
        (rule, active, iterations, seed) => {
          const source = chance(seed);
          let roster = firstRoster(nine, active, source);
          let busy: readonly string[] = running(roster);
          for (let i = 0; i < 30; i += 1) {
            const guest = source.pick(busy) ?? '';
            const turn = afterRun(roster, guest, { rule, iterations }, source);
            busy = [...busy.filter((one) => one !== guest), ...turn.start];
            roster = turn.roster;
            expect(roster.done.size).toBe(active);
            expect(new Set(busy).size).toBe(busy.length);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
