/** Fair share: divides one capacity among claims so that nobody can get more without somebody worse off getting less. */

/** What somebody can use at most, and how much it counts. */
export interface Claim {
  /** The most it can use. */
  readonly limit: number;
  /** Shares are in proportion to weights until a limit is met; above zero where the limit is. */
  readonly weight: number;
}

/**
 * Weighted max-min fair shares of a capacity: processor sharing with limits.
 * No share exceeds its limit, the sum does not exceed the capacity, and nothing is left over while somebody could use it.
 *
 * @returns one share for each claim, in their order
 */
export const fairShare = (capacity: number, claims: readonly Claim[]): number[] => {
  const wanted = claims.reduce((sum, { limit }) => sum + limit, 0);
  if (wanted <= capacity) return claims.map(({ limit }) => limit);

  const shares = claims.map(() => 0);
  // Those with the least limit for their weight are satisfied first; the others share what they leave.
  // A claim to nothing takes no part: without a weight either, it would compare as equal to every other and break the order.
  const order = claims
    .map((claim, i) => ({ claim, i }))
    .filter(({ claim }) => claim.limit > 0)
    .sort((a, b) => a.claim.limit * b.claim.weight - b.claim.limit * a.claim.weight || a.i - b.i);
  let left = Math.max(0, capacity);
  let weights = order.reduce((sum, { claim }) => sum + claim.weight, 0);
  for (const { claim, i } of order) {
    const share = weights > 0 ? Math.min(claim.limit, left, (left * claim.weight) / weights) : 0;
    shares[i] = share;
    left = Math.max(0, left - share);
    weights -= claim.weight;
  }
  return shares;
};
