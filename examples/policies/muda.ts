/** Muda's strategy (2010, §6.4 to §7.5): a guest that computes for long enough goes to the host best for what it needs. */
import { thesisCompletion, thesisPredicted } from 'whither/estimators';
import { latest } from 'whither/metrics';
import { percent, seconds } from 'whither/model';
import { type GuestTerm, type HostTerm, policy, thesisRule } from 'whither/policies';

const busy = latest('memory of busy processes', ({ processes: all }) => {
  const counts = new Set(all?.flatMap(({ name, cpu }) => (cpu >= percent(70) ? [name] : [])));
  return all?.reduce((sum, { name, cpu, memory }) => (cpu > 0 && counts.has(name) ? sum + memory : sum), 0);
});

export default policy('muda-in-words', ({ guest, hosts, when, migrate, choose, calculate, and, or, param }) => {
  const tie = param.percent('tie', 1);
  const needs = (g: GuestTerm, ...what: ('cpu' | 'paging' | 'network')[]) => g.boundBy(what, { by: thesisRule() });
  const long = (g: GuestTerm) => {
    const active = g.signal({ measure: busy.name, unit: 'bytes', signal: busy });
    const time = calculate('T', 'milliseconds', [g.memory, active, g.host.bandwidth()], thesisCompletion);
    const used = g.busyFor(percent(70), percent(10));
    return used.atLeast(seconds(20)).and(used.above(time));
  };
  const loaded = guest((g) => g.loadAverage.rising().and(g.loadAverage.above(g.vcpus)));
  const due = guest((g) => and(long(g), needs(g, 'cpu', 'paging', 'network'), g.usage.iowait.below(percent(10))));
  when(loaded.and(due), (g) => {
    const other = (h: HostTerm) => choose(needs(g, 'paging'), h.diskScore(g).plain(), h.guestBandwidth.plain());
    const score = (h: HostTerm) => choose(needs(g, 'cpu'), h.clock.times(h.idleFor(g)).plain(), other(h));
    const carries = g.usage.networkTraffic.orElse(0).atLeast(g.host.guestBandwidth.times(0.5));
    const [idle, wire] = [(h: HostTerm) => h.idleFor(g), (h: HostTerm) => h.bandwidth()];
    const first = (h: HostTerm) => choose(carries, wire(h).plain(), idle(h).plain());
    const then = [first, idle, (h: HostTerm) => h.memorySpeed, wire, (h: HostTerm) => h.cache];
    const free = hosts.select((h) => and(h.is(g.host).not(), h.moves.equals(0), g.host.moves.equals(0)));
    const link = (from: HostTerm, to: HostTerm) => [g.memory, g.memoryUsed, wire(from).atMostOf(wire(to))] as const;
    const time = (from: HostTerm, to: HostTerm) => calculate('T', 'milliseconds', link(from, to), thesisPredicted);
    const worse = (from: HostTerm, to: HostTerm) => score(to).atMost(score(from).dividedBy(1 - tie));
    return migrate(g)
      .to(free.maxBy(score, { within: tie, then }))
      .unless(({ from, to }) => or(time(from, to).above(seconds(120)), worse(from, to)));
  });
  return { tie };
});
