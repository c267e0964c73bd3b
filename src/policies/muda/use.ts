/** Use: for how long one process, or waiting for disks, has kept a guest busy: rule 2 as a signal. */
import { iowait, measure, type Signal, type SpellState, sustained } from '../../metrics/index.js';
import type { Milliseconds, Sample } from '../../model/index.js';
import type { MudaRules } from './settings.js';

/** A spell of use that is asked about. */
export interface Use {
  /** What was used: `cpu of encoder`, `iowait`, or one of both. */
  readonly measure: string;
  /** Last qualifying time minus first (M13); 0 outside of a spell. */
  readonly held: Milliseconds;
}

/** Spells by the name of the process, that of waiting for disks, and whether the latest sample told anything. */
export interface UseState {
  readonly processes: ReadonlyMap<string, SpellState>;
  readonly waiting: SpellState;
  readonly known: { readonly processes: boolean; readonly waiting: boolean };
}

/**
 * User time of a single process is not in a sample. The guest's split of user and system time stands for it: what rule 2 asks about
 * has most of the processor.
 */
const userPart = ({ cpu }: Sample): number | undefined => {
  const [user, system] = [cpu?.user, cpu?.system];
  if (user === undefined || system === undefined) return undefined;
  return user + system > 0 ? user / (user + system) : 1;
};

/**
 * The share that rule 2 asks about, by the readings chosen (M13 c, M22): of the busiest process of each name. A process that is not
 * listed had no time; where there is no list, nothing is known.
 */
export const sharesByName =
  (counts: MudaRules['counts'], vcpus: number) =>
  (sample: Sample): ReadonlyMap<string, number> | undefined => {
    const part = counts === 'user' ? userPart(sample) : 1;
    if (sample.processes === undefined || part === undefined) return undefined;
    const shares = new Map<string, number>();
    for (const { name, cpu } of sample.processes)
      shares.set(name, Math.max(shares.get(name) ?? 0, (cpu * part) / vcpus));
    return shares;
  };

const anyProcess = 'any process';

/**
 * Rule 2 as a signal (Muda, §6.4; M13, M14): the spells in which one process used `process` or more of the CPU, or the guest waited
 * for I/O for `iowait` or more of its time. Of processes only those in a spell are kept, so no more than can be that busy at once.
 *
 * @param vcpus - processors that a process's share is taken of
 */
export const useOf = (
  { use, counts }: Pick<MudaRules, 'use' | 'counts'>,
  vcpus: number,
): Signal<readonly Use[], UseState> => {
  const { process: limit, iowait: waitingLimit, for: length, tolerance, by, spells } = use;
  const sharesOf = sharesByName(counts, vcpus);
  const joined = spells === 'joined';

  const spell = (qualifies: boolean | undefined): Signal<unknown, SpellState> =>
    sustained({
      measure: measure('use', () => (qualifies === undefined ? undefined : Number(qualifies))),
      relation: 'at least',
      limit: 1,
      for: length,
      tolerance,
    });
  /** Goes on with a spell by whether the sample qualifies; one that does not tell is a contrary one. */
  const step = (state: SpellState, sample: Sample, qualifies: boolean | undefined): SpellState =>
    spell(qualifies).step(state, sample);
  const { initial } = spell(undefined);

  const told = (name: string): string => {
    const what = by === 'any' ? 'cpu of any process' : `cpu of ${name}`;
    return joined ? `${what} or iowait` : what;
  };
  const heldOf = ({ first, last }: SpellState): Milliseconds => (first === undefined ? 0 : last - first);

  return {
    name: `use(${JSON.stringify(use)}, ${counts}, of ${vcpus})`,
    initial: { processes: new Map(), waiting: initial, known: { processes: false, waiting: false } },
    step: (state, sample) => {
      const shares = sharesOf(sample);
      const waiting = iowait.of(sample);
      const waits = waiting === undefined ? undefined : waiting >= waitingLimit;
      const over = [...(shares ?? [])].flatMap(([name, share]) => (share >= limit ? [name] : []));
      const begun = by === 'same' ? over : over.length > 0 ? [anyProcess] : [];
      const processes = new Map<string, SpellState>();
      for (const name of new Set([...state.processes.keys(), ...begun])) {
        const computes = shares && begun.includes(name);
        // Where spells are joined, a process takes over from the waiting before it.
        const before = state.processes.get(name) ?? (joined ? state.waiting : initial);
        const after = step(before, sample, joined && waits === true ? true : computes);
        if (after.first !== undefined) processes.set(name, after);
      }
      return {
        processes,
        waiting: step(state.waiting, sample, waits),
        known: { processes: shares !== undefined, waiting: waits !== undefined },
      };
    },
    value: (state) => {
      const uses = [...state.processes].map(([name, spellOf]): Use => ({ measure: told(name), held: heldOf(spellOf) }));
      if (uses.length === 0 && state.known.processes) uses.push({ measure: told('a single process'), held: 0 });
      if (state.known.waiting || state.waiting.first !== undefined)
        uses.push({ measure: 'iowait', held: heldOf(state.waiting) });
      return uses.length === 0 ? undefined : uses;
    },
  };
};
