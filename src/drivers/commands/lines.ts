/** Lines: cuts pieces of a command's output or of a socket into lines, with a bound on what one line may hold in memory. */
import { concat, defer, filter, map, mergeMap, type OperatorFunction } from 'rxjs';
import { type BadInput, kibibytes, printable } from '../../model/index.js';
import type { CommandEvent } from './command.js';

/** Settings of {@link lines}. */
export interface LinesOptions {
  /** Who delivers them, as it appears in bad input. */
  readonly source: string;
  /** Longest line, in characters. Default: 1 Mi. */
  readonly most?: number;
}

/** How much of an over-long line is kept, to be shown. */
const kept = 200;

/**
 * The lines of pieces of UTF-8, whatever they are cut at, without their ends; empty lines too. A line ends with `\n`, `\r\n`,
 * or `\r`, with which tools write over their progress. What stands after the last end is a line as well. Bytes that are
 * no UTF-8 become U+FFFD.
 *
 * A line longer than allowed becomes one {@link BadInput} with its beginning when it ends; memory is bounded whatever comes.
 * Completes and errors with the pieces; before an error, what was begun is not told.
 */
export const lines =
  ({ source, most = kibibytes(1024) }: LinesOptions): OperatorFunction<Uint8Array, string | BadInput> =>
  (pieces) =>
    defer(() => {
      const decoder = new TextDecoder();
      let number = 1;
      let begun = '';
      let length = 0;
      let afterReturn = false;

      const add = (part: string): void => {
        length += part.length;
        if (length <= most) begun += part;
        else if (begun.length !== kept) begun = (begun + part).slice(0, kept);
      };
      const end = (): string | BadInput => {
        const line: string | BadInput =
          length <= most
            ? begun
            : {
                kind: 'bad-input',
                source,
                place: `line ${number}`,
                problem: 'malformed',
                message: `is ${length} characters long, more than ${most}`,
                value: printable(begun),
              };
        number += 1;
        begun = '';
        length = 0;
        return line;
      };
      const cut = (text: string): (string | BadInput)[] => {
        const found: (string | BadInput)[] = [];
        let from = 0;
        if (text === '') return found;
        if (afterReturn && text.startsWith('\n')) from = 1;
        afterReturn = false;
        const ends = /\r\n?|\n/g;
        ends.lastIndex = from;
        for (let match = ends.exec(text); match; match = ends.exec(text)) {
          add(text.slice(from, match.index));
          found.push(end());
          from = ends.lastIndex;
          // The other half of this end may be in the next piece.
          afterReturn = from === text.length && match[0] === '\r';
        }
        if (from < text.length) add(text.slice(from));
        return found;
      };
      return concat(
        pieces.pipe(mergeMap((bytes) => cut(decoder.decode(bytes, { stream: true })))),
        defer(() => {
          const found = cut(decoder.decode());
          return length > 0 ? [...found, end()] : found;
        }),
      );
    });

/** One stream of a command's output, without how the command ended. */
export const outputOf =
  (stream: 'stdout' | 'stderr'): OperatorFunction<CommandEvent, Uint8Array> =>
  (events) =>
    events.pipe(
      filter((event) => event.kind === 'output'),
      filter((event) => event.stream === stream),
      map(({ bytes }) => bytes),
    );
