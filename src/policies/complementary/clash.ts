/** Clash: how much two want the same resources. It knows nothing of guests and hosts. */
import type { Shares } from '../phases/profile.js';

/**
 * Σ uᵢ·vᵢ: none where each takes what the other leaves alone, large where both want one resource much. A guest that uses the
 * disk much clashes least with the host whose guests use it little, whatever they do with the processor (W18).
 */
export const clash = (one: Shares, other: Shares): number =>
  one.reduce((sum, share, i) => sum + share * (other[i] ?? 0), 0);

/** Shares of both together. */
export const joint = (one: Shares, other: Shares): Shares => one.map((share, i) => share + (other[i] ?? 0));

/** The resource of which most is taken, by its place; of equals the first. */
export const scarcest = (shares: Shares): number =>
  shares.reduce((most, share, i) => (share > (shares[most] ?? -Infinity) ? i : most), 0);
