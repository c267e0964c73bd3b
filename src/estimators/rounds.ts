/** Rounds: pre-copy as it is told in papers, round after round, with the stop rules of any hypervisor. */
import type { Bytes, BytesPerSecond, Milliseconds } from '../model/index.js';
import { forces, stops, type RoundsSoFar, type StopRule } from './stop-rules.js';

/** One round: what was sent, and how long it took. */
export interface Round {
  readonly bytes: Bytes;
  readonly length: Milliseconds;
}

/** Rates that follow the guest's (Clark et al., §5.3): from a minimum, then the last dirty rate and a little more. */
export interface AdaptiveRate {
  readonly minimum: BytesPerSecond;
  /** Added to the last round's dirty rate; 50 Mbit/s in the paper. */
  readonly margin: BytesPerSecond;
}

/** What a replay by rounds needs. */
export interface RoundsInput {
  /** Sent in the first round. */
  readonly volume: Bytes;
  /** Of the guest, for the rule that counts volumes. */
  readonly memory: Bytes;
  readonly bandwidth: BytesPerSecond;
  /** Unique bytes dirtied between two times after the start. */
  readonly dirtied: (from: Milliseconds, to: Milliseconds) => Bytes;
  /** From when on dirtying no longer changes with time: before, volumes that do not shrink prove nothing. Default 0. */
  readonly steadyFrom?: Milliseconds;
  readonly rules: readonly StopRule[];
  readonly adaptive?: AdaptiveRate;
  /** Whether a round that is small enough to stop for is sent once more before the guest is stopped, as Xen does. */
  readonly sendsLast?: boolean;
}

/** What a replay by rounds came to. */
export interface RoundsResult {
  /** Rounds sent while the guest ran. */
  readonly rounds: readonly Round[];
  /** Sent with the guest stopped. */
  readonly last: Round;
  /** Which rule ended it; `undefined` where none would, so that it never ends. */
  readonly by: StopRule | undefined;
}

/** Rounds after which a replay without a rule that forces an end is called endless. */
const patience = 1000;

/** Replays pre-copy by rounds. What is dirty when a rule ends it is sent with the guest stopped, at full bandwidth. */
export const replayRounds = (input: RoundsInput): RoundsResult => {
  const { bandwidth, adaptive, rules, steadyFrom = 0 } = input;
  const rounds: Round[] = [];
  const most = rules.some(forces) ? Infinity : patience;
  let left = input.volume;
  let rate = adaptive === undefined ? bandwidth : Math.min(adaptive.minimum, bandwidth);
  let now = 0;
  let sent = 0;
  for (;;) {
    const length = (left / rate) * 1000;
    rounds.push({ bytes: left, length });
    sent += left;
    const dirty = input.dirtied(now, now + length);
    now += length;
    const dirtyRate = length > 0 ? (dirty / length) * 1000 : 0;
    const wanted = adaptive === undefined ? bandwidth : dirtyRate + adaptive.margin;
    const so: RoundsSoFar = { memory: input.memory, rounds: rounds.length, sent, left: dirty, rate: bandwidth, wanted };
    const by = rules.find((rule) => stops(rule, so));
    if (by !== undefined && !(by.kind === 'few left' && input.sendsLast === true && dirty > 0)) {
      return { rounds, last: { bytes: dirty, length: (dirty / bandwidth) * 1000 }, by };
    }
    if (by !== undefined) {
      // The small round goes live, and only what was dirtied in it is left for the stop.
      const small = (dirty / bandwidth) * 1000;
      rounds.push({ bytes: dirty, length: small });
      const rest = input.dirtied(now, now + small);
      return { rounds, last: { bytes: rest, length: (rest / bandwidth) * 1000 }, by };
    }
    // Volumes that do not shrink, and no rule that would force an end: it goes on like this for good.
    const steady = most < Infinity && now - length >= steadyFrom;
    if (rounds.length >= most || (steady && rounds.length > 2 && dirty >= left && dirty > 0)) {
      return { rounds, last: { bytes: dirty, length: (dirty / bandwidth) * 1000 }, by: undefined };
    }
    rate = Math.min(bandwidth, Math.max(wanted, adaptive?.minimum ?? bandwidth));
    left = dirty;
  }
};

/** Length of all rounds sent while the guest ran. */
export const liveLength = (result: RoundsResult): Milliseconds =>
  result.rounds.reduce((sum, { length }) => sum + length, 0);

/** Bytes sent in all. */
export const allBytes = (result: RoundsResult): Bytes =>
  result.rounds.reduce((sum, { bytes }) => sum + bytes, result.last.bytes);
