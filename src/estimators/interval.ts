/** Interval: from the outcomes of several ways in which a move may go to one figure with its bounds. */
import type { Milliseconds } from '../model/index.js';

/** One way in which a move may go. */
export interface Outlook {
  readonly weight: number;
  /** Infinite where it does not settle. */
  readonly duration: Milliseconds;
  readonly downtime: Milliseconds;
  readonly bytes: number;
  readonly rounds: number;
  readonly slowed: number;
}

/** The outlooks as one: how likely it is that the move settles, the middle one of those that do, and the bounds. */
export interface Summary {
  /** Weight of the outlooks that settle, 0 to 1. */
  readonly settles: number;
  /** The outlook in the middle of those that settle; `undefined` where none does. */
  readonly middle: Outlook | undefined;
  /** Median duration. */
  readonly duration: Milliseconds;
  readonly low: Milliseconds;
  readonly high: Milliseconds;
}

/** Ten in a hundred cases of a normal law lie this many standard deviations below its middle. */
const tenth = 1.2816;

/** Standard deviations of what no outlook explains. */
export interface Unexplained {
  /** Of the duration itself: one window, one round. */
  readonly fixed: Milliseconds;
  /** Relative to the duration: a busy host. */
  readonly relative: number;
  /** Relative, of the rate of dirtying that all outlooks share. */
  readonly rate: number;
  /** Bytes that would be sent if nothing were dirtied. */
  readonly once: number;
}

/** Weighs outlooks. What they do not explain is added to their spread in quadrature. */
export const summarise = (outlooks: readonly Outlook[], unexplained: Unexplained): Summary => {
  const settled: Outlook[] = [];
  let all = 0;
  let total = 0;
  for (const outlook of outlooks) {
    all += outlook.weight;
    if (outlook.duration === Infinity) continue;
    total += outlook.weight;
    settled.push(outlook);
  }
  settled.sort(byDuration);
  const middle = nearest(settled, total / 2);
  if (middle === undefined) return { settles: 0, middle, duration: Infinity, low: Infinity, high: Infinity };
  const duration = quantile(settled, total / 2);
  // T = V / (R (1 - λ)): an error of the rate grows by λ / (1 - λ), and that is what was sent more than once.
  const again = Math.max(0, middle.bytes / unexplained.once - 1);
  const relative = Math.hypot(unexplained.relative, unexplained.rate * again);
  const spread = tenth * Math.hypot(unexplained.fixed, relative * duration);
  return {
    settles: total / all,
    middle,
    duration,
    low: Math.max(0, duration - Math.hypot(duration - quantile(settled, total * 0.1), spread)),
    high: duration + Math.hypot(quantile(settled, total * 0.9) - duration, spread),
  };
};

const byDuration = (a: Outlook, b: Outlook): number => a.duration - b.duration;

/** The outlook at which the running sum of weights passes a mark. */
const nearest = (settled: readonly Outlook[], mark: number): Outlook | undefined => {
  let sum = 0;
  for (const outlook of settled) {
    sum += outlook.weight;
    if (sum >= mark) return outlook;
  }
  return settled.at(-1);
};

/** Duration at a mark of the running sum of weights, on the straight lines between the middles of the outlooks. */
const quantile = (settled: readonly Outlook[], mark: number): Milliseconds => {
  let sum = 0;
  let before: Outlook | undefined;
  let beforeAt = 0;
  for (const outlook of settled) {
    const at = sum + outlook.weight / 2;
    if (at >= mark) {
      if (before === undefined) return outlook.duration;
      const part = (mark - beforeAt) / (at - beforeAt);
      return before.duration + part * (outlook.duration - before.duration);
    }
    sum += outlook.weight;
    before = outlook;
    beforeAt = at;
  }
  return before?.duration ?? Infinity;
};
