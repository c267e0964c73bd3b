/** Swaps blindly: exchanges a busy guest for an idle one, though neither host holds both while they move. */
import { lookup } from '../../../src/model/index.js';
import { definePolicy, enoughMemory, type Policy, refusals, standardConstraints } from '../../../src/policies/index.js';
import { busyOf, loadOf, only, proposal, watch } from './careful.js';

const others = standardConstraints.filter((constraint) => constraint !== enoughMemory);

/** Counts the memory of each host as it is after both moves; a live migration needs it before. */
export const swapsBlindly: Policy = definePolicy({
  name: 'swaps-blindly',
  watch,
  plan: (cluster) => {
    const { host: hostOf, freeMemory } = lookup(cluster);
    for (const busy of cluster.guests)
      for (const idle of cluster.guests) {
        const [here, there] = [hostOf(busy.host), hostOf(idle.host)];
        if (!here || !there || here === there) continue;
        const [hot, cool] = [loadOf(here, cluster), loadOf(there, cluster)];
        const [more, less] = [busyOf(busy), busyOf(idle)];
        if (hot === undefined || cool === undefined || more === undefined || less === undefined) continue;
        const over = more - less;
        const fits =
          busy.memory <= freeMemory(there.id) + idle.memory && idle.memory <= freeMemory(here.id) + busy.memory;
        if (hot <= 0.5 || over <= 0 || cool + over >= hot || !fits) continue;
        const swap = [
          { guest: busy, from: here, to: there },
          { guest: idle, from: there, to: here },
        ];
        if (swap.every((move) => refusals(others, move, cluster).length === 0))
          return only([proposal(busy, here, there, hot), proposal(idle, there, here, Math.max(cool, hot))]);
      }
    return only([]);
  },
});
