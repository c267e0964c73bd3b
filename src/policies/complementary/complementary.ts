/** Complementary: a guest leaves a host that lacks a resource for the host whose guests want that least which it wants most. */
import * as z from 'zod';
import { type AnySignal, level } from '../../metrics/index.js';
import {
  byName,
  type Cluster,
  compare,
  type Compared,
  guestSubject,
  holds,
  hostSubject,
  type PassedOver,
  type Plan,
  type Proposal,
} from '../../model/index.js';
import { type Constraint, judge, planned } from '../constraint.js';
import { standardConstraints } from '../constraints/standard.js';
import { type Attempt, firstThatTakes } from '../phases/destination.js';
import type { Resource } from '../phases/load.js';
import { definePolicy, type Policy } from '../policy.js';
import { settingsOf } from '../settings.js';
import { clash, joint, scarcest } from './clash.js';
import { type Consumer, type Profile, profilesOf, sharesOf } from '../phases/profile.js';

/** Settings of {@link complementary}. */
export interface ComplementarySettings {
  /** The resources that are looked at together; each by a name of its own. */
  readonly resources: readonly Resource[];
  /** Share of any one resource above which a host is heavy; no destination is filled beyond it. @defaultValue 0.8 */
  readonly heavy?: number;
  /** What to fold a guest's samples into, by resource. @defaultValue the latest reading of the resource's measure */
  readonly signals?: Readonly<Record<string, AnySignal<number>>>;
  /** What every move must keep. @defaultValue {@link standardConstraints} */
  readonly constraints?: readonly Constraint[];
}

interface Rules {
  readonly resources: readonly Resource[];
  readonly heavy: number;
  readonly signals: Readonly<Record<string, AnySignal<number>>>;
  readonly constraints: readonly Constraint[];
}

const schema = /* @__PURE__ */ (() => {
  const given = <Type>(says: string): z.ZodType<Type> =>
    z.custom<Type>((value) => typeof value === 'object' && value !== null, `must be ${says}`);
  return z
    .strictObject({
      resources: z.array(given<Resource>('a resource')).min(1).readonly(),
      heavy: z.number().positive().default(0.8),
      signals: z.record(z.string(), given<AnySignal<number>>('a signal')).default({}),
      constraints: z.array(given<Constraint>('a constraint')).readonly().default(standardConstraints),
    })
    .superRefine(({ resources, signals }, context) => {
      const names = resources.map(({ name }) => name);
      resources.forEach(({ name, unit }, i) => {
        const refuse = (message: string): void => context.addIssue({ code: 'custom', path: ['resources', i], message });
        if (names.indexOf(name) < i) refuse(`another one is called ${name}`);
        if (unit !== 'fraction') refuse(`${name} is no share of what a host offers`);
      });
      for (const name of Object.keys(signals))
        if (!names.includes(name))
          context.addIssue({ code: 'custom', path: ['signals', name], message: 'no resource is called so' });
    });
})();

/** The resource that a host lacks most, and whether it is above the mark. */
const lacks = ({ resources, heavy: limit }: Rules, { host, shares }: Profile): Compared => {
  const most = scarcest(shares);
  return compare({
    rule: 'complementary.heavy',
    subject: hostSubject(host.id),
    measure: resources[most]?.name ?? '',
    value: shares[most] ?? 0,
    relation: 'above',
    limit,
    unit: 'fraction',
  });
};

/** How each resource of a destination stands to the mark with a guest more. */
const room = ({ resources, heavy: limit }: Rules, guest: Consumer, to: Profile): readonly Compared[] =>
  joint(to.shares, sharesOf(guest, to.host, resources)).map((value, i) =>
    compare({
      rule: 'complementary.room',
      subject: hostSubject(to.host.id),
      measure: `${resources[i]?.name ?? ''} with ${guest.guest.id}`,
      value,
      relation: 'at most',
      limit,
      unit: 'fraction',
    }),
  );

/** Sends one guest from a heavy host to where it clashes least. */
const send = (rules: Rules, cluster: Cluster, from: Profile, others: readonly Profile[]): Attempt => {
  const { resources, constraints } = rules;
  const lacking = scarcest(from.shares);
  const takes = ({ taken }: Consumer): number => taken[lacking] ?? 0;
  const clashWith = (guest: Consumer, to: Profile): number => clash(sharesOf(guest, to.host, resources), to.shares);
  const passedOver: PassedOver[] = [];
  const largest = [...from.guests].sort((a, b) => takes(b) - takes(a) || byName(a.guest.id, b.guest.id));
  for (const consumer of largest.filter((each) => takes(each) > 0)) {
    const { guest } = consumer;
    const subject = guestSubject(guest.id);
    const byClash = [...others].sort(
      (a, b) => clashWith(consumer, a) - clashWith(consumer, b) || byName(a.host.id, b.host.id),
    );
    const {
      proposal,
      to,
      passedOver: refused,
    } = firstThatTakes(byClash, (end): Attempt => {
      const reasons = [
        ...room(rules, consumer, end),
        ...judge(constraints, { guest, from: from.host, to: end.host }, cluster),
      ];
      const against = reasons.filter((reason) => !holds(reason));
      return against.length > 0
        ? { passedOver: [{ subject, to: end.host.id, because: against }] }
        : {
            proposal: {
              guest: guest.id,
              from: from.host.id,
              to: end.host.id,
              because: [lacks(rules, from), ...reasons],
            },
            passedOver: [],
          };
    });
    passedOver.push(...refused);
    if (!proposal || !to) continue;
    const least = clashWith(consumer, to);
    const worse = byClash.slice(byClash.indexOf(to) + 1).map((end) => ({
      subject,
      to: end.host.id,
      because: [
        compare({
          rule: 'complementary.clash',
          subject,
          measure: `clash with what ${end.host.id} carries`,
          value: clashWith(consumer, end),
          relation: 'below',
          limit: least,
          unit: 'none',
        }),
      ],
    }));
    return { proposal, passedOver: [...passedOver, ...worse] };
  }
  const none = compare({
    rule: 'complementary',
    subject: hostSubject(from.host.id),
    measure: 'guests that another host has room for',
    value: 0,
    relation: 'at least',
    limit: 1,
    unit: 'count',
  });
  return { passedOver: [...passedOver, { subject: hostSubject(from.host.id), because: [none] }] };
};

const planWith = (rules: Rules, cluster: Cluster): Plan => {
  const { resources } = rules;
  const { known, passedOver: silent } = profilesOf('complementary', cluster, resources);
  const passedOver: PassedOver[] = [...silent];
  const moves: Proposal[] = [];
  const most = ({ shares }: Profile): number => Math.max(...shares);
  for (const { host } of [...known].sort((a, b) => most(b) - most(a) || byName(a.host.id, b.host.id))) {
    const now = planned(cluster, moves);
    const profiles = profilesOf('complementary', now, resources).known;
    const from = profiles.find((profile) => profile.host.id === host.id);
    if (!from) continue;
    const heavy = lacks(rules, from);
    if (!heavy.holds) {
      passedOver.push({ subject: hostSubject(host.id), because: [heavy] });
      continue;
    }
    const others = profiles.filter((profile) => profile !== from && profile.host.state === 'active');
    const { proposal, passedOver: refused } = send(rules, now, from, others);
    passedOver.push(...refused);
    if (proposal) moves.push(proposal);
  }
  return { moves, passedOver };
};

/**
 * Places guests that complement each other together (Wilcox 2008, §3.2 and §8.1; W18), by several resources at once: a host is
 * heavy if it is above the mark in any of them; of the resource that it lacks most the guest that takes most leaves, for the
 * host with whose load it clashes least (see {@link clash}), if that stays within the mark in all of them. So a guest that
 * uses the disk much goes to guests that use it little. One guest of each heavy host a plan, the heaviest first.
 *
 * No host comes above the mark by a move, so repeated application comes to rest. Guests move singly; guests in flight count
 * where they go; a host of which any resource is not known takes no part.
 *
 * @example
 * const policy = complementary({ resources: [cpuCycles, diskThroughput(mebibytesPerSecond(400))] });
 * @throws SettingsError where a setting is wrong
 */
export const complementary = (settings: ComplementarySettings): Policy => {
  const rules = settingsOf('complementary', schema, settings);
  return definePolicy({
    name: 'complementary',
    watch: {
      guest: Object.fromEntries(
        rules.resources.map(({ name, measure }) => [name, rules.signals[name] ?? level(measure)]),
      ),
    },
    plan: (cluster) => planWith(rules, cluster),
  });
};
