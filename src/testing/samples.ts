/** Arbitrary samples: what one subject read of itself, the latest at time zero, as a cluster's age them. */
import * as fc from 'fast-check';
import { type Rate, happens } from './chance.js';
import type { Bustle } from './equipment.js';
import type { Bytes, Fraction, Milliseconds, Readings, Sample, Subject } from '../model/index.js';

/** Readings of one subject at times up to zero; a cluster adds whose they are and when it was. */
export type History = readonly Readings[];

/** Shares in steps of a twentieth, so that equal and round loads, where ties lie, are common; and any between. */
const share: fc.Arbitrary<Fraction> = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 20 }).map((n) => n / 20) },
  { weight: 1, arbitrary: fc.double({ min: 0, max: 1, noNaN: true }) },
);

const uses: Readonly<Record<Bustle, (share: Fraction) => Fraction>> = {
  little: (part) => part / 5,
  some: (part) => part,
  much: (part) => 1 - part / 5,
};

const mebibyte = 1024 ** 2;

/** Options of {@link histories}. */
export interface HistoryOptions {
  /** Memory that the subject has. */
  readonly memory: Bytes;
  /** How much the subject has to do. */
  readonly bustle: Bustle;
  /** How often a reading is missing. */
  readonly gaps: Rate;
}

/** Readings of one subject, one to six of them, five seconds apart. */
export const histories = ({ memory, bustle, gaps }: HistoryOptions): fc.Arbitrary<History> => {
  const reading = fc.record({
    used: share.map(uses[bustle]),
    iowait: share,
    steal: share,
    inUse: share,
    dirty: fc.integer({ min: 0, max: 64 }),
    missing: happens(gaps),
  });
  return fc.array(reading, { minLength: 1, maxLength: 6 }).map((list) =>
    list.map(({ used, iowait, steal, inUse, dirty, missing }, i): Readings => {
      const at: Milliseconds = (i - list.length + 1) * 5000;
      if (missing) return { at };
      // The shares of one whole: what is used leaves less to wait in, and steal is part of what is used.
      const waiting = iowait * (1 - used);
      return {
        at,
        cpu: { used, iowait: waiting, steal: steal * used, idle: Math.max(0, 1 - used - waiting) },
        memory: { total: memory, used: Math.floor(memory * inUse) },
        // A rate of zero is what tools say before they have measured.
        ...(dirty === 0 ? {} : { dirty: { rate: Math.min(dirty * mebibyte, memory), window: 1000 } }),
      };
    }),
  );
};

/** A history as the samples of one host or guest, the latest at a given time. */
export const samplesOf = (
  subject: Exclude<Subject, { readonly kind: 'cluster' }>,
  history: History,
  latest: Milliseconds,
): readonly Sample[] => history.map((reading): Sample => ({ ...reading, ...subject, at: latest + reading.at }));
