/** Guest: a virtual machine, what was given to it and where it may stand. */
import * as z from 'zod';
import type { GuestId, HostId, StorageId } from './identifiers.js';
import { amount, capacity, count, labels, name, optional } from './schema.js';
import type { Bytes } from './units.js';

/** Where the disk image of a guest lies. It does not move with the guest (Muda, §4.2.1). */
export interface Image {
  readonly storage: StorageId;
  readonly size?: Bytes;
}

/** A virtual machine on a host. */
export interface Guest {
  readonly id: GuestId;
  /** The host that it stands on now. */
  readonly host: HostId;
  readonly vcpus: number;
  /** Memory allocated to it; held on both hosts while it moves. */
  readonly memory: Bytes;
  /** CPU model that it was started with; where given, a destination must offer the same (`host-passthrough`). */
  readonly cpuModel?: string;
  /** Special hardware that it needs (Muda, §8.3). */
  readonly devices: readonly string[];
  readonly image?: Image;
  /** The host that it belongs to and returns to when idle (Muda, §5.4.1). */
  readonly home?: HostId;
  readonly labels: Readonly<Record<string, string>>;
  /** Groups whose members stay on one host. */
  readonly together: readonly string[];
  /** Groups whose members stay on different hosts. */
  readonly apart: readonly string[];
  /** The only hosts it may stand on; empty for any. */
  readonly pins: readonly HostId[];
  /** False where the hypervisor or the owner forbids to move it. */
  readonly migratable: boolean;
}

/** Schema of {@link Guest} at the edge. */
export const guestSchema: z.ZodType<Guest> = /* @__PURE__ */ z.strictObject({
  id: name,
  host: name,
  vcpus: count,
  memory: capacity,
  cpuModel: optional(name),
  devices: z.array(name).default([]),
  image: optional(z.strictObject({ storage: name, size: optional(amount) })),
  home: optional(name),
  labels: labels.default({}),
  together: z.array(name).default([]),
  apart: z.array(name).default([]),
  pins: z.array(name).default([]),
  migratable: z.boolean().default(true),
});
