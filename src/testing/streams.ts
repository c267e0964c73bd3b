/** Arbitrary sample streams: what a source delivers of a cluster's subjects, in order or as wild as sources can be. */
import * as fc from 'fast-check';
import { type Milliseconds, type Reading, type Sample, seconds, type Subject } from '../model/index.js';
import { type Rate, seldom } from './chance.js';
import { histories, samplesOf } from './samples.js';
import { each, fewer, shrinking } from './shrinking.js';

/** Whose samples, and how wild. */
export interface StreamOptions {
  /** Of whom there are samples. */
  readonly subjects: readonly Exclude<Subject, { readonly kind: 'cluster' }>[];
  /** How often a sample is lost, late, told twice, in the future, NaN, or no sample at all. @defaultValue 0 */
  readonly mischief?: Rate;
  /** Time of the last sample that is in order. @defaultValue one minute */
  readonly latest?: Milliseconds;
}

type Mischief = 'none' | 'lost' | 'late' | 'twice' | 'future' | 'NaN' | 'bad input' | 'zero';

const gib = 1024 ** 3;

/** What becomes of a sample on its way, and when it arrives. */
const spoiled = (
  sample: Sample,
  mischief: Mischief,
): readonly (readonly [arrives: Milliseconds, reading: Reading])[] => {
  const { at } = sample;
  switch (mischief) {
    case 'none':
      return [[at, sample]];
    case 'lost':
      return [];
    case 'late':
      return [[at + seconds(20), sample]];
    case 'twice':
      return [
        [at, sample],
        [at, sample],
      ];
    case 'future':
      return [[at, { ...sample, at: at + seconds(3600) }]];
    case 'NaN':
      return [[at, { ...sample, cpu: { used: NaN } }]];
    case 'zero':
      return [[at, { ...sample, cpu: { used: 0 }, dirty: { rate: 0, window: 1000 } }]];
    case 'bad input':
      return [
        [
          at,
          {
            kind: 'bad-input',
            source: 'stream',
            place: `${sample.kind} ${sample.id}`,
            problem: 'malformed',
            message: 'is no sample',
            value: '#',
          },
        ],
      ];
  }
};

const smallerStreams = function* (stream: readonly Reading[]): Generator<readonly Reading[]> {
  yield* fewer(stream);
  yield* each(stream, function* (reading) {
    if (reading.kind === 'bad-input' || reading.cpu === undefined) return;
    const { dirty, memory, ...bare } = reading;
    if (dirty !== undefined || memory !== undefined) yield bare;
    if (Number.isFinite(reading.cpu.used) && reading.cpu.used !== 0) yield { ...reading, cpu: { used: 0 } };
  });
};

/** Readings in the order in which they arrive. They shrink to few, and to plain ones. */
export const sampleStreams = ({
  subjects,
  mischief = 0,
  latest = seconds(60),
}: StreamOptions): fc.Arbitrary<readonly Reading[]> =>
  shrinking(
    fc
      .tuple(
        ...subjects.map((subject) =>
          fc
            .tuple(
              histories({ memory: gib, bustle: 'some', gaps: mischief }),
              fc.array(
                seldom<Mischief>(mischief, 'none', 'lost', 'late', 'twice', 'future', 'NaN', 'bad input', 'zero'),
                { minLength: 6, maxLength: 6 },
              ),
            )
            .map(([history, done]) =>
              samplesOf(subject, history, latest).flatMap((sample, i) => spoiled(sample, done[i] ?? 'none')),
            ),
        ),
      )
      .map((streams) =>
        streams
          .flat()
          .sort(([a], [b]) => a - b)
          .map(([, reading]) => reading),
      ),
    smallerStreams,
  );
