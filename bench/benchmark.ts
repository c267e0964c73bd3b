/** Benchmark: a named measurement that reports its figures one by one. */

/** One figure. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The bound that the figure must keep, if there is one. */
  readonly target?: number;
  /** Which side of the target is the good one; `less` if not given. */
  readonly better?: 'more' | 'less';
}

/** A named measurement. */
export interface Benchmark {
  readonly name: string;
  /** Measures, and reports each figure as soon as it is known. */
  readonly run: (report: (figure: Figure) => void) => Promise<void>;
}
