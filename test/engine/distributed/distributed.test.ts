import { describe, expect, test } from 'vitest';
import { distributed } from '../../../src/engine/index.js';
import { minutes, percent, seconds } from '../../../src/model/index.js';
import { cslb, type Policy, simple } from '../../../src/policies/index.js';
import { only } from '../rig.js';
import { centrally, engineEvents, everywhere, hostsWith, play, type Played } from './site.js';

const policy = cslb({ light: percent(50), heavy: percent(70), guards: { noSwap: true } });
/** Two heavy hosts and one light: 90 %, 90 % and 10 %. */
const rivals = hostsWith({ a: [0.6, 0.6, 0.6], b: [0.6, 0.6, 0.6], c: [0.2] });

describe('an engine on every host (W37)', () => {
  test('one policy is started on all of them by one call, and each decides', () => {
    const { events } = play(rivals, everywhere({ policy }), minutes(1));
    const deciding = events.flatMap((event) =>
      event.kind === 'engine' && event.event.kind === 'decided' ? [event.host] : [],
    );
    expect([...new Set(deciding)].sort()).toEqual(['a', 'b', 'c']);
  });

  test('each orders moves of its own guests alone', () => {
    const played = play(rivals, everywhere({ policy }));
    for (const host of ['a', 'b', 'c'])
      for (const { order } of only(engineEvents(played, host), 'admitted')) expect(order.from).toBe(host);
    expect(played.orders.length).toBeGreaterThan(0);
  });

  test('the guests of others are known from what was heard, and that may be old', () => {
    const played = play(rivals, everywhere({ policy, gossip: { every: seconds(20), fanout: 1 } }), minutes(2));
    const ages = only(engineEvents(played, 'a'), 'snapshot').flatMap(({ at, cluster }) =>
      cluster.hosts.flatMap(({ id, knowledge }) => (id !== 'a' && 'at' in knowledge ? [at - knowledge.at] : [])),
    );
    expect(Math.max(...ages)).toBeGreaterThanOrEqual(seconds(20));
  });

  test('hearsay that is too old is stale, and nothing is sent on it', () => {
    const gossip = { every: minutes(10), fanout: 1 };
    const { orders } = play(rivals, everywhere({ policy, gossip, staleAfter: seconds(30) }), minutes(9));
    expect(orders).toEqual([]);
  });

  test('a destination that has promised its place to one refuses the other: a conflict, with its reasons', () => {
    const { events, wrongs } = play(
      rivals,
      everywhere({ policy: (own) => simple({ heavy: percent(70), noSwap: true, own }) }),
    );
    const conflict = events.find((event) => event.kind === 'conflict');
    expect(conflict).toMatchObject({
      host: 'c',
      because: [{ rule: 'consent', measure: 'guests promised', holds: false }],
    });
    expect(wrongs).toEqual([]);
  });

  test('a destination keeps memory and load for what it promised', () => {
    const full = hostsWith({ a: [0.9, 0.9], b: [0.9, 0.9], c: [0.5, 0.5] });
    const { events } = play(
      full,
      everywhere({
        policy: (own) => simple({ heavy: percent(80), light: percent(60), own }),
        consent: { arrivals: 4, load: percent(95) },
      }),
      minutes(3),
    );
    const refused = events.flatMap((event) => (event.kind === 'conflict' ? event.because : []));
    expect(refused.map((reason) => 'measure' in reason && reason.measure)).toContain('cpu with b0');
  });

  test('messages take their time, and what is promised is let go of when the move did not come about', () => {
    const failing = { ...rivals, faults: { rates: { migrationFailure: { share: 1, within: 1 } } } };
    const { events, wrongs } = play(failing, everywhere({ policy, gossip: { latency: seconds(1) } }), minutes(30));
    const failed = engineEvents({ events } as never).filter(({ kind }) => kind === 'failed');
    // Had the first promise been kept, no second move would ever have been begun.
    expect(failed.length).toBeGreaterThan(3);
    expect(wrongs).toEqual([]);
  });

  test('unsubscribing ends every engine and what it began', () => {
    const { orders } = play(rivals, (driver, time, tell) => {
      const running = everywhere({ policy })(driver, time, (event) => {
        tell(event);
        if (event.kind === 'engine' && event.event.kind === 'progress') running.unsubscribe();
      });
      return running;
    });
    expect(orders.length).toBeLessThanOrEqual(2);
  });

  test.each([
    [{ policy: {} }, /^distributed\.policy: is not a policy/],
    [{ policy, gossip: { fanout: 0 } }, /^distributed\.gossip\.fanout: /],
    [{ policy, consent: { arrivals: 0 } }, /^distributed\.consent\.arrivals: /],
  ])('settings are refused with their path', (settings, message) => {
    expect(() => distributed({ every: 1, ...settings } as never)).toThrow(message);
  });
});

describe('central and distributed engines compared (W6, W37)', () => {
  /** Four heavy hosts want two light ones: 90 %, four times, and 5 %, twice. */
  const site = hostsWith({
    a: [0.6, 0.6, 0.6],
    b: [0.6, 0.6, 0.6],
    c: [0.6, 0.6, 0.6],
    d: [0.6, 0.6, 0.6],
    e: [0.1],
    f: [0.1],
  });

  const row = (name: string, { orders, conflicts, most, imbalance }: Played): string =>
    [
      name,
      `${orders.length} moves`,
      `${conflicts} conflicts`,
      `${most.toFixed(2)} at most`,
      `${imbalance.toFixed(3)} uneven`,
    ].join(', ');
  const bySender = (own: string): Policy =>
    simple({ heavy: percent(70), light: percent(60), noSwap: true, ...(own !== '' && { own }) });

  test('the stated result: as many moves and as low a load in the end, but later, as destinations refuse those who did not know', () => {
    const table = [
      row('cslb, central', play(site, centrally({ policy }))),
      row('cslb, distributed', play(site, everywhere({ policy }))),
      row('simple, central', play(site, centrally({ policy: bySender }))),
      row('simple, distributed', play(site, everywhere({ policy: bySender }))),
    ];
    expect(table).toEqual([
      'cslb, central, 4 moves, 0 conflicts, 0.65 at most, 0.033 uneven',
      'cslb, distributed, 4 moves, 1 conflicts, 0.65 at most, 0.062 uneven',
      'simple, central, 4 moves, 0 conflicts, 0.65 at most, 0.033 uneven',
      'simple, distributed, 4 moves, 3 conflicts, 0.65 at most, 0.087 uneven',
    ]);
  });

  test('the older the hearsay, the more often a destination refuses or the load stays uneven', () => {
    const slow = play(site, everywhere({ policy, gossip: { every: seconds(50), fanout: 1 } }));
    const quick = play(site, everywhere({ policy }));
    expect(slow.imbalance).toBeGreaterThanOrEqual(quick.imbalance);
    expect(slow.wrongs).toEqual([]);
  });
});
