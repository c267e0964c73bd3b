/** Classification: what a guest needs most, how sure that is, and the evidence for it. */
import type { BytesPerSecond, Fraction, Reason, Subject } from '../../model/index.js';
import type { Usage } from './usage.js';

/**
 * What a guest needs most (Muda, §6.3; M20, M21, M23, M24). `cpu`: processors. `io`: disks. `balanced`: both. `idle`: neither.
 * `paging`: memory, for which its disk has to serve. `network`: bandwidth. `unknown`: what would tell was not measured.
 */
export type WorkloadClass = 'cpu' | 'io' | 'balanced' | 'idle' | 'paging' | 'network' | 'unknown';

/** What a guest needs most, how sure that is, and the evidence for it. */
export interface Classification {
  readonly class: WorkloadClass;
  /**
   * 0 for a guess, 1 for certain: how far the values stand from the limits that decided, lessened for every kind of evidence that
   * was not measured. It orders classifications; it is no probability.
   */
  readonly confidence: Fraction;
  /** What was compared, and what was not known. */
  readonly reasons: readonly Reason[];
}

/** What a classifier must know of the subject besides its usage. */
export interface ClassifierContext {
  readonly subject: Subject;
  /** Processors that the subject's shares are of: the vCPUs of a guest. Default 1. */
  readonly processors?: number;
  /** Bandwidth of the network that the subject uses now; without it no network class is given (M24). */
  readonly bandwidth?: BytesPerSecond;
  /** What the storage path carries at most; default is the classifier's setting. */
  readonly storage?: BytesPerSecond;
}

/** A rule that tells what a guest needs most. Pure. */
export interface Classifier {
  /** Says what rule it is, with its settings: signals of one name are the same signal. */
  readonly name: string;
  /** Judges one use of resources. */
  readonly classify: (usage: Usage, context: ClassifierContext) => Classification;
}
