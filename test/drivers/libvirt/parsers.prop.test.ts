/** The parsers of the libvirt driver are total: every capture cut anywhere, and any text, gives a typed result without a number that cannot be. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseCapabilities, parseNodeInfo } from '../../../src/drivers/libvirt/capabilities.js';
import { connectionUri } from '../../../src/drivers/libvirt/connection-uri.js';
import { parseDomainList } from '../../../src/drivers/libvirt/domain-list.js';
import { parseDomainXml } from '../../../src/drivers/libvirt/domain-xml.js';
import { parseEvent } from '../../../src/drivers/libvirt/events.js';
import { failureOfVirsh } from '../../../src/drivers/libvirt/failures.js';
import { parseJobInfo, progressOfJob } from '../../../src/drivers/libvirt/job-info.js';
import { parseMigrationLine } from '../../../src/drivers/libvirt/migration-output.js';
import { type BadInput, failureKindSchema, type Result } from '../../../src/model/index.js';
import { cuts, namesIn, sound, virshSaid } from './captures.js';

type Parse = (text: string) => Result<unknown, BadInput>;
const progress: Parse = (text) => {
  const job = parseJobInfo(text);
  return job.ok ? { ok: true, value: progressOfJob(job.value, { at: 0, postCopy: false, stopped: false }) } : job;
};
const parsers: readonly (readonly [name: string, parse: Parse, recorded: string])[] = [
  ['capabilities', parseCapabilities, virshSaid('06-capabilities.stdout.txt')],
  ['nodeinfo', parseNodeInfo, virshSaid('02-nodeinfo.stdout.txt')],
  ['list', parseDomainList, virshSaid('10-list-name-uuid.stdout.txt')],
  ['dumpxml', parseDomainXml, virshSaid('18-dumpxml.stdout.txt')],
  ['domjobinfo', parseJobInfo, virshSaid('41-domjobinfo-during-rawstats.stdout.txt')],
  ['progress', progress, virshSaid('41-domjobinfo-during-rawstats.stdout.txt')],
];
const typed = (read: Result<unknown, BadInput>): boolean => (read.ok ? sound(read.value) : read.error.message !== '');

test.each(parsers)('%s: cut anywhere', (_, parse, recorded) => {
  expect(parse(recorded).ok).toBe(true);
  for (const length of cuts(recorded)) {
    const read = parse(recorded.slice(0, length));
    expect(typed(read)).toBe(true);
  }
});

test.each(parsers)('%s: any text, and any piece of another capture', (_, parse) => {
  const all = namesIn('libvirt').filter((name) => name.endsWith('.txt'));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }).map((bytes) => new TextDecoder().decode(bytes)),
        fc.constantFrom(...all).chain((name) => {
          const text = virshSaid(name);
          return fc.nat({ max: text.length }).map((length) => text.slice(0, length));
        }),
      ),
      (text) => typed(parse(text)),
    ),
    { numRuns: 200 },
  );
});

test('what virsh says is a failure of a known kind, wherever it is cut', () => {
  for (const name of namesIn('libvirt').filter((one) => one.endsWith('.stderr.txt'))) {
    const text = virshSaid(name);
    for (const length of cuts(text).filter((at) => at % 7 === 0)) {
      const { kind, message } = failureOfVirsh(text.slice(0, length), 1);
      expect(failureKindSchema.safeParse(kind).success && message !== '' && message.length <= 500).toBe(true);
    }
  }
});

test('lines of events and of moves are read or left, whatever they hold', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.nat({ max: 100_000 }).map((n) => `event '${'-'.repeat(n)}`),
      ),
      (line) => {
        parseEvent(line);
        parseMigrationLine(`Migration: [${line}`);
      },
    ),
  );
});

test('whatever is accepted as a URI holds nothing that a shell or virsh takes for an order', () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.stringMatching(/^qemu\+(ssh|tcp|ext)?:\/\/[-\w;$@.]{0,10}\/system(\?\w+=\S*)?$/)),
      (text) => {
        const read = connectionUri(text);
        return !read.ok || (/^(qemu|test)/.test(text) && !/[\s;$`|<>\\'"(){}]|command=|netcat=/.test(text));
      },
    ),
  );
});
