/** Estimate: what a move is expected to take, before it is begun. */
import type { Bytes, Fraction, Milliseconds, Unit } from './units.js';

/** A figure that an estimate rests on: which rule used it, what it is, and how it was come by. */
export interface EstimateGround {
  readonly rule: string;
  readonly measure: string;
  readonly value: number;
  readonly unit: Unit;
  /** `assumed`: nobody said, so the estimator took a cautious value. */
  readonly origin: 'given' | 'derived' | 'assumed';
}

/** Figures of a move that ends. */
export interface EstimateFigures {
  /** From the order until the guest runs at the destination and the source is released. */
  readonly duration: Milliseconds;
  /** Bounds that the duration is expected to keep in eight cases of ten. */
  readonly interval: { readonly low: Milliseconds; readonly high: Milliseconds };
  /** How long the guest stands still. */
  readonly downtime: Milliseconds;
  readonly bytes: Bytes;
  readonly rounds: number;
  /** Share of the guest's speed that is lost while it moves; absent where the estimator does not say. */
  readonly slowdown?: Fraction;
  /** What the move takes of both hosts together; absent where the estimator does not say. */
  readonly hosts?: {
    /** Processor time, in milliseconds of one core. */
    readonly cpu: Milliseconds;
    /** Memory held a second time while it lasts. */
    readonly memory: Bytes;
  };
}

/**
 * What a move is expected to take. `uncertain`: it stands so near the edge that it may or may not settle; the figures hold
 * if it does. `never`: pre-copy does not settle. `unknown`: what it depends on was not measured; this is not zero.
 */
export type Estimate = (
  | ({ readonly convergence: 'converges' | 'uncertain' } & EstimateFigures)
  | { readonly convergence: 'never' }
  | { readonly convergence: 'unknown'; readonly missing: readonly string[] }
) & {
  /** What it rests on; absent where the estimator does not say. */
  readonly because?: readonly EstimateGround[];
};
