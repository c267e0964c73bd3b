/** Estimator: from the facts of a move to what it is expected to take. */
import type { RemainingLife } from './survival.js';
import type { Bytes, BytesPerSecond, Estimate, Fraction, Milliseconds } from '../model/index.js';

/** A stretch of a job: for how long from the start of the migration, and at which share of its full rate it writes. */
export interface WritePhase {
  readonly length: Milliseconds;
  readonly share: Fraction;
}

/** A measurement of dirtied memory: unique bytes changed per second, seen over a window. */
export interface DirtyMeasurement {
  readonly rate: BytesPerSecond;
  /** The same guest reads lower over a longer window: a page written twice counts once. */
  readonly window: Milliseconds;
  /** How many pages were looked at, where only a sample was. Absent: all. It says how far to trust the reading. */
  readonly sampledPages?: number;
  /** Readings come in steps of this (QEMU's `calc-dirty-rate` cuts to whole MiB/s). Absent: exact. */
  readonly step?: BytesPerSecond;
}

/** How a guest writes to its memory, where the program is known. */
export interface KnownDemand {
  readonly kind: 'known';
  /** Page writes times page size; rewriting the same page counts each time. */
  readonly writeRate: BytesPerSecond;
  readonly workingSet: Bytes;
  /** `sweep`: round the working set in address order; `random`: uniformly random pages of it. */
  readonly pattern: 'sweep' | 'random';
  /** Changes of the rate from the start of the migration; the last one holds on. Absent: constant. */
  readonly phases?: readonly WritePhase[];
  /** What sets its pace: `cpu` slows down when throttled, `clock` hardly does. Default `cpu`. */
  readonly boundBy?: 'cpu' | 'clock';
}

/** How a guest writes to its memory, as a hypervisor measured it. */
export interface SampledDemand extends DirtyMeasurement {
  readonly kind: 'sampled';
  /** Further readings of the same guest over other windows. */
  readonly further?: readonly DirtyMeasurement[];
}

/** How a guest writes to its memory, in the grade in which it is known. */
export type MemoryDemand =
  | KnownDemand
  | SampledDemand
  /** Nobody measured it. This is not the same as writing nothing. */
  | { readonly kind: 'unknown' };

/** The facts of a move that an estimate depends on. */
export interface MoveFacts {
  /** Memory allocated to the guest. */
  readonly memory: Bytes;
  /** Part of it that is not zero, where it is known; zero pages are nearly free to send. Absent: all of it. */
  readonly nonZero?: Bytes;
  /** Part that the guest's programs use, as its balloon or agent tells; no working set is larger. Absent: not known. */
  readonly used?: Bytes;
  readonly demand: MemoryDemand;
  /** How long the load that writes goes on. Absent: for good. A move that cannot settle ends when the job does. */
  readonly life?: RemainingLife;
  /** What the migration may use of the link, cap and concurrent moves considered. */
  readonly bandwidth: BytesPerSecond;
  /** Rate of the link itself, where `bandwidth` is a cap below it. Absent: `bandwidth` is all that the link has. */
  readonly line?: BytesPerSecond;
}

/** Says what a move is expected to take. Pure. */
export type Estimator = (facts: MoveFacts) => Estimate;
