/** Own groups: what hosts say of themselves, as long as it can still be true (W11). */
import { type Cluster, type HostId, hostSubject, type ObservedHost, unknown, type Unknown } from '../../model/index.js';
import type { Group } from '../phases/classify.js';

const groups: readonly unknown[] = ['light', 'moderate', 'heavy'] satisfies Group[];
const isGroup = (value: unknown): value is Group => groups.includes(value);

/** The hosts whose load a move in flight or planned changes, so that what they said cannot hold any more. */
export const movingHosts = (cluster: Cluster): ReadonlySet<HostId> =>
  new Set(cluster.migrations.flatMap(({ from, to }) => [from, to]));

/**
 * The group that a host says it is in; `undefined` where a move in flight or planned changes what it carries, so that the
 * scheduler has to reckon.
 *
 * @param moving - see {@link movingHosts}
 */
export const ownGroup = ({ id, signals }: ObservedHost, moving: ReadonlySet<HostId>): Group | undefined => {
  const said = signals['group'];
  return isGroup(said) && !moving.has(id) ? said : undefined;
};

/**
 * Why a host's word does not count: it says nothing, or a guest came or went since it spoke. Empty where it counts, and where
 * the scheduler has to reckon.
 */
export const withoutWord = (
  { id, signals, knowledge }: ObservedHost,
  cluster: Cluster,
  moving: ReadonlySet<HostId>,
): readonly Unknown[] => {
  const common = { rule: 'cslb.group', subject: hostSubject(id), measure: 'group by its own report' };
  if (!isGroup(signals['group'])) return [unknown({ ...common, why: 'not measured' })];
  if (moving.has(id) || knowledge.kind === 'unseen') return [];
  const old = cluster.past.some(
    ({ from, to, ending, endedAt }) =>
      ending.result === 'done' && (from === id || to === id) && endedAt >= knowledge.at,
  );
  return old ? [unknown({ ...common, why: 'stale' })] : [];
};
