/** ReplayedEngine: a recording lived through again by an engine, which comes to the same decisions. */
import { filter, merge, mergeMap, NEVER, type Observable, of, takeWhile, throwError } from 'rxjs';
import { type Driver, DriverError, type MigrationEvent } from '../../drivers/index.js';
import { engine, type EngineEvent, type EngineOptions } from '../../engine/index.js';
import { type RecordingEntry, replay } from '../../metrics/index.js';
import type { Migration, MigrationOrder, Milliseconds } from '../../model/index.js';
import { virtualTime } from '../../simulation/index.js';

/** What the engine of a replay is made from; its tempo, driver and clock are the recording's. */
export type ReplayedOptions = Omit<
  EngineOptions,
  'driver' | 'every' | 'trigger' | 'scheduler' | 'staleAfter' | 'state'
> & {
  /** As it was when it was recorded, where it was left out: three times the tempo. */
  readonly staleAfter: Milliseconds;
};

type Entries = Observable<{ readonly kind: 'bad-input' } | RecordingEntry>;

const sameMove = (a: MigrationOrder, b: MigrationOrder): boolean =>
  a.guest === b.guest && a.from === b.from && a.to === b.to;

/** What became of a move, as it was recorded; one whose end was not recorded goes on. */
const lived = (entries: Entries, order: MigrationOrder): Observable<MigrationEvent> =>
  merge(entries, NEVER).pipe(
    mergeMap((entry): Observable<MigrationEvent> => {
      if (entry.kind === 'migration' && sameMove(entry.migration, order) && entry.migration.progress !== undefined)
        return of({ kind: 'progress', progress: entry.migration.progress });
      if (entry.kind !== 'outcome' || !sameMove(entry.outcome, order)) return of();
      const { ending, endedAt } = entry.outcome;
      if (ending.result === 'failed') return throwError(() => new DriverError(ending.failure));
      const { downtime, sent } = ending;
      return of({
        kind: 'done',
        at: endedAt,
        ...(downtime !== undefined && { downtime }),
        ...(sent !== undefined && { sent }),
      });
    }),
    takeWhile(({ kind }) => kind !== 'done', true),
  );

/** What was under way before the first decision: it was found, not ordered. */
const foundAtFirst = (entries: readonly RecordingEntry[]): readonly Migration[] => {
  const first = entries.findIndex(({ kind }) => kind === 'decision');
  const found = new Map<string, Migration>();
  for (const entry of first < 0 ? entries : entries.slice(0, first))
    if (entry.kind === 'migration' && !found.has(entry.migration.id)) found.set(entry.migration.id, entry.migration);
  return [...found.values()];
};

/**
 * Lives a recording through again, in virtual time and at once, and gives the events of the engine. With the policy and the options that
 * it was recorded with, the decisions are equal byte for byte. With another policy they show what that would have wanted at each of these
 * times, though the past stays as it was: what its own moves would have brought, {@link whatIf} tells.
 *
 * The engine decides whenever the recording tells of a decision, and moves end as they were recorded to end; one that was never made in
 * the recorded past stays under way.
 *
 * @param entries - as {@link recordedEngine} kept them
 */
export const replayedEngine = (
  entries: readonly RecordingEntry[],
  { staleAfter, ...options }: ReplayedOptions,
): readonly EngineEvent[] => {
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined) return [];
  const time = virtualTime();
  const played = replay(entries, { scheduler: time.scheduler, from: first.at });
  const found = foundAtFirst(entries);
  const driver: Driver = {
    name: 'recording',
    inventory: () => played.inventory,
    samples: () => played.readings,
    migrate: (order) => lived(played.entries, order),
    // What was steered is in what was lived.
    steer: () => of(),
    inFlight: () => of(found),
    follow: (id) => {
      const migration = found.find((one) => one.id === id);
      return migration === undefined ? NEVER : lived(played.entries, migration);
    },
  };
  const events: EngineEvent[] = [];
  const running = engine({
    ...options,
    driver,
    staleAfter,
    // What came in at the very time of a decision came before it or after it; the recording knows which.
    trigger: played.entries.pipe(filter(({ kind }) => kind === 'decision')),
    scheduler: played.scheduler,
  }).subscribe((event) => events.push(event));
  time.run(last.at - first.at);
  running.unsubscribe();
  return events;
};
