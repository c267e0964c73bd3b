/** Samples and clusters for the tests of this room: short to write, and generated at will. */
import * as fc from 'fast-check';
import {
  type CpuShares,
  gibibytes,
  gigahertz,
  type Guest,
  type GuestSample,
  type Host,
  type HostSample,
  type Readings,
  type Sample,
} from '../../src/model/index.js';

export const hostSample = (id: string, at: number, readings: Omit<Readings, 'at'> = {}): HostSample => ({
  kind: 'host',
  id,
  at,
  ...readings,
});

export const guestSample = (id: string, at: number, readings: Omit<Readings, 'at'> = {}): GuestSample => ({
  kind: 'guest',
  id,
  at,
  ...readings,
});

/** Samples of one guest every so many milliseconds; `undefined` is a sample without the reading. */
export const cpuSeries = (values: readonly (number | undefined)[], every = 1000): readonly GuestSample[] =>
  values.map((used, i) => guestSample('web', i * every, used === undefined ? {} : { cpu: { used } }));

/** Samples of the load average, one a second. */
export const loadSeries = (values: readonly (number | undefined)[]): readonly GuestSample[] =>
  values.map((one, i) => guestSample('web', i * 1000, one === undefined ? {} : { load: { one, five: 0, fifteen: 0 } }));

export const host = (id: string, more: Partial<Host> = {}): Host => ({
  id,
  state: 'active',
  cpu: { clock: gigahertz(2), cores: 8, threads: 16, architecture: 'x86_64' },
  memory: { total: gibibytes(64), reserved: gibibytes(2) },
  storage: [],
  networks: [],
  devices: [],
  power: [],
  labels: {},
  ...more,
});

export const guest = (id: string, on: string, more: Partial<Guest> = {}): Guest => ({
  id,
  host: on,
  vcpus: 2,
  memory: gibibytes(4),
  devices: [],
  labels: {},
  together: [],
  apart: [],
  pins: [],
  migratable: true,
  ...more,
});

const positiveZero = (value: number): number => (value === 0 ? 0 : value);
export const share = fc.double({ min: 0, max: 1, noNaN: true }).map(positiveZero);
export const amount = fc.double({ min: 0, max: 1e15, noNaN: true }).map(positiveZero);
const capacity = fc.double({ min: 1, max: 1e9, noNaN: true });

type Fields = Record<string, fc.Arbitrary<unknown>>;
/** A record of which every field may be missing, but those that are required. */
const partial = <T>(required: Fields, optional: Fields): fc.Arbitrary<T> =>
  // The fields are those of T by the tests that use it; fast-check loses the required ones.
  fc.record({ ...required, ...optional }, { requiredKeys: Object.keys(required) }) as unknown as fc.Arbitrary<T>;

const stall = partial({ some: share }, { full: share });
const optionalReadings: Fields = {
  cpu: partial<CpuShares>({ used: share }, { user: share, system: share, iowait: share, steal: share, idle: share }),
  load: fc.record({ one: amount, five: amount, fifteen: amount }),
  runQueueWait: share,
  pressure: partial({}, { cpu: stall, memory: stall, io: stall }),
  memory: partial(
    {},
    { total: amount, used: amount, available: amount, swapTotal: amount, swapUsed: amount, swapping: amount },
  ),
  disk: partial({ read: amount, written: amount }, { busy: share }),
  network: fc.record({ received: amount, sent: amount }),
  processes: fc.array(
    partial({ name: fc.constantFrom('gcc', 'ld'), cpu: amount, memory: amount }, { pid: fc.nat(99_999) }),
    { maxLength: 3 },
  ),
  dirty: fc.record({ rate: amount, window: capacity }),
};

/** Any readings that a sound sample may hold. */
export const anyReadings: fc.Arbitrary<Omit<Readings, 'at'>> = partial({}, optionalReadings);

/** Sound samples of one guest at rising times, with any fields missing. */
export const sampleRun = (options: { maxLength?: number } = {}): fc.Arbitrary<readonly Sample[]> =>
  fc.array(fc.tuple(fc.integer({ min: 1, max: 20_000 }), anyReadings), options).map((steps) => {
    let at = 0;
    return steps.map(([wait, readings]) => {
      at += wait;
      return guestSample('web', at, readings);
    });
  });
