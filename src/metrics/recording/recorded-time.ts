/** Recorded time: a scheduler whose clock shows the time of a recording, and runs as fast as one likes. */
import { type SchedulerAction, type SchedulerLike, Subscription } from 'rxjs';
import type { Milliseconds } from '../../model/index.js';
import { number, positive } from '../setting.js';

/** Where recorded time begins, and how fast it runs. */
export interface RecordedTime {
  /** What the clock shows when the scheduler is made. */
  readonly from: Milliseconds;
  /** How many times as fast as the scheduler underneath; 1 if not given. */
  readonly speed?: number;
}

/**
 * A scheduler over another, whose clock begins at `from` and runs `speed` times as fast. Whatever takes its time from it lives in
 * the recording: a sample of an hour ago is fresh while that hour is played.
 */
export const recordedTime = (scheduler: SchedulerLike, { from, speed = 1 }: RecordedTime): SchedulerLike => {
  number('recordedTime.from', from);
  positive('recordedTime.speed', speed);
  const begun = scheduler.now();
  return {
    now: () => from + (scheduler.now() - begun) * speed,
    schedule: <State>(
      work: (this: SchedulerAction<State>, state?: State) => void,
      delay: Milliseconds = 0,
      state?: State,
    ): Subscription => {
      let inner: Subscription | undefined;
      const drop = (): void => {
        if (!inner) return;
        action.remove(inner);
        inner.unsubscribe();
        inner = undefined;
      };
      const action: SchedulerAction<State> = Object.assign(new Subscription(), {
        schedule: (next?: State, after: Milliseconds = 0): Subscription => {
          // One order at a time, as with the schedulers of rxjs: a new one takes the place of the old.
          drop();
          if (action.closed) return action;
          inner = scheduler.schedule(() => {
            drop();
            work.call(action, next);
          }, after / speed);
          action.add(inner);
          return action;
        },
      });
      return action.schedule(state, delay);
    },
  };
};
