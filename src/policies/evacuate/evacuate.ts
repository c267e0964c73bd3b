/** Evacuate: empties hosts that are draining or failing, each guest to the host that it fills best. */
import * as z from 'zod';
import { cpu, level } from '../../metrics/index.js';
import {
  byName,
  type Cluster,
  compare,
  type Fraction,
  guestSubject,
  hostSubject,
  lookFor,
  lookup,
  type ObservedHost,
  type PassedOver,
  type Plan,
  type Proposal,
  type Reason,
} from '../../model/index.js';
import { type Constraint, planned } from '../constraint.js';
import { standardConstraints } from '../constraints/standard.js';
import { companions } from '../constraints/together.js';
import { definePolicy, type Policy } from '../policy.js';
import { settingsOf } from '../settings.js';
import { byFit, offers, type Search, stepsOf, type Unit, wantedAgainst, worseThan } from './offer.js';

/** Settings of {@link evacuate}. */
export interface EvacuateSettings {
  /**
   * Share of a destination's processors up to which it is filled as long as another one is left; no host left is no reason to
   * stay on a failing one. @defaultValue 0.95
   */
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

const mustBeLeft: readonly string[] = ['failing', 'draining'];

const memoryOf = (unit: Unit): number => unit.reduce((sum, { memory }) => sum + memory, 0);

/** The guests of a host in the units in which they must leave, largest memory first. */
const unitsOn = (cluster: Cluster, host: ObservedHost): readonly Unit[] => {
  const units = new Map<string, Unit>();
  for (const guest of lookup(cluster).guestsOn(host.id)) {
    const unit = companions(guest, cluster);
    units.set(unit[0]?.id ?? guest.id, unit);
  }
  return [...units.values()].sort((a, b) => memoryOf(b) - memoryOf(a) || byName(a[0]?.id ?? '', b[0]?.id ?? ''));
};

/** Finds a place for one unit. */
const place = (search: Search, limit: Fraction, because: Reason): Plan => {
  const { unit, from } = search;
  const { made, refused } = offers(search);
  const [best, ...others] = [...made].sort(byFit(limit));
  if (!best) {
    const none = compare({
      rule: 'evacuate',
      subject: hostSubject(from.id),
      measure: 'hosts that can take it',
      value: 0,
      relation: 'at least',
      limit: 1,
      unit: 'count',
    });
    return {
      moves: [],
      passedOver: [...refused, ...unit.map(({ id }) => ({ subject: guestSubject(id), because: [none] }))],
    };
  }
  const wanted = wantedAgainst(best, best.wanted <= limit ? 'at most' : 'above', limit);
  const left = others.flatMap((other): readonly PassedOver[] =>
    unit.map(({ id }) => ({ subject: guestSubject(id), to: other.to.id, because: [worseThan(best, other, limit)] })),
  );
  return {
    moves: stepsOf(search, best.to.id).map((step, i) => ({
      ...step,
      because: [because, wanted, ...(best.reasons[i] ?? [])],
    })),
    passedOver: [...refused, ...left],
  };
};

const planWith = (cluster: Cluster, limit: Fraction, constraints: readonly Constraint[]): Plan => {
  const moves: Proposal[] = [];
  const passedOver: PassedOver[] = [];
  const sources = cluster.hosts
    .filter(({ state }) => mustBeLeft.includes(state))
    .sort((a, b) => mustBeLeft.indexOf(a.state) - mustBeLeft.indexOf(b.state) || byName(a.id, b.id));
  for (const from of sources) {
    const because = lookFor({
      rule: 'evacuate',
      subject: hostSubject(from.id),
      measure: 'state',
      value: from.state,
      among: mustBeLeft,
    });
    for (const unit of unitsOn(cluster, from)) {
      const found = place({ unit, from, cluster: planned(cluster, moves), constraints }, limit, because);
      moves.push(...found.moves);
      passedOver.push(...found.passedOver);
    }
  }
  return { moves, passedOver };
};

/**
 * Empties every draining or failing host (W19), failing ones first, and of each the guests of most memory first: each goes to the
 * host that has least memory to spare afterwards, among those whose processors are not wanted beyond a limit; if there is no
 * such host, to the one whose processors are wanted least. Guests that must stand together leave together. What can go
 * nowhere is passed over, for each destination with the reason.
 *
 * @throws SettingsError where a setting is wrong
 */
export const evacuate = (settings: EvacuateSettings = {}): Policy => {
  const { cpu: limit, constraints } = settingsOf('evacuate', schema, settings);
  return definePolicy({
    name: 'evacuate',
    watch: { guest: { cpu: level(cpu) } },
    plan: (cluster) => planWith(cluster, limit, constraints),
  });
};
