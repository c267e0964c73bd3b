/** Tally: the spread of a walk kept as sums over its hosts, and what two of them may exchange for it to become less. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts by construction */
import { type Between, keepDeviation, keepOff, leastDeviation, leastOff, type Leeway, type Range } from './leeway.js';
import { distanceShare } from './spread.js';
import type { Walk } from './walk.js';

/** A measure that counts, where it stands in the sums, and what two hosts are looked at by. */
interface Measure {
  readonly weight: number;
  readonly shares: Float64Array;
  readonly per: Float64Array;
  readonly first: number;
  /** What of it may go over. */
  readonly range: Range;
  readonly between: { -readonly [Field in keyof Between]: Between[Field] };
  /** The least that the two could leave. */
  off: number;
  deviation: number;
}

/** Sums over all hosts of what their shares are off, of shares and of squares, for processors and for memory; or what changes them. */
type Sums = Float64Array;
const sums = 6;

/** What goes over from one host, `a`, to another, `b`. */
interface Transfer {
  readonly a: number;
  readonly b: number;
  readonly load: number;
  readonly memory: number;
}

/** The spread of a walk, from where it was last taken. */
export interface Tally {
  /** Takes the sums of where the walk stands. */
  readonly take: () => void;
  readonly spread: () => number;
  /** The spread after so much has gone over between two hosts; infinite where memory does not hold it. */
  readonly after: (a: number, b: number, load: number, memory: number) => number;
  /** The spread after two transfers among four hosts; infinite where memory does not hold them. */
  readonly afterBoth: (one: Transfer, other: Transfer) => number;
  /** Sets the leeway to what may go over between two hosts for the spread to come below so much; false where nothing may. */
  readonly narrow: (a: number, b: number, below: number) => boolean;
  readonly leeway: Leeway;
}

export const tallyOf = (walk: Walk): Tally => {
  const { goal, hosts, x, z, perLoad, perByte, full } = walk;
  const [ofCpu, ofMemory] = [goal.of.cpu, goal.of.memory];
  const flat = distanceShare(goal.by);
  const n = hosts.length;
  const all: Sums = new Float64Array(sums);
  const then: Sums = new Float64Array(sums);

  const take = (): void => {
    all.fill(0);
    for (let h = 0; h < n; h++) {
      all[0]! += Math.abs(x[h]!);
      all[1]! += x[h]!;
      all[2]! += x[h]! * x[h]!;
      all[3]! += Math.abs(z[h]!);
      all[4]! += z[h]!;
      all[5]! += z[h]! * z[h]!;
    }
  };
  const deviation = (sum: number, square: number): number => {
    const variance = square / n - (sum / n) ** 2;
    return variance > 0 ? Math.sqrt(variance) : 0;
  };
  const spreadOf = (of: Sums): number => {
    const even = (flat * (ofCpu * of[0]! + ofMemory * of[3]!)) / n;
    if (flat === 1) return even;
    return even + (1 - flat) * (ofCpu * deviation(of[1]!, of[2]!) + ofMemory * deviation(of[4]!, of[5]!));
  };
  /** Changes sums by what goes over from one host to another; false where memory does not hold it. */
  const change = (of: Sums, a: number, b: number, load: number, memory: number): boolean => {
    const za = z[a]!;
    const zb = z[b]!;
    const wa = za - memory * perByte[a]!;
    const wb = zb + memory * perByte[b]!;
    if (wa > full + 1e-12 || wb > full + 1e-12) return false;
    const xa = x[a]!;
    const xb = x[b]!;
    const ya = xa - load * perLoad[a]!;
    const yb = xb + load * perLoad[b]!;
    of[0]! += Math.abs(ya) + Math.abs(yb) - Math.abs(xa) - Math.abs(xb);
    of[3]! += Math.abs(wa) + Math.abs(wb) - Math.abs(za) - Math.abs(zb);
    if (flat === 1) return true;
    of[1]! += ya + yb - xa - xb;
    of[2]! += ya * ya + yb * yb - xa * xa - xb * xb;
    of[4]! += wa + wb - za - zb;
    of[5]! += wa * wa + wb * wb - za * za - zb * zb;
    return true;
  };
  const leeway: Leeway = { load: { low: 0, high: 0 }, memory: { low: 0, high: 0 } };
  const measureOf = (
    weight: number,
    range: Range,
    shares: Float64Array,
    per: Float64Array,
    first: number,
  ): Measure => ({
    ...{ weight, range, shares, per, first, off: 0, deviation: 0 },
    between: { hosts: n, off: 0, sum: 0, square: 0, giver: 0, getter: 0, perGiver: 0, perGetter: 0 },
  });
  const measures = [
    measureOf(ofCpu, leeway.load, x, perLoad, 0),
    measureOf(ofMemory, leeway.memory, z, perByte, 3),
  ].filter(({ weight }) => weight > 0);
  const narrow = (a: number, b: number, below: number): boolean => {
    let slack = below;
    for (const measure of measures) {
      const { between, shares, per, first, weight } = measure;
      between.off = all[first]!;
      between.sum = all[first + 1]!;
      between.square = all[first + 2]!;
      between.giver = shares[a]!;
      between.getter = shares[b]!;
      between.perGiver = per[a]!;
      between.perGetter = per[b]!;
      measure.off = leastOff(between);
      measure.deviation = flat === 1 ? 0 : leastDeviation(between);
      slack -= weight * ((flat * measure.off) / n + (1 - flat) * measure.deviation);
    }
    if (slack <= 0) return false;
    // What memory holds; load knows no such limit.
    [leeway.load.low, leeway.load.high] = [-Infinity, Infinity];
    leeway.memory.low = (z[a]! - full - 1e-12) / perByte[a]!;
    leeway.memory.high = (full + 1e-12 - z[b]!) / perByte[b]!;
    for (const { range, weight, between, off, deviation } of measures) {
      if (flat > 0) keepOff(range, between, off + (slack * n) / (weight * flat));
      if (flat < 1) keepDeviation(range, between, deviation + slack / (weight * (1 - flat)));
    }
    return true;
  };

  return {
    take,
    spread: () => spreadOf(all),
    after: (a, b, load, memory) => {
      then.set(all);
      return change(then, a, b, load, memory) ? spreadOf(then) : Infinity;
    },
    afterBoth: (one, other) => {
      then.set(all);
      const held =
        change(then, one.a, one.b, one.load, one.memory) && change(then, other.a, other.b, other.load, other.memory);
      return held ? spreadOf(then) : Infinity;
    },
    narrow,
    leeway,
  };
};
