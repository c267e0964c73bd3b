/** Trial: runs a policy module in a thread of its own before it is let in, so that one that never ends ends there. */
import { Worker } from 'node:worker_threads';
import { Observable } from 'rxjs';
import {
  type Cluster,
  gibibytes,
  gigahertz,
  type Milliseconds,
  type ObservedGuest,
  type ObservedHost,
} from '../../model/index.js';

/** What a trial came to: nothing to say, or what is wrong, as the end of a sentence. */
export type TrialResult =
  | { readonly kind: 'fit' }
  | { readonly kind: 'unfit'; readonly message: string }
  /** A thread does not read this kind of file here, though the program itself may: a loader of TypeScript, say. */
  | { readonly kind: 'not tried' };

const host = (id: string): ObservedHost => ({
  id,
  state: 'active',
  cpu: { clock: gigahertz(2), cores: 4, threads: 4, architecture: 'x86_64' },
  memory: { total: gibibytes(16), reserved: gibibytes(1) },
  storage: [{ id: 'shared', access: 'nfs' }],
  networks: [],
  devices: [],
  power: [],
  labels: {},
  knowledge: { kind: 'fresh', at: 0 },
  signals: {},
});

const guest = (id: string, on: string): ObservedGuest => ({
  id,
  host: on,
  vcpus: 1,
  memory: gibibytes(1),
  devices: [],
  image: { storage: 'shared' },
  labels: {},
  together: [],
  apart: [],
  pins: [],
  migratable: true,
  knowledge: { kind: 'fresh', at: 0 },
  signals: {},
});

const cluster = (hosts: readonly ObservedHost[], guests: readonly ObservedGuest[]): Cluster => ({
  at: 0,
  hosts,
  guests,
  migrations: [],
  past: [],
});

/** The snapshots on which modules hang or fall: nothing at all, nothing to move, nowhere to go, and one guest of whom nothing is known. */
export const probes: readonly Cluster[] = [
  cluster([], []),
  cluster([host('a')], []),
  cluster([host('a')], [guest('x', 'a')]),
  cluster([host('a'), host('b')], [guest('x', 'a'), guest('y', 'a')]),
];

/**
 * What the thread does. It is text, since the thread must not load this file: a bundler may have put it anywhere. It imports the module as
 * the caller will, so that a module that never ends while it is loaded is caught too.
 */
const thread = `
const { parentPort, workerData } = require('node:worker_threads');
const told = (thrown) => (thrown instanceof Error ? thrown.message : String(thrown));
(async () => {
  const { default: policy } = await import(workerData.url);
  if (typeof policy !== 'object' || policy === null || typeof policy.plan !== 'function')
    return 'its default export is no policy: it has no function plan';
  for (const probe of workerData.probes) {
    const size = probe.hosts.length + ' hosts and ' + probe.guests.length + ' guests';
    let plan;
    try { plan = policy.plan(probe); } catch (thrown) { return 'it throws for ' + size + ': ' + told(thrown); }
    if (typeof plan !== 'object' || plan === null || !Array.isArray(plan.moves) || !Array.isArray(plan.passedOver))
      return 'what it returns for ' + size + ' is no plan';
  }
  return undefined;
})().then((fault) => parentPort.postMessage(fault), (thrown) => parentPort.postMessage('it cannot be loaded: ' + told(thrown)));
`;

/** Tries a module. Cold; one result; unsubscribing ends the thread. Whatever runs longer than the deadline is ended and unfit. */
export const trial = (url: string, deadline: Milliseconds): Observable<TrialResult> =>
  new Observable((subscriber) => {
    const worker = new Worker(thread, { eval: true, workerData: { url, probes } });
    const end = (fault: string | undefined): void => {
      subscriber.next(
        fault === undefined
          ? { kind: 'fit' }
          : fault.includes('Unknown file extension')
            ? { kind: 'not tried' }
            : { kind: 'unfit', message: fault },
      );
      subscriber.complete();
    };
    const late = setTimeout(() => end(`it does not end: no plan for a small cluster within ${deadline} ms`), deadline);
    worker.once('message', (fault: string | undefined) => end(fault));
    worker.once('error', (thrown: unknown) =>
      end(`it ends its thread: ${thrown instanceof Error ? thrown.message : String(thrown)}`),
    );
    worker.once('exit', () => end('it ends its thread before it gives a plan'));
    return () => {
      clearTimeout(late);
      void worker.terminate();
    };
  });
