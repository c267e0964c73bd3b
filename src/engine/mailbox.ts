/** Mailbox: lets what comes in while something is being handled wait until that is done. */

/** Handles a task now, or after those that are being handled. */
export type Post = (task: () => void) => void;

/**
 * Makes a mailbox: tasks run one after the other, in the order in which they came, never one inside another. So a driver that
 * answers while it is being called, or a listener that acts on an event, does not see or change a half-made decision.
 *
 * @param closed - whether nothing is to be handled any more
 */
export const mailbox = (closed: () => boolean): Post => {
  let waiting: (() => void)[] = [];
  let busy = false;
  return (task) => {
    waiting.push(task);
    if (busy) return;
    busy = true;
    try {
      while (waiting.length > 0) {
        const batch = waiting;
        waiting = [];
        for (const next of batch) if (!closed()) next();
      }
    } finally {
      busy = false;
      waiting = [];
    }
  };
};
