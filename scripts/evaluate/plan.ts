/** Plans for cluster states of a site: the moves in waves, what they cost to find, and the bound that no plan can beat. */
import { precopy } from '../../src/estimators/index.js';
import { sayReason } from '../../src/model/index.js';
import { loadState, moveDuration, plannerRules, solve, wavesOf } from '../../src/policies/index.js';
import { readFlags } from './flags.js';
import { type PlanOptions, planOptions, planUsage, settingsFor } from './plan-options.js';
import { clusterOf, inOrder, readClusterState } from './plan-state.js';

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Below this the processor's own count of time is too coarse, and the clock is read instead. */
const coarse = 2;

/** Time on the processor of this process, in milliseconds; by the clock where the run is too short for it to tell. */
const timed = <Value>(work: () => Value): { readonly value: Value; readonly ms: number } => {
  const used = process.cpuUsage();
  const begun = performance.now();
  const value = work();
  const passed = performance.now() - begun;
  const { user, system } = process.cpuUsage(used);
  return { value, ms: passed < coarse ? passed : (user + system) / 1000 };
};

/** Runs before the measured ones, for the compiler; fewer where each takes long. */
const warm = (work: () => unknown): void => {
  const begun = performance.now();
  for (let i = 0; i < 200 && performance.now() - begun < 400; i++) work();
};

const planFile = (path: string, chosen: PlanOptions): Readonly<Record<string, unknown>> => {
  const written = readClusterState(path);
  // hbal breaks ties by the order of what it reads, a snapshot by names.
  const state = chosen.of === 'hbal' ? written : inOrder(written);
  const rules = plannerRules(settingsFor(chosen, state));
  const reading = { resource: rules.resource, constraints: rules.constraints, durationOf: moveDuration(precopy()) };
  const load = (): ReturnType<typeof loadState> => loadState(clusterOf(state), reading);
  warm(load);
  const loads = Array.from({ length: chosen.runs }, () => timed(load));
  const { state: loaded, passedOver } = load();
  // What time a move takes is a fact of the state as well; it is worked out where it is asked for.
  if (chosen.minimise === 'time') loaded.durations();
  const decide = (): ReturnType<typeof solve> => solve(loaded, rules);
  warm(decide);
  const decisions = Array.from({ length: chosen.runs }, () => timed(decide));
  const found = decide();
  return {
    file: path,
    moves: wavesOf(loaded, found.steps, rules.perHost, rules.perLink).map(({ guest, from, to, wave }) => ({
      vm: loaded.guests[guest]?.id,
      from: loaded.hosts[from]?.id,
      to: loaded.hosts[to]?.id,
      wave,
    })),
    decide_cpu_ms: median(decisions.map(({ ms }) => ms)),
    load_ms: median(loads.map(({ ms }) => ms)),
    bound: found.bound,
    reached: found.reached,
    ...(found.noPath === undefined ? {} : { no_path: found.noPath }),
    left: found.left.map(({ host, why }) => ({ host: loaded.hosts[host]?.id, why })),
    ...(passedOver.length === 0
      ? {}
      : {
          left_out: passedOver.map(({ subject, because }) => ({
            host: 'id' in subject ? subject.id : subject.kind,
            because: because.map((reason) => sayReason(reason)),
          })),
        }),
  };
};

/**
 * Plans for each file, one JSON object a line or a table.
 *
 * @returns the exit code: 1 where a file could not be read, 2 where a flag is wrong
 */
export const evaluatePlan = (
  words: readonly string[],
  say: (line: string) => void,
  complain: (line: string) => void,
): number => {
  const read = readFlags(words, planOptions, ['json']);
  if (!read.ok || read.files.length === 0) {
    for (const each of read.ok ? ['a file is needed'] : read.wrong) complain(each);
    complain(`usage: npm run evaluate -- COMMAND\n${planUsage}`);
    return 2;
  }
  let code = 0;
  for (const file of read.files) {
    let row: ReturnType<typeof planFile>;
    try {
      row = planFile(file, read.options);
    } catch (error) {
      // One file that is none does not take the others' plans with it.
      complain(error instanceof Error ? error.message : String(error));
      code = 1;
      continue;
    }
    if (read.options.json) say(JSON.stringify(row));
    else {
      const { moves, decide_cpu_ms, load_ms, bound, reached } = row;
      const count = Array.isArray(moves) ? moves.length : 0;
      say(
        `${file}: ${count} moves, ${Number(reached).toPrecision(4)} reached, bound ${Number(bound).toPrecision(4)}; ` +
          `decided in ${Number(decide_cpu_ms).toPrecision(3)} ms, loaded in ${Number(load_ms).toPrecision(3)} ms`,
      );
    }
  }
  return code;
};
