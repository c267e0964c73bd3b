/** The sadf source is total: any text, and a recorded report cut anywhere, gives sound samples and typed bad inputs. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSadf, sampleOfRecord } from '../../../src/metrics/sources/sadf/index.js';
import { type Reading, sampleSchema } from '../../../src/model/index.js';
import { fixture } from './fixture.js';

const recorded = fixture('sadf.json');
const isTyped = (reading: Reading): boolean => reading.kind === 'bad-input' || sampleSchema.safeParse(reading).success;

test('a report cut at every byte ends in a bad input, after sound samples', () => {
  // Laid out close, so that there are fewer places to cut at.
  const close = JSON.stringify(JSON.parse(recorded));
  for (let length = 0; length < close.length; length++) {
    const readings = parseSadf(close.slice(0, length));
    expect(readings.at(-1)?.kind).toBe('bad-input');
    expect(readings.slice(0, -1).every(({ kind }) => kind === 'host')).toBe(true);
  }
});

test('any text gives typed readings', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('utf8')),
      (text) => parseSadf(text).every(isTyped),
    ),
  );
});

test('any values in a record give a sample that the schema takes, or a bad input', () => {
  const value = fc.oneof(fc.double(), fc.constantFrom(-1, 1e308, null, 'NaN', '5'), fc.jsonValue());
  const section = fc.dictionary(
    fc.constantFrom(
      'cpu',
      'usr',
      'user',
      'sys',
      'idle',
      'iowait',
      'steal',
      'memused',
      'memused-percent',
      'avail',
      'swpfree',
      'swpused',
      'some_avg',
    ),
    value,
  );
  const record = fc.record(
    {
      timestamp: fc.constant({ date: '2026-11-21', time: '21:02:16', utc: 1 }),
      'cpu-load': fc.array(section.map((figures) => ({ ...figures, cpu: 'all' }))),
      queue: fc.record({ 'ldavg-1': value, 'ldavg-5': value, 'ldavg-15': value }),
      memory: section,
      'swap-pages': fc.record({ pswpin: value, pswpout: value }),
      disk: fc.array(
        fc.record({ 'disk-device': fc.constantFrom('sda', 'vda'), rkB: value, wkB: value, 'util-percent': value }),
      ),
      network: fc.record({ 'net-dev': fc.array(fc.record({ iface: fc.constant('eth0'), rxkB: value, txkB: value })) }),
      psi: fc.record({ 'psi-cpu': section, 'psi-io': section }),
    },
    { requiredKeys: ['timestamp'] },
  );
  fc.assert(
    fc.property(record, (figures) => {
      const sample = sampleOfRecord(figures, 'node', 'record 1');
      expect(sample.ok ? sampleSchema.safeParse(sample.value).error?.issues : undefined).toBeUndefined();
    }),
  );
});
