/** Watching: subscribes to a driver's streams, keeps what comes, and waits by the world's own clock. */
import { defer, type Observable, type Subscription } from 'rxjs';
import { DriverError, failureOf } from '../../drivers/index.js';
import type { Failure, Milliseconds } from '../../model/index.js';
import type { DriverWorld } from './harness.js';

/** What became of a stream so far. */
export interface Watched<Value> {
  readonly values: readonly Value[];
  /** Open, or how it ended. */
  readonly end: () => 'open' | 'complete' | Failure;
  readonly stop: () => void;
}

/** A world as a check sees it. */
export interface Stage {
  readonly world: DriverWorld;
  /** Subscribes. A stream may error with a `DriverError` only, which is checked when the check ends. */
  readonly watch: <Value>(stream: () => Observable<Value>) => Watched<Value>;
  /** Waits until something holds. Rejects where it does not within patience. */
  readonly until: (what: string, holds: () => boolean) => Promise<void>;
  /** The one value of a stream that gives one, or how it failed. */
  readonly answer: <Value>(what: string, stream: () => Observable<Value>) => Promise<Value>;
  /** How a stream failed. Rejects where it does not. */
  readonly failure: (what: string, stream: () => Observable<unknown>) => Promise<Failure>;
}

/** Says what does not hold. */
export const check = (holds: boolean, otherwise: () => string): void => {
  if (!holds) throw new Error(otherwise());
};

/** Pieces in which time passes. */
const step: Milliseconds = 100;

/** Runs a check on a world, and leaves no subscription behind. */
export const staged = async (
  world: DriverWorld,
  patience: Milliseconds,
  play: (stage: Stage) => Promise<void>,
): Promise<void> => {
  const running: Subscription[] = [];
  const breaches: string[] = [];

  const watch: Stage['watch'] = <Value>(stream: () => Observable<Value>) => {
    const values: Value[] = [];
    let end: 'open' | 'complete' | Failure = 'open';
    const subscription = defer(stream).subscribe({
      next: (value) => values.push(value),
      error: (thrown: unknown) => {
        if (!DriverError.is(thrown)) breaches.push(`a stream errors with what is no DriverError: ${String(thrown)}`);
        end = failureOf(thrown);
      },
      complete: () => {
        end = 'complete';
      },
    });
    running.push(subscription);
    return { values, end: () => end, stop: () => subscription.unsubscribe() };
  };
  const until: Stage['until'] = async (what, holds) => {
    for (let waited = 0; !holds(); waited += step) {
      check(waited <= patience, () => `${what}: not within ${patience} ms`);
      await world.pass(step);
    }
  };
  const ended = async <Value>(
    what: string,
    stream: () => Observable<Value>,
    enough: number,
  ): Promise<Watched<Value>> => {
    const watched = watch(stream);
    await until(what, () => watched.end() !== 'open' || watched.values.length >= enough);
    watched.stop();
    return watched;
  };
  try {
    await play({
      world,
      watch,
      until,
      answer: async (what, stream) => {
        const { values, end } = await ended(what, stream, 1);
        const [value] = values;
        if (value === undefined) throw new Error(`${what}: ${JSON.stringify(end())} without a value`);
        return value;
      },
      failure: async (what, stream) => {
        const end = (await ended(what, stream, Infinity)).end();
        if (typeof end === 'string') throw new Error(`${what}: it does not fail`);
        return end;
      },
    });
    check(breaches.length === 0, () => breaches.join('\n'));
  } finally {
    for (const subscription of running) subscription.unsubscribe();
    await world.close();
  }
};
