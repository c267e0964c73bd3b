/** Counters: what all files under `/proc` held at one time. A file that is not there leaves its field absent. */
import type { LoadAverages, Milliseconds } from '../../../model/index.js';
import type { ProcDiskstats } from './diskstats.js';
import type { ProcMeminfo } from './meminfo.js';
import type { ProcNetDev } from './net-dev.js';
import type { StalledTime } from './pressure.js';
import type { ProcessCounters } from './process-stat.js';
import type { ProcSchedstat } from './schedstat.js';
import type { ProcStat } from './stat.js';
import type { ProcVmstat } from './vmstat.js';

/** What the kernel had counted at one time. */
export interface Counters {
  readonly stat?: ProcStat;
  readonly load?: LoadAverages;
  readonly meminfo?: ProcMeminfo;
  readonly vmstat?: ProcVmstat;
  readonly disks?: ProcDiskstats;
  readonly network?: ProcNetDev;
  readonly pressure?: { readonly cpu?: StalledTime; readonly memory?: StalledTime; readonly io?: StalledTime };
  readonly schedstat?: ProcSchedstat;
  readonly processes?: readonly ProcessCounters[];
  /** Since start; where it is known, time between two readings is taken from it, for nobody sets this clock. */
  readonly uptime?: Milliseconds;
}
