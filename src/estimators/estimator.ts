/** Estimator: from the facts of a move to what it is expected to take. */
import type { Bytes, BytesPerSecond, Estimate, Milliseconds } from '../model/index.js';

/** How a guest writes to its memory, in the grade in which it is known. */
export type MemoryDemand =
  /** The program is known: how fast it writes, to how much memory, and in which order. */
  | {
      readonly kind: 'known';
      readonly writeRate: BytesPerSecond;
      readonly workingSet: Bytes;
      readonly pattern: 'sweep' | 'random';
    }
  /** A hypervisor measured unique dirtied memory over a window. */
  | { readonly kind: 'sampled'; readonly rate: BytesPerSecond; readonly window: Milliseconds }
  /** Nobody measured it. This is not the same as writing nothing. */
  | { readonly kind: 'unknown' };

/** The facts of a move that an estimate depends on. */
export interface MoveFacts {
  /** Memory allocated to the guest. */
  readonly memory: Bytes;
  /** Part of it that is not zero, where it is known; zero pages are nearly free to send. */
  readonly nonZero?: Bytes;
  readonly demand: MemoryDemand;
  /** What the migration may use of the link, cap and concurrent moves considered. */
  readonly bandwidth: BytesPerSecond;
}

/** Says what a move is expected to take. Pure. */
export type Estimator = (facts: MoveFacts) => Estimate;
