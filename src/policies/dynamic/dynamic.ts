/** Dynamic: a policy made of a transfer policy and a placement policy, which know nothing of each other. */
import * as z from 'zod';
import { type AnySignal, level } from '../../metrics/index.js';
import {
  type Cluster,
  guestSubject,
  holds,
  type HostId,
  hostSubject,
  type PassedOver,
  type Plan,
  type Proposal,
} from '../../model/index.js';
import { type Constraint, judge, planned } from '../constraint.js';
import { standardConstraints } from '../constraints/standard.js';
import { firstThatTakes } from '../phases/destination.js';
import { cpuCycles, evaluateLoads, type HostLoad, type Resource, type UnknownLoad } from '../phases/load.js';
import { definePolicy, type Policy } from '../policy.js';
import { settingsOf } from '../settings.js';
import type { Placement } from './placement.js';
import { gains, type Giving, type Situation, type Transfer } from './transfer.js';

/** What a dynamic scheduler is made of; what it is told, and when, is the information policy of the engine's driver. */
export interface DynamicSettings {
  /** When guests are moved, and which. */
  readonly transfer: Transfer;
  /** Where they go. */
  readonly placement: Placement;
  /** What loads are made of. @defaultValue processor cycles */
  readonly resource?: Resource;
  /** What to fold a guest's samples into. @defaultValue the latest reading of the resource's measure */
  readonly signal?: AnySignal<number>;
  /** What every move must keep. @defaultValue {@link standardConstraints} */
  readonly constraints?: readonly Constraint[];
}

const given = <Type>(says: string): z.ZodType<Type> =>
  z.custom<Type>((value) => typeof value === 'object' && value !== null, `must be ${says}`);
const withFunction = <Type>(name: string, says: string): z.ZodType<Type> =>
  z.custom<Type>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      typeof (value as Readonly<Record<string, unknown>>)[name] === 'function',
    `must be ${says}`,
  );

const schema = /* @__PURE__ */ (() =>
  z.strictObject({
    transfer: withFunction<Transfer>('giving', 'a transfer policy'),
    placement: withFunction<Placement>('candidates', 'a placement policy'),
    resource: given<Resource>('a resource').default(cpuCycles),
    signal: z.exactOptional(given<AnySignal<number>>('a signal')),
    constraints: z.array(given<Constraint>('a constraint')).readonly().default(standardConstraints),
  }))();

type Rules = z.output<typeof schema>;

const isKnownLoad = (load: HostLoad | UnknownLoad): load is HostLoad => load.kind === 'known';

interface Try {
  readonly proposal?: Proposal;
  readonly passedOver: readonly PassedOver[];
}

/** The first guest of a host, in the order of the transfer policy, that the placement policy finds a host for. */
const send = ({ placement, constraints, resource }: Rules, situation: Situation, giving: Giving): Try => {
  const { from } = giving;
  const { cluster, loads } = situation;
  const others = loads.filter((load) => load !== from && load.host.state === 'active');
  const passedOver: PassedOver[] = [];
  for (const load of giving.guests) {
    const { guest } = load;
    const found = firstThatTakes(placement.candidates(load, from, others, situation), ({ to, because }) => {
      const reasons = [
        ...because,
        gains(from, to, load, resource),
        ...judge(constraints, { guest, from: from.host, to: to.host }, cluster),
      ];
      const against = reasons.filter((reason) => !holds(reason));
      return against.length > 0
        ? { passedOver: [{ subject: guestSubject(guest.id), to: to.host.id, because: against }] }
        : {
            passedOver: [],
            proposal: {
              guest: guest.id,
              from: from.host.id,
              to: to.host.id,
              because: [...giving.because, ...reasons],
            },
          };
    });
    passedOver.push(...found.passedOver);
    if (found.proposal) return { proposal: found.proposal, passedOver };
  }
  return { passedOver };
};

const planWith = (rules: Rules, cluster: Cluster): Plan => {
  const { transfer, resource } = rules;
  const moves: Proposal[] = [];
  const passedOver: PassedOver[] = [];
  const done = new Set<HostId>();
  for (;;) {
    const soFar = planned(cluster, moves);
    const evaluated = evaluateLoads(soFar, resource, ({ signals }) => {
      // The policy watches this name with a signal of numbers.
      const reading = signals[resource.name];
      return typeof reading === 'number' ? reading : undefined;
    }).filter(({ host }) => host.state !== 'off');
    const situation = { cluster: soFar, loads: evaluated.filter(isKnownLoad), resource };
    const givers = transfer.giving(situation);
    const giving = givers.find(({ from, because }) => !done.has(from.host.id) && because.every(holds));
    if (done.size === 0)
      for (const load of evaluated)
        if (load.kind === 'unknown') passedOver.push({ subject: hostSubject(load.host.id), because: load.because });
    if (!giving) {
      for (const { from, because } of givers)
        if (!done.has(from.host.id))
          passedOver.push({ subject: hostSubject(from.host.id), because: because.filter((reason) => !holds(reason)) });
      return { moves, passedOver };
    }
    // One guest of each host a plan: what comes of it is to be seen before the next one goes.
    done.add(giving.from.host.id);
    const { proposal, passedOver: refused } = send(rules, situation, giving);
    passedOver.push(...refused);
    if (proposal) moves.push(proposal);
  }
};

/**
 * A policy made of the transfer and the placement policy of a dynamic scheduler (Wilcox, §1.2.1; W8). Any transfer goes with any
 * placement, and both with any information policy: transfer says which host gives and which of its guests should go, placement
 * where it goes. One guest of each host a plan, loads evaluated again after each planned move; no move that does not lower
 * the larger of the two loads, so that every combination comes to rest.
 *
 * @example
 * const policy = dynamic({ transfer: whenUneven({ above: 0.3 }), placement: toLightest });
 * @throws SettingsError with the path and the rule of every value that is wrong
 */
export const dynamic = (settings: DynamicSettings): Policy => {
  const rules = settingsOf('dynamic', schema, settings);
  const { resource, signal, transfer, placement } = rules;
  return definePolicy({
    name: `dynamic(${transfer.name}, ${placement.name})`,
    watch: { guest: { [resource.name]: signal ?? level(resource.measure) } },
    plan: (cluster) => planWith(rules, cluster),
  });
};
