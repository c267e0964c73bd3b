/** ImageAccess: on which way each guest reaches its image now. */
import type { GuestId, HostId, StorageId, StoragePath } from '../model/index.js';
import type { World } from './machines.js';

/** How a guest reaches its image now. */
export interface ImageAccess {
  readonly storage: StorageId;
  /** The host that it stands on. */
  readonly host: HostId;
  readonly access: StoragePath['access'];
}

/** The images of all guests that have one, and the ways on which they are reached now. */
export const imageAccesses = (world: World): ReadonlyMap<GuestId, ImageAccess> => {
  const { exports } = world.settings;
  return new Map(
    [...world.guests.values()].flatMap(({ id, guest, host }): [GuestId, ImageAccess][] => {
      const path = host.host.storage.find((one) => one.id === guest.image?.storage);
      if (path === undefined) return [];
      const access = path.access === 'local' && exports?.when === 'always' ? exports.access : path.access;
      return [[id, { storage: path.id, host: host.id, access }]];
    }),
  );
};
