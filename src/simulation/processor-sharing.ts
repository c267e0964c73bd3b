/** Processor sharing: who gets how much of a host's processors, until something changes there. */
import { cpuCapacity, type Hertz } from '../model/index.js';
import { hold } from './counters.js';
import { fairShare } from './fair-share.js';
import type { GuestMachine, HostMachine, Task, TraceMachine, World } from './machines.js';
import { powerAt } from './power.js';
import { finishActivity, isBlocked, isRunnable, settleGuest } from './tasks.js';

/** What a guest could use, in cycles of its host. */
interface Wish {
  readonly guest: GuestMachine;
  /** vCPUs that have something to run; a fraction where demand is a fluid. */
  readonly runnable: number;
  /** Tasks that want a vCPU, vCPUs for a fluid counted as tasks. */
  readonly wanting: number;
  readonly blocked: number;
  readonly demanded: number;
  readonly limit: number;
  readonly weight: number;
}

/** Smaller than this a backlog is none: a nanosecond's work. */
const crumb = 1;

/** What a trace wants now: with work in arrears, all that the guest has. */
const wantedBy = ({ trace, backlog, wanted }: TraceMachine, whole: Hertz): number =>
  trace.unserved === 'carried over' && backlog > crumb ? Math.max(whole, wanted) : wanted;

/**
 * @param clock - cycles per second that a vCPU gets for its guest when it has a core to itself
 * @param cost - cycles of the host for each of the guest
 */
const wishOf = (guest: GuestMachine, clock: Hertz, cost: number): Wish => {
  const { vcpus } = guest.guest;
  const whole = vcpus * clock;
  const computing = guest.tasks.filter(isRunnable).length;
  const fluid = guest.trace ? wantedBy(guest.trace, whole) : 0;
  const arriving = guest.trace?.wanted ?? 0;
  const wanting = computing + fluid / clock;
  const demanded = arriving + Math.min(computing * clock, Math.max(0, whole - arriving));
  const paced = clock * guest.pace;
  const runs = guest.standing === 'running';
  return {
    guest,
    runnable: runs ? Math.min(vcpus, wanting) : 0,
    wanting,
    blocked: guest.tasks.filter(isBlocked).length,
    demanded,
    limit: runs ? Math.min(vcpus * paced, computing * paced + fluid) * cost : 0,
    weight: Math.min(vcpus, computing + (fluid > 0 ? vcpus : 0)),
  };
};

/** Gives a task so many cycles per second, and puts down when it will be done. */
const drive = (world: World, task: Task, rate: number): void => {
  if (task.rate === rate && (task.end !== undefined || rate === 0)) return;
  task.rate = rate;
  world.agenda.cancel(task.end);
  task.end =
    rate > 0
      ? world.agenda.add(world.now + (task.remaining / rate) * 1000, () => finishActivity(world, task))
      : undefined;
};

const driveTrace = (world: World, guest: GuestMachine, trace: TraceMachine, rate: number): void => {
  trace.rate = rate;
  world.agenda.cancel(trace.drained);
  trace.drained = undefined;
  if (trace.trace.unserved === 'lost') return;
  const excess = rate - trace.wanted;
  if (trace.backlog > crumb && excess > 0)
    trace.drained = world.agenda.add(world.now + (trace.backlog / excess) * 1000, () => {
      settleGuest(guest, world.now);
      trace.backlog = 0;
      world.staleHosts.add(guest.host);
    });
};

/** Divides what a guest got among its tasks and its trace. */
const divide = (world: World, { guest, limit }: Wish, cycles: number, clock: Hertz): void => {
  const { vcpus } = guest.guest;
  const tasks = guest.tasks.filter(isRunnable);
  const paced = limit > 0 ? clock * guest.pace : 0;
  const { trace } = guest;
  const fluid = trace && limit > 0 ? Math.min(wantedBy(trace, vcpus * clock), vcpus * paced) : 0;
  const shares = fairShare(cycles, [
    ...tasks.map(() => ({ limit: paced, weight: 1 })),
    ...(trace ? [{ limit: fluid, weight: vcpus }] : []),
  ]);
  tasks.forEach((task, i) => drive(world, task, shares[i] ?? 0));
  if (trace) driveTrace(world, guest, trace, shares[tasks.length] ?? 0);
};

/** Sets how fast each region of a guest's memory is written to. */
const setWriting = (guest: GuestMachine): void => {
  for (const region of guest.regions) region.rate = 0;
  if (guest.standing !== 'running') return;
  for (const { region, writesPerUnit, flow, rate } of guest.tasks)
    if (region) region.rate += writesPerUnit * (flow ? flow.rate : rate);
  const { trace, background, backgroundRate } = guest;
  if (trace?.region && trace.trace.writes)
    trace.region.rate += (trace.trace.writes.rate * trace.rate) / (guest.guest.vcpus * trace.referenceClock);
  if (background) background.rate += backgroundRate;
};

/** Sets what is counted of a guest from now on. `processors` is how many it really runs on. */
const setGuestRates = (world: World, wish: Wish, cycles: number, processors: number): void => {
  const { guest, runnable, blocked, demanded } = wish;
  const { vcpus } = guest.guest;
  const { rates } = guest.counter;
  const runs = guest.standing === 'running';
  const share = cycles > 0 ? processors / cycles : 0;
  let kernel = guest.trace ? guest.trace.rate * guest.trace.trace.system : 0;
  rates.read = rates.written = rates.received = rates.sent = 0;
  for (const task of guest.tasks) {
    task.processors = task.rate * share;
    kernel += task.rate * task.system;
    const flowing = task.flow?.rate ?? 0;
    if (task.doing?.kind === 'read') rates.read += flowing;
    else if (task.doing?.kind === 'write') rates.written += flowing;
    else if (task.doing?.kind === 'receive') rates.received += flowing;
    else if (task.doing?.kind === 'send') rates.sent += flowing;
  }
  rates.system = kernel * share;
  rates.user = Math.max(0, processors - rates.system);
  rates.steal = Math.max(0, runnable - processors);
  rates.iowait = runs ? Math.min(vcpus - runnable, blocked) : 0;
  rates.waiting = runs && wish.wanting > vcpus ? 1 - vcpus / wish.wanting : 0;
  rates.cpuSome = runs && wish.wanting > vcpus ? 1 : 0;
  rates.ioSome = runs && blocked > 0 ? 1 : 0;
  rates.ioFull = runs && blocked > 0 && runnable === 0 ? 1 : 0;
  rates.demanded = demanded;
  rates.served = cycles;
  rates.still = guest.standing === 'still' ? 1 : 0;
  rates.dead = guest.standing === 'dead' ? 1 : 0;
  hold(guest.counter, world.now);
  guest.load.count(world.now, guest.standing === 'dead' ? 0 : wish.wanting + blocked);
};

const setHostRates = (world: World, machine: HostMachine, wishes: readonly Wish[], own: Hertz, cost: number): void => {
  const { host, alive } = machine;
  const { rates } = machine.counter;
  const { threads, clock } = host.cpu;
  const capacity = cpuCapacity(host);
  let [user, runnable, blocked, demanded, served] = [0, 0, 0, own, own];
  rates.read = rates.written = rates.received = rates.sent = rates.diskBusy = 0;
  for (const wish of wishes) {
    const of = wish.guest.counter.rates;
    user += of.user + of.system;
    runnable += wish.runnable;
    blocked += wish.guest.standing === 'running' ? wish.blocked : 0;
    demanded += wish.demanded * cost;
    served += of.served * cost;
    rates.read += of.read;
    rates.written += of.written;
  }
  for (const link of machine.links.values()) {
    for (const flow of link.in.flows) rates.received += flow.rate;
    // On a half-duplex link both ways are one passage, so that the direction is not known; it is counted as received.
    if (link.out !== link.in) for (const flow of link.out.flows) rates.sent += flow.rate;
  }
  for (const { id, access } of host.storage)
    if (access === 'local' && (machine.disks.get(id)?.flows.size ?? 0) > 0) rates.diskBusy = 1;
  const system = own / clock;
  rates.user = user;
  rates.system = Math.min(system, Math.max(0, threads - user));
  rates.iowait = Math.max(0, Math.min(threads - user - rates.system, blocked));
  const wanting = runnable + system;
  rates.waiting = wanting > threads ? 1 - threads / wanting : 0;
  rates.cpuSome = wanting > threads ? 1 : 0;
  rates.ioSome = blocked > 0 ? 1 : 0;
  rates.ioFull = blocked > 0 && runnable === 0 ? 1 : 0;
  rates.demanded = demanded;
  rates.served = served;
  rates.overloaded = alive && demanded > world.settings.overloadMark * capacity ? 1 : 0;
  rates.energy = alive ? powerAt(host.power, served / capacity) : 0;
  hold(machine.counter, world.now);
  machine.load.count(world.now, runnable + blocked);
};

/** What of a host's capacity the hypervisor takes for itself and for migrations, which come before guests. */
const ownCycles = (world: World, machine: HostMachine): Hertz => {
  const { overhead, migration } = world.settings;
  const capacity = cpuCapacity(machine.host);
  let own = overhead.host * capacity;
  for (const { flow } of machine.moves) own += (flow?.rate ?? 0) * migration.cyclesPerByte;
  return Math.min(capacity, own);
};

/** Works out anew who gets what on a host. */
export const shareProcessors = (world: World, machine: HostMachine): void => {
  const { host } = machine;
  const { cores, threads } = host.cpu;
  for (const guest of machine.guests) settleGuest(guest, world.now);

  const cost = 1 + world.settings.overhead.guest;
  const clock = host.cpu.clock / cost;
  const wishes = [...machine.guests].map((guest) => wishOf(guest, clock, cost));
  const own = machine.alive ? ownCycles(world, machine) : 0;
  const cycles = fairShare(machine.alive ? cpuCapacity(host) - own : 0, wishes);
  // Two threads of a core run side by side, each slower: time on a logical processor is not cycles then.
  const times =
    threads === cores
      ? undefined
      : fairShare(
          machine.alive ? Math.max(0, threads - own / host.cpu.clock) : 0,
          wishes.map(({ limit, weight }) => ({ limit: limit / host.cpu.clock, weight })),
        );
  wishes.forEach((wish, i) => {
    const got = cycles[i] ?? 0;
    divide(world, wish, got / cost, clock);
    setWriting(wish.guest);
    setGuestRates(world, wish, got / cost, times?.[i] ?? got / host.cpu.clock);
  });
  setHostRates(world, machine, wishes, own, cost);
};
