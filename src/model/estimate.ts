/** Estimate: what a move is expected to take, before it is begun. */
import type { Bytes, Milliseconds } from './units.js';

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
}

/**
 * What a move is expected to take. `uncertain`: it stands so near the edge that it may or may not settle; the figures hold
 * if it does. `never`: pre-copy does not settle. `unknown`: what it depends on was not measured; this is not zero.
 */
export type Estimate =
  | ({ readonly convergence: 'converges' | 'uncertain' } & EstimateFigures)
  | { readonly convergence: 'never' }
  | { readonly convergence: 'unknown'; readonly missing: readonly string[] };
