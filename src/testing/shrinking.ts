/** Shrinking: gives an arbitrary smaller values of its own choice, where those of fast-check would not come far. */
import * as fc from 'fast-check';

/** Smaller versions of a value, the boldest first. Each must be smaller than what it is made from, or shrinking never ends. */
export type Smaller<Value> = (value: Value) => Iterable<Value>;

/** fast-check asks for a class here: it generates as another arbitrary does, and shrinks by a function of the value alone. */
class Shrinking<Value> extends fc.Arbitrary<Value> {
  private readonly source: fc.Arbitrary<Value>;
  private readonly smaller: Smaller<Value>;

  constructor(source: fc.Arbitrary<Value>, smaller: Smaller<Value>) {
    super();
    this.source = source;
    this.smaller = smaller;
  }

  override generate(random: fc.Random, bias: number | undefined): fc.Value<Value> {
    return new fc.Value(this.source.generate(random, bias).value, undefined);
  }

  // The signature is fast-check's; the answer is no for every value.
  // eslint-disable-next-line @typescript-eslint/no-unused-vars
  override canShrinkWithoutContext(value: unknown): value is Value {
    return false;
  }

  override shrink(value: Value): fc.Stream<fc.Value<Value>> {
    const { smaller } = this;
    const values = function* (): IterableIterator<fc.Value<Value>> {
      for (const less of smaller(value)) yield new fc.Value(less, undefined);
    };
    return fc.stream(values());
  }
}

/** The values of an arbitrary, shrunk by a function of the value. */
export const shrinking = <Value>(source: fc.Arbitrary<Value>, smaller: Smaller<Value>): fc.Arbitrary<Value> =>
  new Shrinking(source, smaller);

/** A list without a half, then without a quarter, …, at last without one of its items. */
export const fewer = function* <Item>(list: readonly Item[], least = 0): Generator<readonly Item[]> {
  if (list.length <= least) return;
  if (least === 0 && list.length > 1) yield [];
  for (let size = Math.ceil(list.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2))
    for (let at = 0; at < list.length; at += size) {
      const rest = [...list.slice(0, at), ...list.slice(at + size)];
      if (rest.length >= Math.max(1, least) || list.length === 1) yield rest;
    }
};

/** A list with one of its items made smaller. */
export const each = function* <Item>(list: readonly Item[], smaller: Smaller<Item>): Generator<readonly Item[]> {
  for (const [i, item] of list.entries())
    for (const less of smaller(item)) yield list.map((one, j) => (i === j ? less : one));
};
