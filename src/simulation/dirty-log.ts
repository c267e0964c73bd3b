/** DirtyLog: what a migration finds dirtied when it looks, and what there is to send then. */
import type { Bytes } from '../model/index.js';
import { uniqueDirtied } from './dirtying.js';
import { settleGuest } from './tasks.js';
import type { Move, World } from './machines.js';

/** What a look at the dirty log brings. */
export interface Synchronised {
  /** Different memory dirtied since the last look. */
  readonly dirtied: Bytes;
  /** What there is to send now. */
  readonly pending: Bytes;
}

/**
 * Looks up what was dirtied since the last time, and forgets it. A page that was still queued and is dirtied again is one page.
 * What is left of the first pass may be any page that is not zero; what is left later was dirtied before, so it lies where the
 * guest writes.
 *
 * @param left - what is still queued of the round before
 */
export const synchronise = (world: World, { guest, marks, round }: Move, left: Bytes): Synchronised => {
  settleGuest(guest, world.now);
  const { memory } = guest.guest;
  let dirtied = 0;
  let among = 0;
  for (const region of guest.regions) {
    const unique = uniqueDirtied(region, region.written - (marks.get(region) ?? 0));
    marks.set(region, region.written);
    dirtied += unique;
    if (unique > 0) among += region.workingSet;
  }
  dirtied = Math.min(memory, dirtied);
  const where = Math.min(memory, round === 1 ? Math.max(among, guest.touched) : among);
  const again = where > 0 ? Math.min(1, dirtied / where) : 0;
  return { dirtied, pending: Math.min(memory, dirtied + left * (1 - again)) };
};
