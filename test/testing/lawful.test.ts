/** The laws catch policies that break them: each by name, on a small cluster found by search. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cpu, latest, level, type Watch } from '../../src/metrics/index.js';
import {
  type Cluster,
  compare,
  guestSubject,
  lookup,
  nothing,
  type Plan,
  type Proposal,
} from '../../src/model/index.js';
import { cslb, definePolicy, type Policy, stay } from '../../src/policies/index.js';
import { breaches, clusters, expectLawful, lawful, type LawName } from '../../src/testing/index.js';

const watch = { guest: { cpu: level(cpu) } };

const because: Proposal['because'] = [
  compare({
    rule: 'whim',
    subject: guestSubject('any'),
    measure: 'whim',
    value: 1,
    relation: 'above',
    limit: 0,
    unit: 'none',
  }),
];

/** A policy of moves only. As it is no `definePolicy`, it sees the snapshot as it is listed. */
const whim = (name: string, movesFor: (cluster: Cluster) => readonly Omit<Proposal, 'because'>[]): Policy => ({
  name,
  watch,
  plan: (cluster): Plan => ({ moves: movesFor(cluster).map((move) => ({ ...move, because })), passedOver: [] }),
});

const firstGuestTo =
  (choose: (cluster: Cluster, from: string) => string | undefined) =>
  (cluster: Cluster): readonly Omit<Proposal, 'because'>[] => {
    const guest = cluster.guests[0];
    const to = guest && choose(cluster, guest.host);
    return guest && to !== undefined ? [{ guest: guest.id, from: guest.host, to }] : [];
  };

const other = ({ hosts }: Cluster, from: string): string | undefined => hosts.find(({ id }) => id !== from)?.id;

let calls = 0;

const wrong: readonly (readonly [what: string, law: LawName, policy: Policy])[] = [
  [
    'moves a guest that is not there',
    'guestsExist',
    whim('ghost', ({ hosts }) => hosts.slice(0, 1).map(({ id }) => ({ guest: 'ghost', from: id, to: id }))),
  ],
  [
    'moves to a host that is not there',
    'guestsExist',
    whim(
      'beyond',
      firstGuestTo(() => 'beyond'),
    ),
  ],
  [
    'moves from where the guest is not',
    'standsWhereSaid',
    whim('liar', (cluster) => firstGuestTo(other)(cluster).map((move) => ({ ...move, from: move.to, to: move.from }))),
  ],
  [
    'moves a guest twice',
    'movesAtMostOnce',
    whim('twice', (cluster) => [...firstGuestTo(other)(cluster), ...firstGuestTo(other)(cluster)]),
  ],
  [
    'moves a guest that is on its way (ignores moves in flight)',
    'movesAtMostOnce',
    whim('again', ({ migrations, hosts }) =>
      migrations.slice(0, 1).map(({ guest, from }) => ({ guest, from, to: hosts[0]?.id ?? from })),
    ),
  ],
  [
    'moves a guest to where it is',
    'neverToWhereItIs',
    whim(
      'idler',
      firstGuestTo((_, from) => from),
    ),
  ],
  [
    'stacks all guests on one host',
    'neverOvercommits',
    whim('stacker', ({ guests, hosts: [to] }) =>
      guests.flatMap(({ id, host }) => (to && host !== to.id ? [{ guest: id, from: host, to: to.id }] : [])),
    ),
  ],
  ['asks no constraint', 'keepsConstraints', cslb({ light: 0.5, heavy: 0.6, constraints: [] })],
  [
    'plans otherwise when asked again',
    'deterministic',
    whim('moody', (cluster) => (calls++ % 2 === 0 ? firstGuestTo(other)(cluster) : [])),
  ],
  ['takes the first in the list', 'orderIndependent', whim('first come', firstGuestTo(other))],
  [
    'sorts the snapshot in place',
    'doesNotMutate',
    whim('meddler', (cluster) => {
      // A policy in plain JavaScript can do this; the cast stands for the missing types.
      (cluster.guests as Cluster['guests'][number][]).sort();
      return [];
    }),
  ],
  ['moves to hosts of which nothing is known', 'nothingFromUnknown', whim('blind', firstGuestTo(other))],
  [
    'takes a host without readings for an empty one',
    'lessDataNoMoreMoves',
    whim('optimist', (cluster) => {
      const { guestsOn } = lookup(cluster);
      const empty = cluster.hosts.find(({ id }) => guestsOn(id).every(({ signals }) => signals['cpu'] === undefined));
      return empty ? firstGuestTo((_, from) => (from === empty.id ? undefined : empty.id))(cluster) : [];
    }),
  ],
  [
    'says nothing',
    'saysWhy',
    {
      ...whim('mute', () => []),
      plan: (cluster) => ({
        moves: firstGuestTo(other)(cluster).map((move) => ({ ...move, because: [] })),
        passedOver: [],
      }),
    },
  ],
  [
    'quotes numbers that do not bear it out',
    'reasonsAreTrue',
    {
      ...whim('quack', () => []),
      plan: ({ guests }) =>
        nothing(
          ...guests.map(({ id }) => ({
            subject: guestSubject(id),
            because: [
              {
                ...compare({
                  rule: 'quack',
                  subject: guestSubject(id),
                  measure: 'cpu',
                  value: 2,
                  relation: 'above',
                  limit: 1,
                  unit: 'none',
                }),
                holds: false,
              },
            ],
          })),
        ),
    },
  ],
  [
    'compares with NaN',
    'reasonsAreTrue',
    {
      ...whim('nan', () => []),
      plan: ({ guests }) =>
        nothing(
          ...guests.map(({ id }) => ({
            subject: guestSubject(id),
            because: [
              compare({
                rule: 'nan',
                subject: guestSubject(id),
                measure: 'cpu',
                value: NaN,
                relation: 'above',
                limit: 1,
                unit: 'none',
              }),
            ],
          })),
        ),
    },
  ],
  ['plays ping-pong', 'comesToRest', whim('ping-pong', firstGuestTo(other))],
  ['swaps a large guest for ever (W15)', 'comesToRest', cslb({ light: 0.3, heavy: 0.7 })],
];

describe('a policy that …', () => {
  test.each(wrong)('%s breaks %s', (_, law, policy) => {
    const found = fc.check(
      fc.property(clusters({ watch: policy.watch }), (cluster) => lawful[law](policy, cluster).length === 0),
      { numRuns: 1000 },
    );
    expect(found.failed).toBe(true);
    // Shrunk to something that a person can read.
    expect(found.counterexample?.[0].hosts.length).toBeLessThanOrEqual(3);
  });
});

test('a policy that never moves breaks no law', () => {
  fc.assert(
    fc.property(clusters(), (cluster) => {
      expect(breaches(stay(), cluster)).toEqual([]);
    }),
  );
});

describe('expectLawful', () => {
  const [cluster = { at: 0, hosts: [], guests: [], migrations: [], past: [] }] = fc.sample(
    clusters({ hostile: false }).filter(({ guests, hosts }) => guests.length > 0 && hosts.length > 1),
    { numRuns: 1, seed: 1 },
  );
  const idler = whim(
    'idler',
    firstGuestTo((_, from) => from),
  );

  test('it throws, naming the policy, the law and the breach', () => {
    expect(() => expectLawful(idler, cluster)).toThrow(
      /^idler breaks neverToWhereItIs: guest-\w+ is moved to host-\w, where it is$/m,
    );
  });

  test('a law that is not asked for, with its reason, is left out', () => {
    const except = { neverToWhereItIs: 'for the example' };
    expect(breaches(idler, cluster, except).some((breach) => breach.includes('neverToWhereItIs'))).toBe(false);
  });

  test('it is silent where all laws hold', () => {
    expect(() => expectLawful(stay(), cluster)).not.toThrow();
  });

  test('definePolicy gives the snapshot in the order of names, so the first is the same in every listing', () => {
    const orderly = definePolicy({ name: 'orderly', watch, plan: whim('inner', firstGuestTo(other)).plan });
    fc.assert(
      fc.property(clusters(), (any) => {
        expect(lawful.orderIndependent(orderly, any)).toEqual([]);
      }),
    );
  });
});

test('a policy that looks at processes is tried where there are some, any other is not', () => {
  const flavoured = (watch: Watch): number => {
    let told = 0;
    const plan = ({ guests }: Cluster): Plan => {
      if (guests.some(({ signals }) => Object.values(signals).includes('encoder'))) told += 1;
      return nothing();
    };
    expectLawful({ name: 'looks', watch, plan }, { runs: 10, seed: 1 });
    return told;
  };
  const first = latest('first process', ({ processes }) => processes?.[0]?.name);
  expect(flavoured({ guest: { first } })).toBeGreaterThan(0);
  expect(flavoured({ guest: { cpu: level(cpu) } })).toBe(0);
});
