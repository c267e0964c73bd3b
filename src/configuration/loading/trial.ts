/** Trial: runs a policy module in a thread or process of its own before it is let in, so that one that never ends ends there. */
import { spawn } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { map, Observable, of, switchMap } from 'rxjs';
import { type Milliseconds, seconds } from '../../model/index.js';
import { type Judged, judgement } from './judgement.js';
import { loaderFlags } from './loader-flags.js';
import { probes } from './probes.js';

/** What a trial came to: nothing to say, or what is wrong, as the end of a sentence. */
export type TrialResult = { readonly kind: 'fit' } | { readonly kind: 'unfit'; readonly message: string };

const thread = `
const { parentPort, workerData } = require('node:worker_threads');
${judgement}
judge(workerData.url, workerData.probes).then((judged) => parentPort.postMessage(judged));
`;

/** It ends by itself some time after the deadline: whoever began it may be gone, and a loop hears nothing. */
const program = `
const { Worker } = require('node:worker_threads');
${judgement}
process.once('message', ({ url, probes, deadline }) => {
  new Worker('setTimeout(() => process.kill(process.pid, "SIGKILL"), ' + 2 * deadline + ')', { eval: true }).unref();
  judge(url, probes).then((judged) => process.send(judged, () => process.exit(0)));
});
process.send('begun');
`;

const late = (deadline: Milliseconds): Judged => ({
  fault: `it does not end: no plan for a small cluster within ${deadline} ms`,
});

const inThread = (url: string, deadline: Milliseconds): Observable<Judged> =>
  new Observable((subscriber) => {
    const worker = new Worker(thread, {
      eval: true,
      // A flag such as --input-type would be about the thread's own text too.
      execArgv: [...loaderFlags(process.execArgv)],
      workerData: { url, probes },
    });
    const end = (judged: Judged): void => {
      subscriber.next(judged);
      subscriber.complete();
    };
    const timer = setTimeout(() => end(late(deadline)), deadline);
    worker.once('message', end);
    worker.once('error', (thrown: unknown) =>
      end({ fault: `it ends its thread: ${thrown instanceof Error ? thrown.message : String(thrown)}` }),
    );
    worker.once('exit', () => end({ fault: 'it ends its thread before it gives a plan' }));
    return () => {
      clearTimeout(timer);
      void worker.terminate();
    };
  });

/** Longest time that a process may take to begin; what it loads then has the deadline for itself. */
const longestStart = seconds(30);

const inProcess = (url: string, deadline: Milliseconds): Observable<Judged> =>
  new Observable((subscriber) => {
    const child = spawn(process.execPath, [...loaderFlags(process.execArgv), '-e', program], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const end = (judged: Judged): void => {
      subscriber.next(judged);
      subscriber.complete();
    };
    let timer = setTimeout(() => end({ fault: 'the process to try it in does not begin' }), longestStart);
    child.on('message', (message: Judged | 'begun') => {
      if (message !== 'begun') {
        end(message);
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(() => end(late(deadline)), deadline);
      child.send({ url, probes, deadline });
    });
    child.once('error', (thrown) => end({ fault: `it cannot be tried: ${thrown.message}` }));
    child.once('exit', () => end({ fault: 'it ends its process before it gives a plan' }));
    return () => {
      clearTimeout(timer);
      child.kill('SIGKILL');
    };
  });

const resultOf = ({ fault }: Judged): TrialResult =>
  fault === undefined ? { kind: 'fit' } : { kind: 'unfit', message: fault };

const unreadHere: TrialResult = {
  kind: 'unfit',
  message:
    'this kind of file is not read in a process of its own, so it cannot be tried: run Node with a loader, such as node --import tsx',
};

/**
 * Tries a module. Cold; one result; unsubscribing ends whatever was begun. What runs longer than the deadline is ended and unfit.
 *
 * A thread is quick, and reads what Node reads. Loaders of TypeScript that were given to the program itself are not in force there; they are in
 * a process that is begun with the same flags, so what a thread does not read is tried in one.
 */
export const trial = (url: string, deadline: Milliseconds): Observable<TrialResult> =>
  inThread(url, deadline).pipe(
    switchMap((first) =>
      first.unread !== true
        ? of(resultOf(first))
        : inProcess(url, deadline).pipe(map((second) => (second.unread === true ? unreadHere : resultOf(second)))),
    ),
  );
