/** StepwiseDowntime: allows a longer downtime step by step, until the migration settles. */
import * as z from 'zod';
import type { Milliseconds } from '../../model/index.js';
import { settingsOf } from '../../policies/index.js';
import { type ConvergencePolicy, goOn } from './policy.js';
import { measured, whileCopying } from './reports.js';

/** Settings of {@link stepwiseDowntime}. */
export interface StepwiseDowntime {
  /** The limit at first. */
  readonly from: Milliseconds;
  /** Each step is so many times the one before; above 1. */
  readonly factor: number;
  /** The limit is never raised above this. */
  readonly longest: Milliseconds;
  /** How long each step is given, from the order. */
  readonly every: Milliseconds;
}

const length = /* @__PURE__ */ z.number().positive();

const schema = /* @__PURE__ */ z
  .strictObject({ from: length, factor: /* @__PURE__ */ z.number().gt(1), longest: length, every: length })
  .refine(({ from, longest }) => longest >= from, { path: ['longest'], message: 'is below the first limit' });

/**
 * Raises the allowed downtime from a short one, step by step, to the longest that is bearable, as OpenStack Nova does with
 * libvirt: a guest that settles early has a short downtime, and only a hot one a long one. A limit is only raised: where the
 * hypervisor has reported one as long, or none at all, nothing is asked.
 *
 * @throws SettingsError where a length of time is not above zero, the factor not above 1, or the longest below the first
 *
 * @example
 * stepwiseDowntime({ from: 50, factor: 1.5, longest: 500, every: seconds(30) });
 */
export const stepwiseDowntime = (settings: StepwiseDowntime): ConvergencePolicy => {
  const { from, factor, longest, every } = settingsOf('stepwiseDowntime', schema, settings);
  return (history, { startedAt }) => {
    if (!whileCopying(history)) return goOn;
    const reported = history.map(({ downtimeLimit }) => measured(downtimeLimit) ?? 0);
    const present = reported.reduce((most, limit) => Math.max(most, limit), 0);
    // Reports may come out of order; the limit must not go down then.
    const newest = history.reduce((time, { at }) => Math.max(time, at), startedAt);
    const step = Math.floor((newest - startedAt) / every);
    const limit = Math.min(longest, from * factor ** step);
    return present > 0 && limit > present ? { kind: 'raise downtime', limit } : goOn;
  };
};
