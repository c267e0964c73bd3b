/** Parsers of kernel text are total: any text, and every recorded file cut at every byte, gives numbers that can be, or a typed refusal. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  parseCpuinfo,
  type Parsed,
  parseDiskstats,
  parseLoadavg,
  parseMeminfo,
  parseNetDev,
  parsePressure,
  parseProcessStat,
  parseSchedstat,
  parseStat,
  parseUptime,
  parseVmstat,
} from '../../../src/metrics/sources/linux/index.js';
import { fixture } from './fixture.js';

const parsers: readonly (readonly [name: string, parse: (text: string) => Parsed<unknown>, recorded: string])[] = [
  ['stat', (text) => parseStat(text), fixture('stat.txt')],
  ['loadavg', (text) => parseLoadavg(text), fixture('loadavg.txt')],
  ['meminfo', (text) => parseMeminfo(text), fixture('meminfo.txt')],
  ['vmstat', (text) => parseVmstat(text), fixture('vmstat.txt')],
  ['diskstats', (text) => parseDiskstats(text), fixture('diskstats.txt')],
  ['net/dev', (text) => parseNetDev(text), fixture('net-dev.txt')],
  ['pressure', (text) => parsePressure(text, 'io'), fixture('pressure-io.txt')],
  ['schedstat', (text) => parseSchedstat(text), 'version 15\ncpu0 0 0 9 8 7 6 1000 250 5\n'],
  ['[pid]/stat', (text) => parseProcessStat(text, 'x'), fixture('self-stat.txt')],
  ['uptime', (text) => parseUptime(text), fixture('uptime.txt')],
  [
    'cpuinfo',
    (text) => parseCpuinfo(text),
    'processor : 0\nmodel name : x\ncpu MHz : 2000.000\ncache size : 1024 KB\n\n',
  ],
];

/** Every number in a value is finite and not negative. */
const sound = (value: unknown): boolean =>
  typeof value === 'number'
    ? Number.isFinite(value) && value >= 0
    : typeof value !== 'object' || value === null || Object.values(value).every(sound);

const isTyped = (parsed: Parsed<unknown>): boolean =>
  parsed.ok ? sound(parsed.value) : parsed.error.message !== '' && parsed.error.place !== '';

/** Any bytes, as a file read as text would show them. */
const anyText = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('utf8'));

test.each(parsers)('%s: cut at every byte, it is read up to a whole line or refused', (_, parse, recorded) => {
  for (let length = 0; length < recorded.length; length++) {
    const text = recorded.slice(0, length);
    const parsed = parse(text);
    expect(isTyped(parsed)).toBe(true);
    // Cut within a line, the last number may be a part of the true one.
    if (length > 0 && !text.endsWith('\n')) expect(parsed.ok).toBe(false);
  }
  expect(parse(recorded).ok).toBe(true);
});

test.each(parsers)('%s: any text gives a typed result', (_, parse) => {
  fc.assert(
    fc.property(
      fc.oneof(
        anyText,
        fc.string().map((text) => `${text}\n`),
      ),
      (text) => isTyped(parse(text)),
    ),
  );
});

test.each(parsers)('%s: any word put in the place of another gives a typed result', (_, parse, recorded) => {
  const words = recorded.split(/(\s+)/);
  const stranger = fc.constantFrom(
    'NaN',
    '-1',
    '1e999',
    'Infinity',
    '',
    '0x10',
    '99999999999999999999999',
    '१',
    ':',
    '\u0000',
  );
  fc.assert(
    fc.property(fc.nat({ max: words.length - 1 }), stranger, (at, word) =>
      isTyped(parse(words.map((own, i) => (i === at ? word : own)).join(''))),
    ),
  );
});
