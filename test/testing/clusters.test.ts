/** Arbitrary clusters: sane by construction, and rich enough that laws over them say something. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpu, latest, level, sustained } from '../../src/metrics/index.js';
import {
  type Cluster,
  guestSchema,
  hostSchema,
  inventorySchema,
  lookup,
  percent,
  seconds,
} from '../../src/model/index.js';
import { cslb, evacuate } from '../../src/policies/index.js';
import { applied, clusters, equipment } from '../../src/testing/index.js';

const watch = {
  host: { cpu: level(cpu) },
  guest: { cpu: level(cpu), hot: sustained({ measure: cpu, relation: 'above', limit: 0.5, for: seconds(10) }) },
};

const seen = (of: (cluster: Cluster) => boolean, numRuns = 300): number =>
  fc.sample(clusters({ watch }), { numRuns, seed: 7 }).filter(of).length / numRuns;

describe('every cluster is sane', () => {
  test('its hosts and guests are what the schemas take', () => {
    fc.assert(
      fc.property(clusters(), ({ hosts, guests }) => {
        const bare = <Subject extends { readonly knowledge: unknown; readonly signals: unknown }>(
          subject: Subject,
        ): Partial<Subject> => ({ ...subject, knowledge: undefined, signals: undefined });
        const plain = (subject: object): unknown => JSON.parse(JSON.stringify(subject));
        const inventory = { hosts: hosts.map(bare).map(plain), guests: guests.map(bare).map(plain) };
        expect(inventorySchema.safeParse(inventory).error).toBeUndefined();
      }),
    );
  });

  test('hosts and guests are sorted by name, and no host is over-committed, moves in flight counted', () => {
    fc.assert(
      fc.property(clusters({ hosts: 6 }), (cluster) => {
        for (const list of [cluster.hosts, cluster.guests])
          expect(list.map(({ id }) => id)).toEqual(list.map(({ id }) => id).sort());
        for (const { id } of cluster.hosts) expect(lookup(cluster).freeMemory(id)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('moves in flight are of guests that are there, to active hosts, one for each guest', () => {
    fc.assert(
      fc.property(clusters(), (cluster) => {
        const { guest, host } = lookup(cluster);
        for (const { guest: id, from, to } of cluster.migrations) {
          expect(guest(id)?.host).toBe(from);
          expect(host(to)?.state).toBe('active');
        }
        expect(new Set(cluster.migrations.map(({ guest: id }) => id)).size).toBe(cluster.migrations.length);
      }),
    );
  });

  test('the past is before the snapshot, oldest first', () => {
    fc.assert(
      fc.property(clusters(), ({ at, past }) => {
        const ends = past.map(({ endedAt }) => endedAt);
        expect(ends).toEqual([...ends].sort((a, b) => a - b));
        expect(ends.every((end) => end < at)).toBe(true);
      }),
    );
  });

  test('a host is known in part where it reports and a guest of it does not', () => {
    fc.assert(
      fc.property(clusters(), (cluster) => {
        for (const { id, knowledge } of cluster.hosts) {
          const silent = lookup(cluster)
            .guestsOn(id)
            .filter(({ knowledge: { kind } }) => kind !== 'fresh');
          if (knowledge.kind === 'fresh') expect(silent).toEqual([]);
          if (knowledge.kind === 'partial') expect(knowledge.missing).toHaveLength(silent.length);
        }
      }),
    );
  });

  test('signals are those of the watch, and of a subject that was never seen none is known', () => {
    fc.assert(
      fc.property(clusters({ watch }), ({ hosts, guests }) => {
        for (const { signals, knowledge } of guests) {
          expect(Object.keys(signals)).toEqual(['cpu', 'hot']);
          if (knowledge.kind === 'unseen') expect(Object.values(signals)).toEqual([undefined, undefined]);
        }
        for (const { signals } of hosts) expect(Object.keys(signals)).toEqual(['cpu']);
      }),
    );
  });
});

describe('clusters are rich enough', () => {
  test.each<readonly [string, number, (cluster: Cluster) => boolean]>([
    ['a host that is not active', 0.05, ({ hosts }) => hosts.some(({ state }) => state !== 'active')],
    ['a host that is known in part', 0.02, ({ hosts }) => hosts.some(({ knowledge: { kind } }) => kind === 'partial')],
    ['a stale guest', 0.02, ({ guests }) => guests.some(({ knowledge: { kind } }) => kind === 'stale')],
    [
      'a missing reading',
      0.02,
      ({ guests }) =>
        guests.some(({ signals, knowledge: { kind } }) => kind === 'fresh' && signals['cpu'] === undefined),
    ],
    ['a move in flight', 0.1, ({ migrations }) => migrations.length > 0],
    ['a past', 0.2, ({ past }) => past.length > 0],
    ['guests to keep apart', 0.03, ({ guests }) => guests.some(({ apart }) => apart.length > 0)],
    ['guests to keep together', 0.03, ({ guests }) => guests.some(({ together }) => together.length > 0)],
    ['pinned guests', 0.03, ({ guests }) => guests.some(({ pins }) => pins.length > 0)],
    ['no guest at all', 0.005, ({ guests }) => guests.length === 0],
    [
      'a move that CSLB asks for',
      0.08,
      (cluster) => cslb({ light: percent(40), heavy: percent(60) }).plan(cluster).moves.length > 0,
    ],
    ['a host that evacuate empties', 0.02, (cluster) => evacuate().plan(cluster).moves.length > 0],
  ])('%s is met in at least %d of all', (_, share, of) => {
    expect(seen(of)).toBeGreaterThanOrEqual(share);
  });

  test('calm clusters have none of the oddities', () => {
    fc.assert(
      fc.property(clusters({ hostile: false }), ({ hosts, guests, migrations, past }) => {
        expect([...migrations, ...past]).toEqual([]);
        expect([...hosts, ...guests].every(({ knowledge: { kind } }) => kind === 'fresh')).toBe(true);
        expect(hosts.every(({ state }) => state === 'active')).toBe(true);
      }),
    );
  });

  test('sizes are as asked for', () => {
    fc.assert(
      fc.property(clusters({ hosts: 2, guestsPerHost: 3 }), (cluster) => {
        expect(cluster.hosts.length).toBeLessThanOrEqual(2);
        for (const { id } of cluster.hosts) expect(lookup(cluster).guestsOn(id).length).toBeLessThanOrEqual(3);
      }),
    );
  });
});

test('equipment is what the schemas take, one by one', () => {
  fc.assert(
    fc.property(equipment({ hosts: 3, guestsPerHost: 3, oddness: 0.3 }), (furnished) => {
      for (const { host, guests } of furnished) {
        expect(hostSchema.safeParse(host).success).toBe(true);
        for (const guest of guests) expect(guestSchema.safeParse(guest).success).toBe(true);
      }
    }),
  );
});

test('applied: the moves are done, a day has gone by, and what was said is still said', () => {
  fc.assert(
    fc.property(clusters({ watch }), (cluster) => {
      const plan = cslb({ light: 0.4, heavy: 0.6 }).plan(cluster);
      const after = applied(cluster, plan);
      expect(after.migrations).toEqual([]);
      expect(after.past).toHaveLength(cluster.past.length + cluster.migrations.length + plan.moves.length);
      for (const { guest, to } of plan.moves) expect(lookup(after).guest(guest)?.host).toBe(to);
      expect(after.guests.map(({ signals }) => signals)).toEqual(cluster.guests.map(({ signals }) => signals));
    }),
  );
});

test('where guests compute, processes and rising loads are told, and not of all', () => {
  const told = {
    guest: {
      load: latest('load', (sample) => sample.load?.one),
      busiest: latest('busiest', ({ processes }) => processes && Math.max(...processes.map((one) => one.cpu))),
      held: sustained({ measure: cpu, relation: 'at least', limit: 0.7, for: seconds(50) }),
    },
  };
  const guests = fc
    .sample(clusters({ flavour: 'computing', watch: told }), { numRuns: 50, seed: 7 })
    .flatMap((cluster) => cluster.guests);
  const busy = guests.filter(({ signals }) => Number(signals['busiest']) >= 0.7);
  expect(busy.length).toBeGreaterThan(guests.length / 2);
  expect(busy.length).toBeLessThan(guests.length);
  for (const { signals, vcpus } of busy) {
    expect(signals['load']).toBe(vcpus + 2.25);
    expect(signals['held']).toMatchObject({ holds: true });
  }
});
