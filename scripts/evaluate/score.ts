/** Scores plans of anybody's on a cluster state: whether they can be carried out, how much they move, how even they leave it. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { number, readFlags } from './flags.js';
import { jsonOf } from './json-of.js';
import { type Evenness, judged, judgedPlan, type Judgement, type JudgedMove } from './judgement.js';
import { readClusterState } from './plan-state.js';

/** How to call it. */
export const scoreUsage =
  '  score STATE PLAN... [--mark 0.8] [--json]\n' +
  '                   plans made again on a cluster state, wave by wave; PLAN holds what `plan --json` prints, or a list of moves\n' +
  '                   {vm, from, to, wave}; the exit code is 1 where a plan is not valid or over-commits memory';

const options = z.strictObject({
  mark: number.pipe(z.number().min(0).max(1)).prefault('0.8'),
  json: z.boolean().default(false),
});

/** The plans of a file: one, or one a line. */
const plansIn = (path: string): readonly (readonly JudgedMove[])[] => {
  const text = readFileSync(path, 'utf8').trim();
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const eachLine = lines.length > 1 && lines.every((line) => line.startsWith('{') && line.trimEnd().endsWith('}'));
  return (eachLine ? lines : [text]).map((one) => {
    const read = judgedPlan.safeParse(jsonOf(path, one));
    if (!read.success) throw new Error(`${path}: holds no list of moves {vm, from, to, wave}`);
    return read.data;
  });
};

const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
const line = (before: Evenness, after: Evenness): string =>
  (['meanDeviation', 'standardDeviation', 'largest'] as const)
    .map((name) => {
      const words = name.replace(/[A-Z]/, (letter) => ` ${letter.toLowerCase()}`);
      return `${words} ${percent(before[name])} → ${percent(after[name])}`;
    })
    .join(', ');

const told = (path: string, judgement: Judgement): string => {
  const { moves, waves, mebibytes, invalid, overcommitted, mostAtOnce, before, after } = judgement;
  return [
    `${path}: ${moves} moves in ${waves} waves, ${(mebibytes / 1024).toFixed(1)} GiB, at most ${mostAtOnce} at once on a host; ` +
      `${invalid} invalid, ${overcommitted} over-committed`,
    `  processors: ${line(before.cpu, after.cpu)}`,
    `  memory: ${line(before.memory, after.memory)}`,
    `  hosts over the mark ${before.hostsOverMark} → ${after.hostsOverMark}, empty ${before.emptyHosts} → ${after.emptyHosts}`,
  ].join('\n');
};

/**
 * Scores each plan.
 *
 * @returns the exit code
 */
export const evaluateScore = (
  words: readonly string[],
  say: (line: string) => void,
  complain: (line: string) => void,
): number => {
  const read = readFlags(words, options, ['json']);
  const [file, ...plans] = read.ok ? read.files : [];
  if (!read.ok || file === undefined || plans.length === 0) {
    for (const each of read.ok ? ['a state and at least one plan are needed'] : read.wrong) complain(each);
    complain(`usage: npm run evaluate -- COMMAND\n${scoreUsage}`);
    return 2;
  }
  const state = readClusterState(file);
  let fine = true;
  for (const path of plans)
    for (const moves of plansIn(path)) {
      const judgement = judged(state, moves, read.options.mark);
      fine &&= judgement.invalid === 0 && judgement.overcommitted === 0;
      say(read.options.json ? JSON.stringify({ file, plan: path, ...judgement }) : told(path, judgement));
    }
  return fine ? 0 : 1;
};
