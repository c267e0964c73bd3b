/** Failures: what virsh says when a command fails, turned into a kind that an engine can act on. */
import type { Failure, FailureKind } from '../../model/index.js';

interface Saying {
  readonly said: RegExp;
  readonly kind: FailureKind;
  readonly retryable: boolean;
}

const saying = (said: RegExp, kind: FailureKind, retryable = false): Saying => ({ said, kind, retryable });

/**
 * The first that fits counts. Most failures have more than one text, which differ at the beginning by which side noticed first,
 * so the end of it is looked for (libvirt 9.0).
 */
const sayings: readonly Saying[] = [
  saying(/Cannot allocate memory|cannot set up guest memory/i, 'insufficient memory', true),
  saying(/failed in post-copy phase|post-?copy (?:failed|migration failed)/i, 'post-copy broken'),
  saying(/cancell?ed by client|operation aborted/i, 'cancelled'),
  saying(/Unsafe migration/i, 'refused as unsafe'),
  saying(/failed to get domain|Domain not found|no domain with matching/i, 'not found'),
  saying(/no job is active/i, 'not found'),
  saying(
    /cannot acquire state change lock|another migration job is already running|migration is still running/i,
    'conflict',
    true,
  ),
  saying(
    /is already active|already exists with uuid|to the same host|domain is not running|already being defined/i,
    'conflict',
  ),
  saying(
    /Host key verification failed|Permission denied|authentication (?:failed|unavailable)|access denied|no polkit agent/i,
    'unreachable',
  ),
  saying(
    /doesn't support option|not supported|unsupported configuration|CPU doesn't match|Unable to access credentials|no connection driver available/i,
    'unsupported',
  ),
  // QEMU itself died; the way to its host is another matter.
  saying(/closed the monitor|Unable to read from monitor/i, 'protocol', true),
  saying(
    /unable to connect to server|Unable to resolve address|failed to connect to the hypervisor|Failed to connect socket|client socket is closed|Unable to write to socket|Unable to read from socket|Cannot recv data|Cannot write data|End of file while reading data|Connection reset by peer|Connection refused|No route to host|Network is unreachable|keepalive timeout|ssh: /i,
    'unreachable',
    true,
  ),
  saying(/Timed out during operation|timed? ?out/i, 'timed out', true),
];

/** Secrets have no place in a URI, but people put them there, and libvirt repeats it. */
const withoutSecrets = (text: string): string => text.replace(/(:\/\/[^\s/@:]*):[^\s/@]*@/g, '$1:…@');

const longest = 500;

/** The lines that virsh marked as errors, as one text; all of it where it marked none. */
const errorText = (stderr: string): string => {
  const lines = stderr
    .split(/[\r\n]+/)
    // Progress is written over itself, and the error follows on the same line.
    .map((line) => line.replace(/^Migration: \[\s*\d{1,3} %\]/, '').trim())
    .filter((line) => line !== '');
  const marked = lines.filter((line) => line.startsWith('error:')).map((line) => line.slice('error:'.length).trim());
  return withoutSecrets((marked.length > 0 ? marked : lines).join('; ')).slice(0, longest);
};

/** The failure that virsh's stderr tells of. A text that is not known is a breach of protocol, to be asked about. */
export const failureOfVirsh = (stderr: string, code?: number): Failure => {
  const message = errorText(stderr);
  const found = sayings.find(({ said }) => said.test(message));
  const end = code === undefined ? '' : ` (exit ${code})`;
  return {
    kind: found?.kind ?? 'protocol',
    retryable: found?.retryable ?? false,
    message: message === '' ? `virsh failed without a word${end}` : message,
  };
};
