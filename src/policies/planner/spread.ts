/** Spread: how uneven a cluster is in one or more measures, kept up to date in constant time as amounts change. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import type { State } from './state.js';

/** One measure that is to be even: processors or memory. */
export interface Measured {
  /** What each host offers of it, and what each carries. */
  readonly capacity: Float64Array;
  readonly carried: Float64Array;
  /** What each guest takes of it. */
  readonly amount: Float64Array;
  readonly weight: number;
}

/**
 * What counts as uneven: the mean distance from the common share, the standard deviation of the shares, both in equal parts, or how
 * far the largest share is above the common one.
 */
export type Unevenness = 'mean deviation' | 'standard deviation' | 'both' | 'largest host';

/** How much of the unevenness the mean distance makes; the standard deviation makes the rest. */
export const distanceShare = (by: Unevenness): number => (by === 'standard deviation' ? 0 : by === 'both' ? 0.5 : 1);

/** Processors, memory, or both by weight. */
export const measuresOf = (
  state: State,
  { cpu, memory }: { readonly cpu: number; readonly memory: number },
): readonly Measured[] => [
  ...(cpu > 0 ? [{ capacity: state.capacity, carried: state.load, amount: state.guestLoad, weight: cpu }] : []),
  ...(memory > 0 ? [{ capacity: state.room, carried: state.taken, amount: state.guestMemory, weight: memory }] : []),
];

/** The unevenness of a cluster, and what changes it. */
export interface Spread {
  /** Takes a guest from one host to another. */
  readonly shift: (guest: number, from: number, to: number) => void;
  /** The unevenness as things stand, a share of capacity. */
  readonly value: () => number;
  /** How far a host is above the common share, all measures together; negative below it. */
  readonly above: (host: number) => number;
}

/** Starts from what hosts carry now. */
export const spreadOf = (measures: readonly Measured[], by: Unevenness): Spread => {
  const n = measures[0]?.capacity.length ?? 0;
  const count = measures.length;
  const share = new Float64Array(n * count);
  const common = new Float64Array(count);
  const off = new Float64Array(count);
  const sum = new Float64Array(count);
  const squares = new Float64Array(count);
  const flat = distanceShare(by);
  const guests = measures[0]?.amount.length ?? 0;
  const amounts = new Float64Array(guests * count);
  const inverse = new Float64Array(n * count);
  const weights = measures.map(({ weight }) => weight);
  measures.forEach(({ capacity, carried, amount }, m) => {
    amounts.set(amount, m * guests);
    let [all, offered] = [0, 0];
    for (let h = 0; h < n; h++) {
      all += carried[h]!;
      offered += capacity[h]!;
    }
    common[m] = all / offered;
    for (let h = 0; h < n; h++) {
      // Around the common share, so that little is lost in differences of squares.
      const x = carried[h]! / capacity[h]! - common[m];
      inverse[m * n + h] = 1 / capacity[h]!;
      share[m * n + h] = x;
      off[m]! += Math.abs(x);
      sum[m]! += x;
      squares[m]! += x * x;
    }
  });
  return {
    above: (host) => {
      let all = 0;
      for (let m = 0; m < count; m++) all += weights[m]! * share[m * n + host]!;
      return all;
    },
    shift: (guest, from, to) => {
      for (let m = 0; m < count; m++) {
        const amount = amounts[m * guests + guest]!;
        const a = share[m * n + from]!;
        const b = share[m * n + to]!;
        const c = a - amount * inverse[m * n + from]!;
        const d = b + amount * inverse[m * n + to]!;
        share[m * n + from] = c;
        share[m * n + to] = d;
        off[m]! += Math.abs(c) + Math.abs(d) - Math.abs(a) - Math.abs(b);
        sum[m]! += c + d - a - b;
        squares[m]! += c * c + d * d - a * a - b * b;
      }
    },
    value: () => {
      let all = 0;
      if (by === 'largest host') {
        for (let m = 0; m < count; m++) {
          let top = 0;
          for (let h = 0; h < n; h++) if (share[m * n + h]! > top) top = share[m * n + h]!;
          all += weights[m]! * top;
        }
        return all;
      }
      for (let m = 0; m < count; m++) {
        const mean = sum[m]! / n;
        const variance = squares[m]! / n - mean * mean;
        all += weights[m]! * ((flat * off[m]!) / n + (1 - flat) * (flat < 1 && variance > 0 ? Math.sqrt(variance) : 0));
      }
      return all;
    },
  };
};
