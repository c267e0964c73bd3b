/** Simple balancing: the busiest guest of each overloaded host goes to a host of little load, or else of fewer guests. */
import { level } from '../../metrics/index.js';
import {
  byName,
  type Cluster,
  compare,
  type Compared,
  guestSubject,
  holds,
  hostSubject,
  lookFor,
  lookup,
  type PassedOver,
  type Plan,
  type Proposal,
} from '../../model/index.js';
import { judge, planned } from '../constraint.js';
import { type Attempt, firstThatTakes } from '../phases/destination.js';
import { evaluateLoads, type GuestLoad, type HostLoad, shareOf, type UnknownLoad } from '../phases/load.js';
import { definePolicy, type Policy } from '../policy.js';
import { type SimpleRule, type SimpleRules, simpleRules, type SimpleSettings } from './settings.js';

const isKnownLoad = (load: HostLoad | UnknownLoad): load is HostLoad => load.kind === 'known';

/** A host that qualified, the rule by which it did, and what was compared. */
interface Destination {
  readonly load: HostLoad;
  readonly because: Compared;
}

/** Guests that will stand on a host once the moves in flight are over. */
const guestsAt = (cluster: Cluster, { host, guests }: HostLoad): number =>
  guests.length + lookup(cluster).arrivals(host.id).length;

const overloaded = ({ heavy: limit, resource }: SimpleRules, { host, share: value }: HostLoad): Compared =>
  compare({
    rule: 'simple.heavy',
    subject: hostSubject(host.id),
    measure: resource.name,
    value,
    relation: 'above',
    limit,
    unit: resource.unit,
  });

const qualifies: Readonly<
  Record<SimpleRule, (rules: SimpleRules, cluster: Cluster, from: HostLoad, to: HostLoad) => Compared>
> = {
  load: ({ light: limit, resource }, _, __, { host, share: value }) =>
    compare({
      rule: 'simple.load',
      subject: hostSubject(host.id),
      measure: resource.name,
      value,
      relation: 'below',
      limit,
      unit: resource.unit,
    }),
  guests: (_, cluster, from, to) =>
    compare({
      rule: 'simple.guests',
      subject: hostSubject(to.host.id),
      measure: `guests, against those on ${from.host.id},`,
      value: guestsAt(cluster, to),
      relation: 'below',
      limit: guestsAt(cluster, from),
      unit: 'count',
    }),
};

/** Best first: by load the lightest, by guests the one with the fewest, of equals the lightest; then by name. */
const inOrder = (rule: SimpleRule, destinations: readonly Destination[]): readonly Destination[] =>
  [...destinations].sort(
    (a, b) =>
      (rule === 'guests' ? a.because.value - b.because.value : 0) ||
      a.load.share - b.load.share ||
      byName(a.load.host.id, b.load.host.id),
  );

/** Hosts that may take a guest, by the first rule and then by those after it, and those that no rule lets take one. */
const destinationsFor = (
  rules: SimpleRules,
  cluster: Cluster,
  from: HostLoad,
  others: readonly HostLoad[],
): { readonly fit: readonly Destination[]; readonly unfit: readonly PassedOver[] } => {
  const fit: Destination[] = [];
  for (const rule of rules.rules) {
    const left = others.filter((load) => !fit.some((found) => found.load === load));
    const compared = left.map((load): Destination => ({ load, because: qualifies[rule](rules, cluster, from, load) }));
    fit.push(
      ...inOrder(
        rule,
        compared.filter(({ because }) => because.holds),
      ),
    );
  }
  const unfit = others
    .filter((load) => !fit.some((found) => found.load === load))
    .map((load) => ({
      subject: hostSubject(load.host.id),
      because: rules.rules.map((rule) => qualifies[rule](rules, cluster, from, load)),
    }));
  return { fit, unfit };
};

const guard = (
  { noSwap, resource }: SimpleRules,
  from: HostLoad,
  to: HostLoad,
  { guest, taken }: GuestLoad,
): readonly Compared[] =>
  noSwap
    ? [
        compare({
          rule: 'simple.noSwap',
          subject: guestSubject(guest.id),
          measure: `larger ${resource.name} of ${from.host.id} and ${to.host.id} after the move`,
          value: Math.max(
            shareOf(from.taken - taken, from.host, resource),
            shareOf(to.taken + taken, to.host, resource),
          ),
          relation: 'below',
          limit: Math.max(from.share, to.share),
          unit: resource.unit,
        }),
      ]
    : [];

/** What an overloaded host sends away: its busiest guest that any of the destinations may take. */
const send = (rules: SimpleRules, cluster: Cluster, from: HostLoad, others: readonly HostLoad[]): Attempt => {
  const { resource, constraints } = rules;
  const { fit, unfit } = destinationsFor(rules, cluster, from, others);
  const passedOver: PassedOver[] = [...unfit];
  const busiest = [...from.guests].sort((a, b) => b.taken - a.taken || byName(a.guest.id, b.guest.id));
  for (const [i, load] of busiest.entries()) {
    const { guest, taken } = load;
    const found = firstThatTakes(fit, ({ load: to, because }) => {
      const reasons = [
        ...guard(rules, from, to, load),
        ...judge(constraints, { guest, from: from.host, to: to.host }, cluster),
      ];
      const against = reasons.filter((reason) => !holds(reason));
      return against.length > 0
        ? { passedOver: [{ subject: guestSubject(guest.id), to: to.host.id, because: against }] }
        : {
            proposal: {
              guest: guest.id,
              from: from.host.id,
              to: to.host.id,
              because: [overloaded(rules, from), because, ...reasons],
            },
            passedOver: [],
          };
    });
    passedOver.push(...found.passedOver);
    if (!found.proposal) continue;
    const idler = busiest.slice(i + 1).map((other) => ({
      subject: guestSubject(other.guest.id),
      because: [
        compare({
          rule: 'simple.selection',
          subject: guestSubject(other.guest.id),
          measure: resource.name,
          value: shareOf(other.taken, from.host, resource),
          relation: 'above',
          limit: shareOf(taken, from.host, resource),
          unit: resource.unit,
        }),
      ],
    }));
    return { proposal: found.proposal, passedOver: [...passedOver, ...idler] };
  }
  const none = compare({
    rule: 'simple',
    subject: hostSubject(from.host.id),
    measure: fit.length === 0 ? 'hosts that could take a guest of it' : 'guests that another host could take',
    value: 0,
    relation: 'at least',
    limit: 1,
    unit: 'count',
  });
  return { passedOver: [...passedOver, { subject: hostSubject(from.host.id), because: [none] }] };
};

const planWith = (rules: SimpleRules, cluster: Cluster): Plan => {
  const { resource, own } = rules;
  const evaluate = (moves: readonly Proposal[]): readonly (HostLoad | UnknownLoad)[] =>
    evaluateLoads(planned(cluster, moves), resource, ({ signals }) => {
      // The policy watches this name with a signal of numbers.
      const reading = signals[resource.name];
      return typeof reading === 'number' ? reading : undefined;
    });
  const decidesFor = (load: HostLoad | UnknownLoad): boolean => own === undefined || load.host.id === own;

  const start = evaluate([]).filter(decidesFor);
  const passedOver: PassedOver[] = start.flatMap((load): readonly PassedOver[] => {
    const subject = hostSubject(load.host.id);
    if (load.host.state === 'off')
      return [
        {
          subject,
          because: [lookFor({ rule: 'simple', subject, measure: 'state', value: 'off', among: ['active'] })],
        },
      ];
    const because = load.kind === 'unknown' ? load.because : [overloaded(rules, load)];
    return because.every(holds) ? [] : [{ subject, because }];
  });
  const heavy = start
    .filter(isKnownLoad)
    .filter((load) => load.host.state !== 'off' && overloaded(rules, load).holds)
    .sort((a, b) => b.share - a.share || byName(a.host.id, b.host.id));
  const moves: Proposal[] = [];
  for (const { host } of heavy) {
    // Each sender sees where those before it send to, so two do not overload one receiver unawares.
    const loads = evaluate(moves).filter(isKnownLoad);
    const from = loads.find((load) => load.host.id === host.id);
    if (!from || !overloaded(rules, from).holds) continue;
    const others = loads.filter((load) => load !== from && load.host.state === 'active');
    const { proposal, passedOver: refused } = send(rules, planned(cluster, moves), from, others);
    passedOver.push(...refused);
    if (proposal) moves.push(proposal);
  }
  return { moves, passedOver };
};

/**
 * Simple balancing (Vachon and Teresco, PDCN 2007, as told by Wilcox 2008, §7; W21): sender-initiated; the guest with the highest
 * demand leaves an overloaded host for the least loaded host whose total load is below a threshold, or, if there is none, for
 * the host with the fewest guests among those that have fewer. One guest of each overloaded host a plan, the heaviest host
 * first.
 *
 * The rule was made for engines on every host, each of which decides for its own guests: that is `own`. Left out, one
 * engine decides for all, and each sender sees what those before it send.
 *
 * Departures from the text: a host of which anything is not known takes no part; where no host can take the busiest
 * guest the next busiest is tried; guests in flight count where they go. As printed the rule knows no rest where one guest
 * overloads any host; `noSwap` is the guard.
 *
 * @example
 * const everywhere = simple({ heavy: percent(80), noSwap: true });
 * const onHostA = simple({ heavy: percent(80), own: 'a' });
 * @throws SettingsError where a setting is wrong: `simple.light: 0.9 is above heavy 0.8`
 */
export const simple = (settings: SimpleSettings = {}): Policy => {
  const rules = simpleRules(settings);
  return definePolicy({
    name: rules.own === undefined ? 'simple' : `simple(${rules.own})`,
    watch: { guest: { [rules.resource.name]: rules.signal ?? level(rules.resource.measure) } },
    plan: (cluster) => planWith(rules, cluster),
  });
};
