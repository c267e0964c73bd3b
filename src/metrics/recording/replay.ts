/** Replay: plays the entries of a recording at their own times, into the same streams that they came from. */
import { asyncScheduler, filter, map, Observable, type SchedulerLike, share } from 'rxjs';
import type { BadInput, Inventory, Milliseconds, Reading } from '../../model/index.js';
import type { RecordingEntry } from './entry.js';
import { recordedTime } from './recorded-time.js';

/** How a recording is played. */
export interface ReplayOptions {
  /** Whose time it is played in; the asynchronous one if not given. A virtual one needs entries that are at hand, such as an array. */
  readonly scheduler?: SchedulerLike;
  /** What the clock of the replay shows at its start; the time of the scheduler if not given. Usually the time of the first entry. */
  readonly from?: Milliseconds;
  /** How many times as fast as it was recorded; 1 if not given. */
  readonly speed?: number;
}

/** A recording that is played. All streams are of one playing, which begins when the first of them is subscribed to. */
export interface Replay {
  readonly readings: Observable<Reading>;
  readonly inventory: Observable<Inventory>;
  /** Everything, decisions and outcomes too, and the lines that could not be read. */
  readonly entries: Observable<RecordingEntry | BadInput>;
  /** Tells recorded time; whatever judges the age of samples must run on it. The scheduler given, where it is played as it was. */
  readonly scheduler: SchedulerLike;
}

type Entries = Iterable<RecordingEntry | BadInput> | AsyncIterable<RecordingEntry | BadInput>;

const iteratorOf = (
  entries: Entries,
): Iterator<RecordingEntry | BadInput> | AsyncIterator<RecordingEntry | BadInput> =>
  Symbol.asyncIterator in entries ? entries[Symbol.asyncIterator]() : entries[Symbol.iterator]();

/** Plays entries one by one, and asks for the next when the last was played. */
const played = (entries: Entries, scheduler: SchedulerLike): Observable<RecordingEntry | BadInput> =>
  new Observable((subscriber) => {
    const iterator = iteratorOf(entries);
    type Next = IteratorResult<RecordingEntry | BadInput, unknown>;
    const fail = (cause: unknown): void => subscriber.error(cause);

    /** Plays what is due; the first that is not, or not yet there, is waited for. */
    const play = (due: Next | undefined): void => {
      let next = due;
      while (!subscriber.closed) {
        if (next === undefined) {
          const asked = iterator.next();
          if ('then' in asked) {
            asked.then(begin, fail);
            return;
          }
          next = asked;
        }
        if (next.done === true) {
          subscriber.complete();
          return;
        }
        const entry = next.value;
        // A line that could not be read has no time of its own: it comes after the one before it.
        const wait = entry.kind === 'bad-input' ? 0 : entry.at - scheduler.now();
        if (wait > 0) {
          const held = next;
          subscriber.add(scheduler.schedule(() => begin(held), wait));
          return;
        }
        subscriber.next(entry);
        next = undefined;
      }
    };
    const begin = (due: Next | undefined): void => {
      try {
        play(due);
      } catch (cause) {
        fail(cause);
      }
    };

    subscriber.add(scheduler.schedule(() => begin(undefined)));
    subscriber.add(() => {
      void iterator.return?.();
    });
  });

const readingOf = (entry: RecordingEntry | BadInput): Reading | undefined => {
  if (entry.kind === 'bad-input') return entry;
  if (entry.kind === 'sample') return entry.sample;
  return entry.kind === 'refused' ? entry.input : undefined;
};

/**
 * Plays entries into streams like those that they were recorded from, each when the scheduler shows its time; one that is due
 * already, or older than the one before it, at once. The order of the entries is kept. Lines that could not be read come out as
 * readings.
 *
 * Cold: subscribing starts the playing, in the next turn of the scheduler, so that several streams can be subscribed to before
 * anything is played; when nobody is subscribed any more it ends, and the entries, if they are a generator, are closed. Completes
 * after the last entry; fails if the entries do.
 *
 * @example
 * const { readings, inventory, scheduler } = replay(entries, { from: entries[0].at, speed: 60 });
 * snapshots({ readings, inventory, scheduler, every: seconds(10), staleAfter: seconds(30) });
 */
export const replay = (entries: Entries, { scheduler = asyncScheduler, from, speed }: ReplayOptions = {}): Replay => {
  const clock =
    from === undefined && speed === undefined
      ? scheduler
      : recordedTime(scheduler, { from: from ?? scheduler.now(), ...(speed !== undefined && { speed }) });
  const all = played(entries, clock).pipe(share());
  return {
    readings: all.pipe(
      map(readingOf),
      filter((reading) => reading !== undefined),
    ),
    inventory: all.pipe(
      map((entry) => (entry.kind === 'inventory' ? entry.inventory : undefined)),
      filter((inventory) => inventory !== undefined),
    ),
    entries: all,
    scheduler: clock,
  };
};
