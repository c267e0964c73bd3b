/** Board: a state on which moves are tried out one after the other, each guest once; memory is held as an order of moves holds it. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import type { State, Step } from './state.js';

/** A working copy of a state. */
export interface Board {
  readonly state: State;
  readonly load: Float64Array;
  readonly taken: Float64Array;
  /** 1 for guests that the plan has moved. They stay where they came. */
  readonly moved: Uint8Array;
  readonly steps: Step[];
  /** What moves of grouped guests have settled: names of groups, and of groups at hosts. */
  readonly settled: Set<string>;
}

/** A fresh copy. */
export const boardOf = (state: State): Board => ({
  state,
  load: state.load.slice(),
  taken: state.taken.slice(),
  moved: new Uint8Array(state.guestLoad.length),
  steps: [],
  settled: new Set(),
});

/** What the move of a grouped guest to a host settles, by name. */
export const groupNames = (state: State, guest: number, host: number): readonly string[] => [
  ...state.ties.get(guest)!.apart.map((group) => `${host} ${group}`),
  // Of a together-group on several hosts those of one host move in a plan, so that the others are where it was told.
  ...state.ties.get(guest)!.together.map((group) => `all ${group}`),
];

/** Whether the rules let the guest go to the host, memory apart. */
export const mayGo = (board: Board, guest: number, host: number): boolean =>
  board.state.admits(guest, host) &&
  (board.state.grouped[guest] === 0 || !groupNames(board.state, guest, host).some((name) => board.settled.has(name)));

/** Whether the host has memory for a guest now. */
export const hasRoom = ({ state, taken }: Board, guest: number, host: number): boolean =>
  taken[host]! + state.guestMemory[guest]! <= state.room[host]!;

/** Moves a guest. */
export const move = (board: Board, guest: number, from: number, to: number): void => {
  const { state, load, taken, moved, steps } = board;
  const [weight, memory] = [state.guestLoad[guest]!, state.guestMemory[guest]!];
  load[from] = load[from]! - weight;
  load[to] = load[to]! + weight;
  taken[from] = taken[from]! - memory;
  taken[to] = taken[to]! + memory;
  moved[guest] = 1;
  steps.push({ guest, from, to });
  if (state.grouped[guest] === 1) for (const name of groupNames(state, guest, to)) board.settled.add(name);
};

/** Takes back moves until only so many are left. */
export const rewind = (board: Board, length: number): void => {
  const { state, load, taken, moved, steps } = board;
  while (steps.length > length) {
    const { guest, from, to } = steps.pop()!;
    const [weight, memory] = [state.guestLoad[guest]!, state.guestMemory[guest]!];
    load[from] = load[from]! + weight;
    load[to] = load[to]! - weight;
    taken[from] = taken[from]! + memory;
    taken[to] = taken[to]! - memory;
    moved[guest] = 0;
    if (state.grouped[guest] === 1) for (const name of groupNames(state, guest, to)) board.settled.delete(name);
  }
};
