/** Lines are the same whatever the pieces are cut at, and hold no more than they may. */
import * as fc from 'fast-check';
import { from, of, throwError } from 'rxjs';
import { concatWith } from 'rxjs/operators';
import { expect, test } from 'vitest';
import { collected, DriverError, lines } from '../../../src/drivers/index.js';
import type { BadInput } from '../../../src/model/index.js';

const cut = (pieces: readonly Uint8Array[], most = 1000): (string | BadInput)[] => {
  const found: (string | BadInput)[] = [];
  from(pieces)
    .pipe(lines({ source: 'tool', most }))
    .subscribe((line) => found.push(line));
  return found;
};

test.each([
  ['a\nb\n', ['a', 'b']],
  ['a\r\nb\r\n', ['a', 'b']],
  ['10%\r50%\r100%\n', ['10%', '50%', '100%']],
  ['a\n\nb', ['a', '', 'b']],
  ['\r\r\n', ['', '']],
  ['', []],
  ['ü…😀\n', ['ü…😀']],
])('%j, cut at every byte', (text, expected) => {
  const bytes = Buffer.from(text);
  for (let at = 0; at <= bytes.length; at += 1)
    expect(cut([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(expected);
  expect(cut([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
});

test('any text in any pieces', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: fc.constantFrom('a', 'ü', '😀', '\r', '\n') })),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
      (parts, sizes) => {
        const bytes = Buffer.from(parts.join(''));
        const pieces: Uint8Array[] = [];
        for (let at = 0, i = 0; at < bytes.length; i += 1) {
          const size = sizes[i % sizes.length] ?? 1;
          pieces.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(cut(pieces)).toEqual(cut([bytes]));
        const whole = parts.join('').split(/\r\n?|\n/);
        expect(cut([bytes])).toEqual(whole.at(-1) === '' ? whole.slice(0, -1) : whole);
      },
    ),
  );
});

test('a line that is too long is one bad input, and the next is whole', () => {
  const [long, next] = cut([Buffer.from('x'.repeat(5000)), Buffer.from('y'.repeat(5000)), Buffer.from('\nnext\n')]);
  expect(long).toMatchObject({ kind: 'bad-input', source: 'tool', place: 'line 1', problem: 'malformed' });
  expect((long as BadInput).message).toBe('is 10000 characters long, more than 1000');
  expect((long as BadInput).value.length).toBeLessThan(300);
  expect(next).toBe('next');
});

test('bytes that are no UTF-8 do no harm', () => {
  expect(cut([Uint8Array.of(0xff, 0xfe, 0x0a, 0xe2, 0x82)])).toEqual(['\ufffd\ufffd', '\ufffd']);
});

test('what a command that fails has begun to say is not told', () => {
  const found: unknown[] = [];
  from([Buffer.from('whole\nbeg')])
    .pipe(concatWith(throwError(() => new Error('lost'))), lines({ source: 'tool' }))
    .subscribe({ next: (line) => found.push(line), error: (thrown: unknown) => found.push(thrown) });
  expect(found).toEqual(['whole', new Error('lost')]);
});

test('a command whose end is not told, or that is killed, has no output', () => {
  const ends: unknown[] = [];
  const note = (thrown: unknown): void => {
    ends.push(DriverError.is(thrown) ? [thrown.kind, thrown.retryable] : thrown);
  };
  collected(of()).subscribe({ error: note });
  collected(of({ kind: 'killed', signal: 'SIGKILL' } as const)).subscribe({ error: note });
  expect(ends).toEqual([
    ['protocol', false],
    ['protocol', true],
  ]);
});

test('a line of 100 MiB is one bad input with its beginning, and is not kept', () => {
  const piece = Buffer.alloc(2 ** 20, 'x');
  const found = cut([...Array.from({ length: 100 }, () => piece), Buffer.from('\nafter\n')]);
  expect(found).toHaveLength(2);
  expect(found[0]).toMatchObject({ kind: 'bad-input', place: 'line 1' });
  expect((found[0] as BadInput).value.length).toBeLessThan(300);
  expect(found[1]).toBe('after');
});
