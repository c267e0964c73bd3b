/** Laws over several plans: under a load that stands still, applying them comes to rest. */
import { applied } from '../applied.js';
import type { Law } from '../law.js';

/** Plans after which a policy that has not come to rest is taken for one that never will. */
const patience = 100;

/** Applying a policy's plans one after the other, while every signal says what it said, ends in a plan without moves. */
export const comesToRest: Law = (policy, cluster) => {
  let state = cluster;
  for (let i = 0; i < patience; i++) {
    const plan = policy.plan(state);
    if (plan.moves.length === 0) return [];
    state = applied(state, plan);
  }
  const restless = policy.plan(state).moves.map(({ guest, from, to }) => `${guest} ${from} → ${to}`);
  return [`after ${patience} plans it still moves: ${restless.join(', ')}`];
};
