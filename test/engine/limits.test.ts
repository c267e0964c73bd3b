import { describe, expect, test } from 'vitest';
import { limitReasons } from '../../src/engine/index.js';
import { type Cluster, gbps, holds } from '../../src/model/index.js';
import { aHost } from './rig.js';

const observed = <Thing>(thing: Thing) => ({ ...thing, knowledge: { kind: 'fresh', at: 0 } as const, signals: {} });
const network = (link: string, role: 'migration' | 'storage' = 'migration') => ({ role, link, bandwidth: gbps(1) });

const cluster: Cluster = {
  at: 0,
  hosts: [
    aHost('a', 16, { networks: [network('rack-1'), network('san', 'storage')] }),
    aHost('b', 16, { networks: [network('rack-1'), network('san', 'storage')] }),
    aHost('c', 16, { networks: [network('rack-2'), network('san', 'storage')] }),
    aHost('d', 16, { networks: [network('rack-2')] }),
    aHost('e', 16, { networks: [] }),
  ].map(observed),
  guests: [],
  migrations: [],
  past: [],
};
const move = (from: string, to: string) => ({ guest: `${from}-${to}`, from, to });
const allowed = (
  ...[limits, asked, underWay]: [Parameters<typeof limitReasons>[0], ReturnType<typeof move>, ReturnType<typeof move>[]]
) => limitReasons(limits, asked, underWay, cluster).every(holds);

describe('limits per host', () => {
  test('count moves from a host and moves to it together', () => {
    expect(allowed({ perHost: 2 }, move('a', 'b'), [move('a', 'c')])).toBe(true);
    expect(allowed({ perHost: 2 }, move('a', 'b'), [move('a', 'c'), move('d', 'a')])).toBe(false);
  });

  test('hold for the destination too', () => {
    expect(allowed({ perHost: 1 }, move('a', 'b'), [move('b', 'c')])).toBe(false);
    expect(allowed({ perHost: 1 }, move('a', 'b'), [move('c', 'd')])).toBe(true);
  });
});

describe('limits per link', () => {
  test('count moves whose migration networks share a link, on other hosts too', () => {
    expect(allowed({ perLink: 1 }, move('a', 'c'), [move('b', 'd')])).toBe(false);
  });

  test('count a move within one segment once', () => {
    expect(allowed({ perLink: 2 }, move('a', 'b'), [move('b', 'a')])).toBe(true);
  });

  test('do not count networks of other roles', () => {
    expect(allowed({ perLink: 1 }, move('a', 'b'), [move('c', 'd')])).toBe(true);
  });

  test('do not bind hosts that name no migration network', () => {
    expect(limitReasons({ perLink: 0 }, move('e', 'e'), [], cluster)).toEqual([]);
  });
});

describe('limit in total', () => {
  test('counts all moves under way, and says which limit, both numbers, whose', () => {
    expect(limitReasons({ total: 2 }, move('a', 'b'), [move('c', 'd'), move('d', 'c')], cluster)).toEqual([
      {
        kind: 'compared',
        rule: 'engine.limits.total',
        subject: { kind: 'cluster' },
        measure: 'moves under way',
        value: 2,
        relation: 'below',
        limit: 2,
        unit: 'count',
        holds: false,
      },
    ]);
  });

  test('of zero forbids every move', () => {
    expect(allowed({ total: 0 }, move('a', 'b'), [])).toBe(false);
  });
});

test('what is left out is not limited', () => {
  const many = Array.from({ length: 50 }, () => move('a', 'b'));
  expect(limitReasons({}, move('a', 'b'), many, cluster)).toEqual([]);
});
