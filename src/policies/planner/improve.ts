/** Improve: takes the relief of some hosts back and relieves them anew in another order, as long as that does not cost more. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { draw } from './chance.js';
import { type Draft, put, takeBack } from './draft.js';
import type { Insertion } from './insertion.js';
import { type Patient, serve } from './service.js';

/** Sums of costs this near are equal: as a factor, and where they are nothing. */
const aBit = 1 + 1e-9;
const tiny = 1e-9;

/** Hosts whose relief is taken back at once, at most. */
const together = 7;

/** Takes back what was done for hosts, and for all whose guests are then in the way. */
export const release = (draft: Draft, first: readonly number[]): ReadonlySet<number> => {
  const { free, head, arrivals, owned, owner, state } = draft;
  const released = new Set<number>(first);
  for (const host of released) {
    const homes: number[] = [];
    for (const guest of [...owned[host]!]) {
      homes.push(state.guestHost[guest]!);
      put(draft, guest, state.guestHost[guest]!, -1);
    }
    for (const home of homes) {
      let [memory, load] = [free[home]!, released.has(home) ? 0 : head[home]!];
      // The last that came is the first to go.
      for (let i = arrivals[home]!.length - 1; i >= 0 && (memory < 0 || load < 0); i--) {
        const other = arrivals[home]![i]!;
        memory += state.guestMemory[other]!;
        load += state.guestLoad[other]!;
        released.add(owner[other]!);
      }
      // It was relieved by what has come home again.
      if (load < 0) released.add(home);
    }
  }
  return released;
};

/** A host on which guests could come for the one that is to be relieved, if others gave way; their hosts. */
const rivals = ({ draft }: Insertion, { sets }: Patient, cost: number, seed: Int32Array): readonly number[] => {
  const { state, free, head, arrivals, owner, byFree } = draft;
  const { guestLoad, guestMemory } = state;
  let better = 0;
  while (better < sets.length && sets[better]!.cost < cost) better++;
  const { guests } = sets[draw(seed, better)]!;
  const guest = guests[draw(seed, guests.length)]!;
  const from = draw(seed, byFree.order.length);
  for (let i = 0; i < byFree.order.length; i++) {
    const to = byFree.order[(from + i) % byFree.order.length]!;
    const come = arrivals[to]!;
    if (come.length === 0) continue;
    let [memory, load] = [free[to]!, head[to]!];
    for (const other of come) {
      memory += guestMemory[other]!;
      load += guestLoad[other]!;
    }
    if (memory >= guestMemory[guest]! && load >= guestLoad[guest]!) return come.map((other) => owner[other]!);
  }
  return [];
};

/** What is looked for. */
export interface Improvement {
  readonly patients: readonly Patient[];
  /** What the relief of each host costs by its number, infinite for one that is not relieved; kept up to date. */
  readonly costs: Float64Array;
  /** Whether to end when all hosts are relieved, at whatever cost. */
  readonly rescueOnly: boolean;
  /** Whether what has been found can be carried out, and whether it is for the better; asked after each change. */
  readonly accept: (better: boolean) => boolean;
  /** Asked before each try. */
  readonly goOn: () => boolean;
}

/** Looks for cheaper relief as long as there is some that costs more than its cheapest set; first for some where there is none. */
export const improve = (basis: Insertion, { patients, costs, rescueOnly, accept, goOn }: Improvement): void => {
  const { draft } = basis;
  const seed = Int32Array.of(0x2545f491);
  const insertion: Insertion = { ...basis, chance: (limit) => draw(seed, limit) };
  const byHost = new Map(patients.map((patient) => [patient.host, patient]));
  while (goOn()) {
    const hot = patients.filter(({ host }) => costs[host] === Infinity);
    const dear = rescueOnly || hot.length > 0 ? hot : patients.filter(({ host, sets }) => costs[host]! > sets[0]!.cost);
    if (dear.length === 0) return;
    const target = dear[draw(seed, dear.length)]!;
    // Each try takes its time, even one that comes to nothing; where a host has nowhere to go, all of them do.
    draft.looks += hot.length > 0 ? 200 : 20;
    const begun = draft.changes.length;
    const others = rivals(insertion, target, costs[target.host]!, seed);
    const more = draw(seed, 2) === 0 ? [patients[draw(seed, patients.length)]!.host] : [];
    const released = release(draft, [target.host, ...others, ...more]);
    if (released.size > together) {
      takeBack(draft, begun);
      continue;
    }
    const queue = [...released].flatMap((host) => byHost.get(host) ?? []);
    // The target first, or anywhere, for others may leave room for it; the others in any order.
    const first = draw(seed, 2);
    for (let i = queue.length - 1; i > first; i--) {
      const j = first + draw(seed, i + 1 - first);
      [queue[i], queue[j]] = [queue[j]!, queue[i]!];
    }
    let [lost, before] = [0, 0];
    for (const { host } of queue)
      if (costs[host]! < Infinity) before += costs[host]!;
      else lost++;
    let [sum, missed] = [0, 0];
    const now: number[] = [];
    for (const patient of queue) {
      const cost = serve(insertion, patient, 2, lost > 0 ? Infinity : before * aBit + tiny - sum);
      now.push(cost);
      if (cost < Infinity) sum += cost;
      else if (++missed > lost) break;
    }
    const noWorse = missed < lost || (missed === lost && sum <= before * aBit + tiny);
    if (noWorse && accept(lost > 0 || sum < before / aBit - tiny)) {
      queue.forEach(({ host }, i) => (costs[host] = now[i]!));
      draft.changes.length = 0;
    } else takeBack(draft, begun);
  }
};
