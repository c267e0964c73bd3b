/** Window: the last few readings, oldest first; the state of every signal that looks back over a number of them. */
import type { Sample } from '../../model/index.js';
import type { Signal } from '../signal.js';

/** The last readings, at most as many as the window is long, and whether the latest sample held one. */
export interface WindowState<Item> {
  readonly items: readonly Item[];
  readonly known: boolean;
}

/** A list with one more item at its end, and at most `size` of them. The list given is left as it is. */
export const pushed = <Item>(items: readonly Item[], size: number, item: Item): readonly Item[] => {
  // A loop into an array of the final length: half the time of spread or concat, and no spare capacity is kept.
  const from = items.length < size ? 0 : 1;
  const next = new Array<Item>(items.length - from + 1);
  for (let i = from; i < items.length; i++) next[i - from] = items[i] as Item; // `i` is within the list
  next[items.length - from] = item;
  return next;
};

/** What is read from samples and reckoned from a full window of it. */
interface Windowed<Item, Value> {
  readonly name: string;
  /** Readings that the window holds when it is full. */
  readonly size: number;
  readonly read: (sample: Sample) => Item | undefined;
  readonly reckon: (items: readonly Item[]) => Value | undefined;
}

/**
 * A signal over the last `size` readings. Not known before as many were seen, and not while the latest sample does not hold the
 * reading. Space is bounded by `size`.
 */
export const windowed = <Item, Value>({
  name,
  size,
  read,
  reckon,
}: Windowed<Item, Value>): Signal<Value, WindowState<Item>> => ({
  name,
  initial: { items: [], known: false },
  step: (state, sample) => {
    const item = read(sample);
    if (item === undefined) return state.known ? { items: state.items, known: false } : state;
    return { items: pushed(state.items, size, item), known: true };
  },
  value: ({ items, known }) => (known && items.length === size ? reckon(items) : undefined),
});
