/** A small laboratory: two hosts of four processors, nine guests, and benchmarks that are quick to simulate. */
import {
  type BenchmarkInput,
  type LaboratoryInput,
  type PolicyMakers,
  type TestInput,
} from '../../src/experiments/index.js';
import { gibibytes, type Guest, type Host, mbps, mebibytes, minutes, percent, seconds } from '../../src/model/index.js';
import { cslb, type CslbSettings } from '../../src/policies/index.js';
import { job } from '../../src/simulation/index.js';

const clock = 2e9;
export const cores = 4;

const host = (id: string): Host => ({
  id,
  state: 'active',
  cpu: { clock, cores, threads: cores, architecture: 'x86_64' },
  memory: { total: gibibytes(32), reserved: 0 },
  storage: [{ id: 'san', access: 'clustered' }],
  networks: [{ role: 'migration', link: 'lan', bandwidth: mbps(1000) }],
  devices: [],
  power: [],
  labels: {},
});

const guest = (id: string, on: string): Guest => ({
  id,
  host: on,
  vcpus: 1,
  memory: mebibytes(512),
  devices: [],
  image: { storage: 'san' },
  labels: {},
  together: [],
  apart: [],
  pins: [],
  migratable: true,
});

/** So many guests, dealt out to the two hosts in turn. */
export const guests = (count: number): readonly Guest[] =>
  Array.from({ length: count }, (_, i) => guest(`vm-${i + 1}`, i % 2 === 0 ? 'a' : 'b'));

export const laboratory = ({
  engine,
  ...rest
}: Partial<Omit<LaboratoryInput, 'engine'>> & {
  engine?: Partial<LaboratoryInput['engine']>;
} = {}): LaboratoryInput => ({
  name: 'small',
  hosts: [host('a'), host('b')],
  guests: guests(9),
  monitor: percent(6),
  ...rest,
  engine: {
    policy: { name: 'cslb' },
    guest: guest('engine', 'b'),
    load: percent(1),
    querying: percent(0.5),
    ...engine,
  },
});

export const makers: PolicyMakers = {
  // What stands in a record was made from settings of CSLB.
  cslb: (settings) => cslb(settings as CslbSettings | undefined),
};

/** A benchmark whose runs take so many seconds on a processor of its own. */
export const computing = (length: number, rest: Partial<BenchmarkInput> = {}): BenchmarkInput => ({
  name: 'computing',
  work: job('computing', [{ kind: 'compute', cycles: length * clock }]),
  ...rest,
});

/** A test of half an hour in which eight of nine guests run a minute's work. */
export const trial = (rest: Partial<TestInput> = {}): TestInput => ({
  id: 'test',
  laboratory: laboratory(),
  benchmark: computing(60, { spread: 0.1 }),
  length: minutes(30),
  guests: 8,
  seed: 1,
  ...rest,
});

/** Processor time of both hosts in a test, in seconds of one processor. */
export const offered = (length: number): number => (2 * cores * length) / seconds(1);
