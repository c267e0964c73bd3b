/** CarryOut: runs one move by `virsh migrate`, watches it, ends it when asked, and judges it by where the guest is. */
import {
  catchError,
  defer,
  EMPTY,
  exhaustMap,
  map,
  mergeMap,
  Observable,
  of,
  Subscription,
  takeUntil,
  timer,
} from 'rxjs';
import { type Failure, type MigrationOrder, type Milliseconds, type Progress, seconds } from '../../model/index.js';
import { stationOf } from '../survey/index.js';
import { lines, outputOf } from '../commands/index.js';
import type { MigrationEvent } from '../driver.js';
import { DriverError, failureOf } from '../driver-error.js';
import { failureOfVirsh } from './failures.js';
import { isLeaving, type JobContext, type JobInfo, parseJobInfo, progressOfJob } from './job-info.js';
import { parseMigrationLine } from './migration-output.js';
import type { Move } from './moves.js';
import { learn, prepare, type Prepared } from './prepare.js';
import type { Site } from './site.js';
import type { Station } from './station.js';
import { verdict, whereabouts } from './whereabouts.js';

/** For so long a move that was aborted may take to end. */
const grace = seconds(30);

/** How much of what virsh says is kept. */
const kept = 4000;

const jobAt = ({ virsh }: Station, uuid: string): Observable<JobInfo> =>
  virsh.read(parseJobInfo, 'domjobinfo', '--rawstats', '--', uuid);

/** How far a move is, as long as its source says that it is under way. */
export const progressOfMove = (site: Site, move: Move): Observable<Progress> =>
  jobAt(stationOf(site, move.from), move.uuid).pipe(
    mergeMap((job) => (isLeaving(job) ? of(progressOfJob(job, contextOf(site, move))) : EMPTY)),
  );

const contextOf = (site: Site, { postCopy, stopped, downtimeLimit }: Move): JobContext => ({
  at: site.settings.scheduler.now(),
  postCopy,
  stopped,
  ...(downtimeLimit === undefined ? {} : { downtimeLimit }),
});

/** Final figures, which the destination keeps; none where it does not, as after a switch to post-copy by hand. */
const figures = (destination: Station, uuid: string): Observable<{ downtime?: Milliseconds; sent?: number }> =>
  destination.virsh.read(parseJobInfo, 'domjobinfo', '--completed', '--rawstats', '--', uuid).pipe(
    map(({ type, counters }) => {
      const downtime = counters.get('downtime');
      const sent = counters.get('memory_processed');
      return type === 3
        ? { ...(downtime === undefined ? {} : { downtime }), ...(sent === undefined ? {} : { sent }) }
        : {};
    }),
    catchError(() => of({})),
  );

/** Asks both hosts how a move ended, and tells it as the end of a stream. */
export const conclude = (site: Site, move: Move, said: Failure | undefined): Observable<MigrationEvent> => {
  const destination = stationOf(site, move.to);
  return whereabouts(stationOf(site, move.from), destination, move.uuid).pipe(
    mergeMap((both) => {
      const ended = verdict(both, said);
      site.news.next();
      if (!ended.ok) throw new DriverError(ended.error);
      return figures(destination, move.uuid).pipe(
        map((known): MigrationEvent => ({ kind: 'done', at: site.settings.scheduler.now(), ...known })),
      );
    }),
  );
};

/** Tells the source to end a move; that there is none to end is no failure. A move in post-copy cannot be ended. */
const abort = (site: Site, move: Move): Observable<never> =>
  defer(() =>
    move.postCopy
      ? EMPTY
      : stationOf(site, move.from)
          .virsh.print('domjobabort', '--', move.uuid)
          .pipe(
            mergeMap(() => EMPTY),
            catchError(() => EMPTY),
          ),
  );

const run = (site: Site, { move, source, command }: Prepared): Observable<MigrationEvent> =>
  new Observable((subscriber) => {
    const { scheduler, migration } = site.settings;
    const all = new Subscription();
    const ending = new Subscription();
    let said = '';
    let code: number | undefined;
    let late: Failure | undefined;
    let clientEnded = false;

    /** Over and over, for the job may be about to begin; then the client is ended too. */
    const end = (): void => {
      ending.add(
        timer(0, migration.poll, scheduler)
          .pipe(
            takeUntil(timer(grace, scheduler)),
            exhaustMap(() => abort(site, move)),
          )
          .subscribe({ complete: () => client.unsubscribe() }),
      );
    };
    const judge = (failure: Failure | undefined): void => {
      clientEnded = true;
      ending.unsubscribe();
      // Nobody listens any more.
      if (all.closed) return;
      all.add(
        conclude(site, move, failure).subscribe({
          next: (event) => subscriber.next(event),
          error: (thrown: unknown) => subscriber.error(thrown),
          complete: () => subscriber.complete(),
        }),
      );
    };
    const told = (): Failure | undefined => {
      if (late) return late;
      if (move.aborted) return { kind: 'cancelled', retryable: false, message: 'the move was aborted' };
      return code === 0 ? undefined : failureOfVirsh(said, code);
    };

    const events = source.virsh.start(...command);
    const client = new Subscription();
    const pieces = new Observable<Uint8Array>((stderr) =>
      events.subscribe({
        next: (event) => {
          if (event.kind === 'ended') code = event.code;
          else if (event.kind === 'killed') said = `error: virsh was ended by ${event.signal}`;
          else
            of(event)
              .pipe(outputOf('stderr'))
              .subscribe((bytes) => stderr.next(bytes));
        },
        error: (thrown: unknown) => stderr.error(thrown),
        complete: () => stderr.complete(),
      }),
    );
    client.add(
      pieces.pipe(lines({ source: 'virsh migrate' })).subscribe({
        next: (line) => {
          const read = typeof line === 'string' ? parseMigrationLine(line) : undefined;
          const text = read?.kind === 'percent' ? read.rest : (read?.text ?? '');
          if (text !== '') said = `${said}${text}\n`.slice(-kept);
        },
        error: (thrown: unknown) => judge(late ?? failureOf(thrown)),
        complete: () => judge(told()),
      }),
    );
    all.add(
      timer(migration.poll, migration.poll, scheduler)
        .pipe(exhaustMap(() => (clientEnded ? EMPTY : progressOfMove(site, move).pipe(catchError(() => EMPTY)))))
        .subscribe((progress) => {
          // Somebody else may have switched it; from then on it cannot be aborted.
          move.postCopy ||= progress.phase === 'post-copy';
          if (!clientEnded) subscriber.next({ kind: 'progress', progress });
        }),
    );
    all.add(
      timer(migration.deadline, scheduler).subscribe(() => {
        if (clientEnded) return;
        const message = `the move was not over after ${migration.deadline} ms`;
        late = { kind: 'timed out', retryable: false, message };
        if (!move.postCopy) {
          end();
          all.add(
            timer(grace, scheduler).subscribe(() => {
              // The client did not hear of the end either.
              if (clientEnded) return;
              client.unsubscribe();
              judge(late);
            }),
          );
          return;
        }
        // A guest in post-copy is on both hosts: the move can only be left to itself.
        client.unsubscribe();
        judge({ kind: 'timed out', retryable: true, message: `${message}, and cannot be ended in post-copy` });
      }),
    );
    return () => {
      all.unsubscribe();
      if (clientEnded) {
        client.unsubscribe();
        return;
      }
      if (move.postCopy) client.unsubscribe();
      else end();
    };
  });

/**
 * Carries out a move. Subscribing starts it; unsubscribing aborts it, but for post-copy, in which a guest can no longer be kept where
 * it was. How it ended is judged by where the guest is, asked of both hosts.
 */
export const carryOut = (site: Site, order: MigrationOrder): Observable<MigrationEvent> =>
  defer(() => {
    const source = stationOf(site, order.from);
    return learn(source, site.roster.uuidOf(order.guest)).pipe(
      mergeMap(() => prepare(site, order)),
      mergeMap((prepared) => {
        site.moves.set(order.id, prepared.move);
        return new Observable<MigrationEvent>((subscriber) => {
          const running = run(site, prepared).subscribe(subscriber);
          return () => {
            running.unsubscribe();
            site.moves.delete(order.id);
          };
        });
      }),
    );
  });
