/** Memory: what guests use of theirs, and what hosts have left. */
import { type Bytes, guestMemory } from '../model/index.js';
import { pageSize } from './stop-rules.js';
import type { GuestMachine, HostMachine } from './machines.js';

/** Memory that a guest uses now: itself, or what its trace says, and its processes; never more than it has. */
export const memoryInUse = ({ guest, used, trace, tasks }: GuestMachine): Bytes => {
  let sum = trace?.memory ?? used;
  for (const { job } of tasks) sum += job.job.memory ?? 0;
  return Math.min(guest.memory, sum);
};

/** Memory of a guest that is not all zeros. It grows with use and never shrinks. */
const nonZero = ({ guest, touched }: GuestMachine): Bytes => Math.min(guest.memory, touched);

/** A page of zeros is sent as a mark of this many bytes (QEMU). */
const zeroMark: Bytes = 9;

/** What the first pass of a migration sends. */
export const firstPass = (machine: GuestMachine): Bytes =>
  nonZero(machine) + ((machine.guest.memory - nonZero(machine)) / pageSize) * zeroMark;

/** Memory that guests may still take on a host, those on their way counted as arrived. */
export const freeMemory = ({ host, guests, reserved }: HostMachine): Bytes => {
  let taken = reserved;
  for (const { guest } of guests) taken += guest.memory;
  return guestMemory(host) - taken;
};
