/** Transcripts: recorded conversations, and a QEMU that plays its part of one again. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Observable, Subject } from 'rxjs';
import type { Dial } from '../../../src/drivers/index.js';

/** One line of a conversation, or its end. */
export interface Entry {
  readonly from: 'client' | 'server';
  readonly line?: string;
  readonly eof?: boolean;
}

const directory = fileURLToPath(new URL('../../fixtures/qmp-transcripts/', import.meta.url));

/** Names of all scenes and sides. */
export const scenes: readonly string[] = readdirSync(directory)
  .filter((name) => name.endsWith('.jsonl'))
  .map((name) => name.slice(0, -'.jsonl'.length));

/** A conversation. */
export const transcript = (name: string): readonly Entry[] =>
  readFileSync(`${directory}${name}.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Entry);

/** A command of a conversation's client. */
export interface Command {
  readonly execute: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

/** The commands of a conversation that are whole, but for the agreement on capabilities. */
export const commandsOf = (entries: readonly Entry[]): readonly Command[] =>
  entries.flatMap(({ from, line = '' }) => {
    if (from !== 'client') return [];
    try {
      const command = JSON.parse(line) as Partial<Command>;
      return command.execute === undefined || command.execute === 'qmp_capabilities' ? [] : [command as Command];
    } catch {
      return [];
    }
  });

/** Lines of one answer: events may stand before it and after it. */
const answers = (entries: readonly Entry[]): readonly (readonly Entry[])[] => {
  const parts: Entry[][] = [[]];
  for (const entry of entries) {
    if (entry.from === 'client') parts.push([]);
    else parts.at(-1)?.push(entry);
  }
  return parts;
};

/** The recorded QEMU got no numbers with its commands; the one that plays it has to give them back. */
const numbered = (line: string, id: unknown): string => {
  const message = JSON.parse(line) as Record<string, unknown>;
  return 'return' in message || 'error' in message ? JSON.stringify({ ...message, id }) : line;
};

/** What is done to the bytes on their way: cut after so many, and then closed or held silently. */
export interface Fate {
  readonly cutAfter?: number;
  readonly then?: 'close' | 'silence';
  /** Bytes in a piece. */
  readonly piece?: number;
  readonly spoil?: (bytes: Uint8Array) => Uint8Array;
}

/** Plays QEMU's part: says what it said to each command in turn. */
export const played =
  (
    entries: readonly Entry[],
    { cutAfter = Infinity, then = 'close', piece = Infinity, spoil = (b) => b }: Fate = {},
  ): Dial =>
  () =>
    new Observable((subscriber) => {
      const pieces = new Subject<Uint8Array>();
      const parts = answers(entries);
      let turn = 0;
      let left = cutAfter;
      const say = (id: unknown, part: readonly Entry[]): void => {
        for (const { line, eof } of part) {
          if (eof === true) {
            pieces.complete();
            return;
          }
          const bytes = spoil(Buffer.from(`${numbered(line ?? '', id)}\r\n`));
          for (let at = 0; at < bytes.length && left > 0; at += piece) {
            const some = bytes.subarray(at, Math.min(at + piece, bytes.length, at + left));
            left -= some.length;
            pieces.next(some);
          }
          if (left <= 0) {
            if (then === 'close') pieces.complete();
            return;
          }
        }
      };
      // Whoever hears an answer may give the next command at once; its answer comes after all of this one.
      const asked: unknown[] = [];
      let speaking = false;
      const tell = (id: unknown): void => {
        asked.push(id);
        if (speaking) return;
        speaking = true;
        while (asked.length > 0) say(asked.shift(), parts[turn++] ?? []);
        speaking = false;
      };
      subscriber.next({
        pieces: new Observable((piecesOf) => {
          const heard = pieces.subscribe(piecesOf);
          tell(undefined);
          return heard;
        }),
        send: (text) => tell((JSON.parse(text) as { id: unknown }).id),
      });
    });
