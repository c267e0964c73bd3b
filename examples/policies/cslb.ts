/** CSLB as Wilcox modified it (2008, §3.2; W12): each heavy host gives a guest to a light one that so comes near the middle. */
import { type GuestTerm, policy } from 'whither/policies';

export default policy('cslb-in-words', ({ hosts, when, tryEach, migrate, param }) => {
  const light = param.percent('light', 80);
  const heavy = param.percent('heavy', 95);
  const middle = (light + heavy) / 2;

  const heaviestFirst = hosts.select((h) => h.demand.above(heavy)).sortBy((h) => h.demand, 'falling');
  const lightestFirst = hosts
    .select((h) => h.demand.below(light).and(h.movesPlanned.equals(0), h.state.is('active')))
    .sortBy((h) => h.demand);

  when(heaviestFirst, (source) =>
    tryEach(lightestFirst, (to) => {
      const wanted = to.demand.times(-1).plus(middle);
      const load = (guest: GuestTerm) => guest.shareOf(to);
      const [fitting, larger] = source.guests.partition((guest) => load(guest).atMost(wanted));
      return migrate(fitting.maxBy(load).or(larger.minBy(load))).to(to);
    }),
  );
  return { light, heavy };
});
