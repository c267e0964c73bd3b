/** Inventory: which hosts and guests there are, and which guest stands where. */
import * as z from 'zod';
import { type Guest, guestSchema } from './guest.js';
import { type Host, hostSchema } from './host.js';

/** All hosts and guests that a driver knows. Each guest stands on one of the hosts. */
export interface Inventory {
  readonly hosts: readonly Host[];
  readonly guests: readonly Guest[];
}

/** Place of the first name that was there before, or -1. */
const repeated = (names: readonly string[]): number => {
  const seen = new Set<string>();
  return names.findIndex((name) => seen.size === seen.add(name).size);
};

/** Schema of {@link Inventory} at the edge: names are unique and every guest stands on a host that is listed. */
export const inventorySchema: z.ZodType<Inventory> = /* @__PURE__ */ z
  .strictObject({ hosts: z.array(hostSchema), guests: z.array(guestSchema) })
  .superRefine(({ hosts, guests }, context) => {
    const lists = { hosts, guests };
    for (const key of ['hosts', 'guests'] as const) {
      const at = repeated(lists[key].map(({ id }) => id));
      if (at >= 0)
        context.addIssue({ code: 'custom', path: [key, at, 'id'], message: `"${lists[key][at]?.id}" is listed twice` });
    }
    const known = new Set(hosts.map(({ id }) => id));
    guests.forEach((guest, i) => {
      if (!known.has(guest.host))
        context.addIssue({ code: 'custom', path: ['guests', i, 'host'], message: `no host is called "${guest.host}"` });
    });
  });
