/** Beam: serves host after host with the guest that fits it best, and keeps the best few hundred ways to do so side by side. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts, guests and ways by construction */
import { markOf } from './chance.js';
import { finish } from './finish.js';
import { firstUpTo } from './fitting.js';
import type { Step } from './state.js';
import { restart, type Walk } from './walk.js';

/** Hosts that are left for the end, where all moves among them are looked through. */
const together = 3;

/** Placements side by side, each in a row of its own. */
interface Ways {
  /** Shares of processors and of memory, less the common ones, and which hosts are served; a column for each host. */
  readonly x: Float64Array;
  readonly z: Float64Array;
  readonly served: Uint8Array;
  /** Which guest was moved, and where to; a column for each move. */
  readonly guests: Int32Array;
  readonly hosts: Int32Array;
  /** What the hosts that are served are off. */
  readonly cost: Float64Array;
  /** A number that is the same for ways of the same moves in another order. */
  readonly marks: Int32Array;
}

/** Ways that are brought to an end, of those that are kept: the best. */
const ended = 200;

/** How wide to look, and what for. */
export interface Beam {
  /** Moves at most. */
  readonly moves: number;
  /** Ways that are kept side by side. */
  readonly width: number;
  /** What must be beaten. */
  readonly best: number;
  /** Told of what is better than all before, the walk standing there; says whether it counts. */
  readonly better: (value: number) => boolean;
}

const waysFor = (width: number, n: number, levels: number): Ways => ({
  x: new Float64Array(width * n),
  z: new Float64Array(width * n),
  served: new Uint8Array(width * n),
  guests: new Int32Array(width * levels),
  hosts: new Int32Array(width * levels),
  cost: new Float64Array(width),
  marks: new Int32Array(width),
});

/** The best that were offered, so many at most: a heap with the worst on top. */
interface Kept {
  readonly cost: Float64Array;
  readonly parent: Int32Array;
  readonly guest: Int32Array;
  readonly to: Int32Array;
  readonly host: Int32Array;
  readonly mark: Int32Array;
  readonly heap: Int32Array;
  size: number;
}

const keptFor = (width: number): Kept => ({
  cost: new Float64Array(width),
  parent: new Int32Array(width),
  guest: new Int32Array(width),
  to: new Int32Array(width),
  host: new Int32Array(width),
  mark: new Int32Array(width),
  heap: new Int32Array(width),
  size: 0,
});

/** Makes room for one of such cost, in the place of the worst where all places are taken; the place that it gets. */
const placeFor = (kept: Kept, cost: number): number => {
  const { heap } = kept;
  if (kept.size < heap.length) {
    const slot = kept.size++;
    let i = slot;
    kept.cost[slot] = cost;
    while (i > 0) {
      const up = (i - 1) >> 1;
      if (kept.cost[heap[up]!]! >= cost) break;
      heap[i] = heap[up]!;
      i = up;
    }
    return (heap[i] = slot);
  }
  const slot = heap[0]!;
  let i = 0;
  kept.cost[slot] = cost;
  for (;;) {
    let down = 2 * i + 1;
    if (down >= heap.length) break;
    if (down + 1 < heap.length && kept.cost[heap[down + 1]!]! > kept.cost[heap[down]!]!) down++;
    if (kept.cost[heap[down]!]! <= cost) break;
    heap[i] = heap[down]!;
    i = down;
  }
  return (heap[i] = slot);
};

/**
 * Looks for moves that leave nothing over: a host that has too much gives, and one that has too little gets, the guest that comes
 * nearest to what it is off, from or to any host that is not served yet. What that host is then off is the cost of the way, and what the
 * other host has gained or lost is its own to pass on. So `n` hosts are served by `n - 1` moves along some tree; the last three by all the
 * moves that are left. Of all ways of so many moves those of least cost are kept (beam search; Lowerre 1976). Members of groups stay.
 */
export const beam = (walk: Walk, { moves, width, best: beat, better }: Beam): void => {
  const { state, hosts, at, x, z, perLoad, perByte, full } = walk;
  const { guestLoad, guestMemory, on, admits, grouped } = state;
  const n = hosts.length;
  const levels = n - together;
  if (levels < 1 || moves < n - 1) return;
  let best = beat * n;
  restart(walk, []);
  let [now, next] = [waysFor(width, n, levels), waysFor(width, n, levels)];
  const kept = keptFor(width);
  const used = new Uint8Array(guestLoad.length);
  now.x.set(x);
  now.z.set(z);
  let count = 1;
  for (let level = 0; level < levels && count > 0; level++) {
    const known = new Set<number>();
    kept.size = 0;
    // What is not below this is not among the best.
    let bar = best;
    let way = 0;
    const offer = (guest: number, from: number, to: number, host: number, cost: number): void => {
      if (used[guest] === 1 || grouped[guest] === 1) return;
      if (now.z[way * n + to]! + guestMemory[guest]! * perByte[to]! > full + 1e-12 || !admits(guest, to)) return;
      const mark = now.marks[way]! ^ markOf(guest * n + to);
      if (known.has(mark)) return;
      known.add(mark);
      const slot = placeFor(kept, cost);
      kept.parent[slot] = way;
      kept.guest[slot] = guest;
      kept.to[slot] = to;
      kept.host[slot] = host;
      kept.mark[slot] = mark;
      if (kept.size === width) bar = Math.min(best, kept.cost[kept.heap[0]!]!);
    };
    for (way = 0; way < count; way++) {
      const row = way * n;
      const base = now.cost[way]!;
      if (base >= bar) continue;
      for (let i = 0; i < level; i++) used[now.guests[way * levels + i]!] = 1;
      for (let i = 0; i < n; i++) {
        const h = hosts[i]!;
        if (now.served[row + h] === 1) continue;
        const off = now.x[row + h]!;
        const want = Math.abs(off) / perLoad[h]!;
        let list = on[h]!;
        let p = off > 0 ? firstUpTo(list, guestLoad, want) : 0;
        for (let j = 0; j < n; j++) {
          const other = hosts[j]!;
          if (other === h || now.served[row + other] === 1) continue;
          if (off <= 0) {
            list = on[other]!;
            p = firstUpTo(list, guestLoad, want);
          }
          // The nearest above and the nearest below.
          for (let q = p > 0 ? p - 1 : 0; q <= p && q < list.length; q++) {
            const guest = list[q]!;
            const cost = base + Math.abs(Math.abs(off) - guestLoad[guest]! * perLoad[h]!);
            if (cost < bar) offer(guest, at[guest]!, off > 0 ? other : h, h, cost);
          }
        }
      }
      for (let i = 0; i < level; i++) used[now.guests[way * levels + i]!] = 0;
    }
    count = kept.size;
    for (let i = 0; i < count; i++) {
      const parent = kept.parent[i]!;
      const guest = kept.guest[i]!;
      const to = kept.to[i]!;
      const from = at[guest]!;
      const row = i * n;
      next.x.set(now.x.subarray(parent * n, parent * n + n), row);
      next.z.set(now.z.subarray(parent * n, parent * n + n), row);
      next.served.set(now.served.subarray(parent * n, parent * n + n), row);
      next.guests.set(now.guests.subarray(parent * levels, parent * levels + level), i * levels);
      next.hosts.set(now.hosts.subarray(parent * levels, parent * levels + level), i * levels);
      next.guests[i * levels + level] = guest;
      next.hosts[i * levels + level] = to;
      next.x[row + from]! -= guestLoad[guest]! * perLoad[from]!;
      next.x[row + to]! += guestLoad[guest]! * perLoad[to]!;
      next.z[row + from]! -= guestMemory[guest]! * perByte[from]!;
      next.z[row + to]! += guestMemory[guest]! * perByte[to]!;
      next.served[row + kept.host[i]!] = 1;
      next.cost[i] = kept.cost[i]!;
      next.marks[i] = kept.mark[i]!;
    }
    [now, next] = [next, now];
  }
  const order = Array.from({ length: count }, (_, i) => i).sort((a, b) => now.cost[a]! - now.cost[b]! || a - b);
  for (const way of order.slice(0, ended)) {
    if (now.cost[way]! >= best) break;
    const made = Array.from({ length: levels }, (_, i): Step => {
      const guest = now.guests[way * levels + i]!;
      return { guest, from: at[guest]!, to: now.hosts[way * levels + i]! };
    });
    restart(walk, made);
    const open = Array.from(hosts).filter((h) => now.served[way * n + h] === 0);
    const end = finish(walk, open, moves - levels, best - 1e-6);
    if (end) {
      restart(walk, [...made, ...end.steps]);
      if (better(end.sum / n)) best = end.sum;
    }
    restart(walk, []);
  }
};
