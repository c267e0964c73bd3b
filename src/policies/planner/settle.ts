/** Settle: lets hosts exchange a few guests in pairs, and pairs trade moves, as long as that leaves less spread. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { pairsOf } from './pairs.js';
import type { Pathfinder } from './path.js';
import { distanceShare } from './spread.js';
import { passable, type Walk } from './walk.js';

/** Guests that two hosts exchange at once, at most; each multiplies what there is to look at. */
const deep = 4;

/** Gain that is worth an exchange, as a share of capacity. */
const noticeable = 1e-8;

/** How far behind the best a placement may be for pairs to trade: that takes longer than all else. */
const promising = 1.2;

/** Places of the table of pairs of hosts that have nothing to exchange; a power of two. */
const places = 1 << 16;

/** Pairs of which it is known what they would give for a move, at most. */
const known = 20_000;

/** How to settle. */
interface Settling {
  /** Moves at most. */
  readonly moves: number;
  /** The best so far. */
  readonly best: number;
  /** Guests that two hosts exchange where pairs trade a move, at most; 0 for no trade. */
  readonly trade: number;
  /** Where given, only exchanges are made after which it finds an order of so many moves. */
  readonly finder: Pathfinder | undefined;
}

/** Settles a walk where it stands, and gives the spread that is left. */
export type Settler = (how: Settling) => number;

/** What two hosts would exchange: guests, and what goes over from the first host to the second. */
interface Exchange {
  readonly a: number;
  readonly b: number;
  readonly guests: readonly number[];
  readonly load: number;
  readonly memory: number;
}

/** What two hosts would exchange for a move more, and if they had to do with a move less. */
interface Terms {
  readonly more: Exchange | undefined;
  readonly less: Exchange | undefined;
}

/** Sums over all hosts of what their shares are off, of shares and of squares, for processors and for memory; or what changes them. */
type Sums = Float64Array;
const sums = 6;

/**
 * Local search over pairs of hosts: of all exchanges of up to four guests that two hosts can make without a move too many, the best, until
 * no two hosts have one. A guest that goes home gives its move back. Where all moves are spent, the pair that would gain most by a move more
 * gets it from the other pair that loses least by it. What is known of a pair is kept by what stands on it, so that walks that end
 * near each other cost little; what else weighs where squares count, the spread of all others, is left out of that.
 */
export const settlerOf = (walk: Walk): Settler => {
  const { goal, hosts, at, x, z, perLoad, perByte, full, counts } = walk;
  const [ofCpu, ofMemory] = [goal.of.cpu, goal.of.memory];
  const flat = distanceShare(goal.by);
  const n = hosts.length;
  const pairs = pairsOf(walk);
  const { touched, picked } = pairs;
  const settled = new Int32Array(places);
  const terms = new Map<number, Terms>();
  const all: Sums = new Float64Array(sums);
  const then: Sums = new Float64Array(sums);

  const sumUp = (): void => {
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
  const spread = (of: Sums): number => {
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
  const valueOf = (a: number, b: number, load: number, memory: number): number => {
    then.set(all);
    return change(then, a, b, load, memory) ? spread(then) : Infinity;
  };

  /** Makes the best exchange of two hosts, if there is one. */
  const serve = (a: number, b: number, { moves, finder }: Settling): boolean => {
    const slack = moves - counts[0]!;
    if (slack === 0 && touched[a] === 0 && touched[b] === 0) return false;
    const key = (pairs.keyOf(a, b) + Math.imul(slack, 0x51ed27)) | 1;
    const place = (key ^ (key >>> 15)) & (places - 1);
    if (settled[place] === key) return false;
    let least = spread(all) - noticeable;
    let refused = 0;
    let best: readonly number[] = [];
    pairs.through(a, b, deep, slack, (count, load, memory) => {
      const left = valueOf(a, b, load, memory);
      if (left >= least) return;
      if (finder) {
        pairs.swap(picked, count, a, b);
        const may = passable(walk, finder, moves);
        pairs.swap(picked, count, a, b);
        if (!may) {
          refused++;
          return;
        }
      }
      least = left;
      best = Array.from(picked.subarray(0, count));
    });
    if (best.length === 0) {
      if (refused === 0) settled[place] = key;
      return false;
    }
    pairs.make(best, best.length, a, b);
    sumUp();
    return true;
  };

  /** Whether an exchange is one of two hosts as they stand: numbers of what stands there may be the same by chance. */
  const isOf = (a: number, b: number, exchange: Exchange | undefined): boolean =>
    !exchange ||
    (exchange.a === a && exchange.b === b && exchange.guests.every((guest) => at[guest] === a || at[guest] === b));

  /** What two hosts would exchange for a move more or less, where all are spent. */
  const termsOf = (a: number, b: number, most: number): Terms => {
    const key = pairs.keyOf(a, b);
    const before = terms.get(key);
    if (before && isOf(a, b, before.more) && isOf(a, b, before.less)) return before;
    const best: { more?: Exchange; less?: Exchange } = {};
    const least = { more: spread(all), less: Infinity };
    pairs.through(a, b, most, 1, (count, load, memory, moves) => {
      if (moves !== 1 && moves !== -1) return;
      const way = moves > 0 ? 'more' : 'less';
      const left = valueOf(a, b, load, memory);
      if (left >= least[way]) return;
      least[way] = left;
      best[way] = { a, b, guests: Array.from(picked.subarray(0, count)), load, memory };
    });
    const found = { more: best.more, less: best.less };
    if (terms.size >= known) terms.clear();
    terms.set(key, found);
    return found;
  };

  /** Lets the two pairs trade a move that gain most by it, if there are such. */
  const trade = (among: Int32Array, { moves, trade: most, finder }: Settling): boolean => {
    const [more, less]: [Exchange[], Exchange[]] = [[], []];
    for (let i = 0; i < among.length; i++)
      for (let j = i + 1; j < among.length; j++) {
        const found = termsOf(among[i]!, among[j]!, most);
        if (found.more) more.push(found.more);
        if (found.less) less.push(found.less);
      }
    const before = spread(all);
    let least = before - noticeable;
    let best: readonly [Exchange, Exchange] | undefined;
    for (const p of more)
      for (const q of less) {
        if (p.a === q.a || p.a === q.b || p.b === q.a || p.b === q.b) continue;
        then.set(all);
        if (!change(then, p.a, p.b, p.load, p.memory) || !change(then, q.a, q.b, q.load, q.memory)) continue;
        const left = spread(then);
        if (left < least) [least, best] = [left, [p, q]];
      }
    if (!best) return false;
    const swap = (): void => {
      for (const { guests, a, b } of best) pairs.swap(guests, guests.length, a, b);
    };
    swap();
    const may = !finder || passable(walk, finder, moves);
    swap();
    if (!may) return false;
    for (const { guests, a, b } of best) pairs.make(guests, guests.length, a, b);
    sumUp();
    return spread(all) < before;
  };

  return (how) => {
    const among = pairs.begin();
    sumUp();
    for (;;) {
      for (let exchanged = true; exchanged;) {
        exchanged = false;
        for (let i = 0; i < among.length; i++)
          for (let j = i + 1; j < among.length; j++) if (serve(among[i]!, among[j]!, how)) exchanged = true;
      }
      const worth = how.trade > 0 && counts[0] === how.moves && spread(all) <= promising * how.best;
      if (!worth || !trade(among, how)) return spread(all);
    }
  };
};
