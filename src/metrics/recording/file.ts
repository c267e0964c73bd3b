/** File: recordings on disk; the only place of this room that opens files. */
import { createReadStream, createWriteStream } from 'node:fs';
import { Observable } from 'rxjs';

/**
 * The chunks of a file, for `readRecording`. Opened when the first chunk is asked for, closed when nobody wants more; fails with
 * the error of the file system, which names the path.
 */
export async function* fileChunks(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const stream: AsyncIterable<Uint8Array> = createReadStream(path);
  yield* stream;
}

/**
 * Writes lines, or any texts, to a file; what was in it before is lost.
 *
 * Cold: subscribing opens the file, unsubscribing closes it with what was written so far. Completes when the lines are over and
 * all of them are handed to the system; fails if the lines or the file do. Lines that come faster than the disk takes them wait in
 * memory.
 */
export const writtenTo = (path: string, lines: Observable<string>): Observable<never> =>
  new Observable((subscriber) => {
    const file = createWriteStream(path, { encoding: 'utf8' });
    file.on('finish', () => subscriber.complete());
    file.on('error', (cause) => subscriber.error(cause));
    subscriber.add(() => file.end());
    subscriber.add(
      lines.subscribe({
        next: (line) => file.write(line),
        error: (cause: unknown) => subscriber.error(cause),
        complete: () => file.end(),
      }),
    );
  });
