/** Waves: puts ordered moves into waves, in each of which all moves may run at once, memory held at both ends and links not overrun. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import type { State, Step } from './state.js';

/** A move with the wave that it runs in, counted from 1. */
export interface Waved extends Step {
  readonly wave: number;
}

/**
 * Puts each move, in the order given, into the first wave in which its destination has the memory, from which on it keeps it, and
 * in which neither host nor a link of theirs has its fill of moves. A guest that leaves frees its memory for the wave after its own. Moves of one
 * destination do not overtake each other in memory: what a wave takes is counted in all later ones.
 *
 * @param perHost - moves that may run on one host at once, from it and to it together
 * @param perLink - moves that may run over one link at once; hosts that name one link for their migration network share it
 */
export const wavesOf = (
  state: State,
  steps: readonly Step[],
  perHost: number,
  perLink = Infinity,
): readonly Waved[] => {
  const { room, taken, guestMemory, hosts } = state;
  // Memory taken on each host at the beginning of each wave, and moves that run on it; grown as waves are begun.
  const before: number[][] = hosts.map((_, h) => [taken[h]!]);
  const running: number[][] = hosts.map(() => [0]);
  const links =
    perLink === Infinity ? [] : hosts.map(({ networks }) => networks.find(({ role }) => role === 'migration')?.link);
  const over = new Map<string, number>();
  /** The links that a move runs over, in one wave. */
  const names = ({ from, to }: Step, wave: number): readonly string[] =>
    [...new Set([links[from], links[to]])].flatMap((link) => (link === undefined ? [] : [`${wave} ${link}`]));
  /** The wave of a guest's last move, for one that moves more than once. */
  const last = new Map<number, number>();
  const reach = (host: number, wave: number): void => {
    const [memory, moves] = [before[host]!, running[host]!];
    while (memory.length <= wave + 1) {
      memory.push(memory[memory.length - 1]!);
      moves.push(0);
    }
  };
  const fits = (host: number, wave: number, memory: number): boolean => {
    const list = before[host]!;
    for (let w = wave; w < list.length; w++) if (list[w]! + memory > room[host]!) return false;
    return true;
  };
  const waved = steps.map((step) => {
    const { guest, from, to } = step;
    const memory = guestMemory[guest]!;
    let wave = last.has(guest) ? last.get(guest)! + 1 : 0;
    for (; ; wave++) {
      reach(from, wave);
      reach(to, wave);
      if (running[from]![wave]! >= perHost || running[to]![wave]! >= perHost) continue;
      if (links.length > 0 && names(step, wave).some((name) => (over.get(name) ?? 0) >= perLink)) continue;
      if (fits(to, wave, memory)) break;
      // Beyond the last wave nothing changes any more: the order itself does not hold.
      if (wave > steps.length * 2) break;
    }
    last.set(guest, wave);
    if (links.length > 0) for (const name of names(step, wave)) over.set(name, (over.get(name) ?? 0) + 1);
    running[from]![wave]! += 1;
    running[to]![wave]! += 1;
    // Taken at the destination from its own wave on; free at the source from the next one.
    for (let w = wave; w < before[to]!.length; w++) before[to]![w]! += memory;
    for (let w = wave + 1; w < before[from]!.length; w++) before[from]![w]! -= memory;
    return { ...step, wave: wave + 1 };
  });
  return waved
    .map((step, i) => ({ step, i }))
    .sort((a, b) => a.step.wave - b.step.wave || a.i - b.i)
    .map(({ step }) => step);
};

/**
 * How long the waves take one after the other, each as long as its longest move; infinite where that is not known of one.
 *
 * @param durations - of a move of each guest, in milliseconds
 */
export const lengthOf = (waved: readonly Waved[], durations: Float64Array): number => {
  const longest = new Map<number, number>();
  for (const { guest, wave } of waved) longest.set(wave, Math.max(longest.get(wave) ?? 0, durations[guest]!));
  return [...longest.values()].reduce((sum, each) => sum + each, 0);
};
