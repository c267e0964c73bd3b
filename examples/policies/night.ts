/** Night consolidation: from ten at night to six the emptiest host that has been idle gives its guests to busier ones. */
import { minutes, hours, percent } from 'whither/model';
import { policy } from 'whither/policies';

export default policy('night', ({ every, time, host, hosts, when, each, migrate, power, afterwards, param }) => {
  every(minutes(5));
  const fill = param.percent('fill', 63);
  const [from, to] = [param.duration('from', hours(22)), param.duration('to', hours(6))];
  const spell = param.duration('idle', minutes(40));
  const idle = host((h) => h.state.is('active').and(h.cpu.below(percent(45)).for(spell), h.demand.below(0.45)));
  const inUse = hosts.select((h) => h.state.is('active').and(h.guests.any()));
  afterwards((move) => move.to.demand.atMost(fill));

  const emptiest = inUse
    .select(idle)
    .sortBy((h) => h.demand)
    .take(1);
  when(time.between(from, to), () =>
    each(emptiest, (source) =>
      each(
        source.units.sortBy((unit) => unit.memory, 'falling'),
        (unit) =>
          migrate(unit).to(inUse.select((h) => h.demand.above(source.demand)).minBy((h) => h.with(unit).freeMemory)),
      ),
    ),
  );
  when(host(idle), (h) => power.off(h));
  return { fill, from, to, idle: spell };
});
