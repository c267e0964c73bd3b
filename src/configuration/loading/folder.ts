/** Folder: which policy files a folder holds, and when they change. */
import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  defer,
  distinctUntilChanged,
  exhaustMap,
  from,
  map,
  type Observable,
  of,
  type SchedulerLike,
  timer,
  catchError,
} from 'rxjs';
import { byName, failed, type Milliseconds, ok, type Result } from '../../model/index.js';

/** A file as it stands: its name, and a mark that differs when it was written. */
export interface Listed {
  readonly path: string;
  readonly mark: string;
}

/** Test files and types stand beside modules and are none. */
const isPolicyFile = (name: string): boolean =>
  /\.(js|mjs|ts|mts|json)$/.test(name) && !/\.(test|spec|d)\.m?ts$|\.(test|spec)\.m?js$|^\./.test(name);

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

const list = async (folder: string): Promise<readonly Listed[]> => {
  const names = (await readdir(folder)).filter(isPolicyFile).sort(byName);
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      // The time of the last change of anything is the one that nobody can set back.
      const found = await stat(path).catch(async (error: unknown) => {
        // One that has gone since it was listed is no failure; a link to nothing is.
        if (await isThere(path)) throw error;
        return undefined;
      });
      if (!found) return [];
      const { mtimeMs, ctimeMs, size, ino } = found;
      return [{ path, mark: `${mtimeMs}-${ctimeMs}-${size}-${ino}` }];
    }),
  );
  return files.flat();
};

/**
 * The policy files of a folder, at once and whenever one is written, comes or goes. It looks again and again: notices of file systems are
 * lost over networks and by editors that write anew. A folder that cannot be read is a failure that says why, and it goes on looking.
 */
export const policyFiles = (
  folder: string,
  every: Milliseconds,
  scheduler: SchedulerLike,
): Observable<Result<readonly Listed[], string>> =>
  timer(0, every, scheduler).pipe(
    exhaustMap(() =>
      defer(() => from(list(folder))).pipe(
        map((files): Result<readonly Listed[], string> => ok(files)),
        catchError((thrown: unknown) => of(failed(thrown instanceof Error ? thrown.message : String(thrown)))),
      ),
    ),
    distinctUntilChanged((a, b) => JSON.stringify(a) === JSON.stringify(b)),
  );
