/** Jobs: what the guests of the experiments do, in cycles and bytes. */
import { seconds } from '../../../src/model/index.js';
import { type Activity, type Job, job, type MemoryWrites } from '../../../src/simulation/index.js';
import { encoderMemory, isoBytes } from './measured.js';
import { guestPhysics as physics, megabyte } from './physics.js';

/** Storage of the second task that waits beside a job; every host has it, at one rate. */
export const besidesStorage = 'journal';

const dirtying = (length: number): MemoryWrites => ({
  amount: physics.dirtyRate * length,
  workingSet: physics.dirtyWorkingSet,
  pattern: 'sweep',
});

const computing = (length: number, clock: number, system: number): Activity => ({
  kind: 'compute',
  cycles: length * clock,
  system,
  writes: dirtying(length),
});

/** An encoding that takes so many seconds on a processor of this clock (hertz). */
export const encode = (length: number, clock: number): Job =>
  job('ffmpeg', [computing(length, clock, physics.system)], { memory: encoderMemory * megabyte });

/** A build: small files first, which cost much system time, then larger ones (§7.4.5). */
export const build = (length: number, clock: number): Job => {
  const { system, seconds: first } = physics.smallFiles;
  return {
    name: 'cc1',
    stages: [
      { activities: [computing(Math.min(first, length), clock, system)] },
      { activities: [computing(Math.max(0, length - first), clock, physics.system)] },
    ],
    memory: encoderMemory * megabyte,
  };
};

/** Slices of a copy: it reads, computes and writes in turns. */
const turns = 500;

/** A copy of the file that takes so many seconds of a processor of this clock; what is read and written passes the page cache. */
export const copy = (processor: number, clock: number): Job => {
  const cached: MemoryWrites = { amount: isoBytes, workingSet: physics.pageCache / 2, pattern: 'sweep' };
  return job(
    'cp',
    [
      { kind: 'read', bytes: isoBytes, writes: cached },
      { kind: 'compute', cycles: processor * clock, system: 1 },
      { kind: 'write', bytes: isoBytes, writes: cached },
    ],
    { turns, memory: megabyte },
  );
};

/** Rate of the disk that lets a copy take so long, of which so much is spent computing. */
export const copyRate = (elapsed: number, processor: number): number => (2 * isoBytes) / (elapsed - processor);

/** The task beside a job that keeps the load average up, without taking anything from it. */
export const besides: Job = {
  name: 'flush',
  stages: [
    {
      activities: [
        {
          kind: 'write',
          bytes: physics.besidesRate * physics.besides * physics.besidesPeriod,
          storage: besidesStorage,
        },
        { kind: 'sleep', time: seconds((1 - physics.besides) * physics.besidesPeriod) },
      ],
    },
  ],
  loops: 'endless',
};
