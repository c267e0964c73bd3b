/** Rehouse: sends guests that a plan moves anyway to where they would rather be, each in its place of the order. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts, guests and steps by construction */
import type { Board } from './board.js';
import { redirect } from './redirect.js';
import { fits } from './shortened.js';
import type { Tastes } from './tastes.js';

/** Steps of which each two may exchange where they lead; of more, guests go elsewhere one by one only. */
const fewSteps = 60;

/** Below this a difference is rounding. */
const least = 1e-12;

/** Where a guest may go as far as the goal is concerned: whether a host may carry so much. */
type Carries = (host: number, load: number) => boolean;

/**
 * Sends the guests of a plan, the least pleased first, to the hosts of which they think best, as long as these may carry them, and
 * lets two of them exchange where they go. Neither the moves nor their number change, but where they lead.
 *
 * @param tastes - as the board stands
 * @param mayCarry - whether the goal lets a host carry so much of processors
 */
export const rehouse = (board: Board, tastes: Tastes, mayCarry: Carries): void => {
  const { state, load, steps } = board;
  const { guestLoad, guestMemory, admits, grouped, capacity } = state;
  const hosts = Array.from(capacity.keys());
  const times = new Map<number, number>();
  for (const { guest } of steps) times.set(guest, (times.get(guest) ?? 0) + 1);
  const placed = (): readonly number[] =>
    Array.from(steps.keys())
      // One that moves twice waits somewhere; where, is a matter of room.
      .filter((i) => grouped[steps[i]!.guest] === 0 && times.get(steps[i]!.guest) === 1)
      .sort((a, b) => {
        const [p, q] = [steps[a]!, steps[b]!];
        return tastes.cost(q.guest, q.to) - tastes.cost(p.guest, p.to) || p.guest - q.guest;
      });
  for (const i of placed()) {
    const { guest, to } = steps[i]!;
    if (tastes.cost(guest, to) <= 0) continue;
    const gainOf = (each: number, there: number, other: number): number =>
      each === guest && other !== state.guestHost[guest] && mayCarry(other, load[other]! + guestLoad[guest]!)
        ? -tastes.change(guest, there, other)
        : 0;
    if (redirect(board, [to], hosts, gainOf)) tastes.shift(guest, to, steps[i]!.to);
  }
  if (steps.length > fewSteps) return;
  const order = placed();
  for (const i of order) {
    for (const j of order) {
      const [a, b] = [steps[i]!, steps[j]!];
      if (a.to === b.to || a.from === b.to || b.from === a.to) continue;
      if (!admits(a.guest, b.to) || !admits(b.guest, a.to)) continue;
      const more = guestLoad[b.guest]! - guestLoad[a.guest]!;
      if (!mayCarry(a.to, load[a.to]! + more) || !mayCarry(b.to, load[b.to]! - more)) continue;
      const before = tastes.value();
      tastes.shift(a.guest, a.to, b.to);
      tastes.shift(b.guest, b.to, a.to);
      [steps[i], steps[j]] = [
        { ...a, to: b.to },
        { ...b, to: a.to },
      ];
      if (tastes.value() < before - least && fits(state, steps)) {
        const bulk = guestMemory[b.guest]! - guestMemory[a.guest]!;
        load[a.to]! += more;
        load[b.to]! -= more;
        board.taken[a.to]! += bulk;
        board.taken[b.to]! -= bulk;
        continue;
      }
      [steps[i], steps[j]] = [a, b];
      tastes.shift(b.guest, a.to, b.to);
      tastes.shift(a.guest, b.to, a.to);
    }
  }
};
