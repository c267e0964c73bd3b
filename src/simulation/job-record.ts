/** JobRecord: what became of a job. */
import type { GuestId, Milliseconds } from '../model/index.js';
import type { RunningJob } from './machines.js';

/** A job that was begun, and what became of it. */
export interface JobRecord {
  readonly id: string;
  readonly name: string;
  readonly guest: GuestId;
  readonly startedAt: Milliseconds;
  /** When it was over, however it ended. */
  readonly finishedAt?: Milliseconds;
  /** `stopped` by order; `lost` with its guest. */
  readonly outcome: 'running' | 'done' | 'stopped' | 'lost';
  /** Times that its processes went through all stages, all processes added up. */
  readonly loopsDone: number;
}

/** A job of the world as a record, on the clock of the outer world. */
export const jobRecord = (start: Milliseconds, job: RunningJob): JobRecord => ({
  id: job.id,
  name: job.job.name,
  guest: job.guest,
  startedAt: start + job.startedAt,
  ...(job.finishedAt !== undefined && { finishedAt: start + job.finishedAt }),
  outcome: job.outcome,
  loopsDone: job.loopsDone,
});
