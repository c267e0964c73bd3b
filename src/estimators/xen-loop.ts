/** The Xen loop: rounds over the dirty pages until few are left or the rounds run out, so it always ends, at the price of the pause. */
import { kibibytes, type Bytes, type Milliseconds } from '../model/index.js';
import { uniqueDirtied, writtenBetween } from './dirtying.js';
import type { Estimator } from './estimator.js';
import { missingFacts } from './facts.js';
import { summarise, type Outlook } from './interval.js';
import { allBytes, liveLength, replayRounds, type RoundsResult } from './rounds.js';
import { scenariosOf, type Scenario } from './scenarios.js';
import { xenClassicStops, xenStops } from './stop-rules.js';
import type { MoveFacts } from './estimator.js';

/** How Xen migrates. */
export interface XenOptions {
  /** `4.17`: at most five live rounds. `classic`: 29 rounds or three times the memory (before 4.7). Default `4.17`. */
  readonly version?: '4.17' | 'classic';
  /** Suspending and resuming the guest. Default 100 ms. */
  readonly stop?: Milliseconds;
  /** Dirtied by the suspension itself. Default 150 pages, as measured on idle and busy PV guests. */
  readonly suspended?: Bytes;
  /** A fixed part that the toolstack adds. Default 0. */
  readonly fixed?: Milliseconds;
}

/** What an idle guest's kernel dirties again and again, and how soon it has: 85 pages, seen in every round measured. */
const resident = kibibytes(340);
const residentTime: Milliseconds = 150;

/** Replays Xen's rounds for one way of writing. Every page goes over in full, zero pages too. */
export const replayXen = (facts: MoveFacts, { writing }: Scenario, options: XenOptions = {}): RoundsResult =>
  replayRounds({
    volume: facts.memory,
    memory: facts.memory,
    bandwidth: facts.bandwidth,
    dirtied: (from, to) =>
      uniqueDirtied(writing, writtenBetween(writing, from, to)) + resident * (1 - Math.exp((from - to) / residentTime)),
    rules: options.version === 'classic' ? xenClassicStops : xenStops,
    sendsLast: true,
  });

/** Relative standard deviation of a duration that rounds leave open. */
const unrest = 0.03;

/** An estimator that replays Xen's pre-copy. It says `converges` of every guest: look at the downtime. */
export const xenPrecopy = (options: XenOptions = {}): Estimator => {
  const { stop = 100, suspended = kibibytes(600), fixed = 0 } = options;
  return (facts) => {
    const missing = missingFacts(facts);
    if (missing.length > 0) return { convergence: 'unknown', missing };
    const { ways, error } = scenariosOf(facts);
    const outlooks = ways.map((way): Outlook => {
      const result = replayXen(facts, way, options);
      const downtime = stop + result.last.length + (suspended / facts.bandwidth) * 1000;
      return {
        weight: way.weight,
        duration: liveLength(result) + downtime,
        downtime,
        bytes: allBytes(result) + suspended,
        rounds: result.rounds.length + 1,
        slowed: 0,
      };
    });
    const summary = summarise(outlooks, { fixed: stop / 2, relative: unrest, rate: error, once: facts.memory });
    const { middle } = summary;
    if (middle === undefined) return { convergence: 'never' };
    return {
      convergence: 'converges',
      duration: summary.duration + fixed,
      interval: { low: summary.low + fixed, high: summary.high + fixed },
      downtime: middle.downtime,
      bytes: middle.bytes,
      rounds: middle.rounds,
      because: [
        { rule: 'xen', measure: 'memory', value: facts.memory, unit: 'bytes', origin: 'given' },
        { rule: 'xen', measure: 'bandwidth', value: facts.bandwidth, unit: 'bytes per second', origin: 'given' },
      ],
    };
  };
};
