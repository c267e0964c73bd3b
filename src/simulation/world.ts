/** World: built from settings, and moved on in time from event to event; between two events all rates are constant. */
import { failureOf } from '../drivers/index.js';
import type { Milliseconds } from '../model/index.js';
import { agenda } from './agenda.js';
import { chance } from './chance.js';
import { makeChange } from './changes.js';
import { withExports } from './exports.js';
import { plantFaults } from './fault-injection.js';
import { settleFlows } from './flows.js';
import { buildGuest } from './guests.js';
import { buildHost } from './hosts.js';
import type { News, World } from './machines.js';
import type { Settings } from './options.js';
import { tellProgress } from './pre-copy.js';
import { shareProcessors } from './processor-sharing.js';

/** Works out anew what has gone stale: first who gets what of links and disks, then of processors. */
export const settle = (world: World): void => {
  // Migrations cost processor time by the rate that they go at; no link depends on a processor.
  settleFlows(world);
  for (const host of world.staleHosts) shareProcessors(world, host);
  world.staleHosts.clear();
  tellProgress(world);
};

/** Lets time pass. What happens at one time happens together, before anything is worked out anew. */
export const advance = (world: World, until: Milliseconds): void => {
  for (let at = world.agenda.next(); at <= until; at = world.agenda.next()) {
    world.now = Math.max(world.now, at);
    for (let due = world.agenda.take(at); due !== undefined; due = world.agenda.take(at)) due.happen();
    settle(world);
  }
  world.now = Math.max(world.now, until);
};

/** A world at its beginning. */
export const buildWorld = (settings: Settings, start: Milliseconds, news: News): World => {
  const world: World = {
    settings,
    chance: chance(settings.seed),
    agenda: agenda(),
    now: 0,
    start,
    hosts: new Map(),
    guests: new Map(),
    moves: new Map(),
    jobs: new Map(),
    held: new Map(),
    jobCount: 0,
    tally: { started: 0, done: 0, failed: 0, cancelled: 0, bytes: 0, downtime: 0 },
    refused: [],
    unreachableUntil: 0,
    garbage: new Map(),
    staleHosts: new Set(),
    stalePassages: new Set(),
    untold: new Set(),
    news,
  };
  for (const host of withExports(settings.hosts, settings.exports)) buildHost(world, host);
  for (const guest of settings.guests) {
    const host = world.hosts.get(guest.host);
    // The settings were checked: each guest stands on a host that is listed.
    if (host) buildGuest(world, guest, host, settings.workloads[guest.id] ?? {});
  }
  plantFaults(world);
  for (const scheduled of settings.script)
    world.agenda.add(scheduled.at, () => {
      try {
        makeChange(world, scheduled.change);
      } catch (thrown) {
        // A script is written before anybody knows what will have gone wrong by then.
        world.refused.push({ ...scheduled, failure: failureOf(thrown) });
      }
    });
  settle(world);
  return world;
};
