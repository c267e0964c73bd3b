/** DomainState: what libvirt's numbers of a guest's state say about a move. The numbers mean the same in every language. */
import type { DomainCounters } from '../../metrics/index.js';

/**
 * Where a guest is in a move, as one host sees it. `arriving`: it is being received and does not run yet. `post-copy source`: it
 * has left, but some of its memory has not. `post-copy destination`: it runs, but waits for memory of the source. `broken`: the
 * connection was lost in post-copy, and neither side is whole.
 */
export type Standing =
  | 'running'
  | 'paused'
  | 'suspended to move'
  | 'arriving'
  | 'post-copy source'
  | 'post-copy destination'
  | 'broken'
  | 'off';

/** `virDomainState` and its reasons (libvirt-domain.h). */
const running = 1;
const blocked = 2;
const paused = 3;
const shuttingDown = 4;
const runningPostCopy = 10;
const runningPostCopyFailed = 11;
const pausedMigration = 2;
const pausedStartingUp = 11;
const pausedPostCopy = 12;
const pausedPostCopyFailed = 13;

/** What the numbers say. `paused (migrating)` is a guest that arrives, or one that was suspended for its last round at the source; both read alike. */
export const standingOf = (
  { state, reason }: NonNullable<DomainCounters['state']>,
  side: 'source' | 'destination',
): Standing => {
  if (state === paused) {
    if (reason === pausedMigration) return side === 'source' ? 'suspended to move' : 'arriving';
    if (reason === pausedStartingUp) return 'arriving';
    if (reason === pausedPostCopy) return 'post-copy source';
    return reason === pausedPostCopyFailed ? 'broken' : 'paused';
  }
  if (state !== running && state !== blocked && state !== shuttingDown) return 'off';
  if (reason === runningPostCopyFailed && state === running) return 'broken';
  return reason === runningPostCopy && state === running ? 'post-copy destination' : 'running';
};

/** Whether a guest of this state may be one that is being received from another host. */
export const mayBeArriving = (state: DomainCounters['state']): boolean =>
  state !== undefined &&
  (['arriving', 'post-copy destination'].includes(standingOf(state, 'destination')) ||
    (state.state === running && state.reason === runningPostCopyFailed));
