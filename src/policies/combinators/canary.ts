/** Canary: a policy that is in force for a share of the hosts, and another for the rest. */
import * as z from 'zod';
import { compare, type Fraction, type HostId, hostSubject, type Plan, type Reason } from '../../model/index.js';
import { joined } from '../joined.js';
import { mergeWatches } from '../merge-watches.js';
import { definePolicy, type Policy } from '../policy.js';
import { settingsOf } from '../settings.js';
import { sift } from '../sift.js';

/** Which hosts are on trial. */
export interface CanarySettings {
  /** The share of the hosts; each host is chosen by its name, so that the others stay what they are when one comes or goes. */
  readonly share: Fraction;
  /** Another word chooses other hosts. */
  readonly word?: string;
}

const schema = /* @__PURE__ */ (() =>
  z.strictObject({ share: z.number().min(0).max(1), word: z.exactOptional(z.string()) }))();

/** A place between 0 and 1 for a name: FNV-1a, then its bits mixed, since names differ most in their last letter. */
const placeOf = (name: string): Fraction => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
};

/**
 * A policy on trial for a share of the hosts, and the proven one for the rest. Each sees the whole cluster, and of each only the moves
 * between hosts of its own part are taken: so neither can upset what the other plans, and the two parts can be compared.
 *
 * @param onTrial - decides for the share
 * @param proven - decides for the rest
 * @throws SettingsError where the share is none
 *
 * @example
 * const careful = canary(keepCool, cslb(), { share: percent(10) });
 */
export const canary = (onTrial: Policy, proven: Policy, settings: CanarySettings): Policy => {
  const { share, word = '' } = settingsOf('canary', schema, settings);
  const { watch, views } = mergeWatches([onTrial.watch, proven.watch]);
  /** Both ends of a move, compared with the share: below it is the part on trial. */
  const within = (host: HostId, relation: 'below' | 'at least'): Reason =>
    compare({
      rule: 'canary',
      subject: hostSubject(host),
      measure: 'place among the hosts',
      value: placeOf(`${word}/${host}`),
      relation,
      limit: share,
      unit: 'fraction',
    });
  return definePolicy({
    name: `canary(${onTrial.name}, ${proven.name})`,
    watch,
    plan: (cluster): Plan => {
      const parts = [onTrial, proven].map((policy, i) =>
        sift('canary', cluster, policy.plan(views[i]?.(cluster) ?? cluster), ({ from, to }) =>
          [from, to].map(({ id }) => within(id, i === 0 ? 'below' : 'at least')),
        ),
      );
      return joined(
        parts.flatMap(({ moves }) => moves),
        parts.flatMap(({ passedOver }) => passedOver),
      );
    },
  });
};
