/** Sample faults: loses, repeats, delays and garbles samples on their way, as the options and the seed have it. */
import type { BadInput, Milliseconds, Reading, Sample } from '../model/index.js';
import type { Chance } from './chance.js';
import type { FaultRates } from './faults.js';

/** A reading, and how late it arrives. */
export interface Delivery {
  readonly reading: Reading;
  readonly late: Milliseconds;
}

/** What befalls samples on their way. */
export interface SampleFaults {
  /** Nothing is drawn from the seed, so that a sample arrives as it is unless it is ordered to be garbage. */
  readonly none: boolean;
  /** What a sample becomes: nothing, itself, itself twice, or garbage. */
  readonly spoil: (sample: Sample, garbage: 'bad input' | 'NaN' | undefined) => readonly Delivery[];
}

interface Sources {
  readonly loss: Chance;
  readonly duplication: Chance;
  readonly delay: Chance;
  readonly garbage: Chance;
}

const badInput = (driver: string, { kind, id, at }: Sample): BadInput => ({
  kind: 'bad-input',
  source: driver,
  place: `${kind} ${id}`,
  problem: 'malformed',
  message: 'not a sample',
  value: `${kind} ${id} ${at} ###`,
});

/** The sample with readings that are no numbers, as from a counter that was read while it was being written. */
const withNaN = (sample: Sample): Sample => ({ ...sample, cpu: { used: NaN } });

const garbled = (driver: string, sample: Sample, as: 'bad input' | 'NaN'): Reading =>
  as === 'NaN' ? withNaN(sample) : badInput(driver, sample);

/** Sample faults that draw from a source of their own for each subject and each kind. */
export const sampleFaults = (driver: string, rates: FaultRates, chance: Chance): SampleFaults => {
  const { loss = 0, duplication = 0, delay, garbage = 0 } = rates;
  const sources = new Map<string, Sources>();
  const sourcesOf = (subject: string): Sources => {
    const known = sources.get(subject);
    if (known) return known;
    const of = (purpose: string): Chance => chance.split(purpose).split(subject);
    const fresh = { loss: of('loss'), duplication: of('duplication'), delay: of('delay'), garbage: of('garbage') };
    sources.set(subject, fresh);
    return fresh;
  };
  const spoil: SampleFaults['spoil'] = (sample, forced) => {
    const draw = sourcesOf(`${sample.kind} ${sample.id}`);
    const lost = draw.loss.happens(loss);
    const twice = draw.duplication.happens(duplication);
    const late = delay && draw.delay.happens(delay.share) ? draw.delay.between(0, delay.by) : 0;
    const spoilt =
      forced ??
      (draw.garbage.happens(garbage) ? (draw.garbage.pick(['bad input', 'NaN'] as const) ?? 'NaN') : undefined);
    if (lost) return [];
    const delivery: Delivery = { reading: spoilt ? garbled(driver, sample, spoilt) : sample, late };
    return twice ? [delivery, delivery] : [delivery];
  };
  return { none: loss === 0 && duplication === 0 && delay === undefined && garbage === 0, spoil };
};
