/** Law of names: what hosts and guests are called does not matter, as long as they stay in order. */
import type { Cluster, GuestId, HostId, Knowledge, Migration, Outcome } from '../../model/index.js';
import type { Law } from '../law.js';

/** A name that comes in the same order among others that are renamed alike. */
const renamed = (name: string): string => `site/${name}`;

const renamedKnowledge = (knowledge: Knowledge): Knowledge =>
  knowledge.kind === 'partial' ? { ...knowledge, missing: knowledge.missing.map(renamed) } : knowledge;

const renamedMove = <Move extends Migration | Outcome>(move: Move): Move => ({
  ...move,
  guest: renamed(move.guest),
  from: renamed(move.from),
  to: renamed(move.to),
});

const renamedCluster = (cluster: Cluster): Cluster => ({
  ...cluster,
  hosts: cluster.hosts.map((host) => ({
    ...host,
    id: renamed(host.id),
    knowledge: renamedKnowledge(host.knowledge),
  })),
  guests: cluster.guests.map((guest) => ({
    ...guest,
    id: renamed(guest.id),
    host: renamed(guest.host),
    ...(guest.home === undefined ? {} : { home: renamed(guest.home) }),
    pins: guest.pins.map(renamed),
    knowledge: renamedKnowledge(guest.knowledge),
  })),
  migrations: cluster.migrations.map(renamedMove),
  past: cluster.past.map(renamedMove),
});

type Step = readonly [guest: GuestId, from: HostId, to: HostId];

/**
 * Renaming hosts and guests, their order kept, only renames the plan (ganeti, and a pool's plan that depended on the order:
 * a policy may break ties by name, and may not do more with it).
 */
export const namesDoNotMatter: Law = (policy, cluster) => {
  const steps = (of: Cluster, name: (id: string) => string): readonly Step[] =>
    policy.plan(of).moves.map(({ guest, from, to }) => [name(guest), name(from), name(to)]);
  const [plain, other] = [steps(cluster, renamed), steps(renamedCluster(cluster), (id) => id)];
  const said = (list: readonly Step[]): string =>
    list.map(([guest, from, to]) => `${guest} ${from} → ${to}`).join(', ');
  return JSON.stringify(plain) === JSON.stringify(other)
    ? []
    : [`all names changed alike give other moves: "${said(other)}" in place of "${said(plain)}"`];
};
