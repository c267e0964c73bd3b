/** Follow the image: a guest that waits for its disk goes to a host that has its image in a disk of its own (Muda, §6.5.2). */
import { percent, seconds } from 'whither/model';
import { policy } from 'whither/policies';

export default policy('follow-image', ({ guest, hosts, when, migrate, afterwards, param }) => {
  const [iowait, spell] = [param.percent('iowait', 10), param.duration('spell', seconds(20))];
  const waits = guest((g) => g.iowait.atLeast(iowait).for(spell));
  const away = guest((g) => g.host.holdsImageOf(g).not());
  afterwards((move) => move.to.demand.atMost(percent(90)));

  when(waits.and(away), (g) =>
    migrate(g)
      .to(hosts.select((h) => h.holdsImageOf(g)).maxBy((h) => h.diskScore(g).orElse(0)))
      .unless((move) => move.takesLongerThan(seconds(120))),
  );
  return { iowait, spell };
});
