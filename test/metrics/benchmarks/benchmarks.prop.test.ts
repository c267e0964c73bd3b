/** Reports of the tools: any text gives a rate above zero or a typed failure. */
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { bandwidthIn, type Benchmark, diskSpeedIn } from '../../../src/metrics/benchmarks/index.js';

const fixture = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../fixtures/linux/${name}`, import.meta.url)), 'utf8');

const isTyped = (result: Benchmark): boolean =>
  result.ok ? Number.isFinite(result.value.rate) && result.value.rate > 0 : result.error.message !== '';

const reports: readonly (readonly [name: string, read: (text: string) => Benchmark, recorded: string])[] = [
  ['iperf3', bandwidthIn, fixture('iperf3.json')],
  ['fio', diskSpeedIn, fixture('fio-read.json')],
];

test.each(reports)('%s: a report cut at every byte is malformed, never a rate', (_, read, recorded) => {
  for (let length = 0; length < recorded.trimEnd().length; length++) {
    const result = read(recorded.slice(0, length));
    expect(result.ok ? 'a rate' : result.error.kind).toBe('malformed');
  }
});

test.each(reports)('%s: any text and any JSON give a typed result', (_, read) => {
  const side = fc.record({ bw: fc.anything(), bw_bytes: fc.double() });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        fc
          .record({ end: fc.record({ sum_received: fc.record({ bits_per_second: fc.double() }) }) })
          .map((value) => JSON.stringify(value)),
        fc.record({ jobs: fc.array(fc.record({ read: side, write: side })) }).map((value) => {
          try {
            return JSON.stringify(value);
          } catch {
            return '';
          }
        }),
        fc.constantFrom(
          '{"end":{"sum_received":{"bits_per_second":1e999}}}',
          '{"jobs":[{"read":{"bw":1e308},"write":{"bw":0}}]}',
        ),
      ),
      (text) => isTyped(read(text)),
    ),
  );
});
