/** Changes: carries out the orders that change the world. */
import { match, P } from 'ts-pattern';
import { DriverError } from '../drivers/index.js';
import type { FailureKind } from '../model/index.js';
import type { Change } from './change.js';
import { buildGuest, follow, killGuest, nextJobId, reviveGuest } from './guests.js';
import { dropHeld, holdJob, releaseJob } from './held-jobs.js';
import { setAlive } from './hosts.js';
import type { GuestMachine, HostMachine, World } from './machines.js';
import { freeMemory } from './memory.js';
import { cancelMove, failure } from './moves.js';
import { endJob, startJob } from './tasks.js';

const refuse = (kind: FailureKind, message: string): never => {
  throw new DriverError(failure(kind, message));
};

const guestOf = (world: World, id: string): GuestMachine =>
  world.guests.get(id) ?? refuse('not found', `no guest is called "${id}"`);

const hostOf = (world: World, id: string): HostMachine =>
  world.hosts.get(id) ?? refuse('not found', `no host is called "${id}"`);

/** A host on which a guest can be started now. */
const placeFor = (world: World, id: string, memory: number): HostMachine => {
  const host = hostOf(world, id);
  if (!host.alive) refuse('unreachable', `host "${id}" does not answer`);
  const free = freeMemory(host);
  if (free < memory) refuse('insufficient memory', `host "${id}" has ${free} bytes free, ${memory} are needed`);
  return host;
};

const removeGuest = (world: World, guest: GuestMachine): void => {
  if (guest.move) cancelMove(world, guest.move);
  if (guest.move) refuse('conflict', `guest "${guest.id}" is in post-copy`);
  follow(world, guest, undefined);
  killGuest(world, guest);
  guest.host.guests.delete(guest);
  world.guests.delete(guest.id);
  world.staleHosts.add(guest.host);
  world.news.inventory();
};

const restartGuest = (world: World, guest: GuestMachine, hostId: string): void => {
  if (guest.standing !== 'dead') refuse('conflict', `guest "${guest.id}" runs`);
  const host = guest.host.id === hostId ? hostOf(world, hostId) : placeFor(world, hostId, guest.guest.memory);
  if (!host.alive) refuse('unreachable', `host "${hostId}" does not answer`);
  world.staleHosts.add(guest.host);
  guest.host.guests.delete(guest);
  host.guests.add(guest);
  guest.host = host;
  guest.guest = { ...guest.guest, host: host.id };
  reviveGuest(world, guest);
  world.news.inventory();
};

const setState = (world: World, machine: HostMachine, state: HostMachine['host']['state']): void => {
  if (state === 'off') {
    if (machine.guests.size > 0 || machine.moves.size > 0)
      refuse('conflict', `host "${machine.id}" has guests, so it is not switched off`);
    setAlive(world, machine, false);
    return;
  }
  if (!machine.alive) {
    setAlive(world, machine, true);
    for (const guest of machine.guests) reviveGuest(world, guest);
  }
  machine.host = { ...machine.host, state };
  world.news.inventory();
};

const runningGuest = (world: World, id: string): GuestMachine => {
  const guest = guestOf(world, id);
  if (guest.standing === 'dead') refuse('conflict', `guest "${guest.id}" does not run`);
  return guest;
};

/** The name that was wished for a job, if it is free, or one that nobody has. */
const freeJobId = (world: World, guest: GuestMachine, job: string, wished: string | undefined): string => {
  if (wished !== undefined && (world.jobs.has(wished) || world.held.has(wished)))
    refuse('conflict', `a job is called "${wished}" already`);
  return wished ?? nextJobId(world, guest.id, job);
};

/**
 * Carries out an order.
 *
 * @returns the name of the job that was begun or held, if one was
 * @throws DriverError where it cannot be done; nothing is changed then
 */
export const makeChange = (world: World, change: Change): string | undefined =>
  match(change)
    .with({ kind: 'add guest' }, ({ guest, workload }) => {
      if (world.guests.has(guest.id)) refuse('conflict', `a guest is called "${guest.id}" already`);
      buildGuest(
        world,
        guest,
        placeFor(world, guest.host, guest.memory),
        workload ?? world.settings.workloads[guest.id] ?? {},
      );
      world.news.inventory();
      return undefined;
    })
    .with({ kind: 'remove guest' }, ({ guest }) => {
      removeGuest(world, guestOf(world, guest));
      return undefined;
    })
    .with({ kind: 'restart guest' }, ({ guest, host }) => {
      restartGuest(world, guestOf(world, guest), host);
      return undefined;
    })
    .with({ kind: 'host state' }, ({ host, state }) => {
      setState(world, hostOf(world, host), state);
      return undefined;
    })
    .with({ kind: 'start job', guest: P.select() }, (guestId, { job, id }) => {
      const guest = runningGuest(world, guestId);
      return startJob(world, guest, freeJobId(world, guest, job.name, id), job).id;
    })
    .with({ kind: 'hold job', guest: P.select() }, (guestId, { job, id, atMost }) => {
      const guest = runningGuest(world, guestId);
      return holdJob(world, guest, freeJobId(world, guest, job.name, id), job, atMost).id;
    })
    .with({ kind: 'release job' }, ({ id }) => {
      const held = world.held.get(id);
      if (held) releaseJob(world, held);
      else if (!world.jobs.has(id)) refuse('not found', `no job is called "${id}"`);
      return undefined;
    })
    .with({ kind: 'stop job' }, ({ id }) => {
      const held = world.held.get(id);
      if (held) {
        dropHeld(world, held);
        return undefined;
      }
      const running = world.jobs.get(id);
      if (running === undefined) return refuse('not found', `no job is called "${id}"`);
      if (running.outcome === 'running') endJob(world, guestOf(world, running.guest), running, 'stopped');
      return undefined;
    })
    .with({ kind: 'demand' }, ({ guest, demand }) => {
      follow(world, guestOf(world, guest), demand);
      return undefined;
    })
    .exhaustive();
