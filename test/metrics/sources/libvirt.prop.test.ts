/** The parsers of the libvirt and Xen sources are total: any text, and every capture cut anywhere, gives numbers that can be or a typed refusal. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  parseDomstats,
  parseNodeCpuStats,
  parseNodeMemoryStats,
  parseVcpuList,
  parseXentop,
} from '../../../src/metrics/index.js';
import type { BadInput, Result } from '../../../src/model/index.js';
import { cuts, sound, virshSaid, xenSaid } from './captures.js';

const parsers: readonly (readonly [
  name: string,
  parse: (text: string) => Result<unknown, BadInput>,
  recorded: string,
])[] = [
  ['domstats', parseDomstats, virshSaid('14-domstats-raw-allgroups.stdout.txt')],
  ['domstats during a move', parseDomstats, virshSaid('41-domstats-during.stdout.txt')],
  ['nodecpustats', parseNodeCpuStats, virshSaid('03-nodecpustats.stdout.txt')],
  ['nodememstats', parseNodeMemoryStats, virshSaid('04-nodememstats.stdout.txt')],
  ['xentop', parseXentop, xenSaid('xentop-batch.stdout.txt')],
  ['xl vcpu-list', parseVcpuList, xenSaid('xl-vcpu-list.stdout.txt')],
];

const typed = (read: Result<unknown, BadInput>): boolean =>
  read.ok ? sound(read.value) : read.error.message !== '' && read.error.place !== '';

test.each(parsers)('%s: the capture is read', (_, parse, recorded) => {
  expect(parse(recorded).ok).toBe(true);
});

test.each(parsers)('%s: cut anywhere, it is read up to a whole line or refused', (_, parse, recorded) => {
  for (const length of cuts(recorded)) {
    const text = recorded.slice(0, length);
    const read = parse(text);
    expect(typed(read)).toBe(true);
    // Cut within a line, the last number may be a part of the true one.
    if (length > 0 && !text.endsWith('\n')) expect(read.ok).toBe(false);
  }
});

test.each(parsers)('%s: any bytes, and long lines, give a typed result', (_, parse, recorded) => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 200 }).map((bytes) => new TextDecoder().decode(bytes)),
        fc.string().map((text) => `${recorded}${text}\n`),
        fc.nat({ max: 50_000 }).map((length) => `${recorded}${'a '.repeat(length)}\n`),
      ),
      (text) => typed(parse(text)),
    ),
    { numRuns: 50 },
  );
});

test.each(parsers)('%s: any word put in the place of another gives a typed result', (_, parse, recorded) => {
  const words = recorded.split(/(\s+|=)/);
  fc.assert(
    fc.property(
      fc.nat({ max: words.length - 1 }),
      fc.constantFrom('NaN', '-1', '1e999', 'Infinity', '', '0x10', '99999999999999999999999', '१', ':', '\u0000'),
      (at, word) => typed(parse(words.map((own, i) => (i === at ? word : own)).join(''))),
    ),
  );
});
