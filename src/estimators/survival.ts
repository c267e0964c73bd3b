/** Survival: how long the present load will go on, and for how much of a stretch of time it is expected to. */
import type { Milliseconds } from '../model/index.js';

/** What is believed of the remaining life of a load. */
export type RemainingLife =
  /** It goes on for good. */
  | { readonly kind: 'stays' }
  /** A job whose end is known. */
  | { readonly kind: 'known'; readonly left: Milliseconds }
  /**
   * A job of unknown length, busy for `age`: P(busy at a + t | busy for a) = (a / (a + t))^c
   * (Harchol-Balter and Downey, TOCS 1997, §2.2; c ≈ 1 for Unix processes).
   */
  | { readonly kind: 'aged'; readonly age: Milliseconds; readonly exponent?: number }
  /** A load that comes by the hour: busy now, and in each coming hour with the share seen on past days. */
  | {
      readonly kind: 'recurring';
      /** Milliseconds into the present hour. */
      readonly into: Milliseconds;
      /** Chance to be busy in the present hour and those after it; goes round. */
      readonly hours: readonly number[];
    };

const hour = 3_600_000;

/** The exponent taken where none was fitted: remaining life as long as the age, in the median. */
export const defaultExponent = 1;

/**
 * Chance that the load is still there `after` milliseconds from now; 1 at once, never rising but for `recurring`.
 * An age that is negative or NaN counts as none: a load of no age is not expected to last.
 */
export const survival = (life: RemainingLife, after: Milliseconds): number => {
  if (!(after > 0)) return 1;
  switch (life.kind) {
    case 'stays':
      return 1;
    case 'known':
      return after < life.left ? 1 : 0;
    case 'aged': {
      if (!(life.age > 0)) return 0;
      return (life.age / (life.age + after)) ** (life.exponent ?? defaultExponent);
    }
    case 'recurring': {
      const share = life.hours[Math.floor((life.into + after) / hour) % Math.max(life.hours.length, 1)];
      return share === undefined ? 0 : Math.min(1, Math.max(0, share));
    }
  }
};

/** Integral of (a / (a + t))^c over t from 0 to x. */
const agedIntegral = (age: Milliseconds, exponent: number, x: Milliseconds): Milliseconds => {
  if (!(age > 0)) return 0;
  const stretch = Math.log1p(x / age);
  const order = 1 - exponent;
  // Near c = 1 the power form divides zero by zero; expm1 keeps it exact.
  return Math.abs(order) < 1e-9 ? age * stretch : (age * Math.expm1(order * stretch)) / order;
};

/** Expected time that the load is there between two times from now: the integral of {@link survival}, in closed form. */
export const expectedBusy = (life: RemainingLife, from: Milliseconds, to: Milliseconds): Milliseconds => {
  const begin = Math.max(0, from);
  if (!(to > begin)) return 0;
  switch (life.kind) {
    case 'stays':
      return to - begin;
    case 'known':
      return Math.max(0, Math.min(to, life.left) - begin);
    case 'aged': {
      const exponent = life.exponent ?? defaultExponent;
      return agedIntegral(life.age, exponent, to) - agedIntegral(life.age, exponent, begin);
    }
    case 'recurring': {
      let sum = 0;
      for (let time = begin; time < to;) {
        const next = Math.min(to, (Math.floor((life.into + time) / hour) + 1) * hour - life.into);
        sum += survival(life, (time + next) / 2) * (next - time);
        time = next;
      }
      return sum;
    }
  }
};

/** The remaining life that the load outlives with chance 1/2: the age itself for c = 1. Infinite where it stays. */
export const medianRemaining = (life: Exclude<RemainingLife, { kind: 'recurring' }>): Milliseconds => {
  switch (life.kind) {
    case 'stays':
      return Infinity;
    case 'known':
      return Math.max(0, life.left);
    case 'aged':
      return life.age > 0 ? life.age * (2 ** (1 / (life.exponent ?? defaultExponent)) - 1) : 0;
  }
};

/** What the fit of the exponent keeps of the loads seen: two numbers, whatever their count. */
export interface SurvivalFit {
  /** Loads that ended after `from`. */
  readonly ended: number;
  /** Sum of ln(length / from) over those that ended and those still going on. */
  readonly logs: number;
  /** Shortest length that counts; the law holds for lengths above it (1 s in the paper). */
  readonly from: Milliseconds;
}

/** A fit that has seen nothing. */
export const survivalFit = (from: Milliseconds = 1000): SurvivalFit => ({ ended: 0, logs: 0, from });

/**
 * Takes in one load: its length so far, and whether it has ended. A load that goes on counts as longer than it is
 * (censored). Lengths at or below `from`, and such as are no number, leave the fit as it is.
 */
export const observeLife = (fit: SurvivalFit, length: Milliseconds, ended: boolean): SurvivalFit =>
  length > fit.from && Number.isFinite(length)
    ? { ...fit, ended: fit.ended + (ended ? 1 : 0), logs: fit.logs + Math.log(length / fit.from) }
    : fit;

/**
 * The exponent c that is most likely for what was seen (Hill's estimator with censoring), drawn towards the default as
 * if `prior` loads with exponent 1 had been seen before. With nothing seen it is the default.
 */
export const fittedExponent = (fit: SurvivalFit, prior = 10): number => {
  const weight = Math.max(prior, 0);
  const logs = fit.logs + weight / defaultExponent;
  return logs > 0 ? (fit.ended + weight) / logs : defaultExponent;
};
