/** Set-up: the two hosts, nine guests, engine and benchmarks of the thesis as a laboratory (W31). */
import {
  type BenchmarkInput,
  type EntryInput,
  type LaboratoryInput,
  type PolicyMakers,
} from '../../../src/experiments/index.js';
import { type Guest, gibibytes, type Host, seconds } from '../../../src/model/index.js';
import { cslb } from '../../../src/policies/index.js';
import { job, oldXenRule } from '../../../src/simulation/index.js';
import { type BenchmarkName, staticTables } from './measured.js';
import { physics } from './physics.js';

const host = (id: string): Host => ({
  id,
  state: 'active',
  cpu: { clock: physics.clock, cores: physics.cores, threads: physics.cores, architecture: 'x86_64' },
  memory: { total: gibibytes(16), reserved: 0 },
  storage: [{ id: 'san', access: 'clustered' }],
  networks: [{ role: 'migration', link: 'lan', bandwidth: physics.link }],
  devices: [],
  power: [],
  labels: {},
});

const guest = (id: string, on: string, memory: number): Guest => ({
  id,
  host: on,
  vcpus: 1,
  memory,
  devices: [],
  image: { storage: 'san' },
  labels: {},
  together: [],
  apart: [],
  pins: [],
  migratable: true,
});

/** Guests of all tests, and those that run the benchmark in a dynamic one. */
const guestCount = { all: 9, active: 8 } as const;

const hosts = [host('a'), host('b')];
/** Odd ones on the first host, even ones on the second: five and four. */
const guests = Array.from({ length: guestCount.all }, (_, i) =>
  guest(`vm-${i + 1}`, i % 2 === 0 ? 'a' : 'b', physics.memory),
);
const processors = hosts.length * physics.cores;

/** The laboratory of the thesis. */
export const laboratory: LaboratoryInput = {
  name: 'Wilcox (2008)',
  hosts,
  guests,
  workloads: Object.fromEntries(guests.map(({ id }) => [id, { used: physics.memory / 4, nonZero: physics.memory }])),
  migration: {
    stopRule: oldXenRule(),
    ceiling: physics.ceiling,
    ceilingWhenStopped: true,
    cyclesPerByte: physics.cyclesPerByte,
  },
  monitor: physics.monitor,
  sampling: { every: physics.every },
  engine: {
    policy: { name: 'cslb' },
    every: physics.every,
    guest: guest('engine', 'b', physics.engineMemory),
    // Of one processor, where the table has it of all.
    load: physics.engine * processors,
    querying: physics.querying,
  },
};

/** The policies that tests name. */
export const policies: PolicyMakers = { cslb: () => cslb() };

/** Cycles that are left for benchmarks in a test. */
const available = processors * physics.clock * (1 - physics.monitor) * (physics.length / seconds(1));

const compute = (name: string, cycles: number): BenchmarkInput => ({
  name,
  spread: physics.spread,
  work: job(name, [
    {
      kind: 'compute',
      cycles,
      writes: {
        amount: (physics.writing * cycles) / physics.clock,
        workingSet: physics.workingSet,
        pattern: 'sweep',
      },
    },
  ]),
});

/** A benchmark whose runs are as long as they were in the static test without the engine. */
export const benchmark = (name: BenchmarkName): BenchmarkInput =>
  compute(name, available / (staticTables[name].off.runs + guestCount.all / 2));

/** Seconds that a web test takes on a processor of its own. */
const webTest = 60;

/** A web test; on an overloaded processor it takes too long and fails (§5.3). */
export const web: BenchmarkInput = {
  ...compute('web', webTest * physics.clock),
  limit: seconds(webTest * 1.25),
};

/** A static test, and a dynamic one of so many iterations. */
export const entries = {
  static: (name: string, engine: boolean, repeats: number): EntryInput => ({
    benchmark: name,
    length: physics.length,
    guests: guestCount.all,
    engine,
    repeats,
  }),
  dynamic: (name: string, iterations: number, engine: boolean, repeats: number): EntryInput => ({
    benchmark: name,
    length: physics.length,
    guests: guestCount.active,
    iterations,
    engine,
    repeats,
  }),
} as const;

/** The placement known to be good: the guest that does not run is one of the five, so that there are four on each host (W24). */
export const placedWell: readonly string[] = guests.slice(1).map(({ id }) => id);
