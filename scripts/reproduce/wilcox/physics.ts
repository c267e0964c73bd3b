/** Physics: the one set of parameters that all tables are simulated with, which of them was fitted, and what is not claimed. */
import { mbps, mebibytes, mebibytesPerSecond, minutes, seconds } from '../../../src/model/index.js';
import { type BenchmarkName, benchmarkNames, type Measured, staticTables } from './measured.js';

/** Processor cycles that one byte of a migration takes on each of the two hosts: the only number that was fitted. */
const cyclesPerByte = 35;

const mean = (figure: (name: BenchmarkName) => number): number =>
  benchmarkNames.reduce((sum, name) => sum + figure(name), 0) / benchmarkNames.length;

const rise = (part: keyof Pick<Measured, 'domain0' | 'engine'>): number =>
  mean((name) => staticTables[name].on[part] - staticTables[name].off[part]) / 100;

/** The parameters. */
export const physics = {
  /** How long a test lasts; not printed. Only ratios are compared. */
  length: minutes(120),
  clock: 2e9,
  cores: 4,
  /** What Domain0 always takes: the mean of Tables 5.1 to 5.4 without the engine. */
  monitor: mean((name) => staticTables[name].off.domain0) / 100,
  /** By how much Domain0 rises with the engine, the mean of the same tables. */
  querying: rise('domain0'),
  /** What the engine's guest takes of all processors, the mean of the same tables. */
  engine: rise('engine'),
  /** Standard deviation of a run's size. */
  spread: 0.1,
  /** Memory of a guest, all of it touched; that of the engine. */
  memory: mebibytes(1024),
  engineMemory: mebibytes(256),
  /** Memory that a benchmark writes at full speed, and how much different memory that is. */
  writing: mebibytesPerSecond(20),
  workingSet: mebibytes(60),
  link: mbps(1000),
  ceiling: mbps(400),
  cyclesPerByte,
  /** Time between readings, and between decisions. */
  every: seconds(10),
} as const;

/** What was fitted, on which rows, and how. */
export const fitted: readonly string[] = [
  `c, what a migration costs: ${cyclesPerByte} processor cycles for each byte on both hosts, of 30 to 44 the value at which the four losses at 1 iteration (Tables 5.5 to 5.8) are furthest inside 2 to 6 %; the mean of the losses alone asks for 37. One value for all benchmarks. Lengths 1 to 16 and the crossovers are judged after that fit`,
];

/** What the tests rest on besides. */
export const assumed: readonly string[] = [
  'the size of a run, from the static test without the engine (Tables 5.1 to 5.4): completed runs and half a run under way in each of nine guests',
  `Domain0 ${(physics.monitor * 100).toFixed(2)} %, ${(physics.querying * 100).toFixed(2)} points more with the engine, whose guest takes ${(physics.engine * 100).toFixed(3)} %: the means of Tables 5.1 to 5.4; so the mean static loss follows from printed shares, and differences between benchmarks do not`,
  'nine guests, placed 5 and 4 (WD21); eight of them run in dynamic tests; another guest than the one that is done is drawn; the first eight are drawn',
  'modified CSLB as printed, light below 80 % and heavy above 95 % of the host (WD12), without guards: the nearly idle guest of the engine is moved to no effect, as the rule has it',
  `not printed (WD13): tests of ${physics.length / minutes(1)} min, decisions every ${physics.every / 1000} s, guests of ${physics.memory / mebibytes(1)} MiB, migrations at ${(physics.ceiling * 8) / 1e6} Mbit/s, runs that differ in size by ${physics.spread * 100} %`,
  'no gain from hyper-threading: shares of processor time are not comparable to the percent (WD27), only their direction',
];

/** What the figures do not show, here or there. */
export const notClaimed: readonly string[] = [
  "the abstract's 5 to 8 % (WD2); the share of the guests for gcc (WD1); the 16.81 % of Domain0 (WD3)",
  'the order of the static losses; the odds of the analyses of variance; any difference of web failures (§5.3)',
  'numbers of runs by themselves: the length of a test is not printed, so ratios are compared (WD13)',
  'from 32 iterations on (gcc 64) no guest is drawn any more: those rows are one condition, repeated (WD19)',
];
