/** Decided by: what a policy plans for the cluster as the registry knows it, as the decision about one guest (M3, M12–M19). */
import * as z from 'zod';
import { observatory, type Watch } from '../../metrics/index.js';
import type { Cluster, Host, Milliseconds } from '../../model/index.js';
import {
  type Constraint,
  isKnown,
  type Policy,
  settingsOf,
  standardConstraints,
  unitsOf,
} from '../../policies/index.js';
import { admit } from '../admission.js';
import { afterFailure, afterSuccess, type BackOff, type BackOffs, noBackOffs } from '../back-off.js';
import { decide } from '../decide.js';
import type { Decide } from './management-server.js';
import { inventoryOf } from './registry.js';
import { shelved } from './shelf.js';
import type { ServerState } from './state.js';

/** Settings of {@link decidedBy}. */
export interface DecidedByOptions {
  /**
   * Age above which a report is not decided on.
   *
   * @defaultValue 15 s, three reports of the slower interval that the thesis tried
   */
  readonly staleAfter?: Milliseconds;
  /** What every move must keep besides standing on what is known. @defaultValue {@link standardConstraints} */
  readonly constraints?: readonly Constraint[];
  /** How long a guest is left alone after a move that failed. @defaultValue 30 s, doubled up to 10 min */
  readonly backOff?: BackOff;
}

const schema = /* @__PURE__ */ (() => {
  const length = z.number().positive();
  return z.strictObject({
    staleAfter: length.default(15_000),
    constraints: z
      .array(z.custom<Constraint>((value) => typeof value === 'object' && value !== null, 'must be a constraint'))
      .readonly()
      .default(standardConstraints),
    backOff: z
      .strictObject({ first: length, factor: z.number().min(1), longest: length })
      .default({ first: 30_000, factor: 2, longest: 600_000 }),
  });
})();

/**
 * The cluster as a management server knows it: the registry's hosts, guests and map, the signals folded over the reports
 * that are kept, the migrations under way and those that ended not long ago. A host that has departed is `off`, one that is
 * recalled is `draining`. Pure: the time is a value.
 *
 * @param watch - the signals to fold
 * @param staleAfter - age above which a subject is stale, milliseconds
 */
export const clusterOfServer = (
  { registry, flights, landed, recalls, settings }: ServerState,
  watch: Watch,
  at: Milliseconds,
  staleAfter: Milliseconds,
): Cluster => {
  const recalled = new Set(recalls.map(({ host }) => host));
  const { hosts, guests } = inventoryOf(registry);
  const leaving = (host: Host): Host =>
    host.state === 'active' && recalled.has(host.id) ? { ...host, state: 'draining' } : host;
  // What was reported has been let in with this tolerance of clocks already.
  const watching = observatory({ source: 'reports', staleAfter, tolerateFuture: settings.clockSkew, keep: 0 });
  watching.know({ hosts: hosts.map(leaving), guests });
  watching.watch(watch);
  // Samples that are refused here hold numbers that cannot be; without them the subject is not known.
  for (const [, samples] of shelved(registry.reports)) for (const sample of samples) watching.take(sample, at);
  return watching.snapshot(
    at,
    flights.map(({ order, startedAt }) => ({ ...order, startedAt })),
    landed.map(({ outcome }) => outcome),
  );
};

/** Who waits after moves that failed, by what is remembered of them. */
const waiting = ({ landed }: ServerState, backOff: BackOff): BackOffs =>
  landed.reduce<BackOffs>(
    (waits, { outcome }) =>
      outcome.ending.result === 'failed'
        ? afterFailure(waits, backOff, outcome, outcome.endedAt)
        : afterSuccess(waits, outcome),
    noBackOffs,
  );

/**
 * Lets a policy decide at a management server: from the registry's reports to a snapshot, to the policy's plan, to the order
 * for the guest that is examined. Every other move of the plan waits until its own guest is examined.
 *
 * An order sends one guest, so those that must stand together with others on their host stay.
 * Nothing is decided on stale or missing reports, on guests that a migration marks, or towards hosts that are silent; a
 * policy that throws, or gives no plan, is told as an event and orders nothing. Pure, as the policy is.
 *
 * @example
 * managementServer({ transport, decide: decidedBy(firstOf(muda(), homeward())) });
 * @throws SettingsError where an option is wrong: `decidedBy.staleAfter: …`
 */
export const decidedBy = (policy: Policy, options: DecidedByOptions = {}): Decide => {
  const { staleAfter, constraints, backOff } = settingsOf('decidedBy', schema, options);
  return (guest, state, at) => {
    const cluster = clusterOfServer(state, policy.watch, at, staleAfter);
    const decision = decide(policy, cluster);
    if (!decision.ok) return decision.error;
    // An order is for one guest: those that must leave together cannot, so they stay.
    const alone = unitsOf(cluster, decision.value.moves).flatMap((unit) => (unit.length === 1 ? unit : []));
    const verdicts = admit(alone, {
      cluster,
      underWay: cluster.migrations,
      limits: state.settings.exclusiveHosts ? { perHost: 1 } : {},
      backOffs: waiting(state, backOff),
      constraints: [isKnown, ...constraints],
      nameOf: (move, place) => `${place} ${move.guest}`,
    });
    const admitted = verdicts.find((verdict) => verdict.kind === 'admitted' && verdict.order.guest === guest);
    return admitted?.kind === 'admitted' ? { guest, to: admitted.order.to, because: admitted.because } : undefined;
  };
};
