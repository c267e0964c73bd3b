/** Leaves laptops alone: they give a guest away when they are busy, take none, and get their own back when it is idle. */
import { minutes, percent, seconds } from 'whither/model';
import { policy } from 'whither/policies';

export default policy('laptops', ({ guest, host, hosts, guests, when, migrate, afterwards, param }) => {
  const [long, quiet] = [param.duration('busy', seconds(30)), param.duration('idle', minutes(1))];
  const laptop = host((h) => h.label('kind').is('laptop'));
  const busy = host((h) => h.cpu.above(percent(50)).for(long));
  const idle = guest((g) => g.cpu.below(percent(5)).for(quiet));
  const servers = hosts.select((h) => h.label('kind').is('server'));
  afterwards((move) => move.to.demand.atMost(percent(90)));

  when(laptop.and(busy), (source) =>
    migrate(source.guests.select(idle.not()).maxBy((g) => g.cpu)).to(servers.minBy((h) => h.demand)),
  );
  when(
    guests.select(idle).reject((g) => g.home.equals(g.host.name)),
    (g) =>
      migrate(g).to(
        hosts
          .reject(busy)
          .select((h) => h.name.equals(g.home))
          .first(),
      ),
  );
  return { busy: long, idle: quiet };
});
