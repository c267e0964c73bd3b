import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import {
  ConfigurationError,
  inventoryDocument,
  quantity,
  readDocument,
  readInventory,
} from '../../src/configuration/index.js';
import { gbps, gibibytes, gigahertz, inventorySchema, mebibytes, percent, seconds } from '../../src/model/index.js';

const problems = (read: () => unknown): readonly string[] => {
  try {
    read();
  } catch (error) {
    if (ConfigurationError.is(error)) return error.message.split('\n');
    throw error;
  }
  return [];
};

describe('schemas of quantities', () => {
  const settings = z.strictObject({ every: quantity.duration, heavy: quantity.share, link: quantity.rate.optional() });

  test('take texts and numbers', () => {
    expect(readDocument(settings, { every: '10 s', heavy: 0.8 })).toEqual({ every: seconds(10), heavy: percent(80) });
  });

  test('a wrong unit, an unknown key and a missing key are refused, all at once, each by its path', () => {
    expect(problems(() => readDocument(settings, { every: '10 GiB', havy: '80 %' }, 'engine'))).toEqual([
      'engine.every: "10 GiB" is not a length of time; write for example "20 s" or "5 min"',
      'engine.heavy: is missing: expected a text with a unit, or a number',
      'engine.havy: unknown key',
    ]);
  });

  test('what is neither text nor number is refused', () => {
    expect(problems(() => readDocument(z.object({ memory: quantity.bytes }), { memory: null }))).toEqual([
      'memory: null: expected a text with a unit, or a number',
    ]);
  });

  test('encode gives the number', () => {
    expect(z.encode(settings, { every: 10_000, heavy: 0.8 })).toEqual({ every: 10_000, heavy: 0.8 });
  });

  test('the input has a JSON Schema for editors: a text or a number', () => {
    expect(z.toJSONSchema(quantity.bytes, { io: 'input' })).toMatchObject({ type: ['number', 'string'] });
  });
});

const document = {
  hosts: [
    {
      id: 'a',
      cpu: { clock: '2.4 GHz', cores: 8, threads: 16, cache: '32 MiB' },
      memory: { total: '64 GiB', reserved: '2 GiB', speed: '12 GB/s' },
      storage: [{ id: 'nas', access: 'nfs', score: '100 MiB/s', free: '1 TiB' }],
      networks: [{ role: 'migration', link: 'eth1', bandwidth: '1 Gbit/s' }],
      power: [
        { utilisation: '0 %', watts: '80 W' },
        { utilisation: '100 %', watts: '0.2 kW' },
      ],
    },
  ],
  guests: [{ id: 'g', host: 'a', vcpus: 2, memory: '4 GiB', image: { storage: 'nas', size: '20 GB' } }],
};

describe('an inventory document', () => {
  test('every quantity of hosts and guests may carry a unit', () => {
    expect(readInventory(document)).toMatchObject({
      hosts: [
        {
          cpu: { clock: gigahertz(2.4), cache: mebibytes(32) },
          memory: { total: gibibytes(64), reserved: gibibytes(2), speed: 12e9 },
          storage: [{ score: mebibytes(100), free: gibibytes(1024) }],
          networks: [{ bandwidth: gbps(1) }],
          power: [
            { utilisation: 0, watts: 80 },
            { utilisation: 1, watts: 200 },
          ],
          state: 'active',
        },
      ],
      guests: [{ memory: gibibytes(4), image: { size: 20e9 }, migratable: true }],
    });
  });

  test('plain numbers stay what they are, so that a document of the model is a document here', () => {
    const plain = inventoryDocument.parse(document);
    expect(readInventory(plain)).toEqual(plain);
    expect(inventorySchema.parse(plain)).toEqual(plain);
  });

  test('all wrong units are refused, each by its path', () => {
    const wrong = {
      hosts: [{ ...document.hosts[0], cpu: { clock: '2.4 GiB', cores: 8, threads: 16 } }],
      guests: [{ id: 'g', host: 'a', vcpus: 2, memory: '4 kg' }],
    };
    expect(problems(() => readInventory(wrong, 'site.json'))).toEqual([
      'site.json.hosts[0].cpu.clock: "2.4 GiB" is not a clock rate; write for example "2.4 GHz" or "800 MHz"',
      'site.json.guests[0].memory: "4 kg" is not an amount of data; write for example "1 GiB" or "64 MB"',
    ]);
  });

  test('an unknown key is refused by its path', () => {
    const wrong = { hosts: [{ ...document.hosts[0], colour: 'blue' }], guests: [] };
    expect(problems(() => readInventory(wrong))).toEqual(['hosts[0].colour: unknown key']);
  });

  test('a unit where none belongs is refused by the model', () => {
    const wrong = { hosts: [], guests: [{ id: 'g', host: 'a', vcpus: '2 GHz', memory: '4 GiB' }] };
    expect(problems(() => readInventory(wrong)).map((line) => line.split(':')[0])).toContain('guests[0].vcpus');
  });

  test('a guest on an unknown host is refused by its path', () => {
    const wrong = { hosts: [], guests: [{ id: 'g', host: 'b', vcpus: 2, memory: '4 GiB' }] };
    expect(problems(() => readInventory(wrong))).toEqual(['guests[0].host: no host is called "b"']);
  });

  test('a capacity of zero is refused by its path, unit or no unit', () => {
    const wrong = { hosts: [], guests: [{ id: 'g', host: 'b', vcpus: 2, memory: '0 GiB' }] };
    expect(problems(() => readInventory(wrong)).map((line) => line.split(':')[0])).toContain('guests[0].memory');
  });

  test.each([undefined, null, 1, 'text', [], { hosts: 'a' }, { hosts: [null], guests: [[]] }])(
    'what has another shape is refused: %j',
    (anything) => {
      expect(problems(() => readInventory(anything))).not.toEqual([]);
    },
  );

  test('a key that looks like a prototype is an unknown key and changes nothing', () => {
    const wrong: unknown = JSON.parse('{"hosts":[],"guests":[],"__proto__":{"polluted":true}}');
    expect(problems(() => readInventory(wrong))).toEqual(['__proto__: unknown key']);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
