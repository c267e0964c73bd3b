/** Schedule: runs steps in their order, a few at a time, each after those that it needs, and goes on after failures. */

/** What a schedule has to know of a step. */
export interface Scheduled {
  readonly name: string;
  readonly needs?: readonly string[];
}

/** How a step ended; `not run` because a step that it needs has not passed. */
export type Verdict = 'passed' | 'failed' | 'not run';

/** Runs every step once and tells how each ended, in the order of the list. */
export const schedule = async <Step extends Scheduled>(
  steps: readonly Step[],
  atOnce: number,
  perform: (step: Step) => Promise<boolean>,
): Promise<ReadonlyMap<string, Verdict>> => {
  const ended = new Map<string, Promise<Verdict>>();
  const free: (() => void)[] = [];
  let running = 0;
  const enter = async (): Promise<void> => {
    if (running >= atOnce) await new Promise<void>((go) => free.push(go));
    else running += 1;
  };
  const leave = (): void => {
    const next = free.shift();
    if (next) next();
    else running -= 1;
  };
  for (const step of steps) {
    const before = (step.needs ?? []).map((name) => {
      const verdict = ended.get(name);
      if (!verdict) throw new Error(`step "${step.name}" needs "${name}", which is not listed before it`);
      return verdict;
    });
    const verdict = async (): Promise<Verdict> => {
      if ((await Promise.all(before)).some((one) => one !== 'passed')) return 'not run';
      await enter();
      const passed = await perform(step).finally(leave);
      return passed ? 'passed' : 'failed';
    };
    ended.set(step.name, verdict());
  }
  return new Map(await Promise.all([...ended].map(async ([name, verdict]) => [name, await verdict] as const)));
};
