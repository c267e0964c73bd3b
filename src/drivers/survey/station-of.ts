/** StationOf: the host of a name, among those that a driver was given. */
import type { HostId } from '../../model/index.js';
import { refusal } from '../driver-error.js';

/** The host of a name. @throws DriverError where there is none */
export const stationOf = <Station extends { readonly id: HostId }>(
  { stations }: { readonly stations: readonly Station[] },
  id: HostId,
): Station => {
  const station = stations.find((one) => one.id === id);
  if (!station) throw refusal('not found', `no host is called "${id}"`);
  return station;
};
