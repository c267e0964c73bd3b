/** Held jobs: work that is stopped before it begins, until somebody lets it go or it has waited for long enough (M44). */
import { type Milliseconds, minutes } from '../model/index.js';
import type { Job } from './job.js';
import type { GuestMachine, HeldJob, World } from './machines.js';
import { startJob } from './tasks.js';

/** Nobody may hold a job for ever: whoever holds it may have gone. */
const longest: Milliseconds = minutes(5);

/** Takes a job off the list of those that wait. */
const unlist = (world: World, held: HeldJob): void => {
  world.agenda.cancel(held.limit);
  world.held.delete(held.id);
};

/** Lets a held job begin, in its guest, wherever that now stands. */
export const releaseJob = (world: World, held: HeldJob): void => {
  unlist(world, held);
  startJob(world, held.guest, held.id, held.job, held.pids);
};

/** Holds a job before it begins. */
export const holdJob = (
  world: World,
  guest: GuestMachine,
  id: string,
  job: Job,
  atMost: Milliseconds = longest,
): HeldJob => {
  const pids = Array.from({ length: job.processes ?? 1 }, () => (guest.pids += 1));
  const held: HeldJob = {
    id,
    job,
    guest,
    heldAt: world.now,
    pids,
    limit: world.agenda.add(world.now + atMost, () => releaseJob(world, held)),
  };
  world.held.set(id, held);
  return held;
};

/** Jobs that wait in a guest. */
export const heldIn = (world: World, guest: GuestMachine): readonly HeldJob[] =>
  world.held.size === 0 ? [] : [...world.held.values()].filter((held) => held.guest === guest);

/** Ends a job that has not begun: it was never one of those that were. */
export const dropHeld = unlist;

/** A guest's end: what waits in it never begins. */
export const dropAllHeld = (world: World, guest: GuestMachine): void => {
  for (const held of heldIn(world, guest)) unlist(world, held);
};
