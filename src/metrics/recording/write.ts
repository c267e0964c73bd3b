/** Writes a recording: entries become lines of newline-delimited JSON. */
import { concat, defer, map, of, type OperatorFunction } from 'rxjs';
import type { RecordingEntry, RecordingHeader } from './entry.js';
import { entryLine, headerLine } from './line.js';

/** How a recording is written. */
export interface WriteOptions {
  /** Name of the recording, as it appears in refusals; `recording` if not given. */
  readonly source?: string;
  /** Free remarks for the header. */
  readonly about?: RecordingHeader['about'];
}

/**
 * Turns entries into the lines of a recording, each with its end, the header first. An entry that cannot be written, because a
 * number in it is NaN, leaves a line that says so: nothing is lost without a trace.
 *
 * Completes and fails with its source.
 *
 * @example
 * entries.pipe(writeRecording({ about: { site: 'north' } })).subscribe((line) => file.write(line));
 */
export const writeRecording =
  ({ source = 'recording', about }: WriteOptions = {}): OperatorFunction<RecordingEntry, string> =>
  (entries) =>
    concat(
      defer(() => of(headerLine(about))),
      entries.pipe(
        map((entry) => {
          const line = entryLine(entry, source);
          if (line.ok) return line.value;
          const at = Number.isFinite(entry.at) ? entry.at : 0;
          return JSON.stringify({ kind: 'refused', at, input: line.error } satisfies RecordingEntry);
        }),
      ),
    ).pipe(map((line) => `${line}\n`));
