import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inventoryCheck } from '../../src/engine/inventory-check.js';
import { type Inventory, inventorySchema } from '../../src/model/index.js';
import { aGuest, aHost } from './rig.js';

const first: Inventory = { hosts: [aHost('a'), aHost('b')], guests: [aGuest('web', 'a'), aGuest('db', 'b')] };

/** What the schema alone makes of an inventory. */
const bySchema = (offered: unknown): unknown => {
  const { success, data, error } = inventorySchema.safeParse(offered);
  return success ? { ok: true, value: data } : { ok: false, error: error.issues };
};
const byCheck = (check: ReturnType<typeof inventoryCheck>, offered: unknown): unknown => {
  const result = check(offered);
  return result.ok ? result : { ok: false, error: result.error.issues };
};

describe('the check of an inventory after another one', () => {
  test('takes over what is as it was, and looks at the rest', () => {
    const check = inventoryCheck();
    const before = check(first);
    const after = check({ ...first, guests: [aGuest('web', 'b'), aGuest('db', 'b')] });
    if (!before.ok || !after.ok) throw new Error('both are inventories');
    expect(after.value.hosts[0]).toBe(before.value.hosts[0]);
    expect(after.value.guests[1]).toBe(before.value.guests[1]);
    expect(after.value.guests[0]).toEqual(aGuest('web', 'b'));
  });

  test('sees what was changed in place since it was last looked at', () => {
    const check = inventoryCheck();
    const web = { ...aGuest('web', 'a') };
    const driver = { hosts: first.hosts, guests: [web] };
    check(driver);
    web.host = 'b';
    const after = check(driver);
    expect(after.ok && after.value.guests[0]?.host).toBe('b');
    web.vcpus = -1;
    expect(check(driver).ok).toBe(false);
  });

  test('what passes is frozen, and is nobody else’s', () => {
    const checked = inventoryCheck()(first);
    expect(checked.ok && Object.isFrozen(checked.value.guests[0])).toBe(true);
    expect(Object.isFrozen(first.guests[0])).toBe(false);
  });

  test('says of any inventories in a row what the schema says of each', () => {
    const name = fc.constantFrom('a', 'b', 'c', '');
    const host = fc.record({ id: name, cores: fc.integer({ min: 0, max: 2 }) }).map(({ id, cores }) => {
      const usual = aHost(id);
      return { ...usual, cpu: { ...usual.cpu, cores } };
    });
    const guest = fc
      .record({ id: name, host: name, odd: fc.boolean() })
      .map(({ id, host: on, odd }) => ({ ...aGuest(id, on), ...(odd && { colour: 'red' }) }));
    const offered = fc.oneof(
      {
        arbitrary: fc.record({ hosts: fc.array(host, { maxLength: 3 }), guests: fc.array(guest, { maxLength: 3 }) }),
        weight: 8,
      },
      {
        arbitrary: fc.constantFrom(undefined, null, 7, {}, { hosts: [] }, { hosts: [], guests: [], more: 1 }),
        weight: 1,
      },
    );
    fc.assert(
      fc.property(fc.array(offered, { minLength: 1, maxLength: 6 }), (row) => {
        const check = inventoryCheck();
        for (const one of row) expect(byCheck(check, one)).toEqual(bySchema(one));
      }),
      { numRuns: 300 },
    );
  });
});
