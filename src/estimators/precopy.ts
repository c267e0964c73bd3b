/** Precopy: the hypervisor's own loop as an estimator, with an interval from what is not known. */
import type { EstimateGround, Fraction, Milliseconds } from '../model/index.js';
import type { Estimator, MoveFacts } from './estimator.js';
import { missingFacts } from './facts.js';
import { qemuTiming, type QemuTiming } from './hypervisor-timing.js';
import { summarise, type Outlook } from './interval.js';
import { replayQemu, type AutoConverge, type LoopInput } from './qemu-loop.js';
import { scenariosOf, type Scenario } from './scenarios.js';

/** How the hypervisor is told to migrate. Defaults are QEMU's. */
export interface PrecopyOptions {
  /** The guest is stopped when what is left takes no longer than this. Default 300 ms. */
  readonly downtimeLimit?: Milliseconds;
  /** Hold the guest's processors up while it dirties too much. Default off; `true`: from 20 % in steps of 10 to 99 %. */
  readonly autoConverge?: boolean | AutoConverge;
  /** Start post-copy this long after the start. Default never. */
  readonly postCopyAfter?: Milliseconds;
  /** Parallel streams. Under a cap they change nothing in time; they cost processor time. Default 0: off. */
  readonly multifd?: number;
  /** Share of a page's bytes that is left after compression. Default 1: off. */
  readonly compression?: Fraction;
  /** Moves that share the bandwidth, this one among them. Default 1. */
  readonly concurrent?: number;
  /** A fixed part that the orchestrator adds: polling, set-up of storage and network. Default 0. */
  readonly fixed?: Milliseconds;
  /** A move that has not settled by then is called off, so it counts as never. Default: no limit. */
  readonly giveUpAfter?: Milliseconds;
  /** Constants of the hypervisor and host. Default: {@link qemuTiming}. */
  readonly timing?: Partial<QemuTiming>;
}

/** Auto-converge as QEMU has it by default. */
export const usualAutoConverge: AutoConverge = { first: 0.2, step: 0.1, most: 0.99, trigger: 0.5 };

/** Chance of settling from which on a move is called converging, and below whose complement it is called never. */
const confident = 0.8;

/** Processor time of one core per byte sent, both hosts together: copying, hashing for zero pages, the network's stack. */
const cpuPerByte = 1.4 / 1024 ** 2;

/**
 * An estimator that replays QEMU's pre-copy ({@link replayQemu}) for every way in which the guest may write. Facts that
 * are missing or cannot be (see {@link missingFacts}) give `unknown` with their names.
 *
 * @example
 * precopy({ downtimeLimit: 300 })({
 *   memory: gibibytes(1), nonZero: mebibytes(600), bandwidth: mbps(700),
 *   demand: { kind: 'sampled', rate: mebibytesPerSecond(12), window: seconds(1) },
 * });
 */
export const precopy = (options: PrecopyOptions = {}): Estimator => {
  refuseBad(options);
  const { fixed = 0 } = options;
  const timing: QemuTiming = { ...qemuTiming, ...options.timing };
  const autoConverge = options.autoConverge === true ? usualAutoConverge : options.autoConverge;
  return (facts) => {
    const missing = missingFacts(facts);
    if (missing.length > 0) return { convergence: 'unknown', missing };
    const sharing = Math.max(1, options.concurrent ?? 1);
    const base: LoopInput = {
      memory: facts.memory,
      nonZero: Math.min(facts.nonZero ?? facts.memory, facts.memory),
      bandwidth: facts.bandwidth / sharing / 1000,
      line: (facts.line ?? facts.bandwidth) / sharing / 1000,
      compressed: options.compression ?? 1,
      downtimeLimit: options.downtimeLimit ?? 300,
      autoConverge: autoConverge === false ? undefined : autoConverge,
      postCopyAfter: options.postCopyAfter ?? Infinity,
      giveUp: options.giveUpAfter === undefined ? Infinity : options.giveUpAfter - fixed,
      timing,
    };
    const outlooks: Outlook[] = [];
    const { ways, error } = scenariosOf(facts);
    for (const scenario of ways) outlooks.push(outlook(base, scenario));
    const { settles, middle, duration, low, high } = summarise(outlooks, {
      fixed: timing.window * quantised,
      relative: outlooks.some(({ slowed }) => slowed > 0) ? throttled : unrest[facts.demand.kind],
      rate: error,
      once: base.nonZero,
    });
    const because = grounds(facts, base, settles);
    if (middle === undefined || settles <= 1 - confident) return { convergence: 'never', because };
    return {
      convergence: settles >= confident ? 'converges' : 'uncertain',
      duration: duration + fixed,
      interval: { low: low + fixed, high: high + fixed },
      downtime: middle.downtime,
      bytes: middle.bytes,
      rounds: middle.rounds,
      slowdown: Math.min(1, copyingSlows + middle.slowed),
      hosts: { cpu: middle.bytes * cpuPerByte, memory: facts.memory },
      because,
    };
  };
};

/** Settings that are wrong throw at once, naming themselves: a wrong estimator must not decide anything. */
const refuseBad = (options: PrecopyOptions): void => {
  const { downtimeLimit, postCopyAfter, multifd, compression, concurrent, fixed, giveUpAfter } = options;
  const settings = { downtimeLimit, postCopyAfter, multifd, compression, concurrent, fixed, giveUpAfter };
  for (const [name, value] of Object.entries(settings))
    if (value !== undefined && !(value >= 0)) throw new RangeError(`precopy.${name}: ${value} is not 0 or more`);
  if (compression !== undefined && !(compression > 0 && compression <= 1))
    throw new RangeError(`precopy.compression: ${compression} is not above 0 and at most 1`);
};

/** Share of its speed that a guest loses to dirty logging and copying (Voorsluys et al. 2009). */
const copyingSlows = 0.1;

const outlook = (base: LoopInput, { writing, weight }: Scenario): Outlook => {
  const { end, duration, downtime, bytes, rounds, slowed } = replayQemu(base, writing);
  const over = end === 'given up' || duration > base.giveUp;
  return { weight, duration: over ? Infinity : duration, downtime, bytes, rounds, slowed };
};

/** Standard deviation of where in a window a move ends, in windows: of an even spread over one, 1 / √12, rounded up. */
const quantised = 0.35;
/** Standard deviation of the duration, relative, that the replay leaves open beside that: the host's own unrest, and what readings leave out. */
const unrest = { known: 0.008, sampled: 0.016, unknown: 0.016 };
/**
 * The same where auto-converge took hold: by its dirty counts a processor-bound guest wrote at 0.85 to 1.5 times the rate that
 * it was set to, and when the throttle sets in hangs on single syncs (equal runs took 5 and 14 s).
 */
const throttled = 0.3;

const grounds = (facts: MoveFacts, base: LoopInput, settles: number): readonly EstimateGround[] => {
  const because: EstimateGround[] = [
    {
      rule: 'precopy',
      measure: 'non-zero memory',
      value: base.nonZero,
      unit: 'bytes',
      origin: facts.nonZero === undefined ? 'assumed' : 'given',
    },
    { rule: 'precopy', measure: 'bandwidth', value: base.bandwidth * 1000, unit: 'bytes per second', origin: 'given' },
  ];
  const { demand } = facts;
  if (demand.kind === 'known')
    because.push(
      { rule: 'precopy', measure: 'write rate', value: demand.writeRate, unit: 'bytes per second', origin: 'given' },
      { rule: 'precopy', measure: 'working set', value: demand.workingSet, unit: 'bytes', origin: 'given' },
    );
  if (demand.kind === 'sampled')
    because.push(
      { rule: 'precopy', measure: 'dirty rate', value: demand.rate, unit: 'bytes per second', origin: 'given' },
      { rule: 'precopy', measure: 'window', value: demand.window, unit: 'milliseconds', origin: 'given' },
    );
  because.push({ rule: 'precopy', measure: 'chance to settle', value: settles, unit: 'fraction', origin: 'derived' });
  return because;
};
