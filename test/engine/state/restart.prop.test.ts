import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EngineEvent, EngineOptions, EngineState } from '../../../src/engine/index.js';
import { guestMemory, minutes, type MigrationOrder, percent, seconds } from '../../../src/model/index.js';
import { cslb } from '../../../src/policies/index.js';
import { simulatedCluster, traceDemand, virtualTime } from '../../../src/simulation/index.js';
import { guest, host } from '../../simulation/small.js';
import { mortal, type Mortal } from './outliving.js';

const demands = fc.array(
  fc.record({ on: fc.constantFrom('a', 'a', 'a', 'b', 'c', 'd'), demand: fc.integer({ min: 2, max: 9 }) }),
  { minLength: 4, maxLength: 10 },
);
/** After how many of its events each engine dies, counting all of them or those about moves; the one after the last lives on. */
const deaths = fc.array(
  fc.oneof(
    fc.record({ among: fc.constant('all' as const), after: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ among: fc.constant('moves' as const), after: fc.integer({ min: 1, max: 12 }) }),
  ),
  { minLength: 1, maxLength: 4 },
);
type Death = typeof deaths extends fc.Arbitrary<readonly (infer One)[]> ? One : never;
const aboutMoves: readonly EngineEvent['kind'][] = ['admitted', 'state', 'resumed', 'progress', 'ended', 'failed'];

const policy = cslb({ light: percent(50), heavy: percent(60), guards: { noSwap: true } });
const hosts = ['a', 'b', 'c', 'd'].map((id) => host(id));

interface Life {
  readonly engines: readonly Mortal[];
  readonly orders: readonly MigrationOrder[];
  /** What was wrong at any instant, in words. */
  readonly wrongs: readonly string[];
  readonly stands: ReadonlyMap<string, string>;
}

const live = (
  wishes: readonly { readonly on: string; readonly demand: number }[],
  cuts: readonly Death[],
  until = minutes(8),
): Life => {
  const time = virtualTime();
  const guests = wishes.map(({ on }, i) => guest(`g${i}`, on));
  const room = new Map(hosts.map((one) => [one.id, guestMemory(one)]));
  const cluster = simulatedCluster({
    hosts,
    guests: guests.filter(({ host: on, memory }) => {
      room.set(on, (room.get(on) ?? 0) - memory);
      return (room.get(on) ?? 0) >= 0;
    }),
    workloads: Object.fromEntries(
      wishes.flatMap(({ demand }, i) =>
        guests[i] && (room.get(guests[i].host) ?? -1) >= 0 ? [[`g${i}`, { demand: traceDemand([demand / 10]) }]] : [],
      ),
    ),
    scheduler: time.scheduler,
  });
  const orders: MigrationOrder[] = [];
  const wrongs: string[] = [];
  const engines: Mortal[] = [];

  const onOrder = (order: MigrationOrder, told: EngineState | undefined): void => {
    orders.push(order);
    if (!told?.moves.some(({ migration }) => migration.id === order.id))
      wrongs.push(`${order.id} was given before it was told`);
    cluster.inFlight().subscribe((moves) => {
      if (moves.some((move) => move.guest === order.guest && move.id !== order.id))
        wrongs.push(`${order.guest} in two moves`);
    });
  };
  const born = (state: EngineState | undefined): Mortal => {
    const cut = cuts[engines.length];
    const options: Omit<EngineOptions, 'driver'> = {
      policy,
      every: seconds(10),
      limits: { perHost: 1, total: 2 },
      scheduler: time.scheduler,
      ...(state === undefined ? {} : { state }),
    };
    const counts = ({ kind }: EngineEvent): boolean => cut?.among === 'all' || aboutMoves.includes(kind);
    const dies = (event: EngineEvent, before: readonly EngineEvent[]): boolean =>
      cut !== undefined && counts(event) && before.filter(counts).length + 1 === cut.after;
    const one = mortal(cluster, options, dies, onOrder);
    engines.push(one);
    return one;
  };
  let current = born(undefined);
  while (time.now() < until) {
    time.run(time.now() + seconds(1));
    // The dead one is replaced within a second.
    if (current.killed()) current = born(current.state());
  }
  const stands = new Map<string, string>();
  cluster.inventory().subscribe(({ guests: all }) => all.forEach(({ id, host: on }) => stands.set(id, on)));
  time.run(until + 1);
  return { engines, orders, wrongs, stands };
};

const told = ({ engines }: Life, ...kinds: readonly EngineEvent['kind'][]): readonly EngineEvent[] =>
  engines.flatMap(({ events }) => events.filter(({ kind }) => kinds.includes(kind)));

describe('an engine that is killed at any instant and goes on from its last state (W3)', () => {
  test('no order is lost, none is given twice, and no guest is in two moves at once', () => {
    let given = 0;
    let cutShort = 0;
    fc.assert(
      fc.property(demands, deaths, (wishes, cuts) => {
        const life = live(wishes, cuts);
        expect(life.wrongs).toEqual([]);
        const ids = life.orders.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        // Each order that was given came to one end, told by whichever engine saw it.
        const ended = told(life, 'ended', 'failed').flatMap((event) =>
          event.kind === 'ended' || event.kind === 'failed' ? [event.outcome.id] : [],
        );
        expect(new Set(ended).size).toBeGreaterThanOrEqual(new Set(ids).size);
        for (const id of ids) expect(ended).toContain(id);
        given += ids.length;
        cutShort += told(life, 'resumed').length;
      }),
      { numRuns: 25 },
    );
    // Else it would hold of engines that order nothing, or die only while nothing is under way.
    expect(given).toBeGreaterThan(20);
    expect(cutShort).toBeGreaterThan(5);
  });

  test('the placement that it comes to keeps the laws that hold without any death: memory, and rest', () => {
    fc.assert(
      fc.property(demands, deaths, (wishes, cuts) => {
        const life = live(wishes, cuts, minutes(30));
        for (const one of hosts) {
          const here = [...life.stands].filter(([, on]) => on === one.id);
          expect(here.length * guest('x', 'a').memory).toBeLessThanOrEqual(guestMemory(one));
        }
        const late = told(life, 'admitted').filter(({ at }) => at > minutes(25));
        expect(late).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });
});
