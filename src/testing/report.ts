/** Report: what a search found, in words: the breaches on the smallest example, and how to find it again. */
import type * as fc from 'fast-check';

/** What a failed search found, without the dump of values that fast-check prints. */
export const reportOf = <Values>(details: fc.RunDetails<Values>, among: string): string => {
  const { errorInstance, numRuns, numShrinks, seed, counterexamplePath } = details;
  const what = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const where = `found after ${numRuns} of ${among}, made smaller ${numShrinks} times`;
  return `${what}\n\n${where}; seed ${seed}, path "${counterexamplePath ?? ''}"`;
};
