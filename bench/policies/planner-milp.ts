/** What mixed integer programmes find: the best placement for a budget of moves, and the least that relief can cost. */
import highs from 'highs';
import type { PlannerState, PlannerStep } from '../../src/policies/index.js';
import { roomiest, sequence } from '../../src/policies/planner/sequence.js';
import { measuresOf, spreadOf } from '../../src/policies/planner/spread.js';

/** What it came to. */
export interface Programmed {
  /** The mean distance from the common share at the placement that it found, a share. */
  readonly least: number;
  /** Whether that is proved to be the least, all orders of moves aside. */
  readonly proved: boolean;
  /** Whether an order of so many moves leads there. */
  readonly reachable: boolean;
}

const pairs = (state: PlannerState): readonly PlannerStep[] =>
  Array.from(state.guestHost).flatMap((from, guest) =>
    from < 0 || state.movable[guest] === 0
      ? []
      : Array.from(state.capacity.keys()).flatMap((to) =>
          to !== from && state.admits(guest, to) ? [{ guest, from, to }] : [],
        ),
  );

/** Terms of a sum over moves that come to a host or leave it. */
const terms = (moves: readonly PlannerStep[], host: number, amount: (guest: number) => number): string =>
  moves
    .flatMap(({ guest, from, to }) => {
      const sign = to === host ? '+' : from === host ? '-' : undefined;
      return sign === undefined ? [] : [`${sign} ${amount(guest).toPrecision(12)} x${guest}_${to}`];
    })
    .join('\n ');

const solved = async (text: string, seconds: number) => {
  const solver = await (typeof highs === 'function' ? highs : highs.default)();
  return solver.solve(text, { time_limit: seconds });
};

/** Each guest goes to one host at most. */
const onceEach = (moves: readonly PlannerStep[]): readonly string[] => {
  const once = new Map<number, string[]>();
  for (const { guest, to } of moves) once.set(guest, [...(once.get(guest) ?? []), `x${guest}_${to}`]);
  return [...once.values()].map((all) => `${all.join(' + ')} <= 1`);
};

const gibibyte = 2 ** 30;

/** What all guests of a host take of its memory at the end. */
const memoryRow = ({ room, taken, guestMemory }: PlannerState, moves: readonly PlannerStep[], host: number): string =>
  `${terms(moves, host, (guest) => (guestMemory[guest] ?? 0) / gibibyte)} <= ${((room[host] ?? 0) - (taken[host] ?? 0)) / gibibyte}`;

/**
 * The least that relief can cost, in moves or in bytes, memory counted at the end only; `undefined` where there is no such placement, or none is
 * proven to be the cheapest in so many seconds.
 */
export const leastRelief = async (
  state: PlannerState,
  {
    mark,
    minimise,
    seconds,
  }: { readonly mark: number; readonly minimise: 'moves' | 'memory'; readonly seconds: number },
): Promise<number | undefined> => {
  const { capacity, load, guestLoad, guestMemory } = state;
  const moves = pairs(state);
  const costOf = (guest: number): number => (minimise === 'moves' ? 1 : (guestMemory[guest] ?? 0) / gibibyte);
  const rows = Array.from(capacity, (of, h) => [
    `${terms(moves, h, (guest) => (guestLoad[guest] ?? 0) / of)} <= ${(mark - (load[h] ?? 0) / of).toPrecision(12)}`,
    memoryRow(state, moves, h),
  ]).flat();
  const text = [
    `Minimize\n obj: ${moves.map(({ guest, to }) => `${costOf(guest)} x${guest}_${to}`).join('\n + ')}`,
    `Subject To\n ${[...rows, ...onceEach(moves)].join('\n ')}`,
    `Binary\n ${moves.map(({ guest, to }) => `x${guest}_${to}`).join('\n ')}\nEnd\n`,
  ].join('\n');
  const { Status, ObjectiveValue } = await solved(text, seconds);
  return Status === 'Optimal' ? ObjectiveValue * (minimise === 'moves' ? 1 : gibibyte) : undefined;
};

/** Solves it by HiGHS, the memory at the end only, for so many seconds at most; `undefined` where it finds nothing. */
export const byProgramme = async (
  state: PlannerState,
  budget: number,
  seconds: number,
): Promise<Programmed | undefined> => {
  const { capacity, load, guestLoad } = state;
  const moves = pairs(state);
  const hosts = Array.from(capacity.keys());
  const common = load.reduce((sum, each) => sum + each, 0) / capacity.reduce((sum, each) => sum + each, 0);
  const rows = hosts.flatMap((h) => {
    const of = capacity[h] ?? 1;
    const off = (load[h] ?? 0) / of - common;
    const share = terms(moves, h, (guest) => (guestLoad[guest] ?? 0) / of);
    return [
      `${share} - d${h} <= ${(-off).toPrecision(12)}`,
      `${share} + d${h} >= ${(-off).toPrecision(12)}`,
      memoryRow(state, moves, h),
    ];
  });
  const names = moves.map(({ guest, to }) => `x${guest}_${to}`);
  const text = [
    `Minimize\n obj: ${hosts.map((h) => `d${h}`).join(' + ')}`,
    `Subject To\n ${[...rows, ...onceEach(moves), `${names.join('\n + ')} <= ${budget}`].join('\n ')}`,
    `Binary\n ${names.join('\n ')}\nEnd\n`,
  ].join('\n');
  const solution = await solved(text, seconds);
  const chosen = moves.filter(({ guest, to }) => {
    const column = solution.Columns[`x${guest}_${to}`];
    return column !== undefined && 'Primal' in column && column.Primal > 0.5;
  });
  if (!Number.isFinite(solution.ObjectiveValue)) return undefined;
  const spread = spreadOf(measuresOf(state, { cpu: 1, memory: 0 }), 'mean deviation');
  const ordered = sequence(state, chosen, spread, roomiest(state));
  for (const { guest, from, to } of chosen) spread.shift(guest, from, to);
  return {
    least: spread.value(),
    proved: solution.Status === 'Optimal',
    reachable: ordered !== undefined && ordered.length <= budget,
  };
};
