/** Marks: shares of a resource at which something is done; fixed, or worked out for each host. */
import { type Bytes, type Fraction, guestMemory, type Host } from '../../model/index.js';

/** A share of a resource: the same for all hosts, or by host and by how much of all that hosts offer is taken. */
export type Mark = Fraction | ((host: Host, mean: Fraction) => Fraction);

/** The share that a mark stands for. */
export const markOf = (mark: Mark, host: Host, mean: Fraction): Fraction =>
  typeof mark === 'number' ? mark : mark(host, mean);

/** The lowest of several marks: what is above it is above one of them at least. */
export const lowestOf =
  (...marks: readonly Mark[]): Mark =>
  (host, mean) =>
    Math.min(...marks.map((mark) => markOf(mark, host, mean)));

/**
 * So many times the mean: it acts before a host is hot, where one is far above the others (the preventive mode of Xen
 * Orchestra: 1.5 times, at least 25 %).
 */
export const timesMean =
  (times: number, { least = 0 }: { readonly least?: Fraction } = {}): Mark =>
  (_, mean) =>
    Math.max(least, times * mean);

/** The share of memory given to guests at which just so much is free. */
export const memoryFree =
  (free: Bytes): Mark =>
  (host) =>
    Math.max(0, 1 - free / guestMemory(host));
