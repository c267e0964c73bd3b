/** Programs: which names are known to be heavy on processors or on disks, and what becomes of a job that waits for a move. */
import * as z from 'zod';
import {
  type Cluster,
  compare,
  type GuestId,
  guestSubject,
  holds,
  lookFor,
  lookup,
  type Milliseconds,
  minutes,
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
  /**
   * When it was stopped. Where this is given, the job waits until its guest was examined after that, and is let go when a
   * move that began after that has ended, or when it has waited for the longest time.
   */
  readonly since?: Milliseconds;
}

/** Settings of {@link heldJobs}. */
export interface HoldSettings {
  /** Longest wait, whatever happens. @defaultValue 5 min, twice the move of 120 s that is accepted at most (M18), and some time to begin it */
  readonly longest?: Milliseconds;
}

/** Whether a waiting job is to be held on or let go, and why. */
export interface HeldJob extends WaitingJob {
  readonly verdict: 'hold' | 'release';
  readonly because: readonly Reason[];
}

/** States of a guest in which a job in it waits. */
const worthWaiting = ['moving', 'about to move', 'not yet examined'] as const;

const stateOf = (
  { guest, since }: WaitingJob,
  cluster: Cluster,
  { moves }: Plan,
): (typeof worthWaiting)[number] | 'not known' | 'moved' | 'move given up' | 'at rest' => {
  const { guest: guestOf, migrationOf } = lookup(cluster);
  const move = migrationOf(guest);
  // One that has failed may keep its memory reserved for a while; it has ended all the same.
  if (move !== undefined && !cluster.past.some(({ id }) => id === move.id)) return 'moving';
  const known = guestOf(guest)?.knowledge;
  if (known === undefined) return 'not known';
  const ended = cluster.past.findLast((outcome) => outcome.guest === guest && outcome.startedAt >= (since ?? Infinity));
  if (ended !== undefined) return ended.ending.result === 'done' ? 'moved' : 'move given up';
  // What the policy has seen of the guest is older than the job that waits, so its silence says nothing yet.
  if (since !== undefined && (known.kind === 'unseen' || known.at < since)) return 'not yet examined';
  return moves.some((proposal) => proposal.guest === guest) ? 'about to move' : 'at rest';
};

/**
 * What is to become of jobs that wait: held while their guest is to move or moves, and let go when it arrived, or when the move
 * failed or was given up (M44). Whoever stops and continues the processes asks this after each decision. A guest that is not in
 * the snapshot holds nothing up, and nothing is held for longer than the longest time: its job is let go.
 */
export const heldJobs = (
  waiting: readonly WaitingJob[],
  cluster: Cluster,
  plan: Plan,
  { longest = minutes(5) }: HoldSettings = {},
): readonly HeldJob[] =>
  waiting.map((job) => {
    const subject = guestSubject(job.guest);
    const rule = 'muda.beforeIo';
    const because = [
      lookFor({
        rule,
        subject,
        measure: `state while ${job.program} waits`,
        value: stateOf(job, cluster, plan),
        among: worthWaiting,
      }),
      ...(job.since === undefined
        ? []
        : [
            compare({
              rule,
              subject,
              measure: `time that ${job.program} has waited`,
              value: cluster.at - job.since,
              relation: 'below',
              limit: longest,
              unit: 'milliseconds',
            }),
          ]),
    ];
    return { ...job, verdict: because.every(holds) ? 'hold' : 'release', because };
  });
