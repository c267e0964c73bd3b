/** Launch parameters: what a destination must know to make an equivalent receiver, and how it reaches the disks there. */
import * as z from 'zod';
import {
  type Bytes,
  type Guest,
  type Host,
  type StorageId,
  type StoragePath,
  failed,
  ok,
  type Result,
} from '../../model/index.js';
import { name } from './wire.js';

/** How a host reaches a storage. */
export type StorageAccess = StoragePath['access'];

/** One disk of a guest. */
export interface DiskParameters {
  readonly storage: StorageId;
  /** Name of the image within the storage. */
  readonly image: string;
  /** How the host that the parameters are for reaches it. */
  readonly access: StorageAccess;
}

/** What a destination must know to make an equivalent receiver (Muda, §6.2.1: the QEMU arguments; M33). */
export interface LaunchParameters {
  readonly memory: Bytes;
  readonly vcpus: number;
  readonly disks: readonly DiskParameters[];
  /** Networks that it is connected to, by name. */
  readonly networks: readonly string[];
  /** Peripherals, by name. */
  readonly peripherals: readonly string[];
  /** Anything else that the hypervisor wants, as it wants it. */
  readonly arguments: readonly string[];
}

/** Schema of {@link LaunchParameters}. */
export const launchParametersSchema: z.ZodType<LaunchParameters> = /* @__PURE__ */ z.strictObject({
  memory: z.number().positive(),
  vcpus: z.int().positive(),
  disks: z.array(
    z.strictObject({ storage: name, image: name, access: z.enum(['local', 'nfs', 'iscsi', 'clustered']) }),
  ),
  networks: z.array(name),
  peripherals: z.array(name),
  arguments: z.array(z.string()),
});

/** How a host reaches a storage, or `undefined` where it does not. */
export const accessAt = (host: Host, storage: StorageId): StorageAccess | undefined =>
  host.storage.find(({ id }) => id === storage)?.access;

/**
 * The parameters as the destination needs them: each disk is reached by the destination's own way, so that an image that
 * is local at home is exported when the guest leaves, and local again when it returns (Muda, §8.3; M47). A storage that
 * the destination does not reach is the error (§4.2.1; M30).
 */
export const switchStorage = (parameters: LaunchParameters, destination: Host): Result<LaunchParameters, StorageId> => {
  const disks = parameters.disks.map((disk) => ({ ...disk, access: accessAt(destination, disk.storage) }));
  const missing = disks.find(({ access }) => access === undefined);
  if (missing) return failed(missing.storage);
  return ok({ ...parameters, disks: disks.flatMap(({ access, ...disk }) => (access ? [{ ...disk, access }] : [])) });
};

/**
 * Whether a guest's disk is cut off when a host departs (Muda, §7.1.2; M40): the image lies on a storage that is local to
 * that host; where no image is named, at the guest's home.
 */
export const diskStandsOn = (guest: Guest, host: Host): boolean =>
  guest.image === undefined ? guest.home === host.id : accessAt(host, guest.image.storage) === 'local';
