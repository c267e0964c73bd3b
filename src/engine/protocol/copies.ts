/** Copy: what one host holds of a guest, as its hypervisor says. These accounts, not memories, are what the protocol decides by. */
import * as z from 'zod';
import type { GuestId, MigrationOrder } from '../../model/index.js';
import { name } from './wire.js';

/**
 * What a host holds of a guest.
 *
 * - `running`: the guest runs here.
 * - `outgoing`: it runs here and its memory is being sent.
 * - `kept`: it was handed over; a standing copy is kept until the destination is known to run.
 * - `receiver`: an inert copy that waits for memory; it starts by itself when it has received everything.
 * - `void`: a receiver that has ended, or was removed, without ever having run. It is only remembered, until told to forget.
 */
export type CopyState = 'running' | 'outgoing' | 'kept' | 'receiver' | 'void';

/**
 * One copy of a guest on a host. The hypervisor remembers beside the copy which migration made it what it is (in libvirt's
 * domain metadata, a file, a name), so that a client that was started anew still says the truth. A guest that runs where
 * it was started carries no migration; one that arrived carries it until the server says to forget it.
 */
export interface Copy {
  readonly guest: GuestId;
  readonly state: CopyState;
  readonly migration?: MigrationOrder;
}

/** Schema of a move as it is named in messages. */
export const migrationOrderSchema: z.ZodType<MigrationOrder> = /* @__PURE__ */ z.strictObject({
  id: name,
  guest: name,
  from: name,
  to: name,
});

/** Schema of {@link Copy}: all but `running` name their migration, and the migration is of that guest. */
export const copySchema: z.ZodType<Copy> = /* @__PURE__ */ z
  .strictObject({
    guest: name,
    state: z.enum(['running', 'outgoing', 'kept', 'receiver', 'void']),
    migration: z.exactOptional(migrationOrderSchema),
  })
  .superRefine((copy, context) => {
    if (copy.state !== 'running' && copy.migration === undefined)
      context.addIssue({
        code: 'custom',
        path: ['migration'],
        message: `a copy that is ${copy.state} names its migration`,
      });
    if (copy.migration && copy.migration.guest !== copy.guest)
      context.addIssue({ code: 'custom', path: ['migration', 'guest'], message: `is not "${copy.guest}"` });
  });

/** The copy that a migration made, if the host holds one. */
export const copyOf = (copies: readonly Copy[], migration: MigrationOrder): Copy | undefined =>
  copies.find((copy) => copy.migration?.id === migration.id);

/** Whether a host runs the guest for good: it is not sending it away. */
export const runs = (copies: readonly Copy[], guest: GuestId): boolean =>
  copies.some((copy) => copy.guest === guest && copy.state === 'running');
