/** Pre-copy: a migration from its first page to its last, round by round, as fast as links and guest let it. */
import type { Bytes, BytesPerSecond, Failure, Migration, Progress } from '../model/index.js';
import { synchronise } from './dirty-log.js';
import { closeFlow, limitFlow, migrationWay, openFlow, refill, remainingOf } from './flows.js';
import { killGuest } from './guests.js';
import type { HostMachine, Move, World } from './machines.js';
import { firstPass } from './memory.js';
import { leftOver, pace, shortestRound, stopsNow, type StopRule } from './stop-rules.js';
import { connectAll, disconnectAll, settleGuest } from './tasks.js';

/** The stop rule of a move, with the downtime that was allowed to it since. */
const ruleOf = (world: World, { downtimeLimit }: Move): StopRule => {
  const { stopRule } = world.settings.migration;
  return stopRule.kind === 'downtime' && downtimeLimit !== undefined ? { ...stopRule, limit: downtimeLimit } : stopRule;
};

const unsent = (world: World, { flow }: Move): Bytes => (flow ? remainingOf(flow, world.now) : 0);

/** Bytes sent so far. */
export const sentBy = (world: World, move: Move): Bytes => move.sentBefore + (move.roundSize - unsent(world, move));

/** How far a move is, on the clock of the outer world. */
export const progressOf = (world: World, move: Move): Progress => ({
  at: world.start + world.now,
  phase: move.phase,
  sent: sentBy(world, move),
  ...(move.round > 0 && { round: move.round, remaining: unsent(world, move) }),
  ...(move.dirtyRate !== undefined && { dirtyRate: move.dirtyRate }),
  ...(move.flow && { bandwidth: move.flow.rate }),
  ...(move.downtimeLimit !== undefined && { downtimeLimit: move.downtimeLimit }),
  ...(move.throttle > 0 && { throttle: move.throttle }),
});

/** A move as it would be found under way. */
export const migrationOf = (world: World, move: Move): Migration => ({
  ...move.order,
  startedAt: world.start + move.startedAt,
  progress: progressOf(world, move),
});

/** Has it told how far a move is, once it is worked out how fast it now goes. */
const tell = (world: World, move: Move): void => {
  world.untold.add(move);
};

/** Tells how far the moves are of which something is to be told. */
export const tellProgress = (world: World): void => {
  for (const move of world.untold)
    if (!move.over) world.news.move(move, { kind: 'progress', progress: progressOf(world, move) });
  world.untold.clear();
};

const reportOn = (world: World, move: Move): void => {
  move.report = world.agenda.add(world.now + world.settings.migration.report, () => {
    tell(world, move);
    reportOn(world, move);
  });
};

/** How much of its processors a guest keeps. */
export const setPace = (world: World, move: Move): void => {
  const { slowdown, postCopySlowdown } = world.settings.migration;
  const { guest } = move;
  guest.pace =
    move.phase === 'copying'
      ? (1 - slowdown) * (1 - move.throttle)
      : move.phase === 'post-copy'
        ? 1 - postCopySlowdown
        : 1;
  world.staleHosts.add(guest.host);
};

/** Halts the guest where it is. */
export const hold = (world: World, move: Move): void => {
  const { guest } = move;
  if (guest.standing !== 'running') return;
  settleGuest(guest, world.now);
  disconnectAll(world, guest);
  guest.standing = 'still';
  move.stillSince = world.now;
  world.staleHosts.add(guest.host);
};

/** Lets the guest run, on the host where it stands. */
const resume = (world: World, move: Move): void => {
  const { guest } = move;
  if (guest.standing !== 'still') return;
  settleGuest(guest, world.now);
  guest.standing = 'running';
  move.downtime = (move.downtime ?? 0) + (world.now - (move.stillSince ?? world.now));
  move.stillSince = undefined;
  connectAll(world, guest);
  world.staleHosts.add(guest.host);
};

/** Puts down when the round is over at the present rate. */
export const awaitRoundEnd = (world: World, move: Move): void => {
  world.agenda.cancel(move.next);
  move.next = undefined;
  const { flow } = move;
  if (flow === undefined) return;
  const left = remainingOf(flow, world.now);
  // Nothing left is over at once, on a dead link too.
  if (left > 0 && flow.rate <= 0) return;
  const until = (bytes: Bytes): number => (bytes <= 0 ? 0 : (bytes / flow.rate) * 1000);
  if (move.phase !== 'copying') {
    move.next = world.agenda.add(world.now + until(left), () => allSent(world, move));
    return;
  }
  const rule = ruleOf(world, move);
  const enough = world.now + until(left - leftOver(rule, flow.rate));
  const end = Math.min(Math.max(enough, move.roundAt + shortestRound(rule)), world.now + until(left));
  move.next = world.agenda.add(Math.max(world.now, end), () => endRound(world, move));
};

const beginRound = (world: World, move: Move, size: Bytes): void => {
  move.round += 1;
  move.roundAt = world.now;
  send(world, move, size);
};

const limitOf = (world: World, move: Move): BytesPerSecond => {
  const { ceiling = Infinity, ceilingWhenStopped } = world.settings.migration;
  if (move.phase !== 'copying') return ceilingWhenStopped ? ceiling : Infinity;
  return Math.min(ceiling, pace(ruleOf(world, move), move.dirtyRate));
};

/** Preparations are over: the first page goes. */
export const beginCopy = (world: World, move: Move): void => {
  const { guest, marks } = move;
  settleGuest(guest, world.now);
  for (const region of guest.regions) marks.set(region, region.written);
  move.phase = 'copying';
  setPace(world, move);
  const size = firstPass(guest);
  move.roundSize = size;
  // The order was checked for a way; a link does not go away, it only gets slow.
  move.flow = openFlow(world, migrationWay(move.from, move.to) ?? [], size, limitOf(world, move), () => {
    awaitRoundEnd(world, move);
  });
  beginRound(world, move, size);
  reportOn(world, move);
};

const endRound = (world: World, move: Move): void => {
  // What rounding leaves of a round that is over is nothing.
  const left = unsent(world, move) < 1 ? 0 : unsent(world, move);
  const { dirtied, pending } = synchronise(world, move, left);
  const lasted = world.now - move.roundAt;
  const rate = lasted > 0 ? (dirtied / lasted) * 1000 : (move.dirtyRate ?? 0);
  move.dirtyRate = rate;
  const { memory } = move.guest.guest;
  const stop = stopsNow(ruleOf(world, move), {
    round: move.round,
    pending,
    dirtied,
    dirtyRate: rate,
    sent: sentBy(world, move),
    memory,
    bandwidth: move.flow?.rate ?? 0,
  });
  if (!stop) {
    beginRound(world, move, pending);
    return;
  }
  hold(world, move);
  move.phase = 'stopped';
  setPace(world, move);
  send(world, move, pending);
};

/** So many bytes are next, at the rate that the phase allows. */
const send = (world: World, move: Move, size: Bytes): void => {
  move.sentBefore = sentBy(world, move);
  move.roundSize = size;
  if (move.flow) {
    refill(move.flow, size, world.now);
    limitFlow(world, move.flow, limitOf(world, move));
  }
  tell(world, move);
  awaitRoundEnd(world, move);
};

/** Takes the transfer off the links. */
const shut = (world: World, move: Move): void => {
  if (move.flow === undefined) return;
  move.sentBefore = sentBy(world, move);
  move.roundSize = 0;
  closeFlow(world, move.flow);
  move.flow = undefined;
};

/** The last byte was sent. With the guest stopped its devices follow; after a switch to post-copy, that was all. */
const allSent = (world: World, move: Move): void => {
  shut(world, move);
  move.next = undefined;
  if (move.phase === 'post-copy') {
    if (move.guest.standing === 'running') complete(world, move);
    return;
  }
  move.next = world.agenda.add(world.now + world.settings.migration.handover, () => {
    relocate(world, move);
    resume(world, move);
    complete(world, move);
  });
};

/** The guest stands at the destination from now on. */
const relocate = (world: World, { guest, from, to }: Move): void => {
  settleGuest(guest, world.now);
  disconnectAll(world, guest);
  from.guests.delete(guest);
  to.guests.add(guest);
  to.reserved -= guest.guest.memory;
  // Until the last page has left, the source keeps the memory.
  from.reserved += guest.guest.memory;
  guest.host = to;
  guest.guest = { ...guest.guest, host: to.id };
  world.staleHosts.add(from);
  world.staleHosts.add(to);
  world.news.inventory();
};

/** Switches to post-copy: the guest goes on at the destination at once, and the rest is pulled. */
export const switchToPostCopy = (world: World, move: Move): void => {
  const { pending: left } = synchronise(world, move, unsent(world, move));
  hold(world, move);
  move.phase = 'post-copy';
  relocate(world, move);
  setPace(world, move);
  send(world, move, Math.min(move.guest.guest.memory, left));
  world.agenda.add(world.now + world.settings.migration.handover, () => {
    if (move.over) return;
    resume(world, move);
    // What was left may have been sent before the guest was up.
    if (move.flow === undefined) complete(world, move);
  });
};

/** Takes a move out of the world, however it ended. */
const close = (world: World, move: Move): void => {
  const { guest, from, to } = move;
  move.over = true;
  shut(world, move);
  world.tally.bytes += move.sentBefore;
  for (const appointment of [move.next, move.report, move.breaks]) world.agenda.cancel(appointment);
  const held: HostMachine = guest.host === to ? from : to;
  held.reserved -= guest.guest.memory;
  from.moves.delete(move);
  to.moves.delete(move);
  world.moves.delete(move.order.id);
  guest.move = undefined;
  settleGuest(guest, world.now);
  guest.pace = 1;
  const writing = new Set(guest.tasks.flatMap((task) => [...task.regions.values()]));
  guest.regions = guest.regions.filter(
    (region) => writing.has(region) || region === guest.background || region === guest.trace?.region,
  );
  world.staleHosts.add(from);
  world.staleHosts.add(to);
};

const complete = (world: World, move: Move): void => {
  close(world, move);
  const downtime = move.downtime ?? 0;
  world.tally.done += 1;
  world.tally.downtime += downtime;
  world.news.move(move, { kind: 'done', at: world.start + world.now, downtime, sent: move.sentBefore });
};

/** Breaks a move off. The guest goes on at the source; after a switch to post-copy its memory is torn, and it dies. */
export const breakOff = (world: World, move: Move, failure: Failure): void => {
  if (move.over) return;
  const torn = move.phase === 'post-copy';
  close(world, move);
  if (torn) killGuest(world, move.guest);
  else resume(world, move);
  if (failure.kind === 'cancelled') world.tally.cancelled += 1;
  else world.tally.failed += 1;
  world.news.moveFailed(
    move,
    torn
      ? { kind: 'post-copy broken', retryable: false, message: `${failure.message}; guest "${move.guest.id}" is lost` }
      : failure,
  );
};
