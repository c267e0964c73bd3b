/** Laws of a policy as a function: equal input gives an equal plan, in whatever order it is listed, and is left as it was. */
import type { Cluster } from '../../model/index.js';
import type { Law } from '../law.js';

/** Two plans as texts; plans are plain data. */
const differ = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

const copy = (cluster: Cluster): Cluster => structuredClone(cluster);

/** Equal snapshots give equal plans: asked twice, and asked with a copy. */
export const deterministic: Law = (policy, cluster) => {
  const plan = policy.plan(cluster);
  return [
    ...(differ(plan, policy.plan(cluster)) ? ['asked twice, it plans differently'] : []),
    ...(differ(plan, policy.plan(copy(cluster))) ? ['an equal snapshot gives another plan'] : []),
  ];
};

/** Every second first, backwards, then the others: neither the order of names nor its reverse. */
const shuffled = <Item>(list: readonly Item[]): readonly Item[] => [
  ...list.filter((_, i) => i % 2 === 1).reverse(),
  ...list.filter((_, i) => i % 2 === 0),
];

const relisted = (cluster: Cluster, order: <Item>(list: readonly Item[]) => readonly Item[]): Cluster => ({
  ...cluster,
  hosts: order(cluster.hosts),
  guests: order(cluster.guests),
  migrations: order(cluster.migrations),
});

/** The order in which hosts, guests and moves in flight are listed does not matter. */
export const orderIndependent: Law = (policy, cluster) => {
  const plan = policy.plan(cluster);
  const orders: Readonly<Record<string, <Item>(list: readonly Item[]) => readonly Item[]>> = {
    reversed: (list) => list.toReversed(),
    shuffled,
  };
  return Object.entries(orders).flatMap(([name, order]) =>
    differ(plan, policy.plan(relisted(cluster, order))) ? [`the same snapshot, ${name}, gives another plan`] : [],
  );
};

const frozen = <Value>(value: Value): Value => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
};

/** The snapshot is left as it was; it is handed over deeply frozen, so that a change throws where it is tried. */
export const doesNotMutate: Law = (policy, cluster) => {
  const given = copy(cluster);
  try {
    policy.plan(frozen(given));
  } catch (thrown) {
    return [`on a frozen snapshot it throws: ${String(thrown)}`];
  }
  return differ(given, cluster) ? ['the snapshot is another one after planning'] : [];
};
