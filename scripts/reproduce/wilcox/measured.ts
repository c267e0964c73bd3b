/** Measured: the figures of Wilcox (2008) that tests are set up from and judged by: completed runs, and shares of processor time in percent. */

/** The benchmarks of SPEC CPU2000 that were run (§4.4). */
export type BenchmarkName = 'gap' | 'gcc' | 'mesa' | 'vpr';

/** What was measured in one condition: averages over tests. Shares add up to more than 100 with hyper-threading. */
export interface Measured {
  readonly runs: number;
  /** Absent where the column of the thesis is that of another benchmark (Table 5.8). */
  readonly guests?: number;
  readonly domain0: number;
  readonly idle: number;
  readonly engine: number;
}

/** Tables 5.1 to 5.4 and 6.1: nine guests that all run the benchmark. */
export const staticTables: Readonly<
  Record<
    BenchmarkName,
    { readonly table: string; readonly on: Measured; readonly off: Measured; readonly odds: number }
  >
> = {
  gap: {
    table: '5.1',
    on: { runs: 243.406, guests: 94.514, domain0: 7.107, idle: 1.226, engine: 0.085 },
    off: { runs: 247.603, guests: 96.274, domain0: 6.352, idle: 0.768, engine: 0.0 },
    odds: 0.0001,
  },
  gcc: {
    table: '5.2',
    on: { runs: 437.25, guests: 94.37, domain0: 6.543, idle: 0.56, engine: 0.069 },
    off: { runs: 438.6, guests: 94.577, domain0: 6.25, idle: 0.564, engine: 0.0 },
    odds: 16.7,
  },
  mesa: {
    table: '5.3',
    on: { runs: 206.0, guests: 95.41, domain0: 6.802, idle: 1.137, engine: 0.058 },
    off: { runs: 209.0, guests: 96.937, domain0: 6.324, idle: 0.523, engine: 0.0 },
    odds: 7.1,
  },
  vpr: {
    table: '5.4',
    on: { runs: 217.25, guests: 95.343, domain0: 6.652, idle: 1.287, engine: 0.064 },
    off: { runs: 218.625, guests: 96.097, domain0: 6.321, idle: 1.56, engine: 0.0 },
    odds: 2.0,
  },
};

/** Runs of a guest before another is drawn (§4.5). */
export const lengths = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] as const;

/** Tables 5.5 to 5.8: eight of nine guests run the benchmark; with the engine by length, and without it over all lengths. */
export const dynamicTables: Readonly<
  Record<BenchmarkName, { readonly table: string; readonly on: ReadonlyMap<number, Measured>; readonly off: Measured }>
> = {
  gap: {
    table: '5.5',
    on: new Map([
      [1, { runs: 222.7, guests: 82.03, domain0: 12.58, idle: 8.32, engine: 0.18 }],
      [2, { runs: 229.7, guests: 86.12, domain0: 11.07, idle: 5.76, engine: 0.07 }],
      [4, { runs: 236.9, guests: 90.38, domain0: 9.98, idle: 3.36, engine: 0.09 }],
      [8, { runs: 239.9, guests: 92.43, domain0: 7.97, idle: 2.13, engine: 0.08 }],
      [16, { runs: 241.8, guests: 93.73, domain0: 7.22, idle: 1.52, engine: 0.08 }],
      [32, { runs: 242.7, guests: 94.03, domain0: 7.24, idle: 1.42, engine: 0.09 }],
      [64, { runs: 242.4, guests: 93.95, domain0: 7.16, idle: 1.27, engine: 0.08 }],
      [128, { runs: 242.3, guests: 93.97, domain0: 7.11, idle: 1.53, engine: 0.08 }],
      [256, { runs: 242.2, guests: 93.83, domain0: 7.23, idle: 1.5, engine: 0.08 }],
      [512, { runs: 243.5, guests: 94.4, domain0: 7.04, idle: 1.29, engine: 0.09 }],
    ]),
    off: { runs: 234.96, guests: 90.49, domain0: 8.55, idle: 3.8, engine: 0.0 },
  },
  mesa: {
    table: '5.6',
    on: new Map([
      [1, { runs: 191.5, guests: 85.45, domain0: 11.95, idle: 6.94, engine: 0.05 }],
      [4, { runs: 199.0, guests: 91.05, domain0: 8.11, idle: 2.92, engine: 0.05 }],
      [8, { runs: 200.0, guests: 94.05, domain0: 7.33, idle: 1.4, engine: 0.06 }],
      [16, { runs: 200.0, guests: 92.97, domain0: 7.53, idle: 2.49, engine: 0.06 }],
      [32, { runs: 204.0, guests: 94.67, domain0: 6.47, idle: 1.48, engine: 0.06 }],
      [64, { runs: 204.0, guests: 95.23, domain0: 6.64, idle: 1.19, engine: 0.06 }],
      [128, { runs: 200.0, guests: 94.54, domain0: 6.54, idle: 1.12, engine: 0.06 }],
      [256, { runs: 202.0, guests: 95.54, domain0: 6.87, idle: 1.28, engine: 0.06 }],
      [512, { runs: 204.0, guests: 95.01, domain0: 6.81, idle: 1.31, engine: 0.06 }],
    ]),
    off: { runs: 199.9, guests: 92.65, domain0: 7.55, idle: 3.29, engine: 0.0 },
  },
  vpr: {
    table: '5.7',
    on: new Map([
      [1, { runs: 205.5, guests: 85.87, domain0: 16.81, idle: 6.5, engine: 0.07 }],
      [2, { runs: 208.5, guests: 88.54, domain0: 9.42, idle: 4.81, engine: 0.07 }],
      [4, { runs: 212.4, guests: 90.41, domain0: 8.96, idle: 3.75, engine: 0.1 }],
      [8, { runs: 216.3, guests: 93.36, domain0: 7.4, idle: 1.92, engine: 0.08 }],
      [16, { runs: 216.8, guests: 94.31, domain0: 6.77, idle: 1.0, engine: 0.08 }],
      [32, { runs: 216.8, guests: 94.76, domain0: 6.99, idle: 1.24, engine: 0.08 }],
      [64, { runs: 219.0, guests: 94.5, domain0: 7.01, idle: 1.83, engine: 0.08 }],
      [128, { runs: 218.5, guests: 94.48, domain0: 7.07, idle: 1.67, engine: 0.08 }],
      [256, { runs: 218.3, guests: 94.77, domain0: 6.73, idle: 1.04, engine: 0.08 }],
      [512, { runs: 217.5, guests: 93.97, domain0: 7.3, idle: 1.75, engine: 0.08 }],
    ]),
    off: { runs: 210.2, guests: 91.21, domain0: 7.92, idle: 3.9, engine: 0.0 },
  },
  gcc: {
    table: '5.8',
    on: new Map([
      [1, { runs: 401.5, domain0: 12.45, idle: 7.83, engine: 0.06 }],
      [2, { runs: 407.5, domain0: 11.25, idle: 6.64, engine: 0.06 }],
      [4, { runs: 422.5, domain0: 9.88, idle: 4.43, engine: 0.1 }],
      [8, { runs: 432.5, domain0: 8.58, idle: 2.74, engine: 0.06 }],
      [16, { runs: 444.0, domain0: 7.06, idle: 1.02, engine: 0.07 }],
      [32, { runs: 444.5, domain0: 6.83, idle: 1.03, engine: 0.07 }],
      [64, { runs: 447.0, domain0: 6.64, idle: 0.68, engine: 0.07 }],
      [128, { runs: 445.5, domain0: 6.86, idle: 0.79, engine: 0.07 }],
      [256, { runs: 447.0, domain0: 6.6, idle: 0.62, engine: 0.07 }],
      [512, { runs: 439.0, domain0: 6.94, idle: 0.99, engine: 0.07 }],
    ]),
    off: { runs: 420.2, domain0: 7.96, idle: 4.35, engine: 0.0 },
  },
};

/** §5.3: web tests that failed, percent. The difference is not significant. */
export const webFailures = { off: 45, on: 38 } as const;

/** All benchmarks, in the order of the tables. */
export const benchmarkNames: readonly BenchmarkName[] = ['gap', 'gcc', 'mesa', 'vpr'];
