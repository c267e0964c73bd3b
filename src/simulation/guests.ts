/** Guests: how they come into the world, follow a trace, die and come back. */
import type { Fraction, Guest } from '../model/index.js';
import { counter, noGuestRates } from './counters.js';
import type { SteadyWrites } from './dirtying.js';
import { dropAllHeld } from './held-jobs.js';
import { loadAverage } from './load-average.js';
import type { GuestMachine, HostMachine, Region, TraceMachine, World } from './machines.js';
import { memoryInUse } from './memory.js';
import { connectAll, disconnectAll, endJob, settleGuest, startJob } from './tasks.js';
import { type Trace, traceValue } from './trace.js';
import type { Workload } from './workload.js';

const regionFor = (writes: SteadyWrites | undefined): Region | undefined =>
  writes && { workingSet: writes.workingSet, pattern: writes.pattern, written: 0, rate: 0 };

/** Goes through the steps of a trace from the present one. */
const step = (world: World, guest: GuestMachine, machine: TraceMachine): void => {
  const { trace, startedAt, referenceClock } = machine;
  const share: Fraction = traceValue(trace.values, trace.after, machine.index);
  const wanted = share * guest.guest.vcpus * referenceClock;
  if (wanted !== machine.wanted) {
    settleGuest(guest, world.now);
    machine.wanted = wanted;
    world.staleHosts.add(guest.host);
  }
  if (trace.memory) {
    const after = trace.after === 'nothing' ? 'hold' : trace.after;
    machine.memory = guest.guest.memory * Math.min(1, traceValue(trace.memory, after, machine.index));
    guest.touched = Math.max(guest.touched, memoryInUse(guest));
  }
  const longest = Math.max(trace.values.length, trace.memory?.length ?? 0);
  machine.index += 1;
  const ended = trace.after !== 'repeat' && machine.index > longest;
  machine.next =
    ended || longest === 0
      ? undefined
      : world.agenda.add(startedAt + machine.index * trace.step, () => step(world, guest, machine));
};

/** Lets a guest follow a trace from now on, or none. Work in arrears is forgotten. */
export const follow = (world: World, guest: GuestMachine, trace: Trace | undefined): void => {
  settleGuest(guest, world.now);
  const old = guest.trace;
  if (old) {
    world.agenda.cancel(old.next);
    world.agenda.cancel(old.drained);
    // Dirty pages that a migration has yet to send outlive their writer.
    if (guest.move === undefined) guest.regions = guest.regions.filter((region) => region !== old.region);
  }
  guest.trace = undefined;
  world.staleHosts.add(guest.host);
  if (trace === undefined) return;
  const region = regionFor(trace.writes);
  if (region) guest.regions.push(region);
  guest.trace = {
    trace,
    startedAt: world.now,
    referenceClock: trace.referenceClock ?? guest.host.host.cpu.clock,
    region,
    index: 0,
    wanted: 0,
    rate: 0,
    backlog: 0,
    memory: undefined,
    next: undefined,
    drained: undefined,
  };
  step(world, guest, guest.trace);
};

/** A guest with its workload, on the host that it names. */
export const buildGuest = (world: World, guest: Guest, host: HostMachine, workload: Workload): GuestMachine => {
  const { background } = workload;
  const region = regionFor(background);
  const used = Math.min(guest.memory, workload.used ?? guest.memory / 4);
  const counted = counter(world.now, noGuestRates());
  const machine: GuestMachine = {
    id: guest.id,
    guest,
    host,
    standing: host.alive ? 'running' : 'dead',
    tasks: [],
    trace: undefined,
    background: region,
    backgroundRate: background?.rate ?? 0,
    regions: region ? [region] : [],
    pace: 1,
    used,
    touched: Math.max(used, workload.nonZero ?? 0),
    since: world.now,
    counter: counted,
    load: loadAverage(world.now),
    move: undefined,
    pids: 0,
    addedAt: world.now,
    birth: counted.epoch,
  };
  world.guests.set(guest.id, machine);
  host.guests.add(machine);
  world.staleHosts.add(host);
  if (workload.demand) follow(world, machine, workload.demand);
  for (const job of workload.jobs ?? []) startJob(world, machine, nextJobId(world, guest.id, job.name), job);
  return machine;
};

/** A name for a job that was given none. */
export const nextJobId = (world: World, guest: string, job: string): string => {
  const taken = (id: string): boolean => world.jobs.has(id) || world.held.has(id);
  do world.jobCount += 1;
  while (taken(`${guest}/${job}/${world.jobCount}`));
  return `${guest}/${job}/${world.jobCount}`;
};

/** Ends a guest's life: its jobs are lost, its demand is not served. */
export const killGuest = (world: World, guest: GuestMachine): void => {
  settleGuest(guest, world.now);
  disconnectAll(world, guest);
  dropAllHeld(world, guest);
  for (const job of new Set(guest.tasks.map((task) => task.job))) endJob(world, guest, job, 'lost');
  guest.standing = 'dead';
  if (guest.trace) guest.trace.backlog = 0;
  world.staleHosts.add(guest.host);
};

/** Starts a dead guest where it stands. */
export const reviveGuest = (world: World, guest: GuestMachine): void => {
  settleGuest(guest, world.now);
  guest.standing = 'running';
  connectAll(world, guest);
  world.staleHosts.add(guest.host);
};
