import { describe, expect, test } from 'vitest';
import { cslb, type CslbSettings } from '../../../src/policies/index.js';
import { cluster, host, migration, movesOf, now, outcome, whole } from '../build.js';

const own: CslbSettings = { light: 0.4, heavy: 0.6, classifiedBy: 'host' };
const says = (id: string, group?: string, changes: Parameters<typeof host>[1] = {}) =>
  host(id, { signals: { group }, ...changes });
const guests = [whole('x', 'a', 0.5), whole('y', 'a', 0.3), whole('z', 'b', 0.1)];
const moves = (...[hosts, all = guests, rest]: [...Partial<Parameters<typeof cluster>>]): readonly string[] =>
  movesOf(cslb(own).plan(cluster(hosts ?? [], all, rest)));

describe('a host classifies itself, and the scheduler takes its word (W11)', () => {
  test('guests go from hosts that say they are heavy to hosts that say they are light', () => {
    expect(moves([says('a', 'heavy'), says('b', 'light')])).toEqual(['y a→b']);
  });

  test('whatever the scheduler itself would reckon', () => {
    expect(moves([says('a', 'moderate'), says('b', 'light')])).toEqual([]);
    expect(moves([says('b', 'heavy'), says('a', 'light')])).toEqual(['z b→a']);
  });

  test.each([undefined, 'busy'])('a host that says %s takes no part', (word) => {
    expect(moves([says('a', word), says('b', 'light')])).toEqual([]);
    const { passedOver } = cslb(own).plan(cluster([says('a', word), says('b', 'light')], guests));
    expect(passedOver).toContainEqual({
      subject: { kind: 'host', id: 'a' },
      because: [
        {
          kind: 'unknown',
          rule: 'cslb.group',
          subject: { kind: 'host', id: 'a' },
          measure: 'group by its own report',
          why: 'not measured',
        },
      ],
    });
  });

  test('its word is old once a guest came or went since, and then nobody goes by it', () => {
    const hosts = [says('a', 'heavy', { knowledge: { kind: 'fresh', at: now - 10_000 } }), says('b', 'light')];
    expect(moves(hosts, guests, { past: [outcome('w', 'a', 'c', now - 5000)] })).toEqual([]);
    expect(moves(hosts, guests, { past: [outcome('w', 'a', 'c', now - 15_000)] })).toEqual(['y a→b']);
  });

  test('where a move is in flight the scheduler reckons, as the host cannot know what comes', () => {
    const rest = { migrations: [migration('x', 'a', 'b')] };
    // With x on its way a is at 30 % and b at 60 %: neither is what it says.
    expect(moves([says('a', 'heavy'), says('b', 'light')], guests, rest)).toEqual([]);
  });

  test('the reason for a move is the host’s own word', () => {
    const { moves: planned } = cslb(own).plan(cluster([says('a', 'heavy'), says('b', 'light')], guests));
    expect(planned[0]?.because.slice(0, 2)).toMatchObject([
      { kind: 'listed', rule: 'cslb.heavy', value: 'heavy', holds: true },
      { kind: 'listed', rule: 'cslb.light', value: 'light', holds: true },
    ]);
  });
});
