/** RecordedEngine: an engine of which everything is kept that came in and that came of it. */
import { Observable, tap } from 'rxjs';
import { asyncScheduler } from 'rxjs';
import type { Driver } from '../../drivers/index.js';
import { engine, type EngineEvent, type EngineOptions } from '../../engine/index.js';
import type { RecordingEntry } from '../../metrics/index.js';
import type { Inventory, Migration, MigrationId, Milliseconds, Reading } from '../../model/index.js';

/** What an event leaves in a recording. Moves are told as they are admitted, and again at each progress. */
const entriesOf = (event: EngineEvent, moves: Map<MigrationId, Migration>): readonly RecordingEntry[] => {
  const { at } = event;
  const moving = (migration: Migration): RecordingEntry => {
    moves.set(migration.id, migration);
    return { kind: 'migration', at, migration };
  };
  switch (event.kind) {
    case 'decided':
      return [{ kind: 'decision', at, policy: event.policy, plan: event.plan }];
    case 'admitted':
      return [moving({ ...event.order, startedAt: at })];
    case 'resumed':
      return [moving(event.migration)];
    case 'progress': {
      const migration = moves.get(event.migration);
      return migration === undefined ? [] : [moving({ ...migration, progress: event.progress })];
    }
    case 'ended':
    case 'failed':
      moves.delete(event.outcome.id);
      return [{ kind: 'outcome', at, outcome: event.outcome }];
    default:
      return [];
  }
};

/** The driver, of which every inventory and reading is kept before the engine hears of it. */
const tapped = (driver: Driver, now: () => Milliseconds, keep: (entry: RecordingEntry) => void): Driver => ({
  ...driver,
  inventory: () =>
    driver.inventory().pipe(tap((inventory: Inventory) => keep({ kind: 'inventory', at: now(), inventory }))),
  samples: () =>
    driver
      .samples()
      .pipe(
        tap((reading: Reading) =>
          keep(
            reading.kind === 'bad-input'
              ? { kind: 'refused', at: now(), input: reading }
              : { kind: 'sample', at: now(), sample: reading },
          ),
        ),
      ),
  migrate: (order) => driver.migrate(order),
  steer: (migration, action) => driver.steer(migration, action),
  inFlight: () => driver.inFlight(),
  follow: (migration) => driver.follow(migration),
});

/**
 * An engine as {@link engine} makes it, of which a recording is kept: what its driver told, each decision, each move and its outcome, in
 * the order in which they happened. {@link replayedEngine} comes to the same decisions from it, in another process and at another time.
 *
 * @param keep - is given each entry; `writeRecording` makes lines of them
 *
 * @example
 * const entries = new Subject<RecordingEntry>();
 * entries.pipe(writeRecording(), writtenTo('monday.ndjson')).subscribe();
 * recordedEngine(options, (entry) => entries.next(entry)).subscribe(log);
 */
export const recordedEngine = (
  options: EngineOptions,
  keep: (entry: RecordingEntry) => void,
): Observable<EngineEvent> =>
  new Observable((subscriber) => {
    const { scheduler = asyncScheduler } = options;
    const moves = new Map<MigrationId, Migration>();
    const driver = tapped(options.driver, () => scheduler.now(), keep);
    return engine({ ...options, driver })
      .pipe(tap((event) => entriesOf(event, moves).forEach(keep)))
      .subscribe(subscriber);
  });
