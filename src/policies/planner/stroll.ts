/** Stroll: wanders from placement to placement by small changes, most of them for the better, in search of the most even. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { draw } from './chance.js';
import { type Change, fitting } from './fitting.js';
import { kind, type Mix, rows } from './mix.js';
import type { Pathfinder } from './path.js';
import { distanceShare } from './spread.js';
import { carry, enter, mayStand, passable, type Walk } from './walk.js';

/** What memory beyond a host's weighs against spread while the walk is under way. */
const crowding = 15;

/** Gain for which a way is looked for, as a share of capacity. */
const noticeable = 1e-5;

/** Times that a way is looked for before a walk turns. */
const onTheWay = 20;

/** How to go. */
export interface Stroll {
  /** What moves may take of the budget at most. */
  readonly most: number;
  /** Changes that are tried. */
  readonly tries: number;
  /** What a change may make worse at the beginning; it cools down to nothing. */
  readonly heat: number;
  /** What of the budget is taken weighs against spread, so that it is not spent on what hardly helps; nothing where moves are counted. */
  readonly toll: number;
  readonly mix: Mix;
  /** Where given, only changes are made after which there is an order of so many moves, as far as memory holds them. */
  readonly finder: Pathfinder | undefined;
  /** What must be beaten. */
  readonly best: number;
  /** Told of what is better than all before; says whether it counts. */
  readonly better: (value: number) => boolean;
}

/**
 * Walks by threshold accepting (Dueck and Scheuer 1990): guests go to other hosts or home again, another guest makes the journey, two
 * change places, and where that is a move too many a third one goes home. Each change comes down to so much load and memory taken
 * from one host to another and perhaps from a second to a third, so it is judged by two to four hosts before it is made.
 */
export const stroll = (walk: Walk, { most, tries, heat, toll, mix, finder, best: beat, better }: Stroll): void => {
  const { state, goal, guests, hosts, at, x, z, perLoad, perByte, full, moved, counts, price, spent, seed } = walk;
  const { guestLoad, guestMemory, guestHost, grouped, on } = state;
  const [ofCpu, ofMemory] = [goal.of.cpu, goal.of.memory];
  const flat = distanceShare(goal.by);
  const largest = goal.by === 'largest host';
  // Then what processors are off is the least that a change can come to.
  const quick = flat === 1 && !largest;
  const row = rows[mix];
  const [n, count] = [hosts.length, guests.length];
  let best = beat;
  let offX = 0;
  let sumX = 0;
  let squareX = 0;
  let offZ = 0;
  let sumZ = 0;
  let squareZ = 0;
  let over = 0;
  for (let h = 0; h < n; h++) {
    offX += Math.abs(x[h]!);
    sumX += x[h]!;
    squareX += x[h]! * x[h]!;
    offZ += Math.abs(z[h]!);
    sumZ += z[h]!;
    squareZ += z[h]! * z[h]!;
    over += Math.max(0, z[h]! - full);
  }
  const change: Change = { guest: -1, other: -1, third: -1, from: -1, to: -1 };
  const dearest = guests.reduce((dear, guest) => Math.max(dear, price[guest]!), 0);
  /** What is left, and that with the toll of what is spent. */
  let left = Infinity;
  let early = onTheWay;
  let value = Infinity;
  let promising = false;
  for (let i = 0; i < tries; i++) {
    const already = counts[0]!;
    let guest = -1;
    let other = -1;
    let third = -1;
    let a = 0;
    let b = 0;
    let tried = row[draw(seed, row.length)]!;
    // Where none has moved yet, the kinds that need one stand for those that do not.
    if (already === 0 && tried > kind.shift && tried < kind.swap)
      tried = tried === kind.swapMoved ? kind.swap : kind.shift;
    switch (tried) {
      case kind.fit:
      case kind.fitAndBack:
        if (!fitting(walk, most, tried === kind.fitAndBack, change)) continue;
        ({ guest, other, third, from: a, to: b } = change);
        break;
      case kind.shift:
      case kind.redirect: {
        if (tried === kind.shift) {
          // Of two the one on the hotter host, and of two hosts the cooler: most of what is worth a try.
          const one = guests[draw(seed, count)]!;
          const two = guests[draw(seed, count)]!;
          const p = at[one]!;
          const q = at[two]!;
          guest = ofCpu * x[p]! + ofMemory * z[p]! >= ofCpu * x[q]! + ofMemory * z[q]! ? one : two;
        } else guest = moved[draw(seed, already)]!;
        const p = hosts[draw(seed, n)]!;
        const q = hosts[draw(seed, n)]!;
        a = at[guest]!;
        b = ofCpu * x[p]! + ofMemory * z[p]! <= ofCpu * x[q]! + ofMemory * z[q]! ? p : q;
        break;
      }
      case kind.substitute: {
        guest = moved[draw(seed, already)]!;
        a = at[guest]!;
        b = guestHost[guest]!;
        const list = on[b]!;
        other = list[draw(seed, list.length)]!;
        if (at[other] !== b) continue;
        break;
      }
      default:
        guest = guests[draw(seed, count)]!;
        other = tried === kind.swapMoved ? moved[draw(seed, already)]! : guests[draw(seed, count)]!;
        a = at[guest]!;
        b = at[other]!;
    }
    if (a === b) continue;
    const home = guestHost[guest]!;
    let cost = spent[0]! + (b === home ? -price[guest]! : a === home ? price[guest]! : 0);
    let load = guestLoad[guest]!;
    let memory = guestMemory[guest]!;
    if (other >= 0) {
      const its = guestHost[other]!;
      cost += a === its ? -price[other]! : b === its ? price[other]! : 0;
      load -= guestLoad[other]!;
      memory -= guestMemory[other]!;
    }
    let c = -1;
    let d = -1;
    let load2 = 0;
    let memory2 = 0;
    if (cost > most) {
      // A move too many: one of those made so far goes home.
      if (cost > most + dearest || already === 0) continue;
      if (third < 0) third = moved[draw(seed, already)]!;
      if (third === guest || third === other || cost > most + price[third]!) continue;
      c = at[third]!;
      d = guestHost[third]!;
      load2 = guestLoad[third]!;
      memory2 = guestMemory[third]!;
      cost -= price[third]!;
    } else third = -1;
    const xa = x[a]!;
    const xb = x[b]!;
    let ya = xa - load * perLoad[a]!;
    let yb = xb + load * perLoad[b]!;
    let xc = 0;
    let yc = 0;
    let xd = 0;
    let yd = 0;
    if (third >= 0) {
      const lessX = load2 * perLoad[c]!;
      const moreX = load2 * perLoad[d]!;
      if (c === a) ya -= lessX;
      else if (c === b) yb -= lessX;
      else {
        xc = x[c]!;
        yc = xc - lessX;
      }
      if (d === a) ya += moreX;
      else if (d === b) yb += moreX;
      else {
        xd = x[d]!;
        yd = xd + moreX;
      }
    }
    const off =
      offX +
      Math.abs(ya) +
      Math.abs(yb) +
      Math.abs(yc) +
      Math.abs(yd) -
      Math.abs(xa) -
      Math.abs(xb) -
      Math.abs(xc) -
      Math.abs(xd);
    const cool = 1 - i / tries;
    const limit = value + heat * cool * cool * draw(seed, 1024) * (1 / 1024) - toll * cost;
    // Most changes are no good whatever becomes of memory.
    if (quick && ofCpu * off > limit * n) continue;
    const za = z[a]!;
    const zb = z[b]!;
    let wa = za - memory * perByte[a]!;
    let wb = zb + memory * perByte[b]!;
    let zc = 0;
    let wc = 0;
    let zd = 0;
    let wd = 0;
    if (third >= 0) {
      const lessZ = memory2 * perByte[c]!;
      const moreZ = memory2 * perByte[d]!;
      if (c === a) wa -= lessZ;
      else if (c === b) wb -= lessZ;
      else {
        zc = z[c]!;
        wc = zc - lessZ;
      }
      if (d === a) wa += moreZ;
      else if (d === b) wb += moreZ;
      else {
        zd = z[d]!;
        wd = zd + moreZ;
      }
    }
    const offMemory =
      offZ +
      Math.abs(wa) +
      Math.abs(wb) +
      Math.abs(wc) +
      Math.abs(wd) -
      Math.abs(za) -
      Math.abs(zb) -
      Math.abs(zc) -
      Math.abs(zd);
    if (quick && ofCpu * off + ofMemory * offMemory > limit * n) continue;
    if (b !== home && !mayStand(walk, guest, b)) continue;
    if (other >= 0) {
      // Each may change what the other may do.
      if (grouped[guest] === 1 && grouped[other] === 1) continue;
      if (a !== guestHost[other]! && !mayStand(walk, other, a)) continue;
    }
    const newOver =
      over +
      (wa > full ? wa - full : 0) +
      (wb > full ? wb - full : 0) +
      (wc > full ? wc - full : 0) +
      (wd > full ? wd - full : 0) -
      (za > full ? za - full : 0) -
      (zb > full ? zb - full : 0) -
      (zc > full ? zc - full : 0) -
      (zd > full ? zd - full : 0);
    let next = (ofCpu * flat * off + ofMemory * flat * offMemory + (newOver > 1e-9 ? crowding * newOver : 0)) / n;
    let sum = sumX;
    let square = squareX;
    let sumMemory = sumZ;
    let squareMemory = squareZ;
    if (flat < 1) {
      sum += ya + yb + yc + yd - xa - xb - xc - xd;
      square += ya * ya + yb * yb + yc * yc + yd * yd - xa * xa - xb * xb - xc * xc - xd * xd;
      sumMemory += wa + wb + wc + wd - za - zb - zc - zd;
      squareMemory += wa * wa + wb * wb + wc * wc + wd * wd - za * za - zb * zb - zc * zc - zd * zd;
      const varianceX = square / n - (sum / n) ** 2;
      const varianceZ = squareMemory / n - (sumMemory / n) ** 2;
      if (ofCpu > 0 && varianceX > 0) next += (1 - flat) * ofCpu * Math.sqrt(varianceX);
      if (ofMemory > 0 && varianceZ > 0) next += (1 - flat) * ofMemory * Math.sqrt(varianceZ);
    } else if (largest) {
      let topX = 0;
      let topZ = 0;
      for (let h = 0; h < n; h++) {
        const y = h === a ? ya : h === b ? yb : h === c ? yc : h === d ? yd : x[h]!;
        const w = h === a ? wa : h === b ? wb : h === c ? wc : h === d ? wd : z[h]!;
        if (y > topX) topX = y;
        if (w > topZ) topZ = w;
      }
      // Among equal tops the more even cluster, for it is on the way to a lower one.
      next = ofCpu * topX + ofMemory * topZ + 0.01 * next;
    }
    if (next > limit) continue;
    // A way to it is looked for where it turns back up; a few times on the way down too, for there may be none to what is further down.
    if (promising && (next > left || early > 0)) {
      promising = false;
      early--;
      if (better(left)) best = left;
    }
    enter(walk, guest, b);
    if (other >= 0) enter(walk, other, a);
    if (third >= 0) enter(walk, third, d);
    if (finder && newOver <= 1e-9 && !passable(walk, finder, most)) {
      if (third >= 0) enter(walk, third, c);
      if (other >= 0) enter(walk, other, b);
      enter(walk, guest, a);
      continue;
    }
    carry(walk, a, b, load, memory);
    if (third >= 0) carry(walk, c, d, load2, memory2);
    left = next;
    value = next + toll * cost;
    over = newOver;
    offX = off;
    sumX = sum;
    squareX = square;
    offZ = offMemory;
    sumZ = sumMemory;
    squareZ = squareMemory;
    promising = left < best - noticeable && over <= 1e-9;
  }
  if (promising) better(left);
};
