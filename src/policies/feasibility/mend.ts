/** Mend: moves guests that stand where a rule forbids, and no others. */
import * as z from 'zod';
import { cpu, level } from '../../metrics/index.js';
import {
  byName,
  type Cluster,
  compare,
  type Fraction,
  guestSubject,
  lookFor,
  lookup,
  type ObservedGuest,
  type PassedOver,
  type Plan,
  type Proposal,
  type Reason,
} from '../../model/index.js';
import { type Constraint, planned } from '../constraint.js';
import { standardConstraints } from '../constraints/standard.js';
import { companions } from '../constraints/together.js';
import { place } from '../evacuate/place.js';
import { joined } from '../joined.js';
import { type Unit, unitMemory, unitName } from '../leaving.js';
import { definePolicy, type Policy } from '../policy.js';
import { settingsOf } from '../settings.js';

/** Settings of {@link mend}. */
export interface MendSettings {
  /** Share of a destination's processors up to which it is filled as long as another one is left. @defaultValue 0.95 */
  readonly cpu?: Fraction;
  /** What every move must keep. @defaultValue {@link standardConstraints} */
  readonly constraints?: readonly Constraint[];
}

const schema = /* @__PURE__ */ (() =>
  z.strictObject({
    cpu: z.number().min(0).max(1).default(0.95),
    constraints: z
      .array(z.custom<Constraint>((value) => typeof value === 'object' && value !== null, 'must be a constraint'))
      .readonly()
      .default(standardConstraints),
  }))();

/** Where a guest ends once what is in flight is over. */
const endOf = (cluster: Cluster, { id, host }: ObservedGuest): string => lookup(cluster).migrationOf(id)?.to ?? host;

/** The rule that a guest's place breaks, as a reason that holds; `undefined` where it breaks none that a move of it would mend. */
const broken = (cluster: Cluster, guest: ObservedGuest): Reason | undefined => {
  const end = endOf(cluster, guest);
  const subject = guestSubject(guest.id);
  if (guest.pins.length > 0 && !guest.pins.includes(end))
    return compare({
      rule: 'mend.pins',
      subject,
      measure: `hosts among ${guest.pins.join(', ')} that it stands on`,
      value: 0,
      relation: 'below',
      limit: 1,
      unit: 'count',
    });
  const inGroup = (kind: 'apart' | 'together', group: string): readonly ObservedGuest[] =>
    cluster.guests.filter((other) => other.id !== guest.id && other[kind].includes(group));
  for (const group of guest.apart) {
    const beside = inGroup('apart', group).filter((other) => endOf(cluster, other) === end);
    if (beside.length > 0)
      return compare({
        rule: 'mend.apart',
        subject,
        measure: `guests of the apart-group ${group} beside it (${beside.map(({ id }) => id).join(', ')})`,
        value: beside.length,
        relation: 'above',
        limit: 0,
        unit: 'count',
      });
  }
  for (const group of guest.together) {
    const elsewhere = inGroup('together', group).filter((other) => endOf(cluster, other) !== end);
    if (elsewhere.length > 0)
      return compare({
        rule: 'mend.together',
        subject,
        measure: `guests of the together-group ${group} elsewhere (${elsewhere.map(({ id }) => id).join(', ')})`,
        value: elsewhere.length,
        relation: 'above',
        limit: 0,
        unit: 'count',
      });
  }
  return undefined;
};

/** Hosts on which a torn group is to come together again, or any host where the rule that is broken is another one. */
const towards = (cluster: Cluster, unit: Unit, because: Reason): ((host: string) => boolean) => {
  const groups =
    because.rule === 'mend.together' ? new Set(unit.flatMap(({ together }) => together)) : new Set<string>();
  if (groups.size === 0) return () => true;
  const ids = new Set(unit.map(({ id }) => id));
  const ends = new Set(
    cluster.guests
      .filter(({ id, together }) => !ids.has(id) && together.some((group) => groups.has(group)))
      .map((guest) => endOf(cluster, guest)),
  );
  return (host) => ends.has(host);
};

const planWith = (cluster: Cluster, limit: Fraction, constraints: readonly Constraint[]): Plan => {
  const moves: Proposal[] = [];
  const passedOver: PassedOver[] = [];
  // The smallest first: of guests that stand badly together those are moved that cost least, and the last may then stay.
  const units = new Map<string, Unit>();
  for (const guest of cluster.guests) {
    const unit = companions(guest, cluster);
    units.set(unitName(unit), unit);
  }
  const smallest = [...units.values()].sort(
    (a, b) => unitMemory(a) - unitMemory(b) || byName(unitName(a), unitName(b)),
  );
  for (const unit of smallest) {
    const now = planned(cluster, moves);
    const because = unit.map((guest) => broken(now, guest)).find((reason) => reason !== undefined);
    const from = lookup(cluster).host(unit[0]?.host ?? '');
    if (!because) continue;
    if (!from) {
      passedOver.push(
        ...unit.map(({ id, host }) => ({
          subject: guestSubject(id),
          because: [lookFor({ rule: 'mend', subject: guestSubject(id), measure: 'host', value: host, among: [] })],
        })),
      );
      continue;
    }
    const found = place('mend', { unit, from, cluster: now, constraints }, limit, because, towards(now, unit, because));
    moves.push(...found.moves);
    passedOver.push(...found.passedOver);
  }
  return joined(moves, passedOver);
};

/**
 * Mends what is broken: guests that stand beside one that they must be kept apart from, away from those that they must stand
 * with, or on a host that they are not pinned to. Of several that would do the one of least memory moves, and no more than
 * are needed: what the moves before it mend is not mended again. Each goes where `evacuate` would send it. What cannot be
 * mended is passed over, for each destination with the reason; {@link feasibility} tells whether anything could.
 *
 * @example
 * const orderly = gated(mend(), feasible());
 * @throws SettingsError where a setting is wrong
 */
export const mend = (settings: MendSettings = {}): Policy => {
  const { cpu: limit, constraints } = settingsOf('mend', schema, settings);
  return definePolicy({
    name: 'mend',
    watch: { guest: { cpu: level(cpu) } },
    plan: (cluster) => planWith(cluster, limit, constraints),
  });
};
