/** The sadf source: samples out of what `sadf -j` writes, from a file, a pipe, or a text. */
import { concatMap, defer, endWith, from, map, type Observable, type ObservableInput, scan } from 'rxjs';
import { type BadInput, type BadInputProblem, printable, type Reading } from '../../../model/index.js';
import { cut, type CutState, type Found, longestRecord, startOfText } from './records.js';
import { sampleOfRecord, type SadfOptions } from './statistics.js';

/** A piece of text, or the end of all. */
type Piece = { readonly text: string } | 'end';

/** How far the text is read. */
interface Progress {
  readonly cut: CutState;
  /** Records found so far. */
  readonly count: number;
  readonly out: readonly Reading[];
}

const bad = (node: string, place: string, problem: BadInputProblem, message: string, value: string): BadInput => ({
  kind: 'bad-input',
  source: `sadf ${node}`,
  place,
  problem,
  message,
  value: printable(value),
});

const readingOf = (found: Found, place: string, options: SadfOptions): Reading => {
  if (found.kind === 'too long')
    return bad(found.node, place, 'malformed', `longer than ${longestRecord} characters`, found.text);
  let value: unknown;
  try {
    value = JSON.parse(found.text);
  } catch {
    return bad(found.node, place, 'malformed', 'no JSON', found.text);
  }
  const sample = sampleOfRecord(value, found.node, place, options);
  return sample.ok ? sample.value : sample.error;
};

const atEnd = ({ cut: { inRecord, depth, held, node }, count }: Progress): readonly Reading[] => {
  if (inRecord || depth !== 0)
    return [bad(node, `record ${count + 1}`, 'malformed', 'the text ends within it: it was cut', held.slice(0, 200))];
  return count === 0 ? [bad(node, 'the whole text', 'malformed', 'no statistics in it', held.slice(0, 200))] : [];
};

const step = (state: Progress, piece: Piece, options: SadfOptions): Progress => {
  if (piece === 'end') return { ...state, out: atEnd(state) };
  const { state: next, found } = cut(state.cut, piece.text);
  return {
    cut: next,
    count: state.count + found.length,
    out: found.map((one, i) => readingOf(one, `record ${state.count + i + 1}`, options)),
  };
};

/**
 * Samples out of the text that `sadf -j` writes, piece by piece; pieces may be cut anywhere, and no more than one record is held.
 * Completes with the text; fails only with it. What is no record, too long, cut short, or of an unknown time is a bad input.
 *
 * `sadf -j FILE -- -u ALL -q ALL -r ALL -b -d -W -n DEV` asks for all that is read.
 *
 * @param text - an Observable, an async iterable such as a file's stream, or any other source of pieces
 *
 * @example
 * const samples$ = sadf(createReadStream('sa21.json', { encoding: 'utf8' }));
 */
export const sadf = (text: ObservableInput<string>, options: SadfOptions = {}): Observable<Reading> =>
  defer(() =>
    from(text).pipe(
      map((piece): Piece => ({ text: piece })),
      endWith<Piece>('end'),
      scan((state: Progress, piece) => step(state, piece, options), { cut: startOfText, count: 0, out: [] }),
      concatMap(({ out }) => out),
    ),
  );

/** All samples and bad inputs of a whole text. */
export const parseSadf = (text: string, options: SadfOptions = {}): readonly Reading[] => {
  const read = step({ cut: startOfText, count: 0, out: [] }, { text }, options);
  return [...read.out, ...atEnd(read)];
};
