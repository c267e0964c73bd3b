/** Mix: which changes a walk tries, and how often each. */

/** Kinds of changes that a walk tries. */
export const kind = {
  /** A guest that fits two hosts goes from one to the other; or it does so and another one comes back. */
  fit: 0,
  fitAndBack: 1,
  /** A guest goes to another host; or one of those that have moved does. */
  shift: 2,
  redirect: 3,
  /** Another guest makes the journey of one that has moved. */
  substitute: 4,
  /** Two change places, one of which has moved; or any two. */
  swapMoved: 5,
  swap: 6,
} as const;

/** How often a walk tries each kind of change, in their order, of twenty to thirty tries. */
const shares = {
  fits: [2, 2, 3, 3, 5, 3, 2],
  any: [0, 0, 7, 3, 5, 3, 2],
  swaps: [0, 0, 4, 3, 8, 8, 8],
} as const;

/**
 * What a walk tries: guests that fit by their load too, which pays where load is all that counts; more swaps, for where memory is short
 * hardly a guest goes anywhere unless another one comes back; or any change.
 */
export type Mix = keyof typeof shares;

/** Kinds in a row, each as often as it is to be tried. */
export const rows = Object.fromEntries(
  Object.entries(shares).map(([mix, each]) => [
    mix,
    Uint8Array.from(each.flatMap((share, k) => Array<number>(share).fill(k))),
  ]),
) as Record<Mix, Uint8Array>;
