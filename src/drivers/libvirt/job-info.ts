/** JobInfo: what `virsh domjobinfo --rawstats` prints during a move, turned into its progress. */
import {
  type BadInput,
  failed,
  type Milliseconds,
  ok,
  printable,
  type Progress,
  type Result,
} from '../../model/index.js';

/** A job of a guest in libvirt's own numbers; a counter that it does not tell is absent. */
export interface JobInfo {
  /** `virDomainJobType`: 0 none, 1 bounded, 2 unbounded, 3 completed, 4 failed, 5 cancelled. */
  readonly type: number;
  readonly counters: ReadonlyMap<string, number>;
}

/** `VIR_DOMAIN_JOB_OPERATION_MIGRATION_OUT`. */
const migrationOut = 5;

const line = /^\t?([a-z_]+): (\d{1,20})$/;

/** The job in the output of `virsh domjobinfo --rawstats`, or in the lines below a `job-completed` event. */
export const parseJobInfo = (text: string): Result<JobInfo, BadInput> => {
  const refuse = (place: string, message: string, value: string): Result<never, BadInput> =>
    failed({
      kind: 'bad-input',
      source: 'virsh domjobinfo',
      place,
      problem: 'malformed',
      message,
      value: printable(value),
    });
  const rows = text.split('\n');
  const type = /^Job type: +(\d)\s*$/.exec(rows[0] ?? '')?.[1];
  if (type === undefined || !text.endsWith('\n'))
    return refuse('line 1', 'must begin with the number of the job type', text);
  const counters = new Map<string, number>();
  for (const [i, row] of rows.slice(1).entries()) {
    if (row.trim() === '') continue;
    const [, key, value] = line.exec(row) ?? [];
    if (key === undefined || value === undefined) {
      // Values of other kinds, such as an error message, are not counters and no fault.
      if (/^\t?[a-z_]+: ?/.test(row)) continue;
      return refuse(`line ${i + 2}`, 'must be a name and a counter', row);
    }
    counters.set(key, Number(value));
  }
  return ok({ type: Number(type), counters });
};

/** Whether the job is a guest that leaves. */
export const isLeaving = ({ type, counters }: JobInfo): boolean =>
  (type === 1 || type === 2) && (counters.get('operation') ?? migrationOut) === migrationOut;

/** What the driver knows of a move besides. */
export interface JobContext {
  readonly at: Milliseconds;
  readonly postCopy: boolean;
  readonly stopped: boolean;
  /** Set by the driver; libvirt's own `downtime` is what it expects, not what is allowed. */
  readonly downtimeLimit?: Milliseconds;
}

/** A counter that is told, and is not the zero that stands for "not known yet". */
const above = (value: number | undefined): number | undefined =>
  value === undefined || value === 0 ? undefined : value;

/**
 * How far a move is. Before QEMU has begun all counters are zero, and nothing remains known of it; the dirty rate is zero until the
 * bitmap was synchronised for the first time, in post-copy and at the end: never a measurement.
 */
export const progressOfJob = (
  { counters }: JobInfo,
  { at, postCopy, stopped, downtimeLimit }: JobContext,
): Progress => {
  const begun = (counters.get('memory_total') ?? 0) > 0;
  const requested = (counters.get('memory_postcopy_requests') ?? 0) > 0;
  const round = above(counters.get('memory_iteration'));
  const remaining = counters.get('memory_remaining');
  const dirtied = above(counters.get('memory_dirty_rate'));
  const page = above(counters.get('memory_page_size'));
  const bandwidth = above(counters.get('memory_bps'));
  const throttle = above(counters.get('auto_converge_throttle'));
  return {
    at,
    phase: postCopy || requested ? 'post-copy' : !begun ? 'preparing' : stopped ? 'stopped' : 'copying',
    sent: counters.get('memory_processed') ?? 0,
    ...(round === undefined ? {} : { round }),
    ...(remaining === undefined || !begun ? {} : { remaining }),
    ...(dirtied === undefined || page === undefined ? {} : { dirtyRate: dirtied * page }),
    ...(bandwidth === undefined ? {} : { bandwidth }),
    ...(downtimeLimit === undefined ? {} : { downtimeLimit }),
    ...(throttle === undefined ? {} : { throttle: Math.min(1, throttle / 100) }),
  };
};
