/** CSLB as Wilcox modified it: a guest of each heavy host goes to a light host, sized so that the light one ends in the middle. */
import { latest, level } from '../../metrics/index.js';
import {
  type Cluster,
  compare,
  guestSubject,
  holds,
  hostSubject,
  lookFor,
  lookup,
  type PassedOver,
  type Plan,
  type Proposal,
  type Reason,
} from '../../model/index.js';
import { planned } from '../constraint.js';
import { isSettled } from '../constraints/settled.js';
import type { Bounds } from '../phases/classify.js';
import { firstThatTakes } from '../phases/destination.js';
import type { HostLoad, UnknownLoad } from '../phases/load.js';
import { profitability } from '../phases/profitability.js';
import { definePolicy, type Policy } from '../policy.js';
import { movingHosts, withoutWord } from './own-groups.js';
import { give } from './pair.js';
import { runningLoads } from './running-loads.js';
import { type CslbRules, cslbRules, type CslbSettings } from './settings.js';
import { type State, stateOf } from './state.js';

/** What a host says of itself. */
const ownWord = /* @__PURE__ */ latest('group', (sample) => (sample.kind === 'host' ? sample.group : undefined));

const isKnownLoad = (load: HostLoad | UnknownLoad): load is HostLoad => load.kind === 'known';

/** Guests that leave a host already, each with the reason that it is in flight. */
const leaving = (cluster: Cluster, { host }: HostLoad): readonly PassedOver[] =>
  lookup(cluster)
    .guestsOn(host.id)
    .map((guest) => ({
      subject: guestSubject(guest.id),
      because: isSettled.judge({ guest, from: host, to: host }, cluster),
    }))
    .filter(({ because }) => because.length > 0);

/** Guests that stay on a host, each with the same reasons. */
const staying = ({ guests }: HostLoad, because: readonly Reason[]): readonly PassedOver[] =>
  guests.map(({ guest }) => ({ subject: guestSubject(guest.id), because }));

/** Why a host gives nothing: it takes no part, its load is not known, or it is not heavy. Nothing is said of heavy ones. */
const givesNothing = (loads: readonly (HostLoad | UnknownLoad)[], { grouping }: State): readonly PassedOver[] =>
  loads.flatMap((load): readonly PassedOver[] => {
    const subject = hostSubject(load.host.id);
    if (load.kind === 'unknown') return [{ subject, because: load.because }];
    const heavy = grouping.isHeavy(load);
    return heavy.holds ? [] : [{ subject, because: [heavy] }];
  });

interface Round {
  readonly moves: readonly Proposal[];
  readonly passedOver: readonly PassedOver[];
}

/** One round over the heavy hosts, heaviest first; each light host is taken once, or the round ends at the first move. */
const round = (rules: CslbRules, cluster: Cluster, state: State, once: boolean): Round => {
  const { bounds, grouping, middle, groups } = state;
  const moves: Proposal[] = [];
  const passedOver: PassedOver[] = [];
  let free = groups.light;
  for (const heavy of groups.heavy) {
    const soFar = planned(cluster, moves);
    const {
      proposal,
      to,
      passedOver: refused,
    } = firstThatTakes(free, (light) => give(rules, { heavy, light, bounds, grouping, middle, cluster: soFar }));
    passedOver.push(...leaving(cluster, heavy), ...refused);
    const counted = { rule: 'cslb.migration', subject: hostSubject(heavy.host.id), limit: 1, unit: 'count' } as const;
    if (proposal) {
      moves.push(proposal);
      if (once) break;
      free = free.filter((light) => light !== to);
    } else if (free.length === 0) {
      const none = compare({ ...counted, measure: 'light hosts left for it', value: 0, relation: 'at least' });
      passedOver.push(...staying(heavy, [none]));
    } else {
      const none = compare({
        ...counted,
        measure: 'guests that a light host could take',
        value: 0,
        relation: 'at least',
      });
      passedOver.push({ subject: hostSubject(heavy.host.id), because: [none] });
    }
  }
  return { moves, passedOver };
};

const key = ({ subject, to }: PassedOver): string => JSON.stringify([subject, to]);

/** The loads that count: not those of hosts that are off, nor, where hosts classify themselves, of those whose word is old. */
const counting = (
  { classifiedBy }: CslbRules,
  loads: readonly (HostLoad | UnknownLoad)[],
  cluster: Cluster,
): readonly (HostLoad | UnknownLoad)[] => {
  const on = loads.filter(({ host }) => host.state !== 'off');
  if (classifiedBy === 'scheduler') return on;
  const moving = movingHosts(cluster);
  return on.map((load): HostLoad | UnknownLoad => {
    const because = load.kind === 'known' ? withoutWord(load.host, cluster, moving) : [];
    return because.length > 0 ? { kind: 'unknown', host: load.host, because } : load;
  });
};

const planWith = (rules: CslbRules, cluster: Cluster): Plan => {
  const { resource, pairing } = rules;
  const off = cluster.hosts.filter(({ state }) => state === 'off');
  const running = runningLoads(cluster, resource, ({ signals }) => {
    // The policy watches this name with a signal of numbers.
    const reading = signals[resource.name];
    return typeof reading === 'number' ? reading : undefined;
  });

  const moves: Proposal[] = [];
  const passed = new Map<string, PassedOver>();
  const pass = (entries: readonly PassedOver[]): void => entries.forEach((entry) => passed.set(key(entry), entry));
  pass(
    off.map(({ id, state: value }) => ({
      subject: hostSubject(id),
      because: [lookFor({ rule: 'cslb', subject: hostSubject(id), measure: 'state', value, among: ['active'] })],
    })),
  );
  let before: { readonly bounds: Bounds; readonly loads: ReadonlySet<HostLoad | UnknownLoad> } | undefined;
  for (;;) {
    const current = planned(cluster, moves);
    const loads = counting(rules, running.all(), current);
    const state = stateOf(rules, loads.filter(isKnownLoad), current);
    // Of a load that is as it was, within bounds that are, everything was said.
    const { light, heavy } = state.bounds;
    const said = before?.bounds.light === light && before.bounds.heavy === heavy ? before.loads : undefined;
    pass(givesNothing(said ? loads.filter((load) => !said.has(load)) : loads, state));
    before = { bounds: state.bounds, loads: new Set(loads) };
    const profitable = profitability(state.groups, 'cslb.profitability');
    const against = profitable.filter((reason) => !holds(reason));
    if (against.length > 0) {
      pass(state.groups.heavy.flatMap((heavy) => [...leaving(current, heavy), ...staying(heavy, against)]));
      break;
    }
    const { moves: found, passedOver } = round(rules, current, state, pairing === 're-evaluated');
    pass(passedOver);
    moves.push(...found);
    found.forEach(running.moved);
    if (pairing === 'in rank' || found.length === 0) break;
  }
  const moved = new Set(moves.map(({ guest }) => guest));
  return {
    moves,
    // A guest that a later round moved was not left alone; the destinations refused to it remain.
    passedOver: [...passed.values()].filter(
      ({ subject, to }) => subject.kind !== 'guest' || !moved.has(subject.id) || to !== undefined,
    ),
  };
};

/**
 * The modified CSLB (Wilcox 2008, §3.2; W12): hosts are light, moderate or heavy by the sum of their guests' loads; if there is
 * at least one heavy and one light host, heaviest is paired with lightest, and gives the guest with the largest load that
 * does not exceed what the light one lacks to the middle of the moderate band, or, if all exceed it, the one with the
 * smallest. One guest a pair and round.
 *
 * Departures from the text, each for a reason: a host of which anything is not known takes no part; a guest that may not
 * go to the light host is left out before the selection, and if nothing may go there the next light host is tried; guests
 * in flight count where they go. The traps of the rule as printed are kept, and have guards (W15). Guests move singly: one
 * that must stand together with others stays, so groups are moved by other policies.
 *
 * @example
 * const policy = cslb({ light: percent(30), heavy: percent(80), guards: { noSwap: true } });
 * @throws SettingsError where a setting is wrong: `cslb.heavy: 0.2 is below light 0.3`
 */
export const cslb = (settings: CslbSettings = {}): Policy => {
  const rules = cslbRules(settings);
  return definePolicy({
    name: 'cslb',
    watch: {
      guest: { [rules.resource.name]: rules.signal ?? level(rules.resource.measure) },
      ...(rules.classifiedBy === 'host' && { host: { group: ownWord } }),
    },
    plan: (cluster) => planWith(rules, cluster),
  });
};
