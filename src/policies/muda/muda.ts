/** Muda: a guest that has been busy for long enough goes to the host that is best for what it needs. */
import { thesisPredicted } from '../../estimators/index.js';
import {
  compare,
  guestSubject,
  holds,
  lookFor,
  lookup,
  type PassedOver,
  type Plan,
  type Proposal,
  type Reason,
  unknown,
} from '../../model/index.js';
import { planned } from '../constraint.js';
import { isSettled } from '../constraints/settled.js';
import { definePolicy, type Policy } from '../policy.js';
import { type Choice, chooseHost } from './choose.js';
import { needsOf } from './needs.js';
import { mudaRules, type MudaRules, type MudaSettings } from './settings.js';
import { type MudaGuest, type MudaHost, type MudaView, mudaWatch } from './watch.js';
import { bandwidthOf, whetherNow } from './when.js';

/** What came of one guest. */
interface Verdict {
  readonly proposal?: Proposal;
  readonly passedOver: readonly PassedOver[];
}

/** Whether the move would take no longer than is accepted (M18). */
const notTooLong = (rules: MudaRules, guest: MudaGuest, from: MudaHost, to: MudaHost): Reason => {
  const common = { rule: 'muda.acceptable', subject: guestSubject(guest.id) };
  const [out, into] = [bandwidthOf(from, 'migration'), bandwidthOf(to, 'migration')];
  const { occupied } = guest.signals;
  if (out === undefined || into === undefined)
    return unknown({ ...common, measure: 'migration bandwidth', why: 'not measured' });
  if (occupied === undefined) return unknown({ ...common, measure: 'memory used', why: 'not measured' });
  const bandwidth = Math.min(out, into, rules.length.ceiling ?? Infinity);
  return compare({
    ...common,
    measure: 'predicted time of the move',
    value: thesisPredicted(guest.memory, occupied, bandwidth, rules.acceptable.p),
    relation: 'at most',
    limit: rules.acceptable.most,
    unit: 'milliseconds',
  });
};

const settledOn = (
  rules: MudaRules,
  guest: MudaGuest,
  from: MudaHost,
  before: readonly Reason[],
  { to, because, passedOver }: Choice,
): Verdict => {
  const subject = guestSubject(guest.id);
  if (to === undefined)
    return { passedOver: [...passedOver, { subject, because: because.filter((reason) => !holds(reason)) }] };
  const bearable = notTooLong(rules, guest, from, to);
  if (!holds(bearable)) return { passedOver: [...passedOver, { subject, to: to.id, because: [bearable] }] };
  return {
    proposal: { guest: guest.id, from: from.id, to: to.id, because: [...before, ...because, bearable] },
    passedOver,
  };
};

/** A guest in which a program known to be heavy on I/O waits to begin goes near its image first; no rule waits for load (M42c, M44). */
const beforeIo = (rules: MudaRules, cluster: MudaView, guest: MudaGuest, from: MudaHost): Verdict | undefined => {
  const held = rules.beforeIo ? (guest.signals.held ?? []) : [];
  const [program] = held;
  if (program === undefined) return undefined;
  const reason = lookFor({
    rule: 'muda.beforeIo',
    subject: guestSubject(guest.id),
    measure: 'program that waits to begin',
    value: program,
    among: held,
  });
  return settledOn(rules, guest, from, [reason], chooseHost(rules, cluster, guest, from, { by: 'io', carries: false }));
};

/** In the order of M19: the three rules together, what it needs, a host, and whether getting there takes too long. */
const verdictOn = (rules: MudaRules, cluster: MudaView, guest: MudaGuest): Verdict => {
  const subject = guestSubject(guest.id);
  const pass = (because: readonly Reason[]): Verdict => ({ passedOver: [{ subject, because }] });
  const from = lookup(cluster).host(guest.host);
  if (from === undefined)
    return pass([unknown({ rule: 'muda', subject, measure: 'host', why: 'not in the inventory' })]);
  const moving = isSettled.judge({ guest, from, to: from }, cluster);
  if (moving.length > 0) return pass(moving);
  if (guest.knowledge.kind !== 'fresh')
    return pass([unknown({ rule: 'muda', subject, measure: 'samples', why: guest.knowledge.kind })]);

  const first = beforeIo(rules, cluster, guest, from);
  if (first) return first;
  const now = whetherNow(rules, guest, from);
  const { wants, because } = needsOf(rules, guest, from);
  const before = [...now, ...because];
  const against = before.filter((reason) => !holds(reason));
  if (against.length > 0 || !wants) return pass(against);
  return settledOn(rules, guest, from, before, chooseHost(rules, cluster, guest, from, wants));
};

const planWith = (rules: MudaRules, cluster: MudaView): Plan => {
  const moves: Proposal[] = [];
  const passedOver: PassedOver[] = [];
  for (const guest of cluster.guests) {
    const verdict = verdictOn(rules, planned(cluster, moves), guest);
    if (verdict.proposal) moves.push(verdict.proposal);
    passedOver.push(...verdict.passedOver);
  }
  return { moves, passedOver };
};

/**
 * Migration by resource utilisation (Muda 2010, §6.3 to §6.5; M12 to M30). A guest moves when at one evaluation its load average
 * rises and is above its vCPUs, one process or waiting for disks has been over its bound for 20 s, and that for longer than a
 * move is expected to take. It goes to the host with the best score for what it needs: clock × idle for a processor, the disk score on
 * the way to its image for I/O.
 *
 * Departures from the text, each for a reason: a guest's own load does not count against its present host, else it is sent
 * back (M29); where the present host is within a tie of the best, the guest stays; what is not measured never moves it.
 *
 * @example
 * const policy = firstOf(muda({ profile: 'asBuilt' }), homeward());
 * @throws SettingsError where a setting is wrong: `muda.use.process: Too big: expected number to be <=1`
 */
export const muda = (settings: MudaSettings = {}): Policy => {
  const rules = mudaRules(settings);
  return definePolicy({ name: 'muda', watch: mudaWatch(rules), plan: (cluster) => planWith(rules, cluster) });
};
