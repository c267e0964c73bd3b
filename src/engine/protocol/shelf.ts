/** Shelf: an immutable map of names to values, kept in buckets, so that a change copies a small part and not the whole. */

/** An immutable map of names to values. The order of its entries says nothing. */
export type Shelf<Value> = readonly (ReadonlyMap<string, Value> | undefined)[];

/** A power of two; at five thousand names a bucket holds about eighty. */
const buckets = 64;

const bucketOf = (key: string): number => {
  let hash = 0;
  for (let i = 0; i < key.length; i += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(i)) | 0;
  return (hash ^ (hash >>> 15)) & (buckets - 1);
};

/** A shelf with nothing on it. */
export const emptyShelf: Shelf<never> = [];

/** The value of a name, or `undefined`. */
export const onShelf = <Value>(shelf: Shelf<Value>, key: string): Value | undefined => shelf[bucketOf(key)]?.get(key);

/** The shelf with a value put under a name. */
export const put = <Value>(shelf: Shelf<Value>, key: string, value: Value): Shelf<Value> => {
  const at = bucketOf(key);
  const copy = shelf.length === buckets ? [...shelf] : Array.from({ length: buckets }, (_, i) => shelf[i]);
  copy[at] = new Map(copy[at]).set(key, value);
  return copy;
};

/** The shelf without a name. */
export const remove = <Value>(shelf: Shelf<Value>, key: string): Shelf<Value> => {
  const at = bucketOf(key);
  if (!shelf[at]?.has(key)) return shelf;
  const copy = [...shelf];
  const bucket = new Map(copy[at]);
  bucket.delete(key);
  copy[at] = bucket;
  return copy;
};

/** All names with their values. */
export const shelved = <Value>(shelf: Shelf<Value>): readonly (readonly [string, Value])[] =>
  shelf.flatMap((bucket) => (bucket ? [...bucket] : []));
