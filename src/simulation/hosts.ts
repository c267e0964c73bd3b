/** Hosts: how they come into the world, are switched off, die and come back. */
import type { Host, StorageId } from '../model/index.js';
import { counter, noHostRates } from './counters.js';
import { killGuest, reviveGuest } from './guests.js';
import { loadAverage } from './load-average.js';
import type { HostMachine, HostPassage, World } from './machines.js';
import { breakOff } from './pre-copy.js';
import { connectAll, disconnectAll, settleGuest } from './tasks.js';

/** A host and its passages. */
export const buildHost = (world: World, host: Host): HostMachine => {
  const { duplex, diskSpeed, exports } = world.settings;
  const links = new Map<string, { readonly in: HostPassage; readonly out: HostPassage }>();
  const disks = new Map<StorageId, HostPassage>();
  const loops = new Map<StorageId, HostPassage>();
  const machine: HostMachine = {
    id: host.id,
    host,
    alive: host.state !== 'off',
    guests: new Set(),
    moves: new Set(),
    reserved: 0,
    links,
    disks,
    loops,
    silentUntil: 0,
    counter: counter(world.now, noHostRates()),
    load: loadAverage(world.now),
  };
  const passage = (full: number): HostPassage => ({
    host: machine,
    flows: new Set(),
    capacity: full,
    full,
    spells: [],
  });
  for (const { link, bandwidth } of host.networks) {
    if (links.has(link)) continue;
    const out = passage(bandwidth);
    links.set(link, { out, in: duplex === 'half' ? out : passage(bandwidth) });
  }
  for (const { id, score } of host.storage) if (!disks.has(id)) disks.set(id, passage(score ?? diskSpeed));
  if (exports?.when === 'always')
    for (const { id, access } of host.storage)
      if (access === 'local') loops.set(id, passage(exports.score ?? diskSpeed));
  world.hosts.set(host.id, machine);
  world.staleHosts.add(machine);
  return machine;
};

/** Transfers look for their way again, as when a file server dies or comes back. */
const reroute = (world: World): void => {
  for (const guest of world.guests.values()) {
    if (guest.standing !== 'running' || guest.tasks.length === 0) continue;
    settleGuest(guest, world.now);
    disconnectAll(world, guest);
    connectAll(world, guest);
    world.staleHosts.add(guest.host);
  }
};

/** Switches a host off or on; what stood on it while it was off is not touched. */
export const setAlive = (world: World, machine: HostMachine, alive: boolean): void => {
  machine.alive = alive;
  machine.host = { ...machine.host, state: alive ? 'active' : 'off' };
  world.staleHosts.add(machine);
  reroute(world);
  world.news.inventory();
};

/** A host dies with its guests; moves from and to it break off. */
export const crash = (world: World, machine: HostMachine): void => {
  if (!machine.alive) return;
  for (const guest of machine.guests) if (guest.move === undefined) killGuest(world, guest);
  for (const move of [...machine.moves]) {
    const here = move.guest.host === machine;
    breakOff(world, move, { kind: 'unreachable', retryable: true, message: `host "${machine.id}" does not answer` });
    if (here && move.guest.standing !== 'dead') killGuest(world, move.guest);
  }
  setAlive(world, machine, false);
};

/** A host comes back with its guests. */
export const recover = (world: World, machine: HostMachine): void => {
  if (machine.alive) return;
  setAlive(world, machine, true);
  for (const guest of machine.guests) reviveGuest(world, guest);
};
