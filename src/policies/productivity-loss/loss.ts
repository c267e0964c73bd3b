/** Loss: what a host's guests want of its processors and do not get, and by how much a move changes that. */
import { cpuCapacity, type Hertz, transferTime } from '../../model/index.js';
import type { Move } from '../constraint.js';
import { together, unserved, type Wanted, wantedBy } from '../contention.js';
import type { GuestLoad, HostLoad } from '../phases/load.js';
import type { LossRules } from './settings.js';

type Host = HostLoad['host'];

/** What a guest wants; with `mean` it is taken to want just what was read of it. */
const wantOf = (demand: LossRules['demand'], { guest, taken }: GuestLoad, host: Host): Wanted => {
  const full = guest.vcpus * host.cpu.clock;
  return demand === 'spread'
    ? wantedBy(guest, full > 0 ? taken / full : 0, host.cpu.clock)
    : { mean: taken, variance: 0 };
};

/** Takes one guest's wants away. Rounding leaves no variance below zero. */
const without = (all: Wanted, { mean, variance }: Wanted): Wanted => ({
  mean: Math.max(0, all.mean - mean),
  variance: Math.max(0, all.variance - variance),
});

/** A guest on its way, and the host that it still stands on. */
export interface Arrival extends GuestLoad {
  readonly from: Host;
}

/** A host with what is wanted of it and lost on it. */
export interface Burden {
  readonly load: HostLoad;
  readonly wanted: Wanted;
  readonly loss: Hertz;
}

/**
 * What is lost on a host: Σ max(0, wanted − given) over its guests, which share it in proportion to what they want, so that
 * they lose what they want together above its capacity (W22).
 *
 * @param arriving - guests on their way to it, with what they take where they still stand
 */
export const burdenOf = (demand: LossRules['demand'], load: HostLoad, arriving: readonly Arrival[]): Burden => {
  const wanted = together([
    ...load.guests.map((guest) => wantOf(demand, guest, load.host)),
    ...arriving.map((guest) => wantOf(demand, guest, guest.from)),
  ]);
  return { load, wanted, loss: unserved(wanted, cpuCapacity(load.host)) };
};

/** By how much the loss of the two hosts changes if a guest goes from one to the other; below zero is a gain. */
export const lossChange = (demand: LossRules['demand'], guest: GuestLoad, from: Burden, to: Burden): Hertz => {
  const want = wantOf(demand, guest, from.load.host);
  const [here, there] = [without(from.wanted, want), together([to.wanted, want])];
  return unserved(here, cpuCapacity(from.load.host)) + unserved(there, cpuCapacity(to.load.host)) - from.loss - to.loss;
};

/** What the move itself loses, spread over the horizon; `undefined` where a host has no migration network. */
export const moveLoss = ({ cost, slowdown, horizon }: LossRules, move: Move, wanted: Hertz): Hertz | undefined => {
  if (cost) {
    const given = cost(move, wanted);
    return given !== undefined && given >= 0 ? given : undefined;
  }
  const rates = [move.from, move.to].map(({ networks }) =>
    Math.max(0, ...networks.filter(({ role }) => role === 'migration').map(({ bandwidth }) => bandwidth)),
  );
  const rate = Math.min(...rates);
  return rate > 0 ? (slowdown * wanted * transferTime(move.guest.memory, rate)) / horizon : undefined;
};
