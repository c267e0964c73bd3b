/** What planning for the largest cluster holds in memory, in a process that does nothing else. */
import { type Found, plannerRules, type PlannerSettings, type PlannerState, solve } from '../../src/policies/index.js';
import type { Benchmark } from '../benchmark.js';
import { read, stateOf } from './planner-states.js';

const decide = (state: PlannerState, settings: PlannerSettings): Found => solve(state, plannerRules(settings));

/** The most memory that the process ever held, with the largest cluster read, evened out and relieved. */
export const planningMemory: Benchmark = {
  name: 'planner-tables, peak memory',
  run: (report) => {
    const idle = process.resourceUsage().maxRSS;
    const cluster = stateOf(1000, 'tight', 3);
    const state = read(cluster);
    decide(state, { goal: { balance: {} } });
    decide(state, { goal: { relieve: { mark: 0.8 } } });
    const { maxRSS } = process.resourceUsage();
    const peak = maxRSS / 1024;
    const cell = { row: 'peak memory of the whole process', column: 'measured', text: `${Math.round(peak)} MiB` };
    report({ name: '1000x10000, the whole process', value: peak, unit: 'MiB', target: 300, cell });
    report({ name: '1000x10000, above the idle process', value: (maxRSS - idle) / 1024, unit: 'MiB' });
    return Promise.resolve();
  },
};
