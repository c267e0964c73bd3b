/** Evaluates the classifier on labelled Linux recordings: every window of 20 s, beside the thesis' rule. */
import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { guestSubject } from '../../src/model/index.js';
import {
  type Classification,
  type Classifier,
  demandRule,
  thesisRule,
  type Usage,
  usageOf,
  type WorkloadClass,
} from '../../src/policies/classification/index.js';
import { type RecordedSecond, type Recording, readRecording } from './linux-recording.js';

/** Length of a window, seconds. */
const windowLength = 20;

/** A window of a recording. */
export interface Window {
  readonly recording: string;
  readonly label: string;
  readonly cpus: number;
  /** Seconds from the recording's beginning. */
  readonly from: number;
  /** What the workload did, and what the thesis' client would have read of it. */
  readonly usage: { readonly guest: Usage; readonly asThesis: Usage };
  /** Whether other work kept half of the processors busy, or more. */
  readonly contended: boolean;
}

/** The words of the recordings' labels. */
const labels: Readonly<Record<WorkloadClass, string>> = {
  cpu: 'cpu',
  io: 'io',
  balanced: 'mixed',
  idle: 'idle',
  paging: 'paging',
  network: 'network',
  unknown: 'unknown',
};

const usageIn = (seconds: readonly RecordedSecond[]): Window['usage'] => ({
  guest: usageOf(seconds.map(({ guest }) => guest)) ?? { span: 0 },
  asThesis: usageOf(seconds.map(({ asThesis }) => asThesis)) ?? { span: 0 },
});

/** The windows of a recording, one after the other; what is left at its end is judged if it is half a window or more. */
const windowsOf = ({ name, label, cpus, seconds }: Recording): readonly Window[] => {
  const slots = new Map<number, RecordedSecond[]>();
  for (const second of seconds) {
    const slot = Math.floor(second.from / windowLength);
    slots.set(slot, [...(slots.get(slot) ?? []), second]);
  }
  return [...slots].flatMap(([slot, part]) => {
    const first = part[0]?.from ?? 0;
    const last = part.at(-1)?.from ?? 0;
    const foreign = part.reduce((sum, { foreignCores }) => sum + foreignCores, 0) / part.length;
    // The first second of a recording only lays the base for its counters.
    return last - first + 2 < windowLength / 2
      ? []
      : [
          {
            recording: name,
            label,
            cpus,
            from: slot * windowLength,
            usage: usageIn(part),
            contended: foreign * 2 >= cpus,
          },
        ];
  });
};

const byDemand = (window: Window, rule: Classifier = demandRule()): Classification =>
  rule.classify(window.usage.guest, { subject: guestSubject(window.recording), processors: window.cpus });

const byThesis = (window: Window): Classification =>
  thesisRule().classify(window.usage.asThesis, { subject: guestSubject(window.recording), processors: window.cpus });

const isRight = (window: Window, { class: found }: Classification): boolean => labels[found] === window.label;

/** How many windows were classed as they are labelled. */
interface Score {
  readonly right: number;
  readonly of: number;
}

const scored = (windows: readonly Window[], right: (window: Window) => boolean): Score => ({
  right: windows.filter(right).length,
  of: windows.length,
});

const scoreText = ({ right, of }: Score): string =>
  of === 0 ? 'no windows' : `${right} of ${of} (${((right / of) * 100).toFixed(0)} %)`;

/** Settings that a fit may choose from; the defaults win where others are no better. */
const grid: readonly Classifier[] = [0.05, 0.1, 0.2]
  .flatMap((idle) => [0.05, 0.1, 0.2].flatMap((io) => [0.2, 1 / 3, 0.5].map((computing) => ({ idle, io, computing }))))
  .map(demandRule);

const defaults = demandRule();

const fitted = (windows: readonly Window[]): Classifier => {
  const correct = (rule: Classifier): number =>
    windows.filter((window) => isRight(window, byDemand(window, rule))).length;
  return grid
    .map((rule) => ({ rule, correct: correct(rule) }))
    .reduce((best, candidate) => (candidate.correct > best.correct ? candidate : best), {
      rule: defaults,
      correct: correct(defaults),
    }).rule;
};

/** Each recording judged with settings that were fitted on the other recordings. */
const heldOut = (windows: readonly Window[]): ReadonlyMap<Window, boolean> =>
  new Map(
    [...new Set(windows.map(({ recording }) => recording))].flatMap((recording) => {
      const rule = fitted(windows.filter((window) => window.recording !== recording));
      return windows
        .filter((window) => window.recording === recording)
        .map((window) => [window, isRight(window, byDemand(window, rule))] as const);
    }),
  );

const columns = (cells: readonly string[]): string =>
  cells
    .map((cell, i) => cell.padEnd([26, 8, 8, 10, 10, 12, 10][i] ?? 0))
    .join('')
    .trimEnd();

const printTable = (windows: readonly Window[], write: (line: string) => void): void => {
  write(columns(['recording', 'from s', 'label', 'host', 'class', 'confidence', 'thesis']));
  for (const window of windows) {
    const [found, thesis] = [byDemand(window), byThesis(window)];
    const mark = (classification: Classification): string =>
      `${labels[classification.class]}${isRight(window, classification) ? '' : ' ✗'}`;
    write(
      columns([
        window.recording,
        String(window.from),
        window.label,
        window.contended ? 'contended' : 'free',
        mark(found),
        found.confidence.toFixed(2),
        mark(thesis),
      ]),
    );
  }
  const crossed = heldOut(windows);
  write('');
  for (const contended of [false, true]) {
    const part = windows.filter((window) => window.contended === contended);
    write(`host ${contended ? 'contended' : 'free'}, windows right:`);
    write(
      `  demand rule, its defaults                  ${scoreText(scored(part, (window) => isRight(window, byDemand(window))))}`,
    );
    write(
      `  demand rule, fitted on other recordings    ${scoreText(scored(part, (window) => crossed.get(window) === true))}`,
    );
    write(
      `  thesis' rule                               ${scoreText(scored(part, (window) => isRight(window, byThesis(window))))}`,
    );
  }
};

const lineOf = (window: Window): string => {
  const { class: found, confidence } = byDemand(window);
  return JSON.stringify({
    recording: window.recording,
    from_s: window.from,
    class: labels[found],
    confidence: Number(confidence.toFixed(3)),
  });
};

/**
 * Classes every window of 20 s of the recordings in a directory. With `json` a line for each:
 * `{"recording","from_s","class","confidence"}`, the class in the words of the recordings' labels (`mixed` for balanced).
 * Without it a table, the thesis' rule beside it, and how many windows are right: in sample, and with every recording judged by
 * settings that were fitted on the others.
 *
 * @throws Error where the directory cannot be read or holds no recording
 */
export const evaluateClassifier = (
  directory: string,
  { json }: { readonly json: boolean },
  say: (line: string) => void,
  complain: (line: string) => void,
): void => {
  const windows: Window[] = [];
  const files = readdirSync(directory).filter((name) => name.endsWith('.jsonl'));
  for (const file of files.sort()) {
    const recording = readRecording(join(directory, file), basename(file, '.jsonl'));
    if (recording === undefined) {
      complain(`${file}: the first line is no header of a recording; passed over`);
      continue;
    }
    for (const line of recording.bad) complain(`${file}: ${line}; passed over`);
    windows.push(...windowsOf(recording));
  }
  if (windows.length === 0) throw new Error(`${directory}: no recordings of 10 s or more`);
  if (json) for (const window of windows) say(lineOf(window));
  else printTable(windows, say);
};
