/** Transport: the command that carries a move's stream to the other host, and counts it on the way, for xl tells no progress. */
import type { Bytes, Milliseconds } from '../../model/index.js';
import { quoted } from '../commands/quoted.js';

/** ssh that asks nothing and notices a dead link within a quarter of a minute. */
export const sshTransport: readonly string[] = [
  'ssh',
  '-o',
  'BatchMode=yes',
  '-o',
  'ConnectTimeout=10',
  '-o',
  'ServerAliveInterval=5',
  '-o',
  'ServerAliveCountMax=3',
  '--',
];

/**
 * The text for `xl migrate -s`. xl hands it to a shell, followed by the host and the receiver's command, so every word is quoted.
 * `dd` passes on what it reads at once, piece by piece, for xl and the receiver also talk over this stream; it counts to stderr.
 */
export const countedTransport = (words: readonly string[]): string => {
  const script = `LC_ALL=C dd bs=65536 status=progress | exec ${words.map(quoted).join(' ')} "$@"`;
  return `sh -c ${quoted(script)} transport`;
};

/** How much of the stream has passed. */
export interface Passed {
  readonly sent: Bytes;
  readonly after: Milliseconds;
}

const counted = /^(\d{1,18}) bytes? (?:\([^()]{1,60}\) )?copied, (\d{1,9}(?:\.\d{1,9})?(?:e[+-]\d{1,2})?) s,/;

/** The count that a line of `dd` holds, if it is one. */
export const parseCount = (line: string): Passed | undefined => {
  const [, bytes, time] = counted.exec(line.trimStart()) ?? [];
  return bytes === undefined || time === undefined ? undefined : { sent: Number(bytes), after: Number(time) * 1000 };
};
