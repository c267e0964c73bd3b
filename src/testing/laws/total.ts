/** Laws of a policy as a total function: it answers every snapshot, with numbers that are numbers, and within bounds. */
import type { Law } from '../law.js';

/** It does not throw. */
export const neverThrows: Law = (policy, cluster) => {
  try {
    policy.plan(cluster);
    return [];
  } catch (thrown) {
    return [`it throws: ${String(thrown)}`];
  }
};

/** Paths of what is NaN within a value. */
const nanPaths = (value: unknown, path: string): readonly string[] => {
  if (typeof value === 'number') return Number.isNaN(value) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) =>
    nanPaths(part, Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`),
  );
};

/** Nothing in a plan is NaN, neither in moves nor in reasons. */
export const holdsNoNaN: Law = (policy, cluster) =>
  nanPaths(policy.plan(cluster), 'plan').map((path) => `${path} is NaN`);

/** Entries that a subject and a destination may have among those passed over: one for each of a handful of rules. */
const rulesAtMost = 8;

/**
 * A plan is bounded by its snapshot: it has at most as many moves as there are guests, and passes over each subject, and each
 * subject with each destination, a handful of times at most.
 */
export const isBounded: Law = (policy, cluster) => {
  const { moves, passedOver } = policy.plan(cluster);
  const { hosts, guests } = cluster;
  const most = rulesAtMost * (1 + hosts.length + guests.length) * (1 + hosts.length);
  return [
    ...(moves.length > guests.length ? [`${moves.length} moves for ${guests.length} guests`] : []),
    ...(passedOver.length > most
      ? [`${passedOver.length} entries passed over, for ${hosts.length} hosts and ${guests.length} guests`]
      : []),
  ];
};
