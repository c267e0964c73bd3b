/** Applied: the snapshot that a plan leads to, once its moves are over and while the load stands still. */
import { type Cluster, hours, type Knowledge, type Outcome, type Plan, seconds } from '../model/index.js';

/** Long enough that a cool-down is over. */
const later = hours(24);

const aged = (knowledge: Knowledge): Knowledge => {
  switch (knowledge.kind) {
    case 'fresh':
    case 'partial':
      return { ...knowledge, at: knowledge.at + later };
    case 'stale':
      return { ...knowledge, age: knowledge.age + later };
    case 'unseen':
      return knowledge;
  }
};

/**
 * The snapshot a day after a plan: its moves, and those in flight before, are done; every signal says what it said. What was
 * known is known as well as before.
 */
export const applied = (cluster: Cluster, { moves }: Plan): Cluster => {
  const over = [
    ...cluster.migrations,
    ...moves.map(({ guest, from, to }) => ({ id: `applied:${guest}`, guest, from, to, startedAt: cluster.at })),
  ];
  const standing = new Map(over.map(({ guest, to }) => [guest, to]));
  return {
    at: cluster.at + later,
    hosts: cluster.hosts.map((host) => ({ ...host, knowledge: aged(host.knowledge) })),
    guests: cluster.guests.map((guest) => ({
      ...guest,
      knowledge: aged(guest.knowledge),
      host: standing.get(guest.id) ?? guest.host,
    })),
    migrations: [],
    past: [
      ...cluster.past,
      ...over.map(({ id, guest, from, to, startedAt }): Outcome => ({
        id,
        guest,
        from,
        to,
        startedAt,
        endedAt: cluster.at + seconds(30),
        ending: { result: 'done' },
      })),
    ],
  };
};
