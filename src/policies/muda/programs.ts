/** Programs: which names are known to be heavy on processors or on disks, and what becomes of a job that waits for a move. */
import * as z from 'zod';
import {
  type Cluster,
  type GuestId,
  guestSubject,
  lookFor,
  lookup,
  type Plan,
  type Reason,
  type Sample,
} from '../../model/index.js';
import type { WorkloadClass } from '../classification/index.js';

/** A program that is known by its name, and what it needs (Muda, §7.5; M44). */
export interface Program {
  /** Name of its process; `*` stands for any letters. */
  readonly name: string;
  readonly needs: 'cpu' | 'io';
}

/** Schema of {@link Program}. */
export const programSchema: z.ZodType<Program> = /* @__PURE__ */ z.strictObject({
  name: /* @__PURE__ */ z.string().min(1),
  needs: /* @__PURE__ */ z.enum(['cpu', 'io']),
});

const special = /[.+?^${}()|[\]\\]/g;

const matches = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replace(special, '\\$&').replaceAll('*', '.*')}$`, 'u').test(name);

/** What a program of this name is known to need: by the first entry that fits; `undefined` where none does. */
export const neededBy = (programs: readonly Program[], name: string): Program['needs'] | undefined =>
  programs.find((program) => matches(program.name, name))?.needs;

/**
 * The list with what was seen of a program: a guest in which it was the busiest was of this class. What was seen last counts;
 * an entry with a pattern is left alone, and one of its own goes before it (M44: the list is given or learnt).
 */
export const learnProgram = (programs: readonly Program[], name: string, seen: WorkloadClass): readonly Program[] => {
  if ((seen !== 'cpu' && seen !== 'io') || neededBy(programs, name) === seen) return programs;
  return [{ name, needs: seen }, ...programs.filter((program) => program.name !== name)];
};

/** Names of processes in a sample that were stopped before they began and are known to be heavy on I/O, sorted. */
export const heldPrograms =
  (programs: readonly Program[]) =>
  ({ processes }: Sample): readonly string[] | undefined =>
    processes
      ?.filter(({ name, state }) => state === 'stopped' && neededBy(programs, name) === 'io')
      .map(({ name }) => name)
      .sort();

/** A job that was stopped before it began, so that its guest can be brought near its image. */
export interface WaitingJob {
  readonly guest: GuestId;
  readonly program: string;
}

/** Whether a waiting job is to be held on or let go, and why. */
export interface HeldJob extends WaitingJob {
  readonly verdict: 'hold' | 'release';
  readonly because: readonly Reason[];
}

/**
 * What is to become of jobs that wait: held while their guest is to move or moves, and let go when it arrived, or when the move
 * was given up (M44). Whoever stops and continues the processes asks this after each decision. A guest that is not in the
 * snapshot holds nothing up: its job is let go.
 */
export const heldJobs = (waiting: readonly WaitingJob[], cluster: Cluster, plan: Plan): readonly HeldJob[] =>
  waiting.map((job) => {
    const { guest: guestOf, migrationOf } = lookup(cluster);
    const moving = migrationOf(job.guest) !== undefined;
    const planned = plan.moves.some(({ guest }) => guest === job.guest);
    const value = moving ? 'moving' : planned ? 'about to move' : guestOf(job.guest) ? 'at rest' : 'not known';
    return {
      ...job,
      verdict: moving || planned ? 'hold' : 'release',
      because: [
        lookFor({
          rule: 'muda.beforeIo',
          subject: guestSubject(job.guest),
          measure: `state while ${job.program} waits`,
          value,
          among: ['moving', 'about to move'],
        }),
      ],
    };
  });
