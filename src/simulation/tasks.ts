/** Tasks: how a process goes through the activities of its job, one at a time. */
import { closeFlow, networkWay, openFlow, remainingOf, storageWay, type Way } from './flows.js';
import { type Activity, type Job, sizeOf } from './job.js';
import type { Flow, GuestMachine, Region, RunningJob, Task, World } from './machines.js';
import { memoryInUse } from './memory.js';

/** Brings everything that a guest does up to now. To be called before any of its rates changes. */
export const settleGuest = (guest: GuestMachine, now: number): void => {
  const seconds = (now - guest.since) / 1000;
  if (seconds === 0) return;
  for (const task of guest.tasks) {
    task.remaining = Math.max(0, task.remaining - task.rate * seconds);
    task.processorTime += task.processors * seconds;
  }
  for (const region of guest.regions) region.written += region.rate * seconds;
  const { trace } = guest;
  if (trace?.trace.unserved === 'carried over')
    trace.backlog = Math.max(0, trace.backlog + (trace.wanted - trace.rate) * seconds);
  guest.since = now;
};

const wayOf = (world: World, guest: GuestMachine, activity: Activity): Way => {
  switch (activity.kind) {
    case 'read':
    case 'write': {
      const storage = activity.storage ?? guest.guest.image?.storage ?? guest.host.host.storage[0]?.id;
      return storage === undefined ? undefined : storageWay(world, guest.host, storage, activity.kind);
    }
    case 'receive':
    case 'send':
      return networkWay(guest.host, activity.kind);
    default:
      return undefined;
  }
};

const isTransfer = (activity: Activity): boolean => activity.kind !== 'compute' && activity.kind !== 'sleep';

/** Whether the task waits for storage, uninterruptibly as the kernel says. */
export const isBlocked = ({ doing }: Task): boolean => doing?.kind === 'read' || doing?.kind === 'write';
/** Whether the task wants a processor. */
export const isRunnable = ({ doing }: Task): boolean => doing?.kind === 'compute';

/** Lets the transfer of a task run where its guest now stands. Where no way leads to the storage, it waits. */
const connect = (world: World, task: Task): void => {
  if (task.doing === undefined || !isTransfer(task.doing) || task.guest.standing !== 'running') return;
  const passages = wayOf(world, task.guest, task.doing);
  if (passages === undefined) return;
  const flow: Flow = openFlow(world, passages, task.remaining, Infinity, () => {
    world.staleHosts.add(task.guest.host);
    world.agenda.cancel(task.end);
    task.end =
      flow.rate > 0
        ? world.agenda.add(world.now + (remainingOf(flow, world.now) / flow.rate) * 1000, () =>
            finishActivity(world, task),
          )
        : undefined;
  });
  task.flow = flow;
};

/** Takes the transfers of a guest off the network, as when it stops. */
export const disconnectAll = (world: World, guest: GuestMachine): void => {
  for (const task of guest.tasks) {
    if (task.flow === undefined) continue;
    task.remaining = closeFlow(world, task.flow);
    task.flow = undefined;
    world.agenda.cancel(task.end);
    task.end = undefined;
  }
};

/** Lets the transfers of a guest run again, where it now stands. */
export const connectAll = (world: World, guest: GuestMachine): void => {
  for (const task of guest.tasks) if (task.flow === undefined) connect(world, task);
};

const regionFor = (task: Task, activity: Activity): Region | undefined => {
  if (activity.kind === 'sleep' || activity.writes === undefined) return undefined;
  const known = task.regions.get(activity);
  if (known) return known;
  const { workingSet, pattern } = activity.writes;
  const region: Region = { workingSet, pattern, written: 0, rate: 0 };
  task.regions.set(activity, region);
  task.guest.regions.push(region);
  return region;
};

const begin = (world: World, task: Task, activity: Activity, turns: number): void => {
  const size = sizeOf(activity);
  task.doing = activity;
  task.remaining = size / turns;
  task.system = activity.kind === 'compute' ? (activity.system ?? 0) : 0;
  task.region = regionFor(task, activity);
  task.writesPerUnit = activity.kind !== 'sleep' && activity.writes ? activity.writes.amount / size : 0;
  if (activity.kind === 'sleep') {
    task.remaining = 0;
    task.end = world.agenda.add(world.now + size / turns, () => finishActivity(world, task));
  } else connect(world, task);
};

/** The next place in the job with something to do, or none. */
const forward = (task: Task, { stages, loops = 1 }: Job): { activity: Activity; turns: number } | undefined => {
  for (;;) {
    const stage = stages[task.stage];
    if (stage === undefined) {
      task.job.loopsDone += 1;
      task.stage = 0;
      task.loop += 1;
      if (loops !== 'endless' && task.loop >= loops) return undefined;
      continue;
    }
    const { activities, turns = 1 } = stage;
    task.activity += 1;
    if (task.activity >= activities.length) {
      task.activity = 0;
      task.turn += 1;
    }
    if (task.turn >= turns) {
      task.turn = 0;
      task.activity = -1;
      task.stage += 1;
      continue;
    }
    const activity = activities[task.activity];
    if (activity !== undefined && sizeOf(activity) > 0) return { activity, turns };
  }
};

/** Ends what a task does, and begins what comes next. The activity is done by decree: rounding leaves no crumbs behind. */
export const finishActivity = (world: World, task: Task): void => {
  const { guest } = task;
  settleGuest(guest, world.now);
  halt(world, task);
  advance(world, task);
};

const halt = (world: World, task: Task): void => {
  if (task.flow) closeFlow(world, task.flow);
  task.flow = undefined;
  world.agenda.cancel(task.end);
  task.end = undefined;
  task.doing = undefined;
  task.remaining = 0;
  task.rate = 0;
  task.processors = 0;
  task.region = undefined;
  task.writesPerUnit = 0;
  world.staleHosts.add(task.guest.host);
};

const advance = (world: World, task: Task): void => {
  const next = forward(task, task.job.job);
  if (next) begin(world, task, next.activity, next.turns);
  else leave(world, task, 'done');
};

/** Takes a task out of its guest; the job is over when its last task is. */
const leave = (world: World, task: Task, outcome: 'done' | 'stopped' | 'lost'): void => {
  const { guest, job } = task;
  guest.tasks = guest.tasks.filter((other) => other !== task);
  job.tasks = job.tasks.filter((other) => other !== task);
  // Dirty pages that a migration has yet to send outlive their writer.
  if (guest.move === undefined) {
    const gone = new Set(task.regions.values());
    guest.regions = guest.regions.filter((region) => !gone.has(region));
  }
  if (job.tasks.length > 0) return;
  job.outcome = outcome;
  job.finishedAt = world.now;
  world.news.job(job);
};

/** Begins a job in a guest that runs; processes that waited keep their numbers. */
export const startJob = (
  world: World,
  guest: GuestMachine,
  id: string,
  job: Job,
  pids: readonly number[] = Array.from({ length: job.processes ?? 1 }, () => (guest.pids += 1)),
): RunningJob => {
  settleGuest(guest, world.now);
  const running: RunningJob = {
    id,
    job,
    guest: guest.id,
    startedAt: world.now,
    tasks: [],
    loopsDone: 0,
    finishedAt: undefined,
    outcome: 'running',
  };
  world.jobs.set(id, running);
  for (const pid of pids) {
    running.tasks.push({
      job: running,
      guest,
      pid,
      loop: 0,
      stage: 0,
      turn: 0,
      activity: -1,
      doing: undefined,
      remaining: 0,
      rate: 0,
      system: 0,
      flow: undefined,
      region: undefined,
      writesPerUnit: 0,
      regions: new Map(),
      end: undefined,
      processorTime: 0,
      processors: 0,
    });
  }
  guest.tasks = [...guest.tasks, ...running.tasks];
  guest.touched = Math.max(guest.touched, memoryInUse(guest));
  for (const task of [...running.tasks]) advance(world, task);
  world.staleHosts.add(guest.host);
  return running;
};

/** Ends a job before it is done. */
export const endJob = (world: World, guest: GuestMachine, job: RunningJob, outcome: 'stopped' | 'lost'): void => {
  settleGuest(guest, world.now);
  for (const task of guest.tasks.filter((one) => one.job === job)) {
    halt(world, task);
    leave(world, task, outcome);
  }
};
