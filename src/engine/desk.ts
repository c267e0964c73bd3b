/** Desk: what the parts of one running engine share: how to be heard, how to listen, and in which order. */
import { type Observable, type Observer, Subject, type Subscriber, Subscription, takeUntil } from 'rxjs';
import type { Milliseconds } from '../model/index.js';
import type { EngineEvent, Happening } from './events.js';
import { mailbox, type Post } from './mailbox.js';
import type { EngineSettings } from './options.js';

/** What the parts of one running engine share. */
export interface Desk {
  readonly settings: EngineSettings;
  readonly now: () => Milliseconds;
  /** Tells the subscriber, now. */
  readonly emit: (happening: Happening) => void;
  /** Handles something in its turn. */
  readonly post: Post;
  /** Subscribes for as long as the engine is subscribed to, and not at all after that. */
  readonly listen: <Value>(source: Observable<Value>, observer: Partial<Observer<Value>>) => void;
  /** Ends the engine's events, and with them all that is listened to. */
  readonly complete: () => void;
}

/** Sets up what the parts of one engine share, for one subscriber. All that is listened to ends with it. */
export const deskOf = (settings: EngineSettings, subscriber: Subscriber<EngineEvent>): Desk => {
  const subscription = new Subscription();
  const stopped = new Subject<void>();
  // A source that emits while it is being subscribed to has no subscription to end yet; this reaches it all the same.
  subscription.add(() => stopped.next());
  subscriber.add(subscription);

  const now = (): Milliseconds => settings.scheduler.now();
  const closed = (): boolean => subscriber.closed;
  const handle = mailbox(closed);
  return {
    settings,
    now,
    complete: () => subscriber.complete(),
    emit: (happening) => subscriber.next({ at: now(), ...happening }),
    post: (task) => {
      try {
        handle(task);
      } catch (bug) {
        // Whatever others can do wrong was caught where they did it.
        subscriber.error(bug);
      }
    },
    listen: (source, observer) => {
      if (!closed()) subscription.add(source.pipe(takeUntil(stopped)).subscribe(observer));
    },
  };
};
