/** CPU shares: from two readings of processor times to what the processors did in between. */
import type { CpuShares } from '../../../model/index.js';
import type { CpuTimes } from './stat.js';
import { known } from './known.js';

/** Columns that add up to all time; guest time is left out, for it is part of user time. */
const parts = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;

/**
 * Columns that go backwards on a healthy machine: idle and iowait are estimates (proc(5)) and are taken back when a processor is
 * plugged in or out; steal does so when the machine itself was migrated.
 */
const wavering: ReadonlySet<string> = /* @__PURE__ */ new Set(['idle', 'iowait', 'steal']);

/**
 * What the processors did between two readings (Muda, Table 6.1; M9, M22): used = user + nice + system + irq + softirq + steal.
 *
 * @returns nothing where no time passed, and where a counter of work went backwards, which means that counting began anew
 */
export const cpuShares = (before: CpuTimes, after: CpuTimes): CpuShares | undefined => {
  const grown: Partial<Record<(typeof parts)[number], number>> = {};
  let total = 0;
  for (const part of parts) {
    const [was, is] = [before[part], after[part]];
    if (was === undefined || is === undefined) continue;
    if (is < was && !wavering.has(part)) return undefined;
    total += grown[part] = Math.max(0, is - was);
  }
  if (!(total > 0)) return undefined;
  const share = (...of: readonly (number | undefined)[]): number =>
    Math.min(1, of.reduce<number>((sum, ticks) => sum + (ticks ?? 0), 0) / total);
  const { user, nice, system, idle, iowait, irq, softirq, steal } = grown;
  return known({
    used: share(user, nice, system, irq, softirq, steal),
    user: share(user, nice),
    system: share(system, irq, softirq),
    iowait: iowait === undefined ? undefined : share(iowait),
    steal: steal === undefined ? undefined : share(steal),
    idle: share(idle),
  });
};

/** Ticks of all processors between two readings, for a check against the clock. */
export const ticksBetween = (before: CpuTimes, after: CpuTimes): number =>
  parts.reduce((sum, part) => sum + Math.max(0, (after[part] ?? 0) - (before[part] ?? 0)), 0);
