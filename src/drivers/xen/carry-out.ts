/** CarryOut: runs one move by `xl migrate`, counts what passes, ends it when asked or when it hangs, and judges it by where the guest is. */
import {
  catchError,
  concat,
  defer,
  forkJoin,
  ignoreElements,
  map,
  mergeMap,
  Observable,
  of,
  Subscription,
  timer,
} from 'rxjs';
import type { Failure, MigrationOrder, MigrationPhase } from '../../model/index.js';
import { stationOf } from '../survey/index.js';
import { lines, outputOf } from '../commands/index.js';
import type { MigrationEvent } from '../driver.js';
import { DriverError, failureOf } from '../driver-error.js';
import { failureOfXl } from './failures.js';
import { tidyUp } from './leftovers.js';
import { prepare, type Prepared } from './prepare.js';
import type { Move, Site } from './site.js';
import type { Station } from './station.js';
import { parseCount, type Passed } from './transport.js';
import { verdict } from './verdict.js';
import type { Domain } from './xl-list.js';

/** How much of what xl says is kept. */
const kept = 8000;

const copies = (station: Station, uuid: string): Observable<readonly Domain[] | undefined> =>
  station.domains().pipe(
    map((domains) => domains.filter((domain) => domain.uuid === uuid)),
    catchError(() => of(undefined)),
  );

/** Asks both hosts how a move ended, tells it as the end of a stream, and tidies up after a failure. */
export const conclude = (
  site: Site,
  { uuid, name, from, to }: Move,
  said: Failure | undefined,
  sent: number | undefined,
): Observable<MigrationEvent> => {
  const source = stationOf(site, from);
  const destination = stationOf(site, to);
  return forkJoin({ source: copies(source, uuid), destination: copies(destination, uuid) }).pipe(
    mergeMap((both) => {
      const ended = verdict(both, said);
      const end = defer((): Observable<MigrationEvent> => {
        site.news.next();
        if (!ended.ok) throw new DriverError(ended.error);
        return of({ kind: 'done', at: site.settings.scheduler.now(), ...(sent === undefined ? {} : { sent }) });
      });
      return ended.ok ? end : concat(tidyUp(source, destination, { uuid, name }).pipe(ignoreElements()), end);
    }),
  );
};

/** What a line of xl's says about how far it is. */
const phaseAfter = (line: string, before: MigrationPhase): MigrationPhase =>
  /xc: info: Saving domain/.test(line) ? 'copying' : /Target has acknowledged transfer/.test(line) ? 'stopped' : before;

const run = (
  site: Site,
  id: string,
  { uuid, name, source, destination, command }: Prepared,
  order: MigrationOrder,
): Observable<MigrationEvent> =>
  new Observable((subscriber) => {
    const { scheduler, migration } = site.settings;
    const all = new Subscription();
    const client = new Subscription();
    let said = '';
    let code: number | undefined;
    let why: Failure | undefined;
    let over = false;
    let phase: MigrationPhase = 'preparing';
    let passed: Passed | undefined;
    const move: Move = {
      uuid,
      name,
      from: order.from,
      to: order.to,
      abort: () => stop({ kind: 'cancelled', retryable: false, message: 'the move was aborted' }),
    };
    site.moves.set(id, move);

    const judge = (failure: Failure | undefined): void => {
      if (over) return;
      over = true;
      all.add(
        conclude(site, move, failure, passed?.sent).subscribe({
          next: (event) => subscriber.next(event),
          error: (thrown: unknown) => subscriber.error(thrown),
          complete: () => subscriber.complete(),
        }),
      );
    };
    /** xl resumes nothing and cleans up nothing when it is ended, so it is given a moment and then looked after. */
    const stop = (failure: Failure): void => {
      if (over || why) return;
      why = failure;
      client.unsubscribe();
      all.add(timer(migration.poll, scheduler).subscribe(() => judge(failure)));
    };
    const count = (now: Passed): void => {
      const between = passed && now.after > passed.after ? now.after - passed.after : undefined;
      const bandwidth = between === undefined || !passed ? undefined : ((now.sent - passed.sent) / between) * 1000;
      passed = now;
      subscriber.next({
        kind: 'progress',
        progress: {
          at: scheduler.now(),
          phase,
          sent: now.sent,
          ...(bandwidth === undefined || bandwidth <= 0 ? {} : { bandwidth }),
        },
      });
    };
    const pieces = new Observable<Uint8Array>((stderr) =>
      source.start(...command).subscribe({
        next: (event) => {
          if (event.kind === 'ended') code = event.code;
          else if (event.kind === 'killed') said += `xl was ended by ${event.signal}: error\n`;
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
      pieces.pipe(lines({ source: 'xl migrate' })).subscribe({
        next: (line) => {
          const text = typeof line === 'string' ? line : line.value;
          const counted = parseCount(text);
          if (counted) count(counted);
          else if (said.length < kept) said += `${text}\n`;
          phase = phaseAfter(text, phase);
        },
        error: (thrown: unknown) => judge(failureOf(thrown)),
        complete: () => judge(code === 0 ? undefined : failureOfXl(said, code)),
      }),
    );
    all.add(
      timer(migration.deadline, scheduler).subscribe(() =>
        stop({ kind: 'timed out', retryable: true, message: `the move was not over after ${migration.deadline} ms` }),
      ),
    );
    return () => {
      all.unsubscribe();
      site.moves.delete(id);
      if (over) return;
      over = true;
      client.unsubscribe();
      // The receiver needs a moment to notice; then what it left is looked for.
      timer(migration.poll, scheduler)
        .pipe(mergeMap(() => tidyUp(source, destination, { uuid, name })))
        .subscribe(() => site.news.next());
    };
  });

/**
 * Carries out a move. Subscribing starts it; unsubscribing ends it, after which the guest runs on at the source. How it ended is judged by
 * where the guest is, asked of both hosts; a copy left behind is destroyed.
 */
export const carryOut = (site: Site, order: MigrationOrder): Observable<MigrationEvent> =>
  defer(() => prepare(site, order)).pipe(mergeMap((prepared) => run(site, order.id, prepared, order)));
