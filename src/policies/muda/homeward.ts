/** Homeward: a guest that has been idle for a while returns to the host that it belongs to. */
import * as z from 'zod';
import { busiestProcess, cpu, iowait, loadOne, type Signal } from '../../metrics/index.js';
import {
  compare,
  type Fraction,
  guestSubject,
  holds,
  lookup,
  type Milliseconds,
  type PassedOver,
  percent,
  type Plan,
  type Proposal,
  seconds,
  unknown,
} from '../../model/index.js';
import { type Constraint, judge, planned } from '../constraint.js';
import { standardConstraints } from '../constraints/standard.js';
import { definePolicy, type Policy, type View } from '../policy.js';
import { settingsOf } from '../settings.js';
import { unmarked } from './choose.js';

/** Settings of {@link homeward}. Idle has no definition in the thesis; these are the specification's (M39). */
export interface HomewardSettings {
  /** For how long a guest must have been idle. @defaultValue 60 s */
  readonly idle?: Milliseconds;
  /** A process with this share of a processor is no idleness. @defaultValue 0.7 */
  readonly process?: Fraction;
  /** Nor is waiting for I/O for this share of the time. @defaultValue 0.1 */
  readonly iowait?: Fraction;
  /** What every move must keep. @defaultValue {@link standardConstraints} */
  readonly constraints?: readonly Constraint[];
}

const schema = /* @__PURE__ */ (() => {
  const share = z.number().min(0).max(1);
  return z.strictObject({
    idle: z.number().nonnegative().default(seconds(60)),
    process: share.default(percent(70)),
    iowait: share.default(percent(10)),
    constraints: z
      .array(z.custom<Constraint>((value) => typeof value === 'object' && value !== null, 'must be a constraint'))
      .readonly()
      .default(standardConstraints),
  });
})();

type Rules = z.infer<typeof schema>;

/** A signal does not know how many vCPUs its guest has, so it is folded for each count up to this; larger guests are not known. */
const mostVcpus = 64;

/** Since when a guest of one, two, three … vCPUs has been idle, and the time of the latest sample. */
interface IdleState {
  readonly since: readonly (Milliseconds | undefined)[];
  readonly at: Milliseconds | undefined;
}

/** For how long a guest of `n + 1` vCPUs has been idle, at place `n`. A sample that does not tell ends the idleness. */
const idleTime = ({ process, iowait: bound }: Rules): Signal<readonly Milliseconds[], IdleState> => ({
  name: `idle(process below ${process}, iowait below ${bound})`,
  initial: { since: Array.from({ length: mostVcpus }, () => undefined), at: undefined },
  step: ({ since }, sample) => {
    const [load, waiting, used, busiest] = [loadOne, iowait, cpu, busiestProcess].map((one) => one.of(sample));
    const still = (vcpus: number): boolean => {
      if (load === undefined || waiting === undefined || load >= vcpus || waiting >= bound) return false;
      // Without a list of processes: none of them can have more than the guest has.
      const most = busiest ?? (used === undefined ? undefined : used * vcpus);
      return most !== undefined && most < process;
    };
    return { since: since.map((from, i) => (still(i + 1) ? (from ?? sample.at) : undefined)), at: sample.at };
  },
  value: ({ since, at }) => (at === undefined ? undefined : since.map((from) => (from === undefined ? 0 : at - from))),
});

const watchOf = (rules: Rules): { readonly guest: { readonly idle: Signal<readonly Milliseconds[], IdleState> } } => ({
  guest: { idle: idleTime(rules) },
});

const planWith = (rules: Rules, cluster: View<ReturnType<typeof watchOf>>): Plan => {
  const moves: Proposal[] = [];
  const passedOver: PassedOver[] = [];
  for (const guest of cluster.guests) {
    const { id, home, host, vcpus, signals } = guest;
    if (home === undefined || home === host) continue;
    const subject = guestSubject(id);
    const rule = 'homeward';
    const now = planned(cluster, moves);
    const { host: hostOf } = lookup(now);
    const [from, to] = [hostOf(host), hostOf(home)];
    const idle = signals.idle?.[vcpus - 1];
    const rested =
      idle === undefined
        ? unknown({ rule, subject, measure: 'idle time', why: 'not measured' })
        : compare({
            rule,
            subject,
            measure: 'idle time',
            value: idle,
            relation: 'at least',
            limit: rules.idle,
            unit: 'milliseconds',
          });
    const because =
      from === undefined || to === undefined
        ? [unknown({ rule, subject, measure: 'host or home', why: 'not in the inventory' })]
        : [rested, ...judge([...rules.constraints, unmarked], { guest, from, to }, now)];
    const against = because.filter((reason) => !holds(reason));
    if (against.length === 0) moves.push({ guest: id, from: host, to: home, because });
    else passedOver.push({ subject, to: home, because: against });
  }
  return { moves, passedOver };
};

/**
 * Guests return home when they are idle (Muda, §5.4.1; M39): load average below their vCPUs, no process over the bound of rule 2,
 * no waiting for I/O, for 60 s. The return is an ordinary move. Guests without a home, or at home, are not considered.
 *
 * @example
 * const policy = firstOf(muda(), homeward());
 * @throws SettingsError where a setting is wrong
 */
export const homeward = (settings: HomewardSettings = {}): Policy => {
  const rules = settingsOf('homeward', schema, settings);
  return definePolicy({ name: 'homeward', watch: watchOf(rules), plan: (cluster) => planWith(rules, cluster) });
};
