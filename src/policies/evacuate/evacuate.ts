/** Evacuate: empties hosts that are draining or failing, each guest to the host that it fills best. */
import * as z from 'zod';
import { cpu, level } from '../../metrics/index.js';
import {
  byName,
  type Cluster,
  type Fraction,
  hostSubject,
  lookFor,
  type PassedOver,
  type Plan,
  type Proposal,
} from '../../model/index.js';
import { type Constraint, planned } from '../constraint.js';
import { standardConstraints } from '../constraints/standard.js';
import { definePolicy, type Policy } from '../policy.js';
import { settingsOf } from '../settings.js';
import { place, unitsOn } from './place.js';

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
      const found = place('evacuate', { unit, from, cluster: planned(cluster, moves), constraints }, limit, because);
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
