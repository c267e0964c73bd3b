/** Memory speed: how fast this machine copies memory, measured in this process (Muda, §6.2.2; M7). */
import { type Bytes, mebibytes, type Milliseconds, ok } from '../../model/index.js';
import { type Benchmark, cannot } from './benchmark.js';

/** How memory is measured. */
export interface MemorySpeedOptions {
  /** Size of one copy; larger than the caches, or it is they that are measured. Default 64 MiB, and as much again for the copy. */
  readonly block?: Bytes;
  /** Time that the copying may take, to within one copy; default 250 ms. The process does nothing else meanwhile. */
  readonly time?: Milliseconds;
  /** A clock that only goes forward; default the process' own. */
  readonly clock?: () => Milliseconds;
}

/** A bound for a clock that stands still. */
const mostCopies = 10_000;

/**
 * Copies a block again and again for a bounded time. The best copy counts: others were disturbed.
 *
 * A copy by one thread, as the thesis' `memcpy`: a machine with several memory channels can do more with more threads.
 */
export const memorySpeed = ({
  block = mebibytes(64),
  time = 250,
  clock = () => performance.now(),
}: MemorySpeedOptions = {}): Benchmark => {
  if (!(block >= 1 && Number.isSafeInteger(block))) return cannot('failed', `memory copy: no block of ${block} bytes`);
  // Filled, so that both have their pages before the clock runs.
  const from = Buffer.alloc(block, 1);
  const to = Buffer.alloc(block, 2);
  const started = clock();
  let shortest = Number.POSITIVE_INFINITY;
  let before = started;
  let copies = 0;
  do {
    from.copy(to);
    const now = clock();
    if (now > before) shortest = Math.min(shortest, now - before);
    before = now;
    copies += 1;
  } while (before - started < time && copies < mostCopies);
  return Number.isFinite(shortest)
    ? ok({ rate: (block / shortest) * 1000, method: 'memory copy', caveats: ['one thread'] })
    : cannot('failed', 'memory copy: the clock did not move');
};
