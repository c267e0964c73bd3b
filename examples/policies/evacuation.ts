/** Evacuation: every failing or draining host is left, largest guests first, each to the host that it fills best (W19). */
import { type HostTerm, policy } from 'whither/policies';

export default policy('evacuation', ({ host, hosts, when, each, migrate, param }) => {
  const cpu = param.percent('cpu', 95);

  const leave = (source: HostTerm) =>
    each(
      source.units.sortBy((unit) => unit.memory, 'falling'),
      (unit) => {
        const within = hosts.select((to) => to.with(unit).demandAtWorst.atMost(cpu));
        return migrate(unit).to(
          within
            .minBy((to) => to.with(unit).freeMemory.shareOf(to.memory))
            .or(hosts.minBy((to) => to.with(unit).demandAtWorst)),
        );
      },
    );

  when(
    host((h) => h.state.is('failing')),
    leave,
  );
  when(
    host((h) => h.state.is('draining')),
    leave,
  );
  return { cpu };
});
