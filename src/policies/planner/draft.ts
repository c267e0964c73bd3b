/** Draft: where guests would stand in the end, with the hosts in the order of their free memory; each change can be taken back. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { type Board, groupNames } from './board.js';
import { type Ranking, rankingOf, rerank } from './ranking.js';
import { nearly, type State } from './state.js';

/** A guest that is on no host while a place for it is looked for. */
export const inHand = -1;

/** A final placement in the making. Memory is that of the end; an order is looked for when all is placed. */
export interface Draft {
  readonly state: State;
  /** Memory that is free on each host. */
  readonly free: Float64Array;
  /** Memory that is free on each host before anything has left it. */
  readonly early: Float64Array;
  /** What each host's processors may still take until it is at its mark; negative for a hot one. */
  readonly head: Float64Array;
  /** The host that each guest stands on, {@link inHand} for one that is being placed. */
  readonly at: Int32Array;
  /** The hot host for whose sake a guest has moved, -1 for one that stands where it stood. */
  readonly owner: Int32Array;
  /** Guests that have come to each host. */
  readonly arrivals: readonly number[][];
  /** Guests that have moved for the sake of each host. */
  readonly owned: readonly number[][];
  /** Hosts by their free memory, the fullest first. */
  readonly byFree: Ranking;
  /** What has been changed: guest, the host it stood on, and its owner, one after the other. */
  readonly changes: number[];
  /** Hosts whose place in the order of free memory is not up to date. */
  readonly stale: number[];
  /** How many guests have settled each name of a group. */
  readonly settled: Map<string, number>;
  /** Hosts looked at so far. */
  looks: number;
}

/** A draft in which nothing has moved yet. */
export const draftOf = ({ state, load, taken }: Board, mark: number): Draft => {
  const { capacity, room } = state;
  const free = room.map((each, h) => each - taken[h]!);
  return {
    state,
    free,
    early: free.slice(),
    head: capacity.map((each, h) => (mark + nearly) * each - load[h]!),
    at: state.guestHost.slice(),
    owner: new Int32Array(state.guestHost.length).fill(-1),
    arrivals: state.hosts.map(() => []),
    owned: state.hosts.map(() => []),
    byFree: rankingOf(free, new Float64Array(free.length).fill(1)),
    changes: [],
    stale: [],
    settled: new Map(),
    looks: 0,
  };
};

const settle = ({ state, settled }: Draft, guest: number, host: number, more: 1 | -1): void => {
  for (const name of groupNames(state, guest, host)) {
    const count = (settled.get(name) ?? 0) + more;
    if (count === 0) settled.delete(name);
    else settled.set(name, count);
  }
};

/** Brings the order of free memory up to date, which is put off until somebody asks: much is taken back before. */
const freshen = ({ byFree, free, stale }: Draft): void => {
  for (let host = stale.pop(); host !== undefined; host = stale.pop()) rerank(byFree, host, free[host]!);
};

const set = (draft: Draft, guest: number, host: number, owner: number): void => {
  const { state, free, early, head, at, arrivals, owned } = draft;
  const { guestLoad, guestMemory, guestHost, grouped } = state;
  const from = at[guest]!;
  if (from !== inHand) {
    free[from]! += guestMemory[guest]!;
    head[from]! += guestLoad[guest]!;
    draft.stale.push(from);
    if (from !== guestHost[guest]) {
      early[from]! += guestMemory[guest]!;
      arrivals[from]!.splice(arrivals[from]!.indexOf(guest), 1);
      if (grouped[guest] === 1) settle(draft, guest, from, -1);
    }
  }
  if (host !== inHand) {
    free[host]! -= guestMemory[guest]!;
    head[host]! -= guestLoad[guest]!;
    draft.stale.push(host);
    if (host !== guestHost[guest]) {
      early[host]! -= guestMemory[guest]!;
      arrivals[host]!.push(guest);
      if (grouped[guest] === 1) settle(draft, guest, host, 1);
    }
  }
  at[guest] = host;
  const before = draft.owner[guest]!;
  if (before === owner) return;
  if (before >= 0) owned[before]!.splice(owned[before]!.indexOf(guest), 1);
  if (owner >= 0) owned[owner]!.push(guest);
  draft.owner[guest] = owner;
};

/** Puts a guest on a host, or takes it in hand, for the sake of a hot host (-1 where it goes home). */
export const put = (draft: Draft, guest: number, host: number, owner: number): void => {
  draft.changes.push(guest, draft.at[guest]!, draft.owner[guest]!);
  set(draft, guest, host, owner);
};

/** Takes back changes until the list of them is only so long. */
export const takeBack = (draft: Draft, length: number): void => {
  const { changes } = draft;
  while (changes.length > length) {
    const owner = changes.pop()!;
    const host = changes.pop()!;
    set(draft, changes.pop()!, host, owner);
  }
};

/** Whether the rules let a guest go to a host, memory and load apart. */
export const admitted = ({ state, settled }: Draft, guest: number, host: number): boolean =>
  state.admits(guest, host) &&
  (state.grouped[guest] === 0 || !groupNames(state, guest, host).some((name) => settled.has(name)));

/** The first place in the order of free memory from which on hosts have so much of it. */
export const firstWith = (draft: Draft, memory: number): number => {
  freshen(draft);
  const { order, share } = draft.byFree;
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (share[order[middle]!]! < memory) low = middle + 1;
    else high = middle;
  }
  return low;
};
