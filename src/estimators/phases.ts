/** Phases: demand that ends, so that a migration which cannot settle ends when the job does. */
import type { Milliseconds } from '../model/index.js';
import type { Writing } from './dirtying.js';
import type { WritePhase } from './estimator.js';
import { defaultExponent, survival, type RemainingLife } from './survival.js';

/** A moment at which the job may end, and how much is believed in it. */
interface End {
  readonly at: Milliseconds;
  readonly weight: number;
}

/** Shares of the survival law at whose moments an unknown end is looked at: the middles of three parts. */
const shares = [5 / 6, 1 / 2, 1 / 6];

/** When a load ends: for certain, never, or at three moments that stand for the survival law. */
export const endsOf = (life: RemainingLife): readonly End[] => {
  switch (life.kind) {
    case 'stays':
      return [{ at: Infinity, weight: 1 }];
    case 'known':
      return [{ at: Math.max(0, life.left), weight: 1 }];
    case 'aged': {
      if (!(life.age > 0)) return [{ at: 0, weight: 1 }];
      const power = -1 / (life.exponent ?? defaultExponent);
      return shares.map((share) => ({ at: life.age * (share ** power - 1), weight: 1 / shares.length }));
    }
    case 'recurring':
      return shares.map((share) => ({ at: firstHourBelow(life, share), weight: 1 / shares.length }));
  }
};

const hour = 3_600_000;

const firstHourBelow = (life: Extract<RemainingLife, { kind: 'recurring' }>, share: number): Milliseconds => {
  for (let index = 1; index <= life.hours.length; index += 1) {
    const begin = index * hour - life.into;
    if (survival(life, begin + hour / 2) < share) return Math.max(0, begin);
  }
  return Infinity;
};

/** The phases cut off at a moment; afterwards nothing is written. */
const cutOff = (phases: readonly WritePhase[], at: Milliseconds): readonly WritePhase[] => {
  const cut: WritePhase[] = [];
  let begin = 0;
  for (const [index, phase] of (phases.length === 0 ? forGood : phases).entries()) {
    const length = index === Math.max(phases.length, 1) - 1 ? Infinity : phase.length;
    if (begin >= at) break;
    cut.push({ share: phase.share, length: Math.min(length, at - begin) });
    begin += length;
  }
  return [...cut, { share: 0, length: Infinity }];
};

const forGood: readonly WritePhase[] = [{ length: Infinity, share: 1 }];

/** A way of writing that stops when the job ends. */
export const untilEnd = (writing: Writing, at: Milliseconds): Writing =>
  at === Infinity ? writing : { ...writing, phases: cutOff(writing.phases, at) };
