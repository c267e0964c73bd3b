/** Sample ring: the last few samples of one subject, packed into plain numbers, so that the garbage collector need not look at them. */
import type { HostSample, ProcessReading, Readings, Sample, Stall } from '../model/index.js';

/** Mutable, and hidden in the observatory that made it. */
export interface SampleRing {
  readonly kind: Sample['kind'];
  readonly id: Sample['id'];
  /** Samples that are kept at most. */
  readonly keep: number;
  /** Grows up to what `keep` samples take. */
  rows: Float64Array;
  /** The processes of each sample; empty as long as no sample held any. */
  processes: (readonly ProcessReading[] | undefined)[];
  length: number;
  /** Where the oldest stands once the ring is full. */
  oldest: number;
}

/** Numbers that one sample takes: which parts it has, and every reading in a fixed place. */
const width = 31;
/** Rows that a ring begins with; it doubles up to what is to be kept. */
const firstRows = 4;

/** Bits for the parts that may be there without holding a number. */
const hasPressure = 1;
const hasMemory = 2;
/** Where the group stands among these bits that a host put itself into: its place in the list, from 1. */
const groupAt = 4;
const groups = ['light', 'moderate', 'heavy'] as const;

/** NaN stands for what was not measured: no sound sample holds it. */
const absent = Number.NaN;

/* eslint-disable @typescript-eslint/no-non-null-assertion -- row and place are within the array by construction */

const packStall = (into: Float64Array, at: number, stall: Stall | undefined): void => {
  into[at] = stall ? stall.some : absent;
  into[at + 1] = stall?.full ?? absent;
};

const pack = (into: Float64Array, start: number, sample: Sample): void => {
  const { cpu, load, pressure, memory, disk, network, dirty } = sample;
  const group = sample.kind === 'host' && sample.group ? groups.indexOf(sample.group) + 1 : 0;
  into[start] = (pressure ? hasPressure : 0) | (memory ? hasMemory : 0) | (group * groupAt);
  into[start + 1] = sample.at;
  into[start + 2] = cpu ? cpu.used : absent;
  into[start + 3] = cpu?.user ?? absent;
  into[start + 4] = cpu?.system ?? absent;
  into[start + 5] = cpu?.iowait ?? absent;
  into[start + 6] = cpu?.steal ?? absent;
  into[start + 7] = cpu?.idle ?? absent;
  into[start + 8] = load ? load.one : absent;
  into[start + 9] = load ? load.five : absent;
  into[start + 10] = load ? load.fifteen : absent;
  into[start + 11] = sample.runQueueWait ?? absent;
  packStall(into, start + 12, pressure?.cpu);
  packStall(into, start + 14, pressure?.memory);
  packStall(into, start + 16, pressure?.io);
  into[start + 18] = memory?.total ?? absent;
  into[start + 19] = memory?.used ?? absent;
  into[start + 20] = memory?.available ?? absent;
  into[start + 21] = memory?.swapTotal ?? absent;
  into[start + 22] = memory?.swapUsed ?? absent;
  into[start + 23] = memory?.swapping ?? absent;
  into[start + 24] = disk ? disk.read : absent;
  into[start + 25] = disk ? disk.written : absent;
  into[start + 26] = disk?.busy ?? absent;
  into[start + 27] = network ? network.received : absent;
  into[start + 28] = network ? network.sent : absent;
  into[start + 29] = dirty ? dirty.rate : absent;
  into[start + 30] = dirty ? dirty.window : absent;
};

/** A record of those fields that were measured. */
const present = (fields: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => !Number.isNaN(value)));

const unpackStall = (from: Float64Array, at: number): Stall | undefined =>
  Number.isNaN(from[at]) ? undefined : { some: from[at]!, ...present({ full: from[at + 1]! }) };

/** All readings of a row but the processes, and nothing for those parts that were not measured. */
const unpack = (from: Float64Array, start: number): Readings & Pick<HostSample, 'group'> => {
  const value = (place: number): number => from[start + place]!;
  const measured = (place: number): boolean => !Number.isNaN(value(place));
  const group = groups[Math.floor(value(0) / groupAt) - 1];
  const [cpu, memory, io] = [12, 14, 16].map((place) => unpackStall(from, start + place));
  return {
    at: value(1),
    ...(group && { group }),
    ...(measured(2) && {
      cpu: {
        used: value(2),
        ...present({ user: value(3), system: value(4), iowait: value(5), steal: value(6), idle: value(7) }),
      },
    }),
    ...(measured(8) && { load: { one: value(8), five: value(9), fifteen: value(10) } }),
    ...(measured(11) && { runQueueWait: value(11) }),
    ...((value(0) & hasPressure) !== 0 && {
      pressure: { ...(cpu && { cpu }), ...(memory && { memory }), ...(io && { io }) },
    }),
    ...((value(0) & hasMemory) !== 0 && {
      memory: present({
        total: value(18),
        used: value(19),
        available: value(20),
        swapTotal: value(21),
        swapUsed: value(22),
        swapping: value(23),
      }),
    }),
    ...(measured(24) && { disk: { read: value(24), written: value(25), ...present({ busy: value(26) }) } }),
    ...(measured(27) && { network: { received: value(27), sent: value(28) } }),
    ...(measured(29) && { dirty: { rate: value(29), window: value(30) } }),
  };
};

/**
 * A ring of the last `keep` samples of one subject, none yet.
 *
 * Kept as they came, the samples of a large cluster would outlive the young generation of the heap, and be copied and marked over
 * and over; packed, they take less than half the space, and taking a sample takes half the time.
 */
export const sampleRing = ({ kind, id }: Pick<Sample, 'kind' | 'id'>, keep: number): SampleRing => ({
  kind,
  id,
  keep,
  rows: new Float64Array(Math.min(keep, firstRows) * width),
  processes: [],
  length: 0,
  oldest: 0,
});

const grow = (ring: SampleRing): void => {
  const larger = new Float64Array(Math.min(ring.keep, 2 * ring.length) * width);
  larger.set(ring.rows);
  ring.rows = larger;
};

/** Puts a sound sample into the ring, in the place of the oldest if it is full. A number that is NaN would come back as absent. */
export const push = (ring: SampleRing, sample: Sample): void => {
  const { keep, length, processes } = ring;
  if (keep === 0) return;
  if (length < keep && length * width === ring.rows.length) grow(ring);
  const row = length < keep ? length : ring.oldest;
  pack(ring.rows, row * width, sample);
  if (sample.processes !== undefined || processes.length > row) {
    while (processes.length < row) processes.push(undefined);
    processes[row] = sample.processes;
  }
  if (length < keep) ring.length += 1;
  else ring.oldest = row + 1 === keep ? 0 : row + 1;
};

/** The samples in the ring, oldest first, each equal to the one that was put in. */
export const samplesIn = ({ kind, id, rows, processes, length, oldest }: SampleRing): readonly Sample[] =>
  Array.from({ length }, (_, i) => {
    const row = (oldest + i) % length;
    const running = processes[row];
    const readings = { ...unpack(rows, row * width), ...(running && { processes: running }) };
    // Kind and name came in together, from one subject.
    return { kind, id, ...readings } as Sample;
  });

/** Empties the ring. */
export const clear = (ring: SampleRing): void => {
  ring.processes = [];
  ring.length = 0;
  ring.oldest = 0;
};
