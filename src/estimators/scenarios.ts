/** Scenarios: what is known or was measured of a guest's writing, as a few ways in which it may write, with weights. */
import type { Bytes } from '../model/index.js';
import { randomRate, sweepLuck, uniqueDirtied, writingOf, type Writing } from './dirtying.js';
import { endsOf, untilEnd } from './phases.js';
import type { DirtyMeasurement, MoveFacts, SampledDemand } from './estimator.js';

/** A way in which the guest may write, and how much is believed in it. */
export interface Scenario {
  readonly writing: Writing;
  readonly weight: number;
}

/** The ways in which a guest may write, and how far off their rates may be together. */
export interface Scenarios {
  readonly ways: readonly Scenario[];
  /** Relative standard deviation of the rate that all ways have from one reading; 0 where the rate was told. */
  readonly error: number;
}

/** The ways in which a guest may write; none where nobody measured it. */
export const scenariosOf = (facts: MoveFacts): Scenarios => {
  const going = whileItGoesOn(facts);
  if (facts.life === undefined || facts.life.kind === 'stays') return going;
  const ends = endsOf(facts.life);
  const ways = going.ways.flatMap(({ writing, weight }) =>
    ends.map((end) => ({ writing: untilEnd(writing, end.at), weight: weight * end.weight })),
  );
  return { ways, error: going.error };
};

const whileItGoesOn = (facts: MoveFacts): Scenarios => {
  switch (facts.demand.kind) {
    case 'known':
      return { ways: bent(writingOf(facts.demand)), error: 0 };
    case 'sampled':
      return sampledScenarios(facts.demand, facts);
    case 'unknown':
      return { ways: [], error: 0 };
  }
};

/** Share by which a known rate is bent either way, to see how near the edge a move stands. */
const bend = 0.025;

const bent = (writing: Writing): readonly Scenario[] => {
  if (writing.rate === 0 || writing.workingSet === 0) return [{ writing, weight: 1 }];
  // Where a sweep stands when QEMU begins a round is chance, and moves its length more than the rate does.
  const chance = writing.pattern === 'sweep' ? 0.45 : 0;
  return [
    { writing: { ...writing, rate: writing.rate * (1 - bend), luck: writing.luck + chance }, weight: 0.3 },
    { writing, weight: 0.4 },
    { writing: { ...writing, rate: writing.rate * (1 + bend), luck: writing.luck - chance }, weight: 0.3 },
  ];
};

/** What a reading saw: unique bytes in its window, and the standard deviation of that. */
interface Seen {
  readonly window: number;
  readonly unique: Bytes;
  readonly deviation: Bytes;
}

/** Relative deviation of a reading of all pages: the load itself is not the same from second to second. */
const unrest = 0.03;

const seen = (reading: DirtyMeasurement, memory: Bytes): Seen => {
  const seconds = reading.window / 1000;
  const step = (reading.step ?? 0) * seconds;
  // A reading that is cut to whole steps lies half a step too low on average.
  const unique = reading.rate === 0 ? 0 : reading.rate * seconds + step / 2;
  const share = Math.min(1, unique / memory);
  const sampling =
    reading.sampledPages === undefined
      ? 0
      : (memory * Math.sqrt(share * (1 - share) + 1 / reading.sampledPages)) / Math.sqrt(reading.sampledPages);
  return { window: reading.window, unique, deviation: Math.hypot(sampling, step / Math.sqrt(12), unrest * unique) };
};

const still: Writing = { rate: 0, workingSet: 0, pattern: 'random', phases: [], boundBy: 'cpu', luck: 1 };

/** Where between the least and the most that it can be the working set is looked for. */
const places = [0.02, 0.15, 0.35, 0.6, 0.85];
/** How many times round a sweep may have been in the window, where it went round. */
const turns = [1.2, 1.6, 2.4];

/**
 * The pairs of rate and working set that could have shown what was measured. The best reading fixes the rate for each
 * size of the set; how the others fit is the weight; nothing is known of the size, so each is as likely as another, and
 * nothing of the pattern, so both are as likely.
 */
const sampledScenarios = (demand: SampledDemand, facts: MoveFacts): Scenarios => {
  const readings = [demand, ...(demand.further ?? [])].map((reading) => seen(reading, facts.memory));
  const best = readings.reduce((a, b) => (b.deviation / b.unique < a.deviation / a.unique ? b : a));
  if (!(best.unique > 0)) return { ways: [{ writing: still, weight: 1 }], error: 0 };
  const { unique, window } = best;
  const most = Math.max(Math.min(facts.nonZero ?? facts.memory, facts.used ?? facts.memory), unique * 1.02);
  const scenarios: Scenario[] = [];
  for (const place of places) {
    const workingSet = unique * 1.005 + (most - unique) * place;
    scenarios.push(
      weighed(readings, best, 'random', randomRate(unique, window, workingSet), workingSet, 1),
      weighed(readings, best, 'sweep', unique / window, workingSet, 0.6),
    );
  }
  // A set that was gone round within the window shows its own size, and hides how fast.
  for (const turn of turns) scenarios.push(weighed(readings, best, 'sweep', (turn * unique) / window, unique, 2 / 3));
  // A way that fits twenty times worse than the best would move no figure, and costs a replay.
  const heaviest = scenarios.reduce((most, { weight }) => Math.max(most, weight), 0);
  return { ways: scenarios.filter(({ weight }) => weight >= heaviest / 20), error: best.deviation / unique };
};

/** One way of writing, with the weight that the readings other than the best leave it (a normal law of their errors). */
const weighed = (
  readings: readonly Seen[],
  best: Seen,
  pattern: Writing['pattern'],
  rate: number,
  workingSet: Bytes,
  prior: number,
): Scenario => {
  const writing: Writing = {
    rate,
    workingSet,
    pattern,
    phases: [],
    boundBy: 'cpu',
    luck: pattern === 'sweep' ? sweepLuck : 1,
  };
  let misfit = 0;
  for (const reading of readings)
    if (reading !== best)
      misfit += ((uniqueDirtied(writing, rate * reading.window) - reading.unique) / reading.deviation) ** 2;
  return { writing, weight: prior * Math.exp(-misfit / 2) };
};
