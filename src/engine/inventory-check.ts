/** Inventory check: whether an inventory is one, looking again only at what differs from the one before. */
import type * as z from 'zod';
import {
  failed,
  type Guest,
  guestSchema,
  type Host,
  hostSchema,
  type Inventory,
  inventorySchema,
  ok,
  type Result,
} from '../model/index.js';
import { sealedInventory } from './sealed.js';

/** Whether two values are the same plain data. */
const same = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  // Both are records here, whatever their types.
  const [left, right] = [a as Readonly<Record<string, unknown>>, b as Readonly<Record<string, unknown>>];
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && same(left[key], right[key]));
};

/** Those of a list that are known as they are, and the rest checked; `undefined` where one of them is wrong. */
const checked = <Thing extends Host | Guest>(
  offered: unknown,
  before: ReadonlyMap<string, Thing>,
  schema: z.ZodType<Thing>,
): Map<string, Thing> | undefined => {
  if (!Array.isArray(offered)) return undefined;
  const known = new Map<string, Thing>();
  for (const thing of offered as readonly unknown[]) {
    const id = typeof thing === 'object' && thing !== null && 'id' in thing ? thing.id : undefined;
    if (typeof id !== 'string' || known.has(id)) return undefined;
    const earlier = before.get(id);
    if (earlier && same(earlier, thing)) {
      known.set(id, earlier);
      continue;
    }
    const result = schema.safeParse(thing);
    if (!result.success) return undefined;
    known.set(id, result.data);
  }
  return known;
};

/**
 * Makes a check that remembers the last inventory that passed: hosts and guests that are still as they were are not checked
 * again, which after a move are all but one. What it passes, and what it says is wrong, is the same as by the schema alone.
 * What passes is frozen.
 */
export const inventoryCheck = (): ((offered: unknown) => Result<Inventory, z.core.$ZodError>) => {
  let hosts: ReadonlyMap<string, Host> = new Map();
  let guests: ReadonlyMap<string, Guest> = new Map();
  return (offered) => {
    const lists = typeof offered === 'object' && offered !== null ? offered : {};
    const plain = Object.keys(lists).length === 2 && 'hosts' in lists && 'guests' in lists ? lists : undefined;
    const newHosts = plain && checked(plain.hosts, hosts, hostSchema);
    const newGuests = newHosts && checked(plain.guests, guests, guestSchema);
    if (newGuests && [...newGuests.values()].every(({ host }) => newHosts.has(host))) {
      [hosts, guests] = [newHosts, newGuests];
      return ok(sealedInventory({ hosts: [...newHosts.values()], guests: [...newGuests.values()] }));
    }
    const whole = inventorySchema.safeParse(offered);
    return whole.success ? ok(sealedInventory(whole.data)) : failed(whole.error);
  };
};
