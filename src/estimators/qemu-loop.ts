/** The QEMU loop: pre-copy replayed as QEMU runs it, from window to window and sync to sync. */
import type { Bytes, Milliseconds } from '../model/index.js';
import { hitAgain, uniqueDirtied, writtenBetween, type Writing } from './dirtying.js';
import type { QemuTiming } from './hypervisor-timing.js';

/** QEMU's auto-converge: the guest's processors are held up while it dirties too much. */
export interface AutoConverge {
  /** First throttle (`cpu-throttle-initial`). */
  readonly first: number;
  /** Added each time (`cpu-throttle-increment`). */
  readonly step: number;
  /** Never above (`max-cpu-throttle`). */
  readonly most: number;
  /** Dirtied per sent above which a period counts (`throttle-trigger-threshold`). */
  readonly trigger: number;
}

/** What one replay needs. Rates are in bytes per millisecond. */
export interface LoopInput {
  readonly memory: Bytes;
  readonly nonZero: Bytes;
  /** The cap on the stream. */
  readonly bandwidth: number;
  /** What the way itself carries. */
  readonly line: number;
  /** Share of a page's bytes that is left after compression. */
  readonly compressed: number;
  readonly downtimeLimit: Milliseconds;
  readonly autoConverge: AutoConverge | undefined;
  /** When post-copy is started; infinite for never. */
  readonly postCopyAfter: Milliseconds;
  /** When the replay gives up; infinite for never. */
  readonly giveUp: Milliseconds;
  readonly timing: QemuTiming;
}

/** What one replay came to. */
export interface LoopResult {
  /** How it ended: pre-copy stopped the guest and was done, post-copy took over, or it was given up. */
  readonly end: 'pre-copy' | 'post-copy' | 'given up';
  readonly duration: Milliseconds;
  readonly downtime: Milliseconds;
  readonly bytes: Bytes;
  readonly rounds: number;
  /** Highest throttle reached. */
  readonly throttle: number;
  /** Time-weighted share of the guest's processor time that the throttle took. */
  readonly slowed: number;
}

/** A replay that has come to this many syncs without an end has none. */
const mostRounds = 2000;
/** Steps after which a replay is given up whatever it is fed; a long one takes some hundred. */
const mostTurns = 20_000;
/** Syncs in a row that leave the same amount: it turns in a circle. */
const circle = 12;

/**
 * Replays QEMU's pre-copy (migration.c, ram.c of 7.2): the stream is held to a budget per 100 ms window and sent at line
 * speed until it is spent; when less than bandwidth × downtime limit is left, the dirty log is synced and what it brings
 * joins what is still queued; when even then less is left, the guest is stopped and the rest sent without cap.
 */
export const replayQemu = (input: LoopInput, writing: Writing): LoopResult => {
  const { timing } = input;
  // A link that is the bottleneck is never rate limited: QEMU looks at what is left each time slice.
  const paced = input.line <= input.bandwidth;
  const line = input.line * timing.goodput;
  const live = paced ? line : Math.max(input.bandwidth, Math.min(line, timing.copySpeed));
  const window = paced ? timing.slice : timing.window;
  const pageCost = timing.pageOverhead * input.compressed;
  const budget = paced ? line * timing.slice : input.bandwidth * 100;
  const threshold = (paced ? line : input.bandwidth) * input.downtimeLimit;

  // Zero pages are found at the speed of memory, in the time that a window leaves; beyond that they cost windows.
  const scan = (input.memory - input.nonZero) / timing.zeroSpeed - (paced ? 0 : 0.9 * window);
  let windowStart = timing.setup + Math.max(0, scan);
  let now = windowStart;
  let room = budget;
  // Pages not yet sent, in wire bytes; before the first sync zero pages are among them.
  let left = input.nonZero * pageCost + (input.memory - input.nonZero) * timing.zeroPage;
  // Wire bytes below which QEMU syncs. It counts what is left of the first pass with its zero pages.
  const zeros = input.memory - input.nonZero;
  let quiet = Math.max(Math.min(threshold, timing.tail), threshold - zeros) * pageCost;
  let sent = 0;
  let rounds = 1;
  let synced = timing.setup;
  let throttle = 0;
  let throttledTime = 0;
  let periodStart = timing.setup;
  let periodSent = 0;
  let periodDirty = 0;
  let highPeriods = 0;
  let extent = writing.workingSet;
  let before = Infinity;
  let repeated = 0;

  for (let turn = 0; ; turn += 1) {
    if (now >= input.giveUp || turn > mostTurns || rounds > mostRounds || repeated >= circle)
      return {
        end: 'given up',
        duration: Infinity,
        downtime: Infinity,
        bytes: sent,
        rounds,
        throttle,
        slowed: throttledTime / Math.max(now, 1),
      };
    const handOver = now >= input.postCopyAfter;
    if (left < quiet || left === 0 || handOver) {
      const written = writtenBetween(writing, synced, now, throttle);
      const fresh = uniqueDirtied(writing, written);
      const idleFresh =
        timing.idleSet > 0 ? timing.idleSet * (1 - Math.exp((timing.idleRate * (synced - now)) / timing.idleSet)) : 0;
      const queued = left / pageCost;
      // What is left of the first pass is any memory, and only part of it belongs to the working set.
      const ours = rounds === 1 ? Math.min(1, writing.workingSet / Math.max(input.nonZero, 1)) : 1;
      const dirty =
        queued * (1 - Math.min(1, writing.luck * ours * hitAgain(writing, fresh, extent))) + fresh + idleFresh;
      extent = Math.min(writing.workingSet, rounds === 1 ? fresh : fresh + queued);
      periodDirty += dirty - queued;
      throttledTime += throttle * (now - synced);
      synced = now;
      rounds += 1;
      left = dirty * pageCost;
      quiet = threshold * pageCost;
      if (handOver) {
        const rest = left / live;
        return {
          end: 'post-copy',
          duration: now + timing.postCopyStop + rest,
          downtime: timing.postCopyStop,
          bytes: sent + left,
          rounds,
          throttle,
          slowed: throttledTime / now,
        };
      }
      if (dirty < threshold || dirty === 0) {
        const rest = left / line;
        const stop = timing.stop + input.memory * timing.stopPerByte + rest;
        const drain = paced ? timing.linkQueue + timing.socketBuffer / line : 0;
        // The stopped guest's last sync is a round of its own.
        return {
          end: 'pre-copy',
          duration: now + stop,
          downtime: stop + drain,
          bytes: sent + left,
          rounds: rounds + 1,
          throttle,
          slowed: throttledTime / now,
        };
      }
      // migration_trigger_throttle of 7.2: asked at a sync more than a second after the last time, and a period that is not
      // above the threshold does not set the count of those that were back to zero.
      if (input.autoConverge !== undefined && now > periodStart + 1000) {
        const trigger = input.autoConverge;
        if (periodDirty > (sent - periodSent) * trigger.trigger && ++highPeriods >= 2) {
          highPeriods = 0;
          throttle = throttle === 0 ? trigger.first : Math.min(trigger.most, throttle + trigger.step);
        }
        periodStart = now;
        periodSent = sent;
        periodDirty = 0;
      }
      repeated =
        steady(before, dirty) && input.autoConverge === undefined && writing.phases.length === 0 ? repeated + 1 : 0;
      before = dirty;
    }
    if (left <= room) {
      now += left / live;
      room -= left;
      sent += left;
      left = 0;
      if (paced) {
        windowStart = now;
        room = budget;
      }
      continue;
    }
    sent += room;
    left -= room;
    windowStart += window;
    room = budget;
    // Full windows until something can happen are passed over in one step.
    const enough = Math.max(quiet, budget);
    const untilEvent = Math.min(input.postCopyAfter, input.giveUp) - windowStart;
    const skipped = Math.max(0, Math.min(Math.ceil((left - enough) / budget), Math.floor(untilEvent / window)));
    sent += skipped * budget;
    left -= skipped * budget;
    windowStart += skipped * window;
    now = windowStart;
  }
};

const steady = (before: number, after: number): boolean => Math.abs(after - before) <= 1e-4 * after;
