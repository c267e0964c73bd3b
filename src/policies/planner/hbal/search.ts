/** Search: the best candidates from the nodes as they are, the most promising instances first and most of the others not at all. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of nodes, instances and movers by construction */
import type { State, Step } from '../state.js';
import type { Dominance } from './dominance.js';
import type { Candidate } from './exact.js';
import type { Front } from './fronts.js';
import type { Hopes } from './hopes.js';
import type { Nodes } from './nodes.js';
import type { Scores } from './scores.js';

/** What is searched. */
interface Searched {
  readonly state: State;
  readonly nodes: Nodes;
  readonly dominance: Dominance;
  readonly fronts: readonly Front[];
  readonly scores: Scores;
  readonly hopes: Hopes;
}

/**
 * All candidates that gain at least so much and are within so little of the best.
 *
 * @param last - the step that led here
 */
type Search = (last: Step | undefined, atLeast: number, within: number) => readonly Candidate[];

/** Instances to begin with: those that were best a step ago. What they gain rules out as much as can be. */
const beginnings = 4;

/** Prepares searches. */
export const searchOf = ({ state, nodes, dominance, fronts, scores, hopes }: Searched): Search => {
  const { free, memory, host } = nodes;
  const { kinds, kindOf, beaten, dominates } = dominance;
  const { movers, most } = hopes;
  const { plain, admits } = state;
  const gains = new Float64Array(free.length);
  const hidden = new Int32Array(free.length);
  const hopeful = new Int32Array(movers.length);
  const looked = new Uint8Array(movers.length);
  // What was looked at in the last search, and what it was found to gain.
  const tried = new Int32Array(movers.length);
  const known = new Float64Array(movers.length);
  const trials = new Int32Array(1);
  // What changes in a closure is boxed anew each time; an array is not.
  const best = new Float64Array(1);
  const near = new Float64Array(1);
  let tied: Candidate[] = [];

  /** Keeps the best of so many nodes of one kind for the instance in hand; gives the most that it gains on one that is open to it. */
  const look = (guest: number, kind: number, among: Int32Array, count: number, open: boolean): number => {
    const highest = scores.weigh(kind, among, count, gains);
    if (open && highest < best[0]! - near[0]!) return highest;
    const from = host[guest]!;
    let reached = -Infinity;
    for (let i = 0; i < count; i++) {
      const gain = gains[i]!;
      const close = gain >= best[0]! - near[0]!;
      if (gain <= reached && !close) continue;
      const to = among[i]!;
      if (to === from || (!open && (free[to]! <= memory[guest]! || !admits(guest, to)))) continue;
      if (gain > reached) reached = gain;
      if (!close) continue;
      if (gain > best[0]! + near[0]!) tied = [];
      if (gain > best[0]!) best[0] = gain;
      tied.push({ guest, to });
    }
    return reached;
  };
  const lookEverywhere = (guest: number): number => {
    let reached = -Infinity;
    for (let kind = 0; kind < kinds.length; kind++)
      reached = Math.max(reached, look(guest, kind, kinds[kind]!, kinds[kind]!.length, false));
    return reached;
  };
  /** Where none dominates, and where only its own node does, which it cannot go to. */
  const lookAtFronts = (guest: number): number => {
    let reached = -Infinity;
    for (let kind = 0; kind < kinds.length; kind++) {
      const front = fronts[kind]!;
      reached = Math.max(reached, look(guest, kind, front.nodes, front.roomFor(memory[guest]!), true));
    }
    const from = host[guest]!;
    if (beaten[from] !== 0) return reached;
    const members = kinds[kindOf[from]!]!;
    let count = 0;
    for (let i = 0; i < members.length; i++) {
      const node = members[i]!;
      if (beaten[node] === 1 && dominates(from, node)) hidden[count++] = node;
    }
    return Math.max(reached, look(guest, kindOf[from]!, hidden, count, false));
  };
  const lookAround = (mover: number): void => {
    const guest = movers[mover]!;
    scores.take(guest);
    const reached = plain[guest] === 1 ? lookAtFronts(guest) : lookEverywhere(guest);
    hopes.settle(mover, reached);
    looked[mover] = 1;
    known[mover] = reached;
    tried[trials[0]!] = mover;
    trials[0] = trials[0]! + 1;
  };
  /** Those that gained most in the last search but for what has moved. */
  const promising = (last: Step | undefined): readonly number[] => {
    const picked: number[] = [];
    for (let k = 0; k < beginnings; k++) {
      let first = -1;
      for (let i = 0; i < trials[0]!; i++) {
        const mover = tried[i]!;
        if (movers[mover] === last?.guest || picked.includes(mover)) continue;
        if (first < 0 || known[mover]! > known[first]!) first = mover;
      }
      if (first >= 0) picked.push(first);
    }
    return picked;
  };
  return (last, atLeast, within) => {
    best[0] = atLeast;
    near[0] = within;
    tied = [];
    const first = promising(last);
    looked.fill(0);
    trials[0] = 0;
    for (const mover of first) lookAround(mover);
    // The most hopeful of the others comes next.
    let count = 0;
    let next = -1;
    const enough = best[0] - within;
    for (let i = 0; i < most.length; i++) {
      if (most[i]! < enough || looked[i] === 1) continue;
      hopes.renew(i);
      if (most[i]! < enough) continue;
      hopeful[count++] = i;
      if (next < 0 || most[i]! > most[next]!) next = i;
    }
    if (next >= 0) lookAround(next);
    for (let i = 0; i < count; i++) {
      const mover = hopeful[i]!;
      if (looked[mover] === 0 && most[mover]! >= best[0] - within) lookAround(mover);
    }
    return tied;
  };
};
