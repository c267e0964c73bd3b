/** RemoteFiles: reads files of a host by its commands, so that the sources of Linux serve any host. */
import { catchError, map, of } from 'rxjs';
import type { Files, FileText } from '../../metrics/index.js';
import { mebibytes, type Milliseconds } from '../../model/index.js';
import { collected, type RunCommand } from '../commands/index.js';
import { failureOf } from '../driver-error.js';

/** Kernel files are short; what is longer is none of them. */
const most = mebibytes(1);

/** The files of a host, by `cat` and `ls`. One command for each file: over ssh, let them share a connection. */
export const remoteFiles = (run: RunCommand, deadline: Milliseconds): Files => ({
  text: (path) =>
    collected(run(['cat', '--', path], { deadline }), { most }).pipe(
      map(({ code, stdout, stderr }): FileText => {
        if (code === 0) return { kind: 'text', text: stdout };
        const why = stderr.trim();
        // What tools of the C locale say; a file of a process that has just ended is no file either.
        return /no such file|no such process|not a directory|not supported/i.test(why)
          ? { kind: 'missing' }
          : { kind: 'unreadable', why };
      }),
      catchError((thrown: unknown) => of<FileText>({ kind: 'unreadable', why: failureOf(thrown).message })),
    ),
  names: (path) =>
    collected(run(['ls', '-1', '--', path], { deadline }), { most }).pipe(
      map(({ code, stdout }) => (code === 0 ? stdout.split('\n').filter((name) => name !== '') : [])),
      catchError(() => of([])),
    ),
});
