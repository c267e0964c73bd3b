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
  /** Where it stands in a table of the docs, and how it is written there. */
  readonly cell?: { readonly row: string; readonly column: string; readonly text: string };
}

/** What a run is told beside its name. */
export interface BenchmarkOptions {
  /** Seconds that a mixed integer programme may take for each case, where it is asked for. */
  readonly milp?: number;
}

/** A named measurement. */
export interface Benchmark {
  readonly name: string;
  /** Measures, and reports each figure as soon as it is known. */
  readonly run: (report: (figure: Figure) => void, options?: BenchmarkOptions) => Promise<void>;
}
