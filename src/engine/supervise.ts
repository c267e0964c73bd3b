/** Supervise: turns a driver's stream of one move into reports that always end in done or failed, whatever the driver does. */
import { defer, Observable } from 'rxjs';
import * as z from 'zod';
import { failureOf, type MigrationEvent } from '../drivers/index.js';
import { type BadInput, type Failure, malformed, type MigrationId } from '../model/index.js';
import { progressSchema } from './checks.js';

/** What is known of a move from its driver. */
export type Report =
  | Extract<MigrationEvent, { readonly kind: 'progress' | 'done' }>
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'bad input'; readonly input: BadInput };

const eventSchema = /* @__PURE__ */ z.discriminatedUnion('kind', [
  /* @__PURE__ */ z.object({ kind: /* @__PURE__ */ z.literal('progress'), progress: progressSchema }),
  /* @__PURE__ */ z.object({
    kind: /* @__PURE__ */ z.literal('done'),
    at: /* @__PURE__ */ z.number(),
    downtime: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.number().nonnegative()),
    sent: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.number().nonnegative()),
  }),
]);

const withoutDone: Failure = {
  kind: 'protocol',
  retryable: false,
  message: 'the driver ended the migration without saying that it is done',
};

/**
 * Runs one move of a driver. Subscribing starts it, unsubscribing passes on to the driver. Errors, throws and a completion
 * without `done` become one `failed`; malformed events are reported and left out; what comes after the end is ignored.
 * After `done` the driver's stream is held until it completes by itself, so that no driver takes the end for a cancellation.
 */
export const supervise = (
  command: () => Observable<MigrationEvent>,
  source: string,
  migration: MigrationId,
): Observable<Report> =>
  new Observable((subscriber) => {
    let over = false;
    const fail = (failure: Failure): void => {
      if (!over) subscriber.next({ kind: 'failed', failure });
      over = true;
      subscriber.complete();
    };
    return defer(command).subscribe({
      next: (event) => {
        if (over) return;
        const checked = eventSchema.safeParse(event);
        if (!checked.success) {
          const input = malformed(source, `migration ${migration}`, event, checked.error);
          subscriber.next({ kind: 'bad input', input });
          return;
        }
        over = checked.data.kind === 'done';
        subscriber.next(checked.data);
      },
      error: (thrown: unknown) => fail(failureOf(thrown)),
      complete: () => fail(withoutDone),
    });
  });
