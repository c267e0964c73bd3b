/** Problems: which kind of failure it is, from what QEMU says of a command or of a migration. */
import type { Failure, FailureKind } from '../../model/index.js';
import type { QmpProblem } from './messages.js';

/** QEMU tells most of its problems by text alone. The first that matches counts; texts of QEMU 7.2. */
const texts: readonly (readonly [text: RegExp, kind: FailureKind, retryable: boolean])[] = [
  [/migration process in progress|already been started|already being measured/i, 'conflict', true],
  [/waiting for an incoming migration|paused due to previous migration|not in expected state/i, 'conflict', false],
  [/address already in use|failed to get .* lock/i, 'conflict', true],
  [/cannot allocate memory|cannot set up guest memory|out of memory/i, 'insufficient memory', true],
  [/non-migratable|blocked|disabled via|does not support migration/i, 'refused as unsafe', false],
  [/not supported|does not accept value|enable postcopy|is unexpected|userfault/i, 'unsupported', false],
  [
    /connection refused|no route to host|network is unreachable|address resolution failed|timed out/i,
    'unreachable',
    true,
  ],
  // The other side went away, or the way to it: whether it comes back is not known.
  [
    /connection reset|broken pipe|unable to write to socket|unable to read from socket|failed to connect/i,
    'unreachable',
    true,
  ],
];

/** The kind of failure that a text of QEMU tells of; what is not known is `protocol`. */
export const failureFrom = (text: string, what: string): Failure => {
  const found = texts.find(([pattern]) => pattern.test(text));
  return { kind: found?.[1] ?? 'protocol', retryable: found?.[2] ?? false, message: `${what}: ${text}` };
};

/** The failure of a command that QEMU did not carry out. */
export const refusedBy = ({ class: of, desc }: QmpProblem, command: string): Failure => {
  if (of === 'CommandNotFound') return { kind: 'unsupported', retryable: false, message: `${command}: ${desc}` };
  if (of === 'DeviceNotFound') return { kind: 'not found', retryable: false, message: `${command}: ${desc}` };
  return failureFrom(desc, command);
};
