/** Failures: what xl says when a command fails, turned into a kind that an engine can act on. How a move ended it does not tell: ask the hosts. */
import type { Failure, FailureKind } from '../../model/index.js';

const sayings: readonly (readonly [said: RegExp, kind: FailureKind, retryable: boolean])[] = [
  [/--incoming" already exists/, 'conflict', true],
  [/Domain with name ".*" already exists/, 'conflict', false],
  [
    /Failed to populate physmap|Cannot allocate memory|Out of memory|failed to free memory/i,
    'insufficient memory',
    true,
  ],
  [/invalid domain identifier|maybe this domain does not exist/, 'not found', false],
  [/Failed to enable logdirty/, 'unsupported', false],
  [/Permission denied|Host key verification failed/, 'unreachable', false],
  [
    /ssh: |Connection refused|No route to host|Could not resolve hostname|died due to fatal signal Killed|exited with error status 255/,
    'unreachable',
    true,
  ],
  [/requires at least|option .* not supported|command not implemented/, 'unsupported', false],
];

const longest = 500;

/** Lines that tell a cause. xl and the receiver write many more, which tell how they went on. */
const telling = /error|fail|cannot|could not|invalid|refused|denied|ssh:|exists|requires|not supported/i;

/** The failure that xl's stderr tells of. The first cause counts: what follows it are its consequences. */
export const failureOfXl = (stderr: string, code?: number): Failure => {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const [, kind, retryable] = sayings.find(([said]) => said.test(stderr)) ?? [undefined, 'protocol' as const, false];
  const causes = lines.filter((line) => telling.test(line));
  const message = (causes.length > 0 ? causes.slice(0, 3) : lines.slice(-3)).join('; ').slice(0, longest);
  const end = code === undefined ? '' : ` (exit ${code})`;
  return { kind, retryable, message: message === '' ? `xl failed without a word${end}` : message };
};
