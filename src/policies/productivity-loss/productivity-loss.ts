/** Productivity loss: of all possible moves, and of staying, does the one after which guests get most of what they want. */
import { cpu, level } from '../../metrics/index.js';
import {
  byName,
  type Cluster,
  compare,
  type Compared,
  type GuestId,
  guestSubject,
  type Hertz,
  holds,
  type HostId,
  hostSubject,
  lookFor,
  lookup,
  type ObservedGuest,
  type PassedOver,
  type Plan,
  type Proposal,
  type Reason,
  unknown,
} from '../../model/index.js';
import { judge, planned } from '../constraint.js';
import type { Attempt } from '../phases/destination.js';
import { cpuCycles, evaluateLoads, type GuestLoad } from '../phases/load.js';
import { definePolicy, type Policy } from '../policy.js';
import { type Arrival, type Burden, burdenOf, lossChange, moveLoss } from './loss.js';
import { type LossRules, lossRules, type ProductivityLossSettings } from './settings.js';

/** A move that might be made, and by how much it changes what is lost, itself counted. */
interface Option {
  readonly load: GuestLoad;
  readonly from: Burden;
  readonly to: Burden;
  readonly change: Hertz;
}

const byChange = (a: Option, b: Option): number =>
  a.change - b.change || byName(a.load.guest.id, b.load.guest.id) || byName(a.to.load.host.id, b.to.load.host.id);

interface Options {
  readonly options: readonly Option[];
  readonly passedOver: readonly PassedOver[];
}

/** All moves away from hosts on which something is lost: from another one nothing is gained. */
const optionsOf = (rules: LossRules, sources: readonly Burden[], all: readonly Burden[]): Options => {
  const options: Option[] = [];
  const passedOver: PassedOver[] = [];
  for (const from of sources) {
    for (const load of from.load.guests) {
      const subject = guestSubject(load.guest.id);
      for (const to of all) {
        if (to === from) continue;
        const move = { guest: load.guest, from: from.load.host, to: to.load.host };
        const cost = moveLoss(rules, move, load.taken);
        if (cost !== undefined)
          options.push({ load, from, to, change: lossChange(rules.demand, load, from, to) + cost });
        else
          passedOver.push({
            subject,
            to: to.load.host.id,
            because: [
              unknown({
                rule: 'productivityLoss',
                subject,
                measure: 'cost of the move',
                why: 'not measured',
              }),
            ],
          });
      }
    }
  }
  return { options, passedOver };
};

/** What is said of the change that a move makes. */
const changes = ({ load, to, change: value }: Option, limit: Hertz): Compared =>
  compare({
    rule: 'productivityLoss',
    subject: guestSubject(load.guest.id),
    measure: `change of the productivity lost if it goes to ${to.load.host.id}`,
    value,
    relation: 'below',
    limit,
    unit: 'hertz',
  });

/** The best move that constraints allow, if any is better than staying; and what is said of each guest's best otherwise. */
const choose = ({ constraints, smallestGain }: LossRules, cluster: Cluster, options: readonly Option[]): Attempt => {
  const passedOver: PassedOver[] = [];
  const heard = new Set<GuestId>();
  let chosen: { readonly change: Hertz; readonly proposal: Proposal } | undefined;
  for (const option of [...options].sort(byChange)) {
    const { load, from, to, change } = option;
    const { guest } = load;
    if (heard.has(guest.id)) continue;
    const gain = changes(option, chosen?.change ?? 0 - smallestGain);
    const pass = (because: readonly Reason[]): unknown =>
      passedOver.push({ subject: guestSubject(guest.id), to: to.load.host.id, because });
    if (!gain.holds) {
      pass([gain]);
      heard.add(guest.id);
      continue;
    }
    const judged = judge(constraints, { guest, from: from.load.host, to: to.load.host }, cluster);
    const against = judged.filter((reason) => !holds(reason));
    if (against.length > 0) {
      pass(against);
      continue;
    }
    heard.add(guest.id);
    chosen = {
      change,
      proposal: { guest: guest.id, from: from.load.host.id, to: to.load.host.id, because: [gain, ...judged] },
    };
  }
  return chosen ? { proposal: chosen.proposal, passedOver } : { passedOver };
};

const loses = ({ smallestGain }: LossRules, { load, loss: value }: Burden): Compared =>
  compare({
    rule: 'productivityLoss.source',
    subject: hostSubject(load.host.id),
    measure: 'productivity lost',
    value,
    relation: 'above',
    limit: smallestGain,
    unit: 'hertz',
  });

/** What is read of a guest; the policy watches this name with a signal of numbers. */
const readingOf = ({ signals: { wanted } }: ObservedGuest): number | undefined =>
  typeof wanted === 'number' ? wanted : undefined;

/** Guests on their way to a host whose load is known: so is what they want. */
const arrivalsAt = (cluster: Cluster, id: HostId): readonly Arrival[] => {
  const { arrivals, guest: guestOf, host } = lookup(cluster);
  return arrivals(id).flatMap((migration) => {
    const guest = guestOf(migration.guest);
    const from = guest && host(guest.host);
    const reading = guest && readingOf(guest);
    return guest && from && reading !== undefined && from.id !== id
      ? [{ guest, from, taken: cpuCycles.taken(reading, guest, from) }]
      : [];
  });
};

/** One decision: the best move of all, or to stay. */
const decide = (rules: LossRules, cluster: Cluster): Attempt => {
  const passedOver: PassedOver[] = [];
  const burdens: Burden[] = [];
  const loads = evaluateLoads(cluster, cpuCycles, readingOf);
  for (const load of loads) {
    const { id, state: value } = load.host;
    const subject = hostSubject(id);
    if (value !== 'active')
      passedOver.push({
        subject,
        because: [lookFor({ rule: 'productivityLoss', subject, measure: 'state', value, among: ['active'] })],
      });
    else if (load.kind === 'unknown') passedOver.push({ subject, because: load.because });
    else burdens.push(burdenOf(rules.demand, load, arrivalsAt(cluster, id)));
  }
  const own = burdens.filter(({ load }) => rules.own === undefined || load.host.id === rules.own);
  const sources = own.filter((burden) => loses(rules, burden).holds);
  for (const burden of own)
    if (!sources.includes(burden))
      passedOver.push({ subject: hostSubject(burden.load.host.id), because: [loses(rules, burden)] });
  const { options, passedOver: unpriced } = optionsOf(rules, sources, burdens);
  const { proposal, passedOver: others } = choose(rules, cluster, options);
  passedOver.push(...unpriced, ...others);
  return proposal ? { proposal, passedOver } : { passedOver };
};

const key = ({ subject, to }: PassedOver): string => JSON.stringify([subject, to]);

const planWith = (rules: LossRules, cluster: Cluster): Plan => {
  const moves: Proposal[] = [];
  const passed = new Map<string, PassedOver>();
  while (moves.length < rules.moves) {
    const { proposal, passedOver } = decide(rules, planned(cluster, moves));
    passedOver.forEach((entry) => passed.set(key(entry), entry));
    if (!proposal) break;
    moves.push(proposal);
  }
  for (const { guest, to } of moves) passed.delete(key({ subject: guestSubject(guest), to, because: [] }));
  return { moves, passedOver: [...passed.values()] };
};

/**
 * P-loss (Vachon and Teresco, PDCN 2007, as told by Wilcox 2008, §7; W22): for every possible move the state that is expected after it
 * and the productivity lost in it, against a world in which each guest has all the processing that it wants; the move of least
 * loss is made, none if staying is least. Loss is Σ max(0, wanted − given) over the guests plus what the move itself loses,
 * in cycles per second.
 *
 * With `demand: 'spread'` the state after a move is a distribution, each guest wanting its vCPUs independently of the others,
 * and the loss is its mean. A guest that uses all that it gets may want more than it is seen to use; give a `signal` that
 * knows, such as one of pressure, where readings come from the hypervisor.
 *
 * Wilcox reports it as probably worse than Simple balancing. Guests move singly: one that must stand together with others stays.
 *
 * @example
 * const policy = productivityLoss({ demand: 'spread', moves: 3 });
 * @throws SettingsError where a setting is wrong
 */
export const productivityLoss = (settings: ProductivityLossSettings = {}): Policy => {
  const rules = lossRules(settings);
  return definePolicy({
    name: rules.own === undefined ? 'productivityLoss' : `productivityLoss(${rules.own})`,
    watch: { guest: { wanted: rules.signal ?? level(cpu) } },
    plan: (cluster) => planWith(rules, cluster),
  });
};
