import { describe, expect, test } from 'vitest';
import { foldSignal } from '../../../src/metrics/index.js';
import { cslb, type CslbSettings } from '../../../src/policies/index.js';
import { cluster, host, migration, movesOf, now, outcome, told, whole } from '../build.js';

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

  test('the reason for staying is its own word as well', () => {
    const plan = cslb(own).plan(cluster([says('a', 'moderate'), says('b', 'light')], guests));
    expect(told(plan)).toEqual([
      'a stays: cslb.heavy: a own group moderate, not heavy',
      'b stays: cslb.heavy: b own group light, not heavy',
    ]);
  });

  describe('its word is old', () => {
    const since = (...past: Parameters<typeof outcome>): readonly string[] => {
      const hosts = [says('a', 'heavy', { knowledge: { kind: 'fresh', at: now - 10_000 } }), says('b', 'light')];
      return told(cslb(own).plan(cluster(hosts, guests, { past: [outcome(...past)] }))).slice(0, 1);
    };
    const stale = ['a stays: cslb.group: a group by its own report stale'];

    test('once a guest came, or went, or did so just when it spoke', () => {
      expect(since('w', 'c', 'a', now - 5000)).toEqual(stale);
      expect(since('w', 'a', 'c', now - 5000)).toEqual(stale);
      expect(since('w', 'a', 'c', now - 10_000)).toEqual(stale);
    });

    test('not where others moved, nor where a move failed', () => {
      expect(since('w', 'c', 'd', now - 5000)).toEqual(['y a→b']);
      const failure = { kind: 'cancelled', retryable: true, message: '' } as const;
      const past = [{ ...outcome('w', 'a', 'c', now - 5000), ending: { result: 'failed', failure } as const }];
      const hosts = [says('a', 'heavy', { knowledge: { kind: 'fresh', at: now - 10_000 } }), says('b', 'light')];
      expect(moves(hosts, guests, { past })).toEqual(['y a→b']);
    });

    test('not while another move is in flight, for then the scheduler reckons', () => {
      const hosts = [says('a', 'heavy', { knowledge: { kind: 'fresh', at: now - 10_000 } }), says('b', 'light')];
      const busy = [...guests, whole('v', 'a', 0.2)];
      const rest = { past: [outcome('w', 'a', 'c', now - 5000)], migrations: [migration('v', 'a', 'c')] };
      expect(moves([...hosts, host('c', { signals: { group: 'moderate' } })], busy, rest)).toEqual(['y a→b']);
    });
  });

  test('where its load is not known, its word does not count either', () => {
    const blind = [whole('x', 'a'), ...guests.slice(1)];
    const plan = cslb(own).plan(cluster([says('a', 'heavy'), says('b', 'light')], blind));
    expect(told(plan)[0]).toBe('a stays: load evaluation: x cpu not measured');
  });

  test('it watches what hosts say, and only where that counts', () => {
    expect(cslb().watch).not.toHaveProperty('host');
    const word = cslb(own).watch.host?.['group'];
    const sample = { id: 'a', at: 0, group: 'light' } as const;
    expect(word && foldSignal(word, [{ kind: 'host', ...sample }])).toBe('light');
    expect(word && foldSignal(word, [{ kind: 'guest', ...sample }])).toBeUndefined();
  });
});
