/** Captures: recorded outputs of virsh, and the two streams of each command as an index lists them. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { virshSaid } from '../../metrics/sources/captures.js';

export { cuts, namesIn, sound, virshSaid } from '../../metrics/sources/captures.js';

const file = (name: string): string => fileURLToPath(new URL(`../../fixtures/libvirt/${name}`, import.meta.url));

/** What a recorded command printed on one of its streams; empty where it printed nothing. */
export const stream = (name: string, which: 'stdout' | 'stderr'): string =>
  existsSync(file(`${name}.${which}.txt`)) ? virshSaid(`${name}.${which}.txt`) : '';

/** The answers of `domjobinfo --rawstats` during a recorded move, with their exit codes. */
export const jobPolls = (
  name: string,
): readonly { readonly rc: number; readonly stdout: string; readonly stderr: string }[] =>
  virshSaid(`${name}.jobpoll.jsonl`)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { rc: number; stdout: string; stderr: string });
