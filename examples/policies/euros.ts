/** Euros: guests leave hosts whose hour of computing costs most, if a day elsewhere saves more than the move is worth. */
import { hours, percent } from 'whither/model';
import { type HostTerm, policy } from 'whither/policies';

export default policy('euros', ({ every, hosts, when, migrate, calculate, afterwards, param }) => {
  every(hours(1));
  const eurosPerMove = param.number('eurosPerMove', 0.05);
  afterwards((move) => move.to.demand.atMost(percent(80)));

  /** What a core-gigahertz costs for a day, in euros: watts at the host's present use, and its label `eurosPerKwh`. */
  const price = (h: HostTerm) =>
    calculate(
      'euros for 1 GHz a day',
      'none',
      [h.watts, h.amount('eurosPerKwh', 'none'), h.clock, h.cores],
      (watts, eurosPerKwh, clock, cores) => ((watts / 1000) * 24 * eurosPerKwh) / ((clock / 1e9) * cores),
    );
  const saved = (from: HostTerm, to: HostTerm) => price(from).minus(price(to));

  when(hosts.sortBy(price, 'falling').take(1), (dearest) =>
    migrate(dearest.guests.maxBy((g) => g.cpu))
      .to(hosts.minBy(price))
      .unless(({ guest, from, to }) =>
        saved(from, to)
          .times(guest.vcpus.plain().times(guest.cpu).times(from.clock).dividedBy(1e9))
          .atMost(eurosPerMove),
      ),
  );
  return { eurosPerMove };
});
