import { describe, expect, test } from 'vitest';
import {
  compare,
  explainPlan,
  gibibytes,
  guestSubject,
  hostSubject,
  lookFor,
  nothing,
  type Plan,
  type Reason,
  sayReason,
  seconds,
  unknown,
  type Weighed,
  wholeCluster,
} from '../../src/model/index.js';

const hot = compare({
  rule: 'hot',
  subject: hostSubject('host-a'),
  measure: 'cpu',
  value: 0.93,
  relation: 'above',
  limit: 0.8,
  unit: 'fraction',
  held: seconds(34),
});
const short = compare({
  rule: 'memory',
  subject: hostSubject('host-b'),
  measure: 'free memory',
  value: gibibytes(3.1),
  relation: 'at least',
  limit: gibibytes(4),
  unit: 'bytes',
});
const pays: Weighed = {
  kind: 'weighed',
  rule: 'paysOff',
  subject: guestSubject('web-3'),
  to: 'host-c',
  estimate: {
    convergence: 'converges',
    duration: 12_400,
    interval: { low: 11_000, high: 14_000 },
    downtime: 200,
    bytes: gibibytes(1.3),
    rounds: 2,
  },
  gain: seconds(41),
  cost: 1500,
  holds: true,
};

describe('a reason as a clause', () => {
  const says: readonly (readonly [Reason, string])[] = [
    [hot, 'host-a cpu 93 % above 80 % (held 34.0 s)'],
    [compare({ ...hot, value: 0.5, held: 0 }), 'host-a cpu 50 % not above 80 % (held 0 ms)'],
    [short, 'host-b memory 3.1 GiB free, 4.0 GiB needed'],
    [
      lookFor({ rule: 'pins', subject: guestSubject('web-3'), measure: 'pinned host', value: 'c', among: ['a', 'b'] }),
      'web-3 pinned host c, not one of a, b',
    ],
    [
      lookFor({ rule: 'devices', subject: hostSubject('c'), measure: 'device', value: 'gpu', among: [] }),
      'c device gpu, of which there is none',
    ],
    [
      unknown({ rule: 'load', subject: guestSubject('web-3'), measure: 'cpu', why: 'not measured' }),
      'web-3 cpu not measured',
    ],
    [
      unknown({ rule: 'known', subject: hostSubject('c'), measure: 'samples', why: 'partial' }),
      'c samples known only in part',
    ],
    [unknown({ rule: 'known', subject: wholeCluster, measure: 'average', why: 'stale' }), 'the cluster average stale'],
    [pays, 'it pays: takes 12.4 s (2 rounds, 1.3 GiB), 0.2 s still; gains 41.0 s, costs 1.5 s'],
    [
      { ...pays, gain: 100, cost: 1500, holds: false },
      'it does not pay: takes 12.4 s (2 rounds, 1.3 GiB), 0.2 s still; gains 0.1 s, costs 1.5 s',
    ],
    [{ ...pays, estimate: { convergence: 'never' }, holds: false }, 'it would not end: pre-copy does not settle'],
    [
      { ...pays, estimate: { convergence: 'unknown', missing: ['dirty rate', 'bandwidth'] }, holds: false },
      'nobody knows what it takes: dirty rate, bandwidth not measured',
    ],
  ];

  test.each(says.map(([reason, text]) => [text, reason] as const))('%s', (text, reason) => {
    expect(sayReason(reason)).toBe(text);
  });

  test('one that may not settle says so', () => {
    const doubtful: Reason = {
      ...pays,
      estimate: { ...pays.estimate, convergence: 'uncertain' } as Weighed['estimate'],
      holds: false,
    };
    expect(sayReason(doubtful)).toContain('0.2 s still, and may not settle; gains');
  });

  test('what it is about need not be named again', () => {
    expect(sayReason(short, { about: hostSubject('host-b') })).toBe('memory 3.1 GiB free, 4.0 GiB needed');
    expect(sayReason(short, { about: guestSubject('host-b') })).toBe('host-b memory 3.1 GiB free, 4.0 GiB needed');
  });
});

describe('a plan as text', () => {
  test('a move with its evidence and the destinations passed over for it', () => {
    const plan: Plan = {
      moves: [{ guest: 'web-3', from: 'host-a', to: 'host-c', because: [hot, pays] }],
      passedOver: [{ subject: guestSubject('web-3'), to: 'host-b', because: [short] }],
    };
    expect(explainPlan(plan)).toBe(
      [
        'move web-3  host-a → host-c',
        '  because host-a cpu 93 % above 80 % (held 34.0 s)',
        '      and it pays: takes 12.4 s (2 rounds, 1.3 GiB), 0.2 s still; gains 41.0 s, costs 1.5 s',
        '  passed over host-b: memory 3.1 GiB free, 4.0 GiB needed',
      ].join('\n'),
    );
  });

  test('subjects that are left alone, each once, with all that was said of them', () => {
    const plan = nothing(
      { subject: hostSubject('host-a'), because: [hot] },
      { subject: guestSubject('web-3'), to: 'host-b', because: [short] },
      { subject: hostSubject('host-a'), because: [short] },
    );
    expect(explainPlan(plan)).toBe(
      [
        'no move',
        'leave host-a',
        '  because cpu 93 % above 80 % (held 34.0 s)',
        '      and host-b memory 3.1 GiB free, 4.0 GiB needed',
        'leave web-3',
        '  passed over host-b: memory 3.1 GiB free, 4.0 GiB needed',
      ].join('\n'),
    );
  });

  test('an empty plan says so', () => {
    expect(explainPlan(nothing())).toBe('no move');
  });
});
