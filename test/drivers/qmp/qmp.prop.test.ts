/** Whatever becomes of a conversation on its way, everybody who asked is answered or told why not, in time and within bounds. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DriverError, type QmpAddress, qmpConnection } from '../../../src/drivers/index.js';
import { seconds } from '../../../src/model/index.js';
import { virtualTime } from '../../../src/simulation/index.js';
import { type Command, commandsOf, type Entry, type Fate, played, scenes, transcript } from './transcripts.js';

const address: QmpAddress = { kind: 'unix', path: '/run/guest.qmp' };

/** How many of the commands came to an end, once every deadline has passed; what was thrown must be a DriverError. */
const settled = (entries: readonly Entry[], commands: readonly Command[], fate: Fate): boolean => {
  const time = virtualTime();
  let over = 0;
  const lost: unknown[] = [];
  const end = (thrown: unknown): void => {
    expect(DriverError.is(thrown)).toBe(true);
    over += 1;
  };
  qmpConnection({ address, dial: played(entries, fate), scheduler: time.scheduler }).subscribe({
    next: ({ execute }) => {
      for (const command of commands)
        execute(command.execute, command.arguments).subscribe({ error: end, complete: () => (over += 1) });
    },
    error: (thrown: unknown) => {
      expect(DriverError.is(thrown)).toBe(true);
      lost.push(thrown);
    },
  });
  time.run(seconds(30));
  return over === commands.length || (lost.length > 0 && over === 0);
};

const all = scenes.map((name) => {
  const entries = transcript(name);
  const bytes = entries.reduce((sum, { line = '' }) => sum + Buffer.byteLength(line) + 2, 0);
  return { name, entries, commands: commandsOf(entries), bytes };
});

test.each(all.filter(({ bytes }) => bytes < 800))('$name, cut at every byte', ({ entries, commands, bytes }) => {
  for (let cutAfter = 0; cutAfter <= bytes; cutAfter += 1)
    for (const then of ['close', 'silence'] as const)
      if (!settled(entries, commands, { cutAfter, then })) throw new Error(`hangs when cut after ${cutAfter}: ${then}`);
});

test('any conversation, cut at any byte, closed or silent, in pieces of any size', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...all),
      fc.nat({ max: 15_000 }),
      fc.constantFrom('close' as const, 'silence' as const),
      fc.integer({ min: 1, max: 3000 }),
      ({ entries, commands }, cutAfter, then, piece) => settled(entries, commands, { cutAfter, then, piece }),
    ),
    { numRuns: 60 },
  );
});

test('any conversation with bytes that are others', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...all),
      fc.array(fc.tuple(fc.nat({ max: 2000 }), fc.nat({ max: 255 })), { minLength: 1, maxLength: 5 }),
      ({ entries, commands }, changes) =>
        settled(entries, commands, {
          spoil: (bytes) => {
            const spoilt = Uint8Array.from(bytes);
            for (const [at, value] of changes) if (at < spoilt.length) spoilt[at] = value;
            return spoilt;
          },
        }),
    ),
    { numRuns: 60 },
  );
});

test('bytes of any kind in place of a QEMU', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 10 }), (pieces) =>
      settled([{ from: 'server', line: '{}' }], [{ execute: 'query-status' }], { spoil: () => Buffer.concat(pieces) }),
    ),
    { numRuns: 100 },
  );
});
