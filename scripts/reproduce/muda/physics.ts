/** Physics: the one set of parameters that all tables are simulated with, and which of them were fitted. */
import { mbps, mebibytesPerSecond } from '../../../src/model/index.js';
import { type MigrationModel, oldQemuRule } from '../../../src/simulation/index.js';

/** A megabyte as the thesis counts it. */
export const megabyte = 1e6;

/** Share of its processor's speed that a guest loses while its memory is copied. */
const slowdown = 0.15;
/** Memory dirtied by a compute-bound job while it is migrated, Mbps. */
const dirtied = 59.8;

/** Parameters of the guest and its jobs. */
export const guestPhysics = {
  /** Memory allocated, all of it touched before. */
  memory: 1024 * megabyte,
  used: 300 * megabyte,
  /** Of a compute-bound job at full speed. */
  dirtyRate: mbps(dirtied / (1 - slowdown)),
  dirtyWorkingSet: 900 * megabyte,
  /** Memory that a copy goes through as page cache. */
  pageCache: 450 * megabyte,
  /** Share of the time in which a second task of the guest waits, uninterruptibly, beside the job. */
  besides: 0.58,
  besidesPeriod: 3.7,
  /** Rate at which that task's device serves it; only the time counts. */
  besidesRate: mebibytesPerSecond(1),
  /** The build begins with small files, whose compiling spends this share of its time in the kernel, for so long. */
  smallFiles: { system: 0.35, seconds: 90 },
  system: 0.025,
} as const;

/** How hypervisors migrate (M35, M36, M37; M16 for the bandwidths). */
export const migrationPhysics: Partial<MigrationModel> = {
  stopRule: oldQemuRule(),
  ceiling: mbps(300),
  ceilingWhenStopped: true,
  slowdown,
};

/** Parameters that were fitted, on which rows, and how; everything else is printed in the thesis or a default of the simulation. */
export const fitted: readonly string[] = [
  `slow-down of a guest's processors while it is migrated: ${slowdown}, the best of 0.12, 0.15, 0.20 on Table 5.3; one value for all tables`,
  `memory dirtied by a compute-bound job while it is migrated: ${dirtied} Mbps, on the migration times of Table 5.3 and the median of 7.6`,
  `memory that a copy goes through as page cache: ${guestPhysics.pageCache / megabyte} MB, from the tails of Tables 7.7 and 7.8 at 300 Mbps`,
  `tasks of a busy guest: 1 + ${guestPhysics.besides} on average, from the start at 60 s in Table 7.6 (load average above 1)`,
  `the build's first ${guestPhysics.smallFiles.seconds} s with ${guestPhysics.smallFiles.system * 100} % system time, from the start at 114 s in Table 7.9`,
];

/** What the experiments rest on besides, and where they are simpler than the laboratory. */
export const assumed: readonly string[] = [
  'the speed of each host on a job is that of its own baseline without migration (Tables 5.3, 7.2, 7.5), in units of the clock of the first host',
  'the disk rate on each way to the image is that of the copy baselines; an encoder and a build are computing alone',
  'no migration takes more than 300 Mbps (§5.3.2); a round of pre-copy ends at 30 ms; no limit of rounds',
];
