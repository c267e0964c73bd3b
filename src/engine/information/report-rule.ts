/** ReportRule: when a node tells the scheduler how it is loaded: at a fixed interval, or when its load changed much. */
import * as z from 'zod';
import type { Fraction, Milliseconds } from '../../model/index.js';
import { type Group, settingsOf } from '../../policies/index.js';

/** What a node knows of itself at one time. */
export interface NodeStanding {
  readonly at: Milliseconds;
  /** As a share of what it offers; `undefined` where one of its guests was not measured. */
  readonly load: number | undefined;
  /** The group that it puts itself into; `undefined` as long as it was sent no thresholds, or its load is not known. */
  readonly group: Group | undefined;
}

/** The information policy of a dynamic scheduler (Wilcox, §1.2.1; W8): what the decider is told, and when. Pure. */
export interface ReportRule {
  readonly name: string;
  /** Whether a node reports now, given what it told last; `undefined` where it told nothing yet. */
  readonly due: (now: NodeStanding, last: NodeStanding | undefined) => boolean;
}

const interval = /* @__PURE__ */ z.strictObject({ every: /* @__PURE__ */ z.number().positive() });

/**
 * A report at a fixed interval (W11), whatever the load does.
 *
 * @throws SettingsError where the interval is not above zero
 */
export const atInterval = (every: Milliseconds): ReportRule => {
  settingsOf('atInterval', interval, { every });
  return { name: `every ${every} ms`, due: ({ at }, last) => last === undefined || at - last.at >= every };
};

/** What makes a change of load worth a report. */
export interface OnChange {
  /** How far the load must be from what was told last. @defaultValue 10 points of the host's capacity (W11) */
  readonly much?: Fraction;
}

const change = /* @__PURE__ */ z.strictObject({ much: /* @__PURE__ */ z.number().positive().default(0.1) });

/** Loads are sums of readings; a change of just the amount shall not fail by the order in which they were added. */
const rounding = 1e-9;

/**
 * A report when the load is at least `much` away from what was told last (W11), and when the group changed or the load became
 * known or unknown. A node whose load stands still says nothing, and what it told grows old: join it with
 * {@link atInterval} by {@link whichever}, so that silence does not make the node stale.
 *
 * @throws SettingsError where `much` is not above zero
 */
export const onChange = (settings: OnChange = {}): ReportRule => {
  const { much } = settingsOf('onChange', change, settings);
  return {
    name: `on a change of ${much}`,
    due: (now, last) => {
      if (last === undefined || now.group !== last.group) return true;
      if (now.load === undefined || last.load === undefined) return now.load !== last.load;
      return Math.abs(now.load - last.load) >= much - rounding;
    },
  };
};

/** A report as soon as one of the rules asks for it. */
export const whichever = (...rules: readonly ReportRule[]): ReportRule => ({
  name: rules.map(({ name }) => name).join(' or '),
  due: (now, last) => rules.some((rule) => rule.due(now, last)),
});
