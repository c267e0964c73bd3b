/** Records: cuts the records out of the text of `sadf -j` as it comes in, so that a month of them never stands in memory. */

/** What was found in the text so far. */
export type Found =
  | { readonly kind: 'record'; readonly node: string; readonly text: string }
  | { readonly kind: 'too long'; readonly node: string; readonly text: string };

/** Where the cutting stands. */
export interface CutState {
  /** Text since the last record began, or, between records, since the last one ended. */
  readonly held: string;
  readonly depth: number;
  /** Depth at which the records of the present list begin; `undefined` outside of such a list. */
  readonly list: number | undefined;
  readonly inRecord: boolean;
  /** The record is longer than it may be: its text is dropped until it ends. */
  readonly dropping: boolean;
  readonly inString: boolean;
  readonly escaped: boolean;
  readonly node: string;
}

/** Before any text. */
export const startOfText: CutState = {
  held: '',
  depth: 0,
  list: undefined,
  inRecord: false,
  dropping: false,
  inString: false,
  escaped: false,
  node: 'unknown',
};

/** Longest record, in characters. A record of a host with 200 processors and 200 disks is a tenth of it. */
export const longestRecord = 1 << 20;

/** Between records only the names of the list and the node matter, and they stand close to the list. */
const longestBetween = 1 << 14;

const listBegins = /"statistics"\s*:\s*$/;
const nodeNames = /"nodename"\s*:\s*"((?:[^"\\]|\\.)*)"/g;

const nodeIn = (text: string, known: string): string => [...text.matchAll(nodeNames)].at(-1)?.[1] ?? known;

/**
 * Takes the next piece of the text. Gives the records that it completes, in order; a record longer than {@link longestRecord} is
 * told with its beginning. Pieces may be cut anywhere.
 */
export const cut = (state: CutState, piece: string): { readonly state: CutState; readonly found: readonly Found[] } => {
  let { held, depth, list, inRecord, dropping, inString, escaped, node } = state;
  const found: Found[] = [];
  /** Where in the piece the text begins that is not yet held. */
  let from = 0;
  const hold = (to: number): void => {
    if (!dropping) held += piece.slice(from, to);
    from = to;
    if (inRecord && held.length > longestRecord) dropping = true;
    if (!inRecord && held.length > longestBetween) {
      node = nodeIn(held, node);
      held = held.slice(-longestBetween / 2);
    }
  };
  for (let i = 0; i < piece.length; i++) {
    const character = piece[i];
    if (escaped) escaped = false;
    else if (inString) {
      if (character === '\\') escaped = true;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{' || character === '[') {
      if (character === '[' && list === undefined) {
        hold(i);
        if (listBegins.test(held)) {
          node = nodeIn(held, node);
          list = depth + 1;
        }
      } else if (character === '{' && list === depth && !inRecord) {
        hold(i);
        held = '';
        inRecord = true;
      }
      depth += 1;
    } else if (character === '}' || character === ']') {
      depth -= 1;
      if (inRecord && depth === list) {
        hold(i + 1);
        found.push(
          dropping ? { kind: 'too long', node, text: held.slice(0, 200) } : { kind: 'record', node, text: held },
        );
        held = '';
        inRecord = false;
        dropping = false;
      } else if (!inRecord && list !== undefined && depth < list) {
        list = undefined;
        // Nothing before the end of a list concerns the next host.
        hold(i);
        held = '';
      }
    }
  }
  hold(piece.length);
  return { state: { held, depth, list, inRecord, dropping, inString, escaped, node }, found };
};
