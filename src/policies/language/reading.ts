/** Reading: what samples say of a subject: its level now, for how long it has been beyond a limit, which way it goes. */
import {
  average,
  type Direction,
  level,
  type Measure,
  type AnySignal,
  smoothed,
  type Spell,
  sustained,
  trend,
} from '../../metrics/index.js';
import {
  compare,
  type Knowledge,
  lookFor,
  type Reason,
  type Relation,
  sayQuantity,
  type SignalValues,
  type Subject,
  unknown,
  type Unit,
  type Unknown,
} from '../../model/index.js';
import { conditionOf } from './condition.js';
import type { Frame } from './frame.js';
import { conditions, quantities, type QuantityInside } from './inside.js';
import { comparison, constant, quantityOf } from './quantity.js';
import { needing, type Scope } from './scope.js';
import type { Amount, Comparison, Condition, Lasting, Quantity, Reading } from './words.js';

/** What can be read: a host or guest of the snapshot. */
export interface Readable {
  readonly knowledge: Knowledge;
  readonly signals: SignalValues;
}

/** Whose readings they are. */
export interface Reader {
  readonly side: 'host' | 'guest';
  readonly scope: Scope;
  readonly item: (frame: Frame) => Readable | undefined;
  readonly subject: (frame: Frame) => Subject;
}

/** The value of a signal of a subject that is freshly known. */
export const signalled = (reader: Reader, signal: AnySignal, frame: Frame): unknown => {
  const item = reader.item(frame);
  return item?.knowledge.kind === 'fresh' ? item.signals[signal.name] : undefined;
};

/** Why nothing is known of a reading. */
export const unread = (reader: Reader, measure: string, frame: Frame): Unknown => {
  const kind = reader.item(frame)?.knowledge.kind;
  const why = kind === undefined ? 'not in the inventory' : kind === 'fresh' ? 'not measured' : kind;
  return unknown({ rule: frame.rule, subject: reader.subject(frame), measure, why });
};

/** Age of the latest sample of the subject. */
const ageOf = (reader: Reader, frame: Frame): number | undefined => {
  const knowledge = reader.item(frame)?.knowledge;
  return knowledge?.kind === 'fresh' ? frame.snapshot.at - knowledge.at : undefined;
};

/** The number that a signal gives. */
export const signalInside = <U extends Unit>(
  reader: Reader,
  measure: string,
  unit: U,
  signal: AnySignal<number>,
): QuantityInside & { readonly unit: U } => ({
  scope: needing(reader.scope, { side: reader.side, signal }),
  unit,
  measure: () => measure,
  subject: reader.subject,
  value: (frame) => {
    const value = signalled(reader, signal, frame);
    return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  },
  missing: (frame) => {
    const value = signalled(reader, signal, frame);
    return typeof value === 'number' ? [] : [unread(reader, measure, frame)];
  },
  age: (frame) => ageOf(reader, frame),
});

/** A relation to a plain number that has held for so long. */
const lasting = (
  reader: Reader,
  {
    name,
    unit,
    source,
    relation,
    limit,
  }: {
    readonly name: string;
    readonly unit: Unit;
    readonly source: Measure;
    readonly relation: Relation;
    readonly limit: number;
  },
  length: number,
  { forgiving = 3 }: Lasting,
): Condition => {
  const signal = sustained({ measure: source, relation, limit, for: length, tolerance: forgiving });
  // The watch folds this signal under its own name.
  const spellOf = (frame: Frame): Spell | undefined => signalled(reader, signal, frame) as Spell | undefined;
  return conditionOf({
    scope: needing(reader.scope, { side: reader.side, signal }),
    holds: (frame) => spellOf(frame)?.holds,
    because: (frame, asked): readonly Reason[] => {
      const spell = spellOf(frame);
      if (spell === undefined) return [unread(reader, name, frame)];
      const age = ageOf(reader, frame);
      const common = { rule: frame.rule, subject: reader.subject(frame), ...(age === undefined ? {} : { age }) };
      const now = compare({ ...common, measure: name, value: spell.value, relation, limit, unit });
      const time = compare({
        ...common,
        measure: `time with ${name} ${relation} ${sayQuantity(limit, unit)}`,
        value: spell.held,
        relation: asked ? 'at least' : 'below',
        limit: length,
        unit: 'milliseconds',
      });
      // A contrary sample that is forgiven is not quoted: what decided is the time.
      if (spell.holds || spell.held < length)
        return spell.holds && asked && now.holds ? [{ ...now, held: spell.held }, time] : [time];
      // No spell at all where none was asked to last: the reading itself decides.
      return [compare({ ...now, relation: asked ? relation : inverse(relation, spell.value, limit) })];
    },
  });
};

const inverse = (relation: Relation, value: number, limit: number): Relation => {
  switch (relation) {
    case 'above':
      return 'at most';
    case 'at least':
      return 'below';
    case 'below':
      return 'at least';
    case 'at most':
      return 'above';
    case 'equal to':
      return value < limit ? 'below' : 'above';
  }
};

const directions: readonly Direction[] = ['rising', 'falling', 'level'];

const going = (reader: Reader, source: Measure, way: Direction): Condition => {
  const signal = trend(source);
  const measure = `trend of ${source.name}`;
  // The watch folds this signal under its own name.
  const directionOf = (frame: Frame): Direction | undefined =>
    signalled(reader, signal, frame) as Direction | undefined;
  return conditionOf({
    scope: needing(reader.scope, { side: reader.side, signal }),
    holds: (frame) => {
      const direction = directionOf(frame);
      return direction === undefined ? undefined : direction === way;
    },
    because: (frame, asked) => {
      const value = directionOf(frame);
      return value === undefined
        ? [unread(reader, measure, frame)]
        : [
            lookFor({
              rule: frame.rule,
              subject: reader.subject(frame),
              measure,
              value,
              among: asked ? [way] : directions.filter((other) => other !== way),
            }),
          ];
    },
  });
};

/** What samples say of a subject under one measure. */
export const readingOf = <U extends Unit>(reader: Reader, source: Measure, unit: U): Reading<U> => {
  const inside = signalInside(reader, source.name, unit, level(source));
  const plain = quantityOf(inside);
  const against =
    (relation: Relation) =>
    (limit: Amount<U>): Comparison => {
      const right = quantities.of(typeof limit === 'number' ? constant(limit, unit) : limit);
      const condition = comparison(inside, relation, right);
      return conditions.keep<Comparison>(
        {
          ...condition,
          for: (length, options = {}) => {
            if (typeof limit !== 'number')
              throw new RangeError(`for: ${source.name} can be followed over time against a plain number only`);
            return lasting(reader, { name: source.name, unit, source, relation, limit }, length, options);
          },
        },
        conditions.of(condition),
      );
    };
  const folded = (signal: AnySignal<number>, measure: string): Quantity<U> =>
    quantityOf(signalInside(reader, measure, unit, signal));
  return quantities.keep<Reading<U>>(
    {
      ...plain,
      above: against('above'),
      below: against('below'),
      atLeast: against('at least'),
      atMost: against('at most'),
      rising: () => going(reader, source, 'rising'),
      falling: () => going(reader, source, 'falling'),
      smoothed: (over) =>
        folded(smoothed(source, { over }), `${source.name}, smoothed over ${sayQuantity(over, 'milliseconds')},`),
      averaged: (samples) =>
        folded(average(source, { of: samples }), `mean of the last ${samples} readings of ${source.name}`),
    },
    inside,
  );
};
