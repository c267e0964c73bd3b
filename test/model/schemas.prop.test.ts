import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { guestSchema, hostSchema, inventorySchema, sampleSchema } from '../../src/model/index.js';
import { equipment, histories, samplesOf } from '../../src/testing/index.js';

const inventories = equipment({ hosts: 4, guestsPerHost: 4, oddness: 0.3 }).map((furnished) => ({
  hosts: furnished.map(({ host }) => host),
  guests: furnished.flatMap(({ guests }) => guests),
}));

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('hosts, guests and inventories that the schemas take survive JSON', () => {
  fc.assert(
    fc.property(inventories, (inventory) => {
      expect(inventorySchema.parse(throughJson(inventorySchema.parse(inventory)))).toEqual(inventory);
      for (const host of inventory.hosts) expect(hostSchema.parse(throughJson(host))).toEqual(host);
      for (const guest of inventory.guests) expect(guestSchema.parse(throughJson(guest))).toEqual(guest);
    }),
  );
});

test('so do samples', () => {
  const samples = histories({ memory: 2 ** 34, bustle: 'some', gaps: 0.2 }).map((history) =>
    samplesOf({ kind: 'guest', id: 'x' }, history, 100_000),
  );
  fc.assert(
    fc.property(samples, (list) => {
      for (const sample of list) expect(sampleSchema.parse(throughJson(sample))).toEqual(sample);
    }),
  );
});

test('whatever comes in, a schema answers and does not throw', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      for (const schema of [hostSchema, guestSchema, sampleSchema, inventorySchema])
        expect(typeof schema.safeParse(value).success).toBe('boolean');
    }),
  );
});
