/** Rates: from two readings of Xen's counters to what a domain did in between. */
import type { DiskReading, Milliseconds, NetworkReading, Readings } from '../../../model/index.js';
import { known } from '../linux/known.js';
import type { DomainVcpus } from './vcpu-list.js';
import type { XentopDomain } from './xentop.js';

/** What was read of one domain at one time, by whichever of the two tools. */
export interface XenCounters {
  readonly vcpus?: DomainVcpus;
  readonly xentop?: XentopDomain;
}

type Rates = Omit<Readings, 'at'>;

/** How much faster than the clock processor time may seem to pass before it is not believed; times come in tenths of a second. */
const slack = 1.5;

const perSecond = (before: number, after: number, elapsed: Milliseconds): number | undefined =>
  after < before ? undefined : ((after - before) / elapsed) * 1000;

/** Processor time between the readings, or what xentop saw between its own last two passes. */
const cpuOf = (before: XenCounters, after: XenCounters, elapsed: Milliseconds): Rates['cpu'] => {
  const was = before.vcpus;
  const is = after.vcpus;
  // Another number of the domain is another incarnation of the guest, whose time began anew.
  if (
    was !== undefined &&
    is !== undefined &&
    was.domain === is.domain &&
    was.vcpus === is.vcpus &&
    is.ran >= was.ran
  ) {
    const share = (is.ran - was.ran) / elapsed / is.vcpus;
    if (share <= slack) return { used: Math.min(1, share) };
  }
  const { cpu, vcpus } = after.xentop ?? {};
  return cpu === undefined || !vcpus || cpu / vcpus > slack ? undefined : { used: Math.min(1, cpu / vcpus) };
};

const diskOf = (
  { xentop: was }: XenCounters,
  { xentop: is }: XenCounters,
  elapsed: Milliseconds,
): DiskReading | undefined => {
  if (!was?.disk || !is?.disk) return undefined;
  const read = perSecond(was.disk.read, is.disk.read, elapsed);
  const written = perSecond(was.disk.written, is.disk.written, elapsed);
  return read === undefined || written === undefined ? undefined : { read, written };
};

const networkOf = (
  { xentop: was }: XenCounters,
  { xentop: is }: XenCounters,
  elapsed: Milliseconds,
): NetworkReading | undefined => {
  if (!was?.network || !is?.network) return undefined;
  const received = perSecond(was.network.received, is.network.received, elapsed);
  const sent = perSecond(was.network.sent, is.network.sent, elapsed);
  return received === undefined || sent === undefined ? undefined : { received, sent };
};

/**
 * What a domain did between two readings. What one of them does not hold, and what went backwards, is absent. Xen does not
 * look into a guest: its memory, its load and its own iowait are not known.
 *
 * @param elapsed - time between the readings by the clock
 * @returns `undefined` where not a millisecond passed, or nothing is known
 */
export const xenRates = (before: XenCounters, after: XenCounters, elapsed: Milliseconds): Rates | undefined => {
  if (!(elapsed >= 1 && Number.isFinite(elapsed))) return undefined;
  const rates = known({
    cpu: cpuOf(before, after, elapsed),
    disk: diskOf(before, after, elapsed),
    network: networkOf(before, after, elapsed),
  });
  return Object.keys(rates).length === 0 ? undefined : rates;
};
