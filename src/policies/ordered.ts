/** A snapshot with its hosts, guests and moves in the order of their names, however they were listed. */
import { byName, type Cluster } from '../model/index.js';

interface Named {
  readonly id: string;
}

const rising = (list: readonly Named[]): boolean =>
  list.every(({ id }, i) => {
    const before = list[i - 1];
    return before === undefined || byName(before.id, id) <= 0;
  });

const sorted = <Item extends Named>(list: readonly Item[]): readonly Item[] =>
  rising(list) ? list : [...list].sort((a, b) => byName(a.id, b.id));

/** The snapshot in the order of names; the same object where it is in order already, as an engine's snapshots are. */
export const ordered = <H, G>(cluster: Cluster<H, G>): Cluster<H, G> => {
  const [hosts, guests, migrations] = [sorted(cluster.hosts), sorted(cluster.guests), sorted(cluster.migrations)];
  return hosts === cluster.hosts && guests === cluster.guests && migrations === cluster.migrations
    ? cluster
    : { ...cluster, hosts, guests, migrations };
};
