/** Repair: relief where memory or load is too tight for the plain way; all hot hosts are relieved anew, and then more cheaply. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import type { Board } from './board.js';
import { type Draft, draftOf, put } from './draft.js';
import { improve, release } from './improve.js';
import { inOrder, type Ordered } from './in-order.js';
import type { Insertion } from './insertion.js';
import { type Patient, serve, serveByClearing } from './service.js';
import type { Step } from './state.js';

/** Hosts looked at before what is still hot is given up: where all are near the mark there is no end to what could be tried. */
const patience = 2_000_000;

/** Hosts looked at for something cheaper, once all is placed that finds a place. */
const polish = 20_000;

/** As many times that is spent where a host would be left hot. */
const rescue = 20;

/** Hosts that are tried for room that others make, those with the most free memory; all of them where nothing else helps. */
const reach = 64;

/** Share of a guest's load that a host bears as it is, to be tried early: most often memory is what lacks. */
const bears = 0.9;

/** Hosts up to which all of them are tried each time. */
const small = 150;

/** Hot hosts up to which every change is checked for an order; above, those for the better. */
const few = 60;

/** What is to be repaired. */
export interface Ailing {
  readonly mark: number;
  /** The hot hosts that can be relieved, the hottest first. */
  readonly patients: readonly Patient[];
  readonly costOf: (guest: number) => number;
  /** Whether every move costs one. */
  readonly uniform: boolean;
  /** Moves that relieve some of the hosts with their cheapest sets, to begin with. */
  readonly kept: readonly Step[];
  readonly goOn: () => boolean;
}

/** Moves in an order, and hosts that stay hot. */
export interface Repaired {
  readonly steps: readonly Step[];
  readonly left: readonly number[];
  /** What the moves cost. */
  readonly cost: number;
  /** Whether the search came to its own end. */
  readonly exhausted: boolean;
}

const stepsOf = ({ state, owned, at }: Draft, patients: readonly Patient[]): readonly Step[] =>
  patients.flatMap(({ host }) =>
    owned[host]!.map((guest) => ({ guest, from: state.guestHost[guest]!, to: at[guest]! })),
  );

/** Finds moves for all hosts anew. */
export const repair = (board: Board, { mark, patients, costOf, uniform, kept, goOn }: Ailing): Repaired => {
  const draft = draftOf(board, mark);
  const { guestMemory, hosts } = board.state;
  const hot = patients.map(({ host }) => host);
  const far: Insertion = { draft, hot, costOf, uniform, chance: undefined, reach: hosts.length, bears: 0 };
  const near: Insertion = hosts.length <= small ? far : { ...far, reach, bears };
  /** What the relief of each host costs; infinite for one that is not relieved. */
  const costs = new Float64Array(hosts.length).fill(Infinity);
  const on = (): boolean => draft.looks < patience && goOn();

  for (const { guest, from, to } of kept) put(draft, guest, to, from);
  for (const host of hot)
    if (draft.head[host]! >= 0) costs[host] = draft.owned[host]!.reduce((sum, guest) => sum + costOf(guest), 0);

  const bulk = patients.map(({ sets }) => Math.max(...sets[0]!.guests.map((guest) => guestMemory[guest]!)));
  const rising = Array.from(patients.keys()).sort((a, b) => bulk[a]! - bulk[b]! || a - b);
  const place = (
    insertion: Insertion,
    order: readonly number[],
    pains: number,
    limitOf: (least: number) => number,
  ): void => {
    for (const i of order) {
      const { host, sets } = patients[i]!;
      if (costs[host]! < Infinity || !on()) continue;
      costs[host] = serve(insertion, patients[i]!, pains, limitOf(sets[0]!.cost));
    }
  };
  const anything = (): number => Infinity;
  // First those that can be relieved with their cheapest sets, then the rest, with ever more pains.
  place(near, rising.toReversed(), 1, (least) => least * (1 + 1e-9) + 1e-9);
  place(near, rising, 2, anything);
  place(far, rising, 3, anything);

  let best: Ordered = inOrder(board, stepsOf(draft, patients), mark);
  if (best.blocked.length > 0) {
    // What blocks each other is taken back and tried again.
    const wrong = new Set(best.blocked.map(({ guest }) => draft.owner[guest]!));
    for (const host of release(draft, [...wrong])) costs[host] = Infinity;
    best = inOrder(board, stepsOf(draft, patients), mark);
  }
  const accept = (better: boolean): boolean => {
    if (!better && patients.length > few) return true;
    const order = inOrder(board, stepsOf(draft, patients), mark);
    if (order.blocked.length > 0) return false;
    best = order;
    return true;
  };
  // Before the long search below: to clear a host takes no time beside it, and may leave it nothing to do.
  for (const i of rising) {
    const patient = patients[i]!;
    if (costs[patient.host] === Infinity && on())
      costs[patient.host] = serveByClearing(far, patient, () => accept(true));
  }
  const begun = draft.looks;
  const lost = hot.some((host) => costs[host] === Infinity);
  const standing = { patients, costs, accept };
  if (lost) improve(far, { ...standing, rescueOnly: true, goOn: () => draft.looks < begun + polish * rescue && on() });
  const enough = draft.looks + polish;
  improve(near, { ...standing, rescueOnly: false, goOn: () => draft.looks < enough && goOn() });
  const left = hot.filter((host) => costs[host] === Infinity);
  return {
    steps: best.steps,
    left,
    cost: best.steps.reduce((sum, { guest }) => sum + costOf(guest), 0),
    exhausted: on(),
  };
};
