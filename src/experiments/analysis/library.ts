/** Library: the few functions of jStat that are used, with their types, which the package does not bring. */
// @ts-expect-error The package has no types; those below are of what is used of it.
import untyped from 'jstat';

/** What is used of jStat. */
interface Functions {
  readonly mean: (values: readonly number[]) => number;
  /** Of a sample, where `sample` is true: divided by one less than the count. */
  readonly stdev: (values: readonly number[], sample: boolean) => number;
  readonly studentt: { readonly inv: (probability: number, freedom: number) => number };
  readonly centralF: { readonly cdf: (value: number, between: number, within: number) => number };
  readonly anovafscore: (groups: readonly (readonly number[])[]) => number;
}

/** jStat, as far as it is used. */
export const statistics = (): Functions => untyped as Functions;
