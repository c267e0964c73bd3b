/** Facts: what a move's estimate needs and does not have, found before anything is computed. */
import type { DirtyMeasurement, MemoryDemand, MoveFacts } from './estimator.js';

const amount = (value: number): boolean => value >= 0 && value < Infinity;
/** No guest is smaller than a MiB or larger than a PiB: such a number was given in another unit. */
const sizes = { least: 2 ** 20, most: 2 ** 50 };
/** No migration runs at less than 10 kB/s or more than 1 TB/s. */
const rates = { least: 1e4, most: 1e12 };
/** No dirty rate is measured over less than 10 ms or more than a day. */
const windows = { least: 10, most: 86_400_000 };

const within = (value: number, bounds: { readonly least: number; readonly most: number }): boolean =>
  value >= bounds.least && value <= bounds.most;

/**
 * The names of the facts that are missing, no numbers, or cannot be: a bandwidth of zero, a memory of 1024 bytes or more
 * non-zero memory than memory (unit mistakes), a dirty rate of zero without a window (libvirt and QEMU report 0 before the first sync:
 * unknown, not clean). Empty where an estimate can be made.
 */
export const missingFacts = (facts: MoveFacts): readonly string[] => {
  const missing: string[] = [];
  if (!within(facts.memory, sizes)) missing.push('memory');
  if (facts.nonZero !== undefined && !(amount(facts.nonZero) && facts.nonZero <= facts.memory * slack))
    missing.push('non-zero memory');
  if (!within(facts.bandwidth, rates)) missing.push('bandwidth');
  if (facts.line !== undefined && !within(facts.line, rates)) missing.push('line');
  return missing.concat(missingDemand(facts.demand, facts.memory));
};

/** Firmware and video memory are counted by some hypervisors and not by others. */
const slack = 1.05;

const missingDemand = (demand: MemoryDemand, memory: number): readonly string[] => {
  switch (demand.kind) {
    case 'unknown':
      return ['dirty rate'];
    case 'known': {
      const missing: string[] = [];
      if (!amount(demand.writeRate)) missing.push('write rate');
      if (!(amount(demand.workingSet) && demand.workingSet <= memory * slack)) missing.push('working set');
      if (!(demand.phases ?? []).every((phase) => amount(phase.length) && amount(phase.share))) missing.push('phases');
      return missing;
    }
    case 'sampled':
      return [demand, ...(demand.further ?? [])].every((reading) => sound(reading, memory)) ? [] : ['dirty rate'];
  }
};

/** A reading cannot show more than the whole memory in its window, and a window of no length shows nothing. */
const sound = (reading: DirtyMeasurement, memory: number): boolean =>
  amount(reading.rate) && within(reading.window, windows) && (reading.rate * reading.window) / 1000 <= memory * slack;
