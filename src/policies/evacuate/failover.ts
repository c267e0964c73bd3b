/** Failover: where each guest of a host that is lost would be restarted, and why, as data for whoever restarts them. */
import * as z from 'zod';
import {
  type Cluster,
  type Fraction,
  type GuestId,
  guestSubject,
  type HostId,
  hostSubject,
  lookFor,
  lookup,
  type PassedOver,
  type Proposal,
  type Reason,
  unknown,
} from '../../model/index.js';
import { type Constraint, planned } from '../constraint.js';
import { imageReachable } from '../constraints/image.js';
import { isMigratable } from '../constraints/migratable.js';
import { standardConstraints } from '../constraints/standard.js';
import { joined } from '../joined.js';
import { ordered } from '../ordered.js';
import { settingsOf } from '../settings.js';
import { place, unitsOn } from './place.js';

/** Settings of {@link failover}. */
export interface FailoverSettings {
  /** Share of a host's processors up to which it is filled as long as another one is left. @defaultValue 0.95 */
  readonly cpu?: Fraction;
  /**
   * What every new place must keep; the rules about moving (whether a guest may be migrated) do not count for a restart.
   *
   * @defaultValue the standard constraints that matter for a restart
   */
  readonly constraints?: readonly Constraint[];
}

/** A guest that would be started again on another host. It is not a migration: what it had in memory is gone. */
export interface Restart {
  readonly guest: GuestId;
  /** The host that is lost. */
  readonly lost: HostId;
  readonly on: HostId;
  /** The evidence for it; every reason holds. */
  readonly because: readonly Reason[];
}

/** Where guests would be restarted, in the order in which to do it, and which ones find no place, and why. */
export interface RestartPlan {
  readonly restarts: readonly Restart[];
  readonly passedOver: readonly PassedOver[];
}

/** The image outlives the host: it is on a storage that the new host reaches and that was not local to the lost one. */
const imageSurvives: Constraint = {
  name: 'image',
  judge: (move, cluster) => {
    const { image } = move.guest;
    const local = move.from.storage.some(({ id, access }) => id === image?.storage && access === 'local');
    return image && local
      ? [
          lookFor({
            rule: 'failover.image',
            subject: guestSubject(move.guest.id),
            measure: 'storage that outlives its host',
            value: image.storage,
            among: move.to.storage
              .filter(({ access, id }) => access !== 'local' && id !== image.storage)
              .map(({ id }) => id),
          }),
        ]
      : imageReachable.judge(move, cluster);
  },
};

const forRestart: readonly Constraint[] = standardConstraints
  .filter((constraint) => constraint !== isMigratable)
  .map((constraint) => (constraint === imageReachable ? imageSurvives : constraint));

const schema = /* @__PURE__ */ (() =>
  z.strictObject({
    cpu: z.number().min(0).max(1).default(0.95),
    constraints: z
      .array(z.custom<Constraint>((value) => typeof value === 'object' && value !== null, 'must be a constraint'))
      .readonly()
      .default(forRestart),
  }))();

/**
 * The snapshot after hosts were lost. What their guests said last says nothing of what they want once they are restarted, so it is
 * forgotten, and each counts as wanting all of its vCPUs.
 */
const bereaved = (cluster: Cluster, lost: ReadonlySet<HostId>): Cluster => ({
  ...cluster,
  hosts: cluster.hosts.map((host) => (lost.has(host.id) ? { ...host, state: 'failing' } : host)),
  guests: cluster.guests.map((guest) =>
    lost.has(guest.host) ? { ...guest, knowledge: { kind: 'fresh', at: cluster.at }, signals: {} } : guest,
  ),
});

/**
 * Says where the guests of lost hosts would be restarted (W19; failover, as Ganeti does it), those of most memory first, each
 * where `evacuate` would have sent it. A migration engine cannot restart anything itself, and a dead host's guests cannot be
 * migrated any more, so this is no policy but a plan as data, for whoever starts guests.
 *
 * A guest that was on its way when its host was lost may run at the other end: nobody knows, so it is not restarted. One
 * whose image was local to the lost host has none. A host of which not everything is known takes nobody.
 *
 * @param lost - hosts that are known to be dead; to restart a guest that still runs somewhere corrupts its disk
 * @example
 * const { restarts, passedOver } = failover(cluster, ['host-a']);
 * @throws SettingsError where a setting is wrong
 */
export const failover = (cluster: Cluster, lost: readonly HostId[], settings: FailoverSettings = {}): RestartPlan => {
  const { cpu: limit, constraints } = settingsOf('failover', schema, settings);
  const state = bereaved(ordered(cluster), new Set(lost));
  const moves: Proposal[] = [];
  const passedOver: PassedOver[] = [];
  const { host, migrationOf } = lookup(state);
  for (const id of [...new Set(lost)].sort()) {
    const from = host(id);
    if (!from) {
      const subject = hostSubject(id);
      passedOver.push({
        subject,
        because: [unknown({ rule: 'failover', subject, measure: 'host', why: 'not in the inventory' })],
      });
      continue;
    }
    const because = lookFor({
      rule: 'failover',
      subject: hostSubject(id),
      measure: 'lost host',
      value: id,
      among: [id],
    });
    for (const unit of unitsOn(state, from)) {
      const moving = unit.filter((guest) => migrationOf(guest.id));
      passedOver.push(
        ...moving.map((guest) => ({
          subject: guestSubject(guest.id),
          because: [
            unknown({
              rule: 'failover',
              subject: guestSubject(guest.id),
              measure: `whether it runs on ${migrationOf(guest.id)?.to ?? ''}, where it was on its way to,`,
              why: 'not measured',
            }),
          ],
        })),
      );
      const left = unit.filter((guest) => !moving.includes(guest));
      if (left.length === 0) continue;
      const found = place(
        'failover',
        { unit: left, from, cluster: planned(state, moves), constraints },
        limit,
        because,
      );
      moves.push(...found.moves);
      passedOver.push(...found.passedOver);
    }
  }
  const plan = joined(moves, passedOver);
  return {
    restarts: plan.moves.map(({ guest, from, to, because }) => ({ guest, lost: from, on: to, because })),
    passedOver: plan.passedOver,
  };
};
