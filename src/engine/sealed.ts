/** Sealed: freezes what a policy is shown, so that a policy that changes it fails instead of misleading the admission. */
import type { Cluster, Inventory } from '../model/index.js';

const deep = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const part of Object.values(value)) deep(part);
};

/** Freezes an inventory through and through. Only for one that nobody else holds. */
export const sealedInventory = (inventory: Inventory): Inventory => {
  deep(inventory);
  return inventory;
};

/**
 * Freezes a snapshot as far as admission reads it: its lists, hosts, guests and what is known of them. What hosts and guests
 * are made of is part of the inventory, sealed when it came in.
 */
export const sealedCluster = (cluster: Cluster): Cluster => {
  for (const subjects of [cluster.hosts, cluster.guests]) {
    for (const subject of subjects) {
      Object.freeze(subject);
      Object.freeze(subject.knowledge);
    }
    Object.freeze(subjects);
  }
  deep(cluster.migrations);
  deep(cluster.past);
  return Object.freeze(cluster);
};
