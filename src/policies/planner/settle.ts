/** Settle: lets hosts exchange a few guests in pairs, and pairs trade moves, as long as that leaves less spread. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { markerOf } from './chance.js';
import { pairsOf } from './pairs.js';
import type { Pathfinder } from './path.js';
import { tallyOf } from './tally.js';
import { passable, type Walk } from './walk.js';

/** Guests that two hosts exchange at once, at most; each multiplies what there is to look at. */
const deep = 4;

/** Gain that is worth an exchange, as a share of capacity. */
const noticeable = 1e-8;

/** How far behind the best a placement may be for pairs to trade: that takes longer than all else. */
const promising = 1.2;

/** Exchanges to which no order leads, until no more are asked for. */
const refusals = 300;

/** Places of the table of pairs of hosts that have nothing to exchange; a power of two. */
const places = 1 << 16;

/** Pairs of which it is known what they would give for a move, at most. */
const known = 20_000;

/** How to settle. */
interface Settling {
  /** What moves may take of the budget at most. */
  readonly most: number;
  /** The best so far. */
  readonly best: number;
  /** Guests that two hosts exchange where pairs trade a move, at most; 0 for no trade, which only is one where moves are counted. */
  readonly trade: number;
  /** Where given, only exchanges are made after which it finds an order of moves that take no more. */
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

/**
 * Local search over pairs of hosts: of all exchanges of up to four guests that two hosts can make without a move too many, the best, until
 * no two hosts have one. A guest that goes home gives back what its move took. Where all moves are spent, the pair that would gain most by a move more
 * gets it from the other pair that loses least by it. What is known of a pair is kept by what stands on it, so that walks that end
 * near each other cost little; what else weighs where squares count, the spread of all others, is left out of that.
 */
export const settlerOf = (walk: Walk): Settler => {
  const { at, spent } = walk;
  const { take, spread, after, afterBoth, narrow, leeway } = tallyOf(walk);
  const pairs = pairsOf(walk);
  const { touched, picked } = pairs;
  const settled = new Int32Array(places);
  const markOfSlack = markerOf();
  const terms = new Map<number, Terms>();
  let patience = 0;
  /** Makes the best exchange of two hosts, if there is one. */
  const serve = (a: number, b: number, { most, finder }: Settling): boolean => {
    const slack = most - spent[0]!;
    if (slack === 0 && touched[a] === 0 && touched[b] === 0) return false;
    const key = (pairs.keyOf(a, b) + markOfSlack(slack)) | 1;
    const place = (key ^ (key >>> 15)) & (places - 1);
    if (settled[place] === key) return false;
    let least = spread() - noticeable;
    let refused = 0;
    let best: readonly number[] = [];
    if (!narrow(a, b, least)) {
      settled[place] = key;
      return false;
    }
    pairs.through(a, b, deep, slack, leeway, (count, load, memory) => {
      const left = after(a, b, load, memory);
      if (left >= least) return;
      if (finder) {
        if (patience <= 0) return;
        pairs.swap(picked, count, a, b);
        const may = passable(walk, finder, most);
        pairs.swap(picked, count, a, b);
        if (!may) {
          refused++;
          patience--;
          return;
        }
      }
      least = left;
      narrow(a, b, least);
      best = Array.from(picked.subarray(0, count));
    });
    if (best.length === 0) {
      if (refused === 0) settled[place] = key;
      return false;
    }
    pairs.make(best, best.length, a, b);
    take();
    return true;
  };

  /** Whether an exchange is one of two hosts as they stand: numbers of what stands there may be the same by chance. */
  const isOf = (a: number, b: number, exchange: Exchange | undefined): boolean =>
    !exchange ||
    (exchange.a === a && exchange.b === b && exchange.guests.every((guest) => at[guest] === a || at[guest] === b));

  /** What two hosts would exchange for a move more or less, where all are spent. */
  const termsOf = (a: number, b: number, many: number): Terms => {
    const key = pairs.keyOf(a, b);
    const before = terms.get(key);
    if (before && isOf(a, b, before.more) && isOf(a, b, before.less)) return before;
    const bestOf = (change: 1 | -1, below: number): Exchange | undefined => {
      let least = below;
      let best: Exchange | undefined;
      if (!narrow(a, b, least)) return undefined;
      pairs.through(a, b, many, change, leeway, (count, load, memory, cost) => {
        if (cost !== change) return;
        const left = after(a, b, load, memory);
        if (left >= least) return;
        least = left;
        narrow(a, b, least);
        best = { a, b, guests: Array.from(picked.subarray(0, count)), load, memory };
      });
      return best;
    };
    const found = { more: bestOf(1, spread()), less: bestOf(-1, Infinity) };
    if (terms.size >= known) terms.clear();
    terms.set(key, found);
    return found;
  };

  /** Lets the two pairs trade a move that gain most by it, if there are such. */
  const trade = (among: Int32Array, { most, trade: many, finder }: Settling): boolean => {
    const [more, less]: [Exchange[], Exchange[]] = [[], []];
    for (let i = 0; i < among.length; i++)
      for (let j = i + 1; j < among.length; j++) {
        const found = termsOf(among[i]!, among[j]!, many);
        if (found.more) more.push(found.more);
        if (found.less) less.push(found.less);
      }
    const before = spread();
    let least = before - noticeable;
    let best: readonly [Exchange, Exchange] | undefined;
    for (const p of more)
      for (const q of less) {
        if (p.a === q.a || p.a === q.b || p.b === q.a || p.b === q.b) continue;
        const left = afterBoth(p, q);
        if (left < least) [least, best] = [left, [p, q]];
      }
    if (!best) return false;
    const swap = (): void => {
      for (const { guests, a, b } of best) pairs.swap(guests, guests.length, a, b);
    };
    swap();
    const may = !finder || passable(walk, finder, most);
    swap();
    if (!may) return false;
    for (const { guests, a, b } of best) pairs.make(guests, guests.length, a, b);
    take();
    return spread() < before;
  };

  return (how) => {
    const among = pairs.begin();
    take();
    patience = refusals;
    for (;;) {
      for (let exchanged = true; exchanged;) {
        exchanged = false;
        for (let i = 0; i < among.length; i++)
          for (let j = i + 1; j < among.length; j++) if (serve(among[i]!, among[j]!, how)) exchanged = true;
      }
      const worth = how.trade > 0 && spent[0] === how.most && spread() <= promising * how.best;
      if (!worth || !trade(among, how)) return spread();
    }
  };
};
