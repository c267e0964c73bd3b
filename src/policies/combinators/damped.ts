/** Damped: a policy that leaves guests, and hosts, alone for a while after a move. */
import * as z from 'zod';
import { rested, type Rest } from '../constraints/rested.js';
import type { Policy } from '../policy.js';
import { settingsOf } from '../settings.js';
import { constrained } from './constrained.js';

const schema = /* @__PURE__ */ (() =>
  z.strictObject({ guest: z.number().nonnegative(), host: z.exactOptional(z.number().nonnegative()) }))();

/**
 * A policy with a cool-down (W16, W17): a guest that moved within the last `guest` milliseconds, or is on its way, stays; and
 * so do the guests of hosts that took part in a move within `host` milliseconds. The snapshot's past must reach that far.
 *
 * @example
 * const calm = damped(cslb(), { guest: minutes(30) });
 * @throws SettingsError where a time is negative
 */
export const damped = (policy: Policy, rest: Rest): Policy => ({
  ...constrained(policy, [rested(settingsOf('damped', schema, rest))]),
  name: `damped(${policy.name})`,
});
