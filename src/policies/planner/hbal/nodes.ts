/** Nodes: a state as Ganeti's htools see it, and the three ways to tell them of measured load. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import type { State } from '../state.js';

/**
 * What hbal is told as the processors that a guest takes. `given`: its virtual processors, and its measured load beside them
 * as dynamic utilisation. `measured`: its measured load in hundredths of a core of 2.6 GHz, and as dynamic utilisation too.
 * `ratio`: the same without dynamic utilisation, which hbal does not divide by a host's size.
 */
export type HbalEncoding = 'given' | 'measured' | 'ratio';

/** What hbal balances, for each node and instance. */
export interface Nodes {
  /** Free memory, processors taken and dynamic utilisation of each node; memory in mebibytes. */
  readonly free: Float64Array;
  readonly used: Float64Array;
  readonly util: Float64Array;
  readonly totalMemory: Float64Array;
  readonly processors: Float64Array;
  /** Memory, processors and dynamic utilisation of each instance. */
  readonly memory: Float64Array;
  readonly vcpus: Float64Array;
  readonly demand: Float64Array;
  readonly host: Int32Array;
  readonly movable: Uint8Array;
}

const mebibyte = 1024 ** 2;
/** A hundredth of a core, in cycles per second. */
const grain = 26e6;

/** Processors that hbal's text backend takes for the system of a node itself (Ganeti, `Backend/Text.hs`). */
const ownProcessors = 1;

/** Six decimals, as they stand in hbal's utilisation file. */
const printed = (value: number): number => Number(value.toFixed(6));

/** A state in hbal's terms. */
export const nodesOf = (state: State, encoding: HbalEncoding): Nodes => {
  const { hosts, guests, capacity, guestLoad, guestHost, taken, room } = state;
  // Loads are products of shares and clocks; whole cycles take the rounding out again.
  const cycles = guestLoad.map(Math.round);
  const meanCapacity = capacity.reduce((sum, each) => sum + each, 0) / capacity.length;
  const own = encoding === 'given';
  const vcpus = Float64Array.from(guests, (guest, g) =>
    own ? guest.vcpus : Math.max(1, Math.round(cycles[g]! / grain)),
  );
  const demand = cycles.map((each) => (encoding === 'ratio' ? 0 : printed(each / meanCapacity)));
  const used = new Float64Array(hosts.length).fill(ownProcessors);
  const util = new Float64Array(hosts.length);
  guestHost.forEach((host, g) => {
    if (host < 0) return;
    used[host] = used[host]! + vcpus[g]!;
    util[host] = util[host]! + demand[g]!;
  });
  return {
    free: taken.map((each, h) => (room[h]! - each) / mebibyte),
    used,
    util,
    totalMemory: Float64Array.from(hosts, ({ memory }) => memory.total / mebibyte),
    processors: Float64Array.from(hosts, ({ cpu }, h) => (own ? cpu.cores : Math.round(capacity[h]! / grain))),
    memory: state.guestMemory.map((each) => each / mebibyte),
    vcpus,
    demand,
    host: guestHost.slice(),
    movable: state.movable,
  };
};

/** The standard deviation as hbal takes it: the mean first, then the squares. */
const deviation = (amounts: Float64Array, sizes: Float64Array | undefined): number => {
  const n = amounts.length;
  let sum = 0;
  for (let h = 0; h < n; h++) sum += sizes ? amounts[h]! / sizes[h]! : amounts[h]!;
  const mean = sum / n;
  let squares = 0;
  for (let h = 0; h < n; h++) {
    const off = (sizes ? amounts[h]! / sizes[h]! : amounts[h]!) - mean;
    squares += off * off;
  }
  return Math.sqrt(squares / n);
};

/**
 * hbal's score of a cluster without disks, tags, secondaries and offline nodes: the deviations of the share of free memory, of
 * taken processors and of dynamic utilisation, each of weight one. The first two stand for now and for what is forthcoming, with half the
 * weight each, and are added in hbal's order, so that roundings decide as they do there (Ganeti, `Cluster/MetricsComponents.hs`).
 */
export const hbalScore = ({ free, used, util, totalMemory, processors }: Nodes): number => {
  const memory = deviation(free, totalMemory) / 2;
  const taken = deviation(used, processors) / 2;
  return memory + taken + deviation(util, undefined) + memory + taken;
};

/** Puts an instance from one node on another. */
export const shift = ({ free, used, util, memory, vcpus, demand, host }: Nodes, guest: number, to: number): void => {
  const from = host[guest]!;
  free[from] = free[from]! + memory[guest]!;
  free[to] = free[to]! - memory[guest]!;
  used[from] = used[from]! - vcpus[guest]!;
  used[to] = used[to]! + vcpus[guest]!;
  util[from] = util[from]! - demand[guest]!;
  util[to] = util[to]! + demand[guest]!;
  host[guest] = to;
};
