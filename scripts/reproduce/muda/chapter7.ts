/** Chapter 7: the system as built decides, in ten runs of each experiment. */
import { muda } from '../../../src/policies/index.js';
import { type Row, order, row } from '../row.js';
import { breakEven } from './crossover.js';
import { build, copy, encode } from './jobs.js';
import { chapter73, chapter74, clockOf, type Copying } from './laboratory.js';
import { baseline72, baseline75, encoderMemory, encoding53, table7, table73 } from './measured.js';
import { chapter5 } from './laboratory.js';
import { guestPhysics, megabyte } from './physics.js';
import { type Course, type Experiment, run, runs } from './trial.js';

const asBuilt = { by: 'policy', policy: muda({ profile: 'asBuilt' }) } as const;
/** The thesis' range for the starts of 7.6, 7.7 and 7.8. */
const starts = [48, 70] as const;

const gain = (baseline: number, { job }: Course): number => (1 - job / baseline) * 100;
const lengthOf = ({ start, end }: Course): number | undefined =>
  start === undefined || end === undefined ? undefined : end - start;

/** Encoding on desktop 2, whose image is local, with any order. */
export const encodeOn2 = (by: Experiment['order'], length: number = baseline75.encode.desktop2): Experiment => {
  const hosts = chapter74();
  return { hosts, from: 'desktop2', job: encode(length, clockOf(hosts, 'desktop2')), order: by };
};

/** A copy on desktop 1, over NFS, with any order. */
export const copyOn1 = (what: Copying, by: Experiment['order']): Experiment => {
  const hosts = chapter74(what);
  return { hosts, from: 'desktop1', job: copy(baseline75.copyProcessor, clockOf(hosts, 'desktop1')), order: by };
};

const buildOn2 = (by: Experiment['order']): Experiment => {
  const hosts = chapter74();
  return { hosts, from: 'desktop2', job: build(baseline75.build.desktop2, clockOf(hosts, 'desktop2')), order: by };
};

const first = (): { readonly rows: readonly Row[]; readonly copies: Readonly<Record<Copying, number>> } => {
  const hosts = chapter73();
  const laptop = encode(baseline72.encode.laptop, clockOf(hosts, 'laptop'));
  const encoded = runs({ hosts, from: 'laptop', job: laptop, order: asBuilt });
  const copied = (what: Copying): number => {
    const lab = chapter73(what);
    const job = copy(baseline72.copyProcessor.desktop1, clockOf(lab, 'desktop1'));
    // When these migrations began is not printed; 60 s as in Table 7.6.
    const course = run({ hosts: lab, from: 'desktop1', job, order: { by: 'hand', at: 60, to: 'laptop' } });
    return gain(baseline72[what].desktop1, course);
  };
  const copies = { copyIso: copied('copyIso'), copyContents: copied('copyContents') };
  return {
    copies,
    rows: [
      row('7.3', 'ffmpeg, laptop to desktop 1', table73.encode, encoded.job, 's', 0.06),
      row('7.3', 'copy of the ISO: gain', table73.copyIso.gain, copies.copyIso, '%', [-60.33, -5.9]),
      row('7.3', 'copy of its files: gain', table73.copyContents.gain, copies.copyContents, '%', [-60.33, -5.9]),
    ],
  };
};

const copyRows = (
  table: string,
  what: Copying,
  least: number,
): { readonly rows: readonly Row[]; readonly gain: number } => {
  const course = runs(copyOn1(what, asBuilt));
  const baseline = baseline75[what].desktop1;
  const measured = table7[what];
  const tail = course.end === undefined ? undefined : course.end - course.job;
  const gained = gain(baseline, course);
  return {
    gain: gained,
    rows: [
      row(table, 'copy, desktop 1 to 2', measured.job, course.job, 's', 0.05),
      row(table, 'gain', Math.round((1 - measured.job / baseline) * 10000) / 100, gained, '%', [least, 0]),
      row(table, 'end of the migration after the job', what === 'copyIso' ? 15.8 : 20.8, tail, 's', [10, 25]),
      row(table, 'start', measured.start, course.start, 's', starts),
    ],
  };
};

/** At 87 Mbps, when the system as built begins to move a job of 202 s that would be faster elsewhere; never is infinite. */
const slowLink = (): { readonly start: number; readonly expected: number } => {
  const link = 87;
  const hosts = chapter5(link);
  const job = encode(encoding53.baseline.h2, clockOf(hosts, 'h1'));
  const { start = Infinity } = run({ hosts, from: 'h1', job, order: asBuilt });
  const expected = ((2 * guestPhysics.memory + encoderMemory * megabyte) * 8) / (link * 1e6);
  return { start, expected };
};

/** Tables 7.3 and 7.6 to 7.9, and the orders between them. */
export const chapter7Rows = (): readonly Row[] => {
  const { rows: rows73, copies } = first();
  const encoded = runs(encodeOn2(asBuilt));
  const iso = copyRows('7.7', 'copyIso', -5);
  const contents = copyRows('7.8', 'copyContents', -6);
  const built = runs(buildOn2(asBuilt));
  const late = run(buildOn2({ by: 'hand', at: table7.build.late.start, to: 'desktop1' }));
  const baseline = baseline75.build.desktop2;
  const [encodeGain, buildGain] = [gain(baseline75.encode.desktop2, encoded), gain(baseline, built)];
  const slow = slowLink();
  return [
    ...rows73,
    row('7.6', 'encoding, desktop 2 to 1', table7.encode.job, encoded.job, 's', 0.05),
    row('7.6', 'migration', table7.encode.migration, lengthOf(encoded), 's', 0.15),
    row('7.6', 'start', table7.encode.start, encoded.start, 's', starts),
    ...iso.rows,
    ...contents.rows,
    row('7.9', 'build, desktop 2 to 1', table7.build.job, built.job, 's', 0.022),
    row('7.9', 'start, user time alone', table7.build.start, built.start, 's', table7.build.starts),
    row('7.9', 'start at 195 s: gain', table7.build.late.gain, gain(baseline, late), '%', [-2, 0]),
    row('orders', '7.6 gains about 10 %', 10.2, encodeGain, '%', [8, 13]),
    row('orders', '7.9 gains about 7 %', 6.8, buildGain, '%', [5, 8]),
    order('orders', '7.9 gains less than 7.6', buildGain < encodeGain && buildGain > 0),
    order('orders', '7.9 loses when it starts at 195 s', late.job > baseline),
    order(
      'orders',
      'copies gain nothing',
      iso.gain <= 0 && contents.gain <= 0 && copies.copyIso <= 0 && copies.copyContents <= 0,
    ),
    order(
      'orders',
      'copies on a shared network lose more',
      copies.copyIso < iso.gain && copies.copyContents < contents.gain,
    ),
    order('orders', 'at 87 Mbps rule 3 keeps a job of 202 s until 192 s or for good', slow.start >= slow.expected),
    row('orders', 'break-even length of a job on desktop 2', null, breakEven(300), 's', [98, 136]),
  ];
};
