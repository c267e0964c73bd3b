/** Captures: recorded outputs of Xen's tools. */
import { namesIn, xenSaid } from '../../metrics/sources/captures.js';

export { cuts, sound, xenSaid } from '../../metrics/sources/captures.js';

/** What a recorded command printed on stderr. */
export const complaint = (name: string): string => xenSaid(`${name}.stderr.txt`);

/** Names of the recorded commands that printed on stderr. */
export const complaints = (): readonly string[] =>
  namesIn('xen-captures')
    .filter((name) => name.endsWith('.stderr.txt'))
    .map((name) => name.replace('.stderr.txt', ''));
