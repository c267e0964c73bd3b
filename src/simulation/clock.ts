/** Virtual time: an RxJS scheduler whose clock moves only when it is told to, as fast as the work allows. */
import { type SchedulerAction, type SchedulerLike, Subscription } from 'rxjs';
import type { Milliseconds } from '../model/index.js';
import { type Agenda, agenda, type Appointment } from './agenda.js';

/** A clock that is moved by hand. */
export interface VirtualTime {
  /** Anything that takes an RxJS scheduler may run on it. */
  readonly scheduler: SchedulerLike;
  /** The time that the clock shows. */
  readonly now: () => Milliseconds;
  /** Does everything that is due up to and at `until`, in order of time, and leaves the clock at `until`. */
  readonly run: (until: Milliseconds) => void;
  /** The same in slices, so that progress can be shown between them: gives the time reached after each slice. */
  readonly slices: (until: Milliseconds, slice: Milliseconds) => Generator<Milliseconds, void, undefined>;
}

type Work<T> = (this: SchedulerAction<T>, state?: T) => void;

/**
 * A repeated piece of work is one action that is put down again, as with RxJS's own asynchronous scheduler. RxJS's
 * VirtualTimeScheduler instead nests one action in another at each repetition, which after some ten thousand samples
 * can no longer be unsubscribed, and sorts the whole list at each step.
 */
class VirtualAction<T> extends Subscription implements SchedulerAction<T> {
  private appointment: Appointment | undefined;
  private readonly list: Agenda;
  private readonly now: () => Milliseconds;
  private readonly work: Work<T>;

  constructor(list: Agenda, now: () => Milliseconds, work: Work<T>) {
    super();
    this.list = list;
    this.now = now;
    this.work = work;
  }

  schedule(state?: T, delay = 0): Subscription {
    if (this.closed) return this;
    this.list.cancel(this.appointment);
    const wait = Math.max(0, delay);
    if (!Number.isFinite(wait)) return this;
    const appointment = this.list.add(this.now() + wait, () => {
      this.appointment = undefined;
      this.work(state);
      this.rest();
    });
    this.appointment = appointment;
    return this;
  }

  /** Work that was not put down again is over. */
  private rest(): void {
    if (this.appointment === undefined) this.unsubscribe();
  }

  override unsubscribe(): void {
    this.list.cancel(this.appointment);
    this.appointment = undefined;
    super.unsubscribe();
  }
}

/**
 * A clock that is moved by hand.
 *
 * @param start - what the clock shows at first
 * @example
 * const time = virtualTime();
 * interval(seconds(10), time.scheduler).subscribe(show);
 * time.run(hours(24));
 */
export const virtualTime = (start: Milliseconds = 0): VirtualTime => {
  const list = agenda();
  let time = start;
  const now = (): Milliseconds => time;

  const scheduler: SchedulerLike = {
    now,
    schedule: <T>(work: Work<T>, delay = 0, state?: T): Subscription =>
      new VirtualAction<T>(list, now, work).schedule(state, delay),
  };

  const run = (until: Milliseconds): void => {
    for (let due = list.take(until); due !== undefined; due = list.take(until)) {
      time = due.at;
      due.happen();
    }
    time = Math.max(time, until);
  };

  return {
    scheduler,
    now,
    run,
    *slices(until, slice) {
      const from = time;
      for (let i = 1; time < until; i += 1) {
        run(Math.min(until, from + i * slice));
        yield time;
      }
    },
  };
};
