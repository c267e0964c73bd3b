/** Sampling: what a statistics client would read of the world, as shares and rates since its last reading. */
import {
  type CpuShares,
  type DirtyReading,
  type Fraction,
  type GuestSample,
  type HostSample,
  type MemoryReading,
  type ProcessReading,
  type Readings,
} from '../model/index.js';
import type { Chance } from './chance.js';
import {
  type Counter,
  type Epoch,
  type GuestRates,
  type HostRates,
  named,
  type Numbers,
  totalsAt,
} from './counters.js';
import { uniqueDirtied } from './dirtying.js';
import { heldIn } from './held-jobs.js';
import type { GuestMachine, HostMachine, Region, Task, World } from './machines.js';
import { memoryInUse } from './memory.js';

type Shares = Required<Pick<Readings, 'cpu' | 'runQueueWait' | 'pressure' | 'disk' | 'network'>>;

/** What was read of one subject last. */
interface Seen {
  at: number;
  /** The epoch of its counter in which that was, so that the totals of then can still be worked out. */
  epoch: Epoch;
  /** What was made of the epoch, where it had lasted since the reading before. */
  shares: Shares | undefined;
  memory: MemoryReading | undefined;
}

interface SeenGuest extends Seen {
  readonly processorTime: Map<Task, number>;
  readonly written: Map<Region, number>;
  dirty: DirtyReading;
  readonly noise: { readonly cpu: Chance; readonly dirty: Chance } | undefined;
}

const within = (share: Fraction): Fraction => (share > 0 ? Math.min(1, share) : 0);

const shareOfCpu = (user: number, system: number, steal: number, iowait: number): CpuShares => {
  const used = within(user + system + steal);
  const waiting = Math.min(within(iowait), 1 - used);
  return {
    used,
    user: within(user),
    system: within(system),
    iowait: waiting,
    steal: within(steal),
    idle: within(1 - used - waiting),
  };
};

/** What hosts and guests alike are read of. `processors` is how many the shares are of. */
const sharesOf = (
  mean: GuestRates | HostRates,
  processors: number,
  steal: number,
  busy: Fraction | undefined,
): Shares => ({
  cpu: shareOfCpu(mean.user / processors, mean.system / processors, steal / processors, mean.iowait / processors),
  runQueueWait: within(mean.waiting),
  pressure: {
    cpu: { some: within(mean.cpuSome) },
    memory: { some: 0, full: 0 },
    io: { some: within(mean.ioSome), full: within(mean.ioFull) },
  },
  disk: {
    read: Math.max(0, mean.read),
    written: Math.max(0, mean.written),
    ...(busy !== undefined && { busy: within(busy) }),
  },
  network: { received: Math.max(0, mean.received), sent: Math.max(0, mean.sent) },
});

/**
 * Shares since the last reading. As long as one epoch lasts, the same record is given again: most subjects of a large
 * cluster change much less often than they are read.
 */
const readShares = <Rates extends Numbers<Rates>>(
  seen: Seen,
  counted: Counter<Rates>,
  now: number,
  make: (mean: Rates) => Shares,
): Shares => {
  const { at, epoch: old } = seen;
  const { epoch } = counted;
  seen.at = now;
  if (old === epoch) return (seen.shares ??= make(counted.rates));
  const [before, after] = [totalsAt(old, at), totalsAt(epoch, now)];
  seen.epoch = epoch;
  seen.shares = undefined;
  return make(named(counted, (i) => (((after[i] ?? 0) - (before[i] ?? 0)) / (now - at)) * 1000));
};

const readMemory = (seen: Seen, total: number, used: number): MemoryReading => {
  if (seen.memory?.used !== used)
    seen.memory = { total, used, available: Math.max(0, total - used), swapTotal: 0, swapUsed: 0, swapping: 0 };
  return seen.memory;
};

/** The processor shares as a bad instrument reads them: its factor bears on what was used, and idle gives way. */
const blurred = (cpu: CpuShares, factor: number): CpuShares => {
  const { used, user = 0, system = 0, steal = 0, iowait = 0 } = cpu;
  const most = used > 0 ? Math.min(Math.max(0, factor), 1 / used) : 1;
  return shareOfCpu(user * most, system * most, steal * most, iowait);
};

/**
 * Different pages changed in a window, as a hypervisor measures it, at the mean rate since the last reading.
 * A longer window reads lower, as pages written again count once.
 */
const dirtyReading = (world: World, guest: GuestMachine, seen: SeenGuest, seconds: number): DirtyReading => {
  const { dirtyWindow, noise } = world.settings.sampling;
  let unique = 0;
  const elapsed = (world.now - guest.since) / 1000;
  for (const region of guest.regions) {
    const written = region.written + region.rate * elapsed;
    const rate = (written - (seen.written.get(region) ?? 0)) / seconds;
    seen.written.set(region, written);
    unique += uniqueDirtied(region, (rate * dirtyWindow) / 1000);
  }
  // Regions come and go with jobs; those that went are forgotten now and then.
  if (seen.written.size > 2 * guest.regions.length + 16)
    for (const region of seen.written.keys()) if (!guest.regions.includes(region)) seen.written.delete(region);
  const factor = seen.noise ? Math.max(0, 1 + noise.dirty * seen.noise.dirty.normal()) : 1;
  const rate = (Math.min(unique, guest.guest.memory) / dirtyWindow) * 1000 * factor;
  if (rate !== seen.dirty.rate) seen.dirty = { rate, window: dirtyWindow };
  return seen.dirty;
};

const processReadings = (world: World, guest: GuestMachine, seen: SeenGuest, seconds: number): ProcessReading[] => {
  const elapsed = (world.now - guest.since) / 1000;
  const before = new Map(seen.processorTime);
  seen.processorTime.clear();
  const waiting = heldIn(world, guest).flatMap(({ job: { name }, pids }) =>
    pids.map((pid): ProcessReading => ({ name, pid, cpu: 0, memory: 0, state: 'stopped' })),
  );
  const begun = guest.tasks.map((task) => {
    const time = task.processorTime + task.processors * elapsed;
    seen.processorTime.set(task, time);
    const { name, memory = 0 } = task.job.job;
    return { name, pid: task.pid, cpu: Math.max(0, (time - (before.get(task) ?? 0)) / seconds), memory };
  });
  return waiting.length === 0 ? begun : [...begun, ...waiting];
};

/** Reads subjects, each since its last reading. The world is not changed by being read. */
export interface Sampler {
  /** `undefined` where no time has passed since the last reading. */
  readonly host: (machine: HostMachine) => HostSample | undefined;
  readonly guest: (machine: GuestMachine) => GuestSample | undefined;
}

/**
 * A sampler that begins now: its first readings are since now, or since a guest came into the world.
 *
 * @param chance - where measurement noise is drawn from
 */
export const sampler = (world: World, chance: Chance): Sampler => {
  const { sampling } = world.settings;
  const noisy = sampling.noise.cpu > 0 || sampling.noise.dirty > 0;
  const hosts = new Map<HostMachine, Seen>();
  const guests = new Map<GuestMachine, SeenGuest>();

  const newHost = (machine: HostMachine): Seen => {
    const seen = { at: world.now, epoch: machine.counter.epoch, shares: undefined, memory: undefined };
    hosts.set(machine, seen);
    return seen;
  };
  const newGuest = (machine: GuestMachine, isNew: boolean): SeenGuest => {
    const source = noisy ? chance.split('noise').split(machine.id) : undefined;
    const seen: SeenGuest = {
      at: isNew ? machine.addedAt : world.now,
      epoch: isNew ? machine.birth : machine.counter.epoch,
      shares: undefined,
      memory: undefined,
      processorTime: new Map(),
      written: new Map(),
      dirty: { rate: 0, window: sampling.dirtyWindow },
      noise: source && { cpu: source.split('cpu'), dirty: source.split('dirty') },
    };
    guests.set(machine, seen);
    if (isNew) return seen;
    const elapsed = (world.now - machine.since) / 1000;
    for (const region of machine.regions) seen.written.set(region, region.written + region.rate * elapsed);
    for (const task of machine.tasks) seen.processorTime.set(task, task.processorTime + task.processors * elapsed);
    return seen;
  };
  for (const machine of world.hosts.values()) newHost(machine);
  for (const machine of world.guests.values()) newGuest(machine, false);

  return {
    host: (machine) => {
      const { now } = world;
      const seen = hosts.get(machine) ?? newHost(machine);
      if (seen.at >= now) return undefined;
      let used = machine.host.memory.reserved + machine.reserved;
      for (const { guest } of machine.guests) used += guest.memory;
      const { cpu, runQueueWait, pressure, disk, network } = readShares(seen, machine.counter, now, (mean) =>
        sharesOf(mean, machine.host.cpu.threads, 0, mean.diskBusy),
      );
      return {
        kind: 'host',
        id: machine.id,
        at: world.start + now,
        cpu,
        runQueueWait,
        pressure,
        disk,
        network,
        load: machine.load.at(now),
        memory: readMemory(seen, machine.host.memory.total, used),
      };
    },
    guest: (machine) => {
      const { now } = world;
      // A guest that is new since the sampler began is read since it was added.
      const seen = guests.get(machine) ?? newGuest(machine, true);
      if (seen.at >= now) return undefined;
      const seconds = (now - seen.at) / 1000;
      // Written out field by field, so that all samples have one shape.
      const { cpu, runQueueWait, pressure, disk, network } = readShares(seen, machine.counter, now, (mean) =>
        sharesOf(mean, machine.guest.vcpus, mean.steal, undefined),
      );
      const sample: GuestSample = {
        kind: 'guest',
        id: machine.id,
        at: world.start + now,
        cpu: seen.noise ? blurred(cpu, 1 + sampling.noise.cpu * seen.noise.cpu.normal()) : cpu,
        runQueueWait,
        pressure,
        disk,
        network,
        load: machine.load.at(now),
        memory: readMemory(seen, machine.guest.memory, memoryInUse(machine)),
        dirty: dirtyReading(world, machine, seen, seconds),
      };
      return sampling.processes && (machine.tasks.length > 0 || heldIn(world, machine).length > 0)
        ? { ...sample, processes: processReadings(world, machine, seen, seconds) }
        : sample;
    },
  };
};
