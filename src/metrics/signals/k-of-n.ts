/** K of n: whether a relation held in enough of the last samples. */
import { relates, type Relation } from '../../model/index.js';
import { finite } from '../finite.js';
import type { Measure, Signal } from '../signal.js';
import { number, whole } from '../setting.js';
import { pushed } from './window.js';

/** What must hold, and how often. */
export interface KOfN {
  readonly measure: Measure;
  readonly relation: Relation;
  readonly limit: number;
  /** Samples in which it must hold, at least. */
  readonly k: number;
  /** Samples that are looked at: the last `n`. */
  readonly n: number;
}

/** Whether it holds, and what a reason quotes for it. */
export interface Count {
  readonly holds: boolean;
  /** In how many of the last samples the relation held. */
  readonly count: number;
  /** The latest reading, in the unit of the measure. */
  readonly value: number;
}

/** Whether the relation held in each of the last samples, how often in all, and the latest reading. */
export interface KOfNState {
  readonly held: readonly boolean[];
  readonly count: number;
  readonly value: number | undefined;
}

/**
 * Whether a relation held in at least `k` of the last `n` samples (Wood et al., Sandpiper, NSDI 2007: k = 3, n = 5). A sample
 * without the reading is one in which it did not hold. It may hold before `n` samples were seen. Not known before the first
 * reading, and while it does not hold and the latest sample does not say why.
 *
 * @example
 * const hot = kOfN({ measure: cpu, relation: 'above', limit: percent(75), k: 3, n: 5 });
 */
export const kOfN = ({ measure, relation, limit, k, n }: KOfN): Signal<Count, KOfNState> => {
  number('kOfN.limit', limit);
  whole('kOfN.n', n, whole('kOfN.k', k, 1));
  return {
    name: `kOfN(${measure.name} ${relation} ${limit}, ${k} of ${n})`,
    initial: { held: [], count: 0, value: undefined },
    step: ({ held, count, value }, sample) => {
      const reading = finite(measure.of(sample));
      const holds = reading !== undefined && relates(reading, relation, limit);
      const leaving = held.length === n && held[0] === true ? 1 : 0;
      const now = count - leaving + (holds ? 1 : 0);
      return { held: pushed(held, n, holds), count: now, value: reading ?? (now >= k ? value : undefined) };
    },
    value: ({ count, value }) => (value === undefined ? undefined : { holds: count >= k, count, value }),
  };
};
