/** Reads a recording: chunks of text become entries, and lines that are none become events. */
import { from, type Observable } from 'rxjs';
import { type BadInput, printable } from '../../model/index.js';
import { whole } from '../setting.js';
import type { RecordingEntry } from './entry.js';
import { parseEntry, parseHeader } from './line.js';
import { linesOf, type NumberedLine } from './lines.js';

/** How a recording is read. */
export interface ReadOptions {
  /** Name of the recording, as it appears in refusals; `recording` if not given. */
  readonly source?: string;
  /** Characters that a line may hold; 16 Mi if not given, which an inventory of some ten thousand guests fits in. */
  readonly longest?: number;
}

const longestLine = 16 * 1024 ** 2;

/**
 * The entries of a recording, one at a time and no faster than they are asked for.
 *
 * A bad line is given as a bad input with its number, and reading goes on. Where the first line is not the header of a
 * supported version, that is given, and reading ends. Blank lines are passed over. An error of the chunks ends it with that error.
 */
export async function* recordingEntries(
  chunks: AsyncIterable<string | Uint8Array>,
  { source = 'recording', longest = longestLine }: ReadOptions = {},
): AsyncGenerator<RecordingEntry | BadInput, void, undefined> {
  whole('recording.longest', longest, 1);
  const refuse = (line: number, message: string, value: string): BadInput => ({
    kind: 'bad-input',
    source,
    place: `line ${line}`,
    problem: 'malformed',
    message,
    value: printable(value),
  });
  const tooLong = (long: NumberedLine & { tooLong: string }): BadInput =>
    refuse(long.line, `longer than ${longest} characters`, long.tooLong);

  let begun = false;
  for await (const next of linesOf(chunks, longest)) {
    if ('tooLong' in next) {
      yield tooLong(next);
      if (!begun) return;
    } else if (!begun) {
      const header = parseHeader(next.text.replace(/^\uFEFF/u, ''), { source, line: next.line });
      if (!header.ok) {
        yield header.error;
        return;
      }
      begun = true;
    } else if (next.text.trim() !== '') {
      const entry = parseEntry(next.text, { source, line: next.line });
      yield entry.ok ? entry.value : entry.error;
    }
  }
  if (!begun) yield refuse(1, 'an empty text is no recording', '');
}

/**
 * The entries of a recording as a stream, as fast as they can be read; see {@link recordingEntries} for what becomes of bad lines.
 *
 * Cold: subscribing begins to read, unsubscribing ends it. Completes at the end of the chunks, and fails if they do.
 */
export const readRecording = (
  chunks: AsyncIterable<string | Uint8Array>,
  options: ReadOptions = {},
): Observable<RecordingEntry | BadInput> => from(recordingEntries(chunks, options));
