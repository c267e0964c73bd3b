/** Refills: remembers which hosts fell silent, takes them for new ones when they are back, and fills them up. */
import { lookup } from '../../../src/model/index.js';
import { definePolicy, type Policy } from '../../../src/policies/index.js';
import { improvements, first, loadOf, only, proposal, watch } from './careful.js';

/** What it remembers is a state outside of the snapshot. A new one for each test. */
export const refills = (): Policy => {
  let silent: ReadonlySet<string> = new Set();
  return definePolicy({
    name: 'refills',
    watch,
    plan: (cluster) => {
      const { freeMemory, host: hostOf } = lookup(cluster);
      const back = cluster.hosts.find(({ id, knowledge }) => knowledge.kind === 'fresh' && silent.has(id));
      silent = new Set(cluster.hosts.filter(({ knowledge }) => knowledge.kind !== 'fresh').map(({ id }) => id));
      const guest = cluster.guests.find(
        ({ host, memory }) => back && host !== back.id && memory <= freeMemory(back.id),
      );
      const from = guest && hostOf(guest.host);
      return guest && from && back
        ? only([proposal(guest, from, back, (loadOf(from, cluster) ?? 0) + 1)])
        : only(first(improvements(cluster)));
    },
  });
};
