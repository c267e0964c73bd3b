/** Files: how kernel text is reached, as two functions, and the local default with a deadline for every read. */
import { readdir, readFile } from 'node:fs/promises';
import {
  asyncScheduler,
  catchError,
  defer,
  map,
  Observable,
  of,
  type SchedulerLike,
  timeout,
  TimeoutError,
} from 'rxjs';
import { type Milliseconds, seconds } from '../../../model/index.js';

/** What reading a file came to. A file that is not there is no fault: kernels differ. */
export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** How kernel text is reached. Each gives one value and completes, and never fails; unsubscribing ends the read. */
export interface Files {
  /** Reads one file, once. */
  readonly text: (path: string) => Observable<FileText>;
  /** Names in a directory; none where there is no such directory. */
  readonly names: (path: string) => Observable<readonly string[]>;
}

/** How the local files are read. */
export interface LocalFilesOptions {
  /** Longest time that a read may take; default 2 s. Reads under `/proc` can hang on a process that does. */
  readonly deadline?: Milliseconds;
  readonly scheduler?: SchedulerLike;
}

/** No such file or process, or a kind of statistics that this kernel was started without. */
const absent: ReadonlySet<unknown> = /* @__PURE__ */ new Set([
  'ENOENT',
  'ENOTDIR',
  'ESRCH',
  'EOPNOTSUPP',
  'ENODEV',
  'EINVAL',
]);

const codeOf = (thrown: unknown): unknown =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? thrown.code : undefined;

const whyOf = (thrown: unknown, deadline: Milliseconds): string =>
  thrown instanceof TimeoutError
    ? `no answer within ${deadline} ms`
    : thrown instanceof Error
      ? thrown.message
      : String(thrown);

/** A promise of something that can be broken off, as a cold Observable. */
const breakable = <Value>(start: (signal: AbortSignal) => Promise<Value>): Observable<Value> =>
  new Observable((subscriber) => {
    const abort = new AbortController();
    start(abort.signal).then(
      (value) => {
        subscriber.next(value);
        subscriber.complete();
      },
      (thrown: unknown) => subscriber.error(thrown),
    );
    return () => abort.abort();
  });

/** The files of this machine. */
export const localFiles = ({ deadline = seconds(2), scheduler = asyncScheduler }: LocalFilesOptions = {}): Files => ({
  text: (path) =>
    defer(() => breakable((signal) => readFile(path, { encoding: 'utf8', signal }))).pipe(
      timeout({ first: deadline, scheduler }),
      map((text): FileText => ({ kind: 'text', text })),
      catchError((thrown: unknown) =>
        of<FileText>(
          absent.has(codeOf(thrown)) ? { kind: 'missing' } : { kind: 'unreadable', why: whyOf(thrown, deadline) },
        ),
      ),
    ),
  names: (path) =>
    defer(() => readdir(path)).pipe(
      timeout({ first: deadline, scheduler }),
      catchError(() => of([])),
    ),
});
