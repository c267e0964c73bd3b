/** Keeps the database apart from the batch jobs: none is put beside the other, and where they stand together the jobs leave. */
import { percent } from 'whither/model';
import { policy } from 'whither/policies';

export default policy('database-apart', ({ guest, host, hosts, when, migrate, keepApart, prefer, limit }) => {
  const database = guest((g) => g.label('role').is('database'));
  const batch = guest((g) => g.label('role').is('batch'));

  keepApart(database, batch);
  prefer((move) => move.to.demand.below(percent(50)));
  limit({ moves: 4, perHost: 1 });

  const mixed = host((h) => h.guests.any(database).and(h.guests.any(batch)));
  when(mixed, (source) => migrate(source.guests.select(batch).minBy((g) => g.memory)).to(hosts.minBy((h) => h.demand)));
});
