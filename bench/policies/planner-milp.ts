/** The best placement that a mixed integer programme finds for a budget of moves, and the moves that lead there. */
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

/** Solves it by HiGHS, the memory at the end only, for so many seconds at most; `undefined` where it finds nothing. */
export const byProgramme = async (
  state: PlannerState,
  budget: number,
  seconds: number,
): Promise<Programmed | undefined> => {
  const { capacity, load, room, taken, guestLoad, guestMemory } = state;
  const moves = pairs(state);
  const hosts = Array.from(capacity.keys());
  const common = load.reduce((sum, each) => sum + each, 0) / capacity.reduce((sum, each) => sum + each, 0);
  const rows = hosts.flatMap((h) => {
    const of = capacity[h] ?? 1;
    const off = (load[h] ?? 0) / of - common;
    const share = terms(moves, h, (guest) => (guestLoad[guest] ?? 0) / of);
    const gibibyte = 2 ** 30;
    return [
      `${share} - d${h} <= ${(-off).toPrecision(12)}`,
      `${share} + d${h} >= ${(-off).toPrecision(12)}`,
      `${terms(moves, h, (guest) => (guestMemory[guest] ?? 0) / gibibyte)} <= ${((room[h] ?? 0) - (taken[h] ?? 0)) / gibibyte}`,
    ];
  });
  const names = moves.map(({ guest, to }) => `x${guest}_${to}`);
  const once = new Map<number, string[]>();
  for (const { guest, to } of moves) once.set(guest, [...(once.get(guest) ?? []), `x${guest}_${to}`]);
  const text = [
    `Minimize\n obj: ${hosts.map((h) => `d${h}`).join(' + ')}`,
    `Subject To\n ${[...rows, ...[...once.values()].map((all) => `${all.join(' + ')} <= 1`), `${names.join('\n + ')} <= ${budget}`].join('\n ')}`,
    `Binary\n ${names.join('\n ')}\nEnd\n`,
  ].join('\n');
  const solver = await (typeof highs === 'function' ? highs : highs.default)();
  const solution = solver.solve(text, { time_limit: seconds });
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
