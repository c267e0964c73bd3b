/** Verdict: how a move ended, by where its guest is on both hosts. What xl says about that is not to be trusted. */
import { failed, type Failure, ok, type Result } from '../../model/index.js';
import type { Domain } from './xl-list.js';

/** What xl calls the copy that is being received, and the one that has left. */
export const incoming = '--incoming';
const migratedAway = '--migratedaway';

/** Whether the domain is a copy that does not count: one that is being received, or that has left. */
export const isShadow = ({ name }: Pick<Domain, 'name'>): boolean =>
  name.endsWith(incoming) || name.endsWith(migratedAway);

/** The domains with the guest's UUID, of each host; `undefined` where the host does not say. */
export interface Both {
  readonly source: readonly Domain[] | undefined;
  readonly destination: readonly Domain[] | undefined;
}

const said = (domains: readonly Domain[]): string =>
  domains.length === 0 ? 'absent' : domains.map(({ name, state }) => `${state} as ${name}`).join(' and ');

/**
 * How a move ended. A guest that was suspended at the source and is nowhere else is left as it is: whether the receiver had begun to
 * run it, nobody can tell from here.
 *
 * @param because - what the tool said that failed; `undefined` where it ended well
 */
export const verdict = ({ source, destination }: Both, because: Failure | undefined): Result<'moved', Failure> => {
  const why = because ? `: ${because.message}` : '';
  if (source === undefined || destination === undefined)
    return failed({
      kind: 'unreachable',
      retryable: true,
      message: `the ${source === undefined ? 'source' : 'destination'} does not say where the guest is${why}`,
    });
  const here = source.filter((domain) => !isShadow(domain) && domain.state !== 'dying');
  const there = destination.filter((domain) => !isShadow(domain) && domain.state !== 'dying');
  if (here.length === 0 && there.length > 0) return ok('moved');
  const runs = here.some(({ state }) => state === 'running' || state === 'paused');
  if (runs && there.length === 0)
    return failed(because ?? { kind: 'protocol', retryable: false, message: 'the guest is still at the source' });
  if (here.length === 0 && source.length === 0 && destination.length === 0)
    return failed({ kind: 'not found', retryable: false, message: `the guest is on neither host${why}` });
  return failed({
    kind: 'protocol',
    retryable: false,
    message: `the guest is ${said(source)} at the source and ${said(destination)} at the destination${why}`,
  });
};
