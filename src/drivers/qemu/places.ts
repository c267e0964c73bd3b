/** Places: every guest's QEMU on every host, as somebody that can be spoken to. */
import type { GuestId, HostId } from '../../model/index.js';
import { type QmpAddress, qmpClient, type QmpClient } from '../qmp/index.js';
import type { QemuHost, QemuSettings } from './options.js';

/** The QEMU of a guest on one host, whether or not it runs. */
export interface Place {
  readonly guest: GuestId;
  readonly host: HostId;
  readonly site: QemuHost;
  readonly address: QmpAddress;
  readonly qmp: QmpClient;
}

/** Finds the place of a guest on a host, if both are known. */
export type Places = (guest: GuestId, host: HostId) => Place | undefined;

/** A guest's name as a part of a file's name: nothing in it leads out of the directory, or means anything to QEMU. */
const fileNameOf = (guest: GuestId): string =>
  encodeURIComponent(guest).replaceAll(/[!'()*~]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);

/** Path of one of a guest's files in a host's directory. */
export const fileOf = ({ directory }: QemuHost, guest: GuestId, kind: 'qmp' | 'pid'): string =>
  `${directory}/${fileNameOf(guest)}.${kind}`;

/** All places of a site. Each has one client, made when it is first asked for, so that its connection is shared. */
export const placesOf = ({ hosts, guests, dial, deadline, scheduler }: QemuSettings): Places => {
  const known = new Map<string, Place>();
  return (guest, host) => {
    const site = hosts.get(host);
    if (!site || !guests.has(guest)) return undefined;
    const key = JSON.stringify([guest, host]);
    const before = known.get(key);
    if (before) return before;
    const address = site.qmp?.(guest) ?? { kind: 'unix', path: fileOf(site, guest, 'qmp') };
    const place: Place = { guest, host, site, address, qmp: qmpClient({ address, dial, deadline, scheduler }) };
    known.set(key, place);
    return place;
  };
};
