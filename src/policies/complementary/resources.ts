/** Resources beside the processor: what guests take of a host's disks and networks, as shares of what it offers (W18). */
import { diskTraffic, networkTraffic } from '../../metrics/index.js';
import type { BytesPerSecond, Host } from '../../model/index.js';
import type { Resource } from '../phases/load.js';

/** How much a host offers: the same on all hosts, or by host. */
export type Offered = BytesPerSecond | ((host: Host) => BytesPerSecond);

const offeredBy =
  (offered: Offered): ((host: Host) => BytesPerSecond) =>
  (host) =>
    typeof offered === 'number' ? offered : offered(host);

/**
 * Disk reads and writes in bytes per second, as a share of what a host's storage carries (W18).
 *
 * @example
 * const balanceDisks = cslb({ resource: diskThroughput(mebibytesPerSecond(400)), guards: { noSwap: true } });
 */
export const diskThroughput = (offered: Offered): Resource => ({
  name: 'disk',
  measure: diskTraffic,
  taken: (rate) => rate,
  capacity: offeredBy(offered),
  unit: 'fraction',
});

/** Received and sent together, in bytes per second, as a share of what a host's links for guests carry both ways (W18). */
export const networkThroughput = (
  offered: Offered = ({ networks }) =>
    2 * networks.filter(({ role }) => role === 'guest').reduce((sum, { bandwidth }) => sum + bandwidth, 0),
): Resource => ({
  name: 'network',
  measure: networkTraffic,
  taken: (rate) => rate,
  capacity: offeredBy(offered),
  unit: 'fraction',
});
