/** Movements: the moves of one running engine, from the order to the end, and their supervision. */
import { concat, defer, ignoreElements, type Observable, timer } from 'rxjs';
import { match } from 'ts-pattern';
import { failureOf, type MigrationEvent } from '../drivers/index.js';
import type {
  Ending,
  Failure,
  FailureKind,
  Inventory,
  Migration,
  MigrationId,
  MigrationOrder,
  Milliseconds,
  Outcome,
  Progress,
} from '../model/index.js';

import { backOffDelay, type BackOffs } from './back-off.js';
import type { Desk } from './desk.js';
import { inFlight } from './in-flight.js';
import * as book from './ledger.js';
import { retrying } from './retrying.js';
import { actionFor } from './steering.js';
import { ledgerOf } from './state/index.js';
import { type Report, supervise } from './supervise.js';

/** The moves of one running engine. */
export interface Movements {
  /**
   * Asks the driver what is under way, and follows it; moves of an earlier engine that are not among them are judged by where
   * their guests stand. `then` is called once that is done.
   */
  readonly catchUp: (then: () => void) => void;
  /** Begins a move. */
  readonly begin: (order: MigrationOrder) => void;
  /** Takes note of where guests stand now. */
  readonly reconcile: (inventory: Inventory) => void;
  /** Forgets what is long over. */
  readonly age: () => void;
  /** All moves that take memory at their destination. */
  readonly reserved: () => readonly Migration[];
  /** The moves that count for limits. */
  readonly underWay: () => readonly Migration[];
  readonly past: () => readonly Outcome[];
  readonly backOffs: () => BackOffs;
  /** The book itself; another one whenever anything in it changed. */
  readonly ledger: () => book.Ledger;
}

/** What the moves need of the engine that they belong to. */
export interface Surroundings {
  /** Looks at the inventory afresh. `then` is called once it was taken in. */
  readonly look: (then: () => void) => void;
  /** The book was changed, and an order is about to be given. */
  readonly beforeOrder: () => void;
}

/** After these the driver does not know whether the hypervisor goes on, so it is asked before anything is believed. */
const uncertain: readonly FailureKind[] = ['unreachable', 'timed out', 'protocol'];

/** Why an order of an earlier engine failed. */
const unknownOrder: Failure = {
  kind: 'cancelled',
  retryable: true,
  message: 'ordered by an earlier engine; the hypervisor does not know it, and the guest is not at its destination',
};

/** Opens the book of moves for one running engine. */
export const movementsOf = (
  { settings, now, emit, post, listen }: Desk,
  { look, beforeOrder }: Surroundings,
): Movements => {
  const { driver, scheduler, retry } = settings;
  let ledger = ledgerOf(settings.state);
  let places: book.Places = new Map();
  /** Moves that were found under way, by this engine's name for them. */
  const followed = new Set<MigrationId>();

  const ask = (then: (found: readonly Migration[]) => void, wait: Milliseconds, migration?: MigrationId): void => {
    const answer = retrying(() => inFlight(driver), {
      backOff: retry,
      scheduler,
      onFailure: (failure, retryAt) =>
        post(() =>
          emit({
            kind: 'driver-failed',
            driver: driver.name,
            request: 'in flight',
            failure,
            ...(migration === undefined ? {} : { migration }),
            retryAt,
          }),
        ),
    });
    // A timer of no time would still let other things happen first.
    const waited = wait > 0 ? concat(timer(wait, scheduler).pipe(ignoreElements()), answer) : answer;
    listen(waited, { next: (found) => post(() => then(found)) });
  };

  const conclude = ({ migration }: book.Entry, ending: Ending, endedAt: Milliseconds, settles: boolean): void => {
    const { id, guest, from, to, startedAt } = migration;
    const outcome: Outcome = { id, guest, from, to, startedAt, endedAt, ending };
    followed.delete(id);
    ledger = book.concluded(ledger, outcome, settles && places.get(guest) === from, settings);
    emit({ kind: ending.result === 'done' ? 'ended' : 'failed', outcome });
  };

  const attend = (id: MigrationId, command: () => Observable<MigrationEvent>): void =>
    listen(supervise(command, driver.name, id), { next: (report) => post(() => heard(id, report)) });

  const follow = (id: MigrationId, handle: MigrationId): void => {
    const entry = ledger.entries.get(id);
    if (entry) emit({ kind: 'resumed', migration: entry.migration });
    followed.add(id);
    attend(id, () => driver.follow(handle));
  };

  const adopt = (migration: Migration): void => {
    const same = book.reserved(ledger).find(({ id, guest }) => id === migration.id || guest === migration.guest);
    if (same) {
      emit({
        kind: 'bad-input',
        input: {
          kind: 'bad-input',
          source: driver.name,
          place: `migration ${migration.id}`,
          problem: 'duplicate',
          message: `guest ${same.guest} is in migration ${same.id} already`,
          value: `${migration.guest} from ${migration.from} to ${migration.to}`,
        },
      });
      return;
    }
    ledger = book.begun(ledger, migration, now());
    follow(migration.id, migration.id);
  };

  /** The driver has told what it has under way; a move that it had lost is either there, or over. */
  const search = (id: MigrationId, failure: Failure, underWay: readonly Migration[]): void => {
    const entry = ledger.entries.get(id);
    if (!entry) return;
    const { guest, to } = entry.migration;
    const moving = underWay.find((other) => other.guest === guest);
    if (moving?.to === to) {
      ledger = book.found(ledger, id, moving.id, now());
      follow(id, moving.id);
      return;
    }
    // Where the inventory shows the guest at its destination, the move was done and only its end was not heard.
    const ending: Ending = places.get(guest) === to ? { result: 'done' } : { result: 'failed', failure };
    conclude(entry, ending, now(), moving === undefined);
    if (moving) adopt(moving);
  };

  /** It was under way when the driver was asked, and over when it was to be followed: the inventory from now on shows how. */
  const missed = (id: MigrationId, failure: Failure): void => {
    ledger = book.lost(ledger, id, now());
    ask((underWay) => look(() => search(id, failure, underWay)), 0, id);
  };

  const lose = (id: MigrationId, failure: Failure): void => {
    ledger = book.lost(ledger, id, now());
    const losses = ledger.entries.get(id)?.losses ?? 1;
    const wait = losses > 1 ? backOffDelay(retry, losses - 1) : 0;
    emit({
      kind: 'driver-failed',
      driver: driver.name,
      request: 'migration',
      failure,
      migration: id,
      retryAt: now() + wait,
    });
    ask((underWay) => search(id, failure, underWay), wait, id);
  };

  /** Finds the moves of an earlier engine again, and then those that it did not know. */
  const catchUp = (underWay: readonly Migration[], then: () => void): void => {
    const pending = [...ledger.entries.values()].filter(({ standing }) => standing !== 'settling');
    const known = new Set(pending.map(({ migration }) => migration.guest));
    const resume = (): void => {
      for (const { migration } of pending) search(migration.id, unknownOrder, underWay);
      for (const migration of underWay) if (!known.has(migration.guest)) adopt(migration);
      then();
    };
    // What is not under way any more ended before it was asked; so only an inventory from after that shows where it led.
    if (pending.every(({ migration }) => underWay.some(({ guest }) => guest === migration.guest))) resume();
    else look(resume);
  };

  const steer = (id: MigrationId): void => {
    const entry = ledger.entries.get(id);
    if (!entry) return;
    const answer = actionFor(settings.convergence, entry);
    if (answer === undefined) return;
    if (!answer.ok) {
      emit({ kind: 'policy-failed', ...answer.error });
      return;
    }
    const action = answer.value;
    ledger = book.steered(ledger, id, action);
    emit({ kind: 'steered', migration: id, action });
    listen(
      // A throw counts as an error of the stream.
      defer(() => driver.steer(entry.handle, action)),
      {
        error: (thrown: unknown) =>
          post(() => {
            const failure = failureOf(thrown);
            emit({ kind: 'driver-failed', driver: driver.name, request: 'steer', failure, migration: id });
            // So that it is asked again at the next report, if it is still wanted then.
            if (failure.retryable && ledger.entries.get(id)?.action === action)
              ledger = book.steered(ledger, id, { kind: 'continue' });
          }),
      },
    );
  };

  const progress = (id: MigrationId, made: Progress): void => {
    ledger = book.progressed(ledger, id, made);
    emit({ kind: 'progress', migration: id, progress: made });
    steer(id);
  };

  const heard = (id: MigrationId, report: Report): void => {
    const entry = ledger.entries.get(id);
    if (!entry) return;
    match(report)
      .with({ kind: 'progress' }, (made) => progress(id, made.progress))
      .with({ kind: 'done' }, ({ at, downtime, sent }) => {
        const figures = { ...(downtime === undefined ? {} : { downtime }), ...(sent === undefined ? {} : { sent }) };
        // The hypervisor's time of the end, if it can be one.
        const plausible = at >= entry.migration.startedAt && at <= now();
        conclude(entry, { result: 'done', ...figures }, plausible ? at : now(), true);
      })
      .with({ kind: 'failed' }, ({ failure }) => {
        if (uncertain.includes(failure.kind)) lose(id, failure);
        else if (failure.kind === 'not found' && followed.has(id)) missed(id, failure);
        else conclude(entry, { result: 'failed', failure }, now(), false);
      })
      .with({ kind: 'bad input' }, ({ input }) => emit({ kind: 'bad-input', input }))
      .exhaustive();
  };

  return {
    catchUp: (then) => ask((underWay) => catchUp(underWay, then), 0),
    begin: (order) => {
      ledger = book.begun(ledger, { ...order, startedAt: now() }, now());
      beforeOrder();
      attend(order.id, () => driver.migrate(order));
    },
    reconcile: ({ guests }) => {
      places = new Map(guests.map(({ id, host }) => [id, host]));
      ledger = book.reconciled(ledger, places);
    },
    age: () => {
      ledger = book.aged(ledger, now(), settings);
    },
    reserved: () => book.reserved(ledger),
    underWay: () => book.underWay(ledger),
    past: () => ledger.past,
    backOffs: () => ledger.backOffs,
    ledger: () => ledger,
  };
};
