/** Surveyed: asks every host again and again, and at any news, for what is on it, and tells the inventory whenever it changed. */
import { catchError, map, merge, Observable, of, type SchedulerLike, Subscription, take, timer } from 'rxjs';
import type { HostId, Inventory, Milliseconds } from '../../model/index.js';
import { inventorySchema, pathText } from '../../model/index.js';
import { DriverError, failureOf } from '../driver-error.js';
import { type HostReport, placed, type Places } from './placed.js';
import type { Roster } from './roster.js';

/** A host to be asked. */
export interface Surveyable {
  readonly id: HostId;
  /** What is on it now; one report. */
  readonly survey: () => Observable<HostReport>;
  /** That something may have changed there. May end; the host is asked at its times all the same. */
  readonly news: () => Observable<unknown>;
}

/** How hosts are asked. */
export interface SurveyOptions {
  readonly every: Milliseconds;
  /** How long a host that does not answer is taken to be as it was. */
  readonly patience: Milliseconds;
  readonly scheduler: SchedulerLike;
  readonly roster: Roster;
}

interface Answer {
  readonly at: Milliseconds;
  readonly report?: HostReport;
  /** Why there was no report the last time. */
  readonly failure?: unknown;
}

/** Does a work at every trigger; triggers during the work lead to one more run after it. */
const atEvery = <Value>(trigger: Observable<unknown>, work: () => Observable<Value>): Observable<Value> =>
  new Observable((subscriber) => {
    let busy = false;
    let again = false;
    const all = new Subscription();
    const begin = (): void => {
      if (busy) {
        again = true;
        return;
      }
      busy = true;
      all.add(
        work().subscribe({
          next: (value) => subscriber.next(value),
          error: (thrown: unknown) => subscriber.error(thrown),
          complete: () => {
            busy = false;
            if (!again) return;
            again = false;
            begin();
          },
        }),
      );
    };
    all.add(trigger.subscribe({ next: begin, error: (thrown: unknown) => subscriber.error(thrown) }));
    return all;
  });

/** Schema issues of an inventory as a failure: that is a fault of a setting or of the driver, and nobody may plan on it. */
const checkedInventory = (inventory: Inventory): Inventory => {
  const checked = inventorySchema.safeParse(inventory);
  if (checked.success) return inventory;
  const issue = checked.error.issues[0];
  throw new DriverError({
    kind: 'protocol',
    retryable: true,
    message: `inventory.${pathText(issue?.path ?? [])}: ${issue?.message ?? 'is not valid'}`,
  });
};

/**
 * The inventory of all hosts: first when each was asked once, then whenever it changed. A host that does not answer stays as it
 * was for a while, then it is left out with its guests: what cannot be asked, nobody may plan on.
 *
 * Errors with a `DriverError` where no host answers, or none may be believed.
 */
export const surveyed = (
  hosts: readonly Surveyable[],
  { every, patience, scheduler, roster }: SurveyOptions,
): Observable<Inventory> =>
  new Observable((subscriber) => {
    const answers = new Map<HostId, Answer>();
    let places: Places = new Map();
    let told: string | undefined;

    const ask = (host: Surveyable): Observable<readonly [Surveyable, Answer]> =>
      host.survey().pipe(
        take(1),
        map((report): Answer => ({ at: scheduler.now(), report })),
        catchError((failure: unknown) => of<Answer>({ at: scheduler.now(), failure })),
        map((answer) => [host, answer] as const),
      );
    const kept = (before: Answer | undefined, answer: Answer): Answer =>
      answer.report === undefined && before?.report !== undefined && answer.at - before.at < patience
        ? { ...before, failure: answer.failure }
        : answer;
    const tell = (): void => {
      if (answers.size < hosts.length) return;
      const reports = [...answers.values()].flatMap(({ report }) => report ?? []);
      const failure = [...answers.values()].find(({ report }) => report === undefined)?.failure;
      if (reports.length === 0) {
        const { kind, message, retryable } = failureOf(failure);
        subscriber.error(new DriverError({ kind, retryable, message: `no host answers: ${message}` }, failure));
        return;
      }
      const found = placed(reports, roster, places);
      places = found.places;
      const text = JSON.stringify(found.inventory);
      if (text === told) return;
      told = text;
      try {
        subscriber.next(checkedInventory(found.inventory));
      } catch (thrown) {
        subscriber.error(thrown);
      }
    };
    return merge(
      ...hosts.map((host) => atEvery(merge(timer(0, every, scheduler), host.news()), () => ask(host))),
    ).subscribe({
      next: ([{ id }, answer]) => {
        answers.set(id, kept(answers.get(id), answer));
        tell();
      },
      error: (thrown: unknown) => subscriber.error(thrown),
    });
  });
