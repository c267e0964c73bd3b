/** What the rule language costs: a rule as a page of words, against the same rule written by hand with the same evidence. */
import { pathToFileURL } from 'node:url';
import { cpu, level } from '../../src/metrics/index.js';
import {
  byName,
  type Cluster,
  compare,
  gbps,
  gibibytes,
  gigahertz,
  guestSubject,
  holds,
  hostSubject,
  lookup,
  type ObservedGuest,
  type ObservedHost,
  type PassedOver,
  percent,
  type Plan,
  type Proposal,
  type Reason,
} from '../../src/model/index.js';
import { definePolicy, judge, planned, type Policy, policy, standardConstraints } from '../../src/policies/index.js';
import type { Benchmark } from '../benchmark.js';

const named = (kind: string, i: number): string => `${kind}-${String(i).padStart(5, '0')}`;

/** Every tenth host is hot; of the others each is as busy as its number says. */
const clusterOf = (hosts: number, guests: number): Cluster => ({
  at: 1000,
  hosts: Array.from({ length: hosts }, (_, i): ObservedHost => ({
    id: named('host', i),
    state: 'active',
    cpu: { clock: gigahertz(2.4), cores: 32, threads: 64, architecture: 'x86_64' },
    memory: { total: gibibytes(512), reserved: gibibytes(8) },
    storage: [],
    networks: [{ role: 'migration', link: named('link', i), bandwidth: gbps(10) }],
    devices: [],
    power: [],
    labels: {},
    knowledge: { kind: 'fresh', at: 1000 },
    signals: { 'level(cpu)': i % 10 === 0 ? 0.95 : ((i * 37) % 70) / 100 },
  })),
  guests: Array.from({ length: guests }, (_, i): ObservedGuest => ({
    id: named('guest', i),
    host: named('host', i % hosts),
    vcpus: 4,
    memory: gibibytes(16),
    devices: [],
    labels: {},
    together: [],
    apart: [],
    pins: [],
    migratable: true,
    knowledge: { kind: 'fresh', at: 1000 },
    signals: { 'level(cpu)': ((i * 53) % 97) / 100 },
  })),
  migrations: [],
  past: [],
});

const inWords: Policy = policy('keep-cool', ({ host, hosts, when, migrate }) => {
  const hot = host((h) => h.cpu.above(percent(80)));
  when(hot, (source) => migrate(source.guests.maxBy((g) => g.cpu)).to(hosts.reject(hot).minBy((h) => h.cpu)));
});

const used = ({ signals, knowledge }: ObservedHost | ObservedGuest): number | undefined =>
  // The watch folds this name with a signal of numbers.
  knowledge.kind === 'fresh' ? (signals['level(cpu)'] as number | undefined) : undefined;

const against = (
  subject: Reason['subject'],
  measure: string,
  value: number,
  relation: 'above' | 'at least' | 'at most',
  limit: number,
): Reason => compare({ rule: 'keep-cool', subject, measure, value, relation, limit, unit: 'fraction' });

const byUse = <Item extends ObservedHost | ObservedGuest>(items: readonly Item[], sign: number): readonly Item[] =>
  items
    .filter((item) => used(item) !== undefined)
    .sort((a, b) => sign * ((used(a) ?? 0) - (used(b) ?? 0)) || byName(a.id, b.id));

const planByHand = (cluster: Cluster): Plan => {
  const moves: Proposal[] = [];
  const passedOver: PassedOver[] = [];
  const reason = (host: ObservedHost, relation: 'above' | 'at most'): Reason =>
    against(hostSubject(host.id), 'cpu', used(host) ?? 0, relation, 0.8);
  const known = cluster.hosts.filter((host) => used(host) !== undefined);
  const hot = known.filter((host) => (used(host) ?? 0) > 0.8);
  const cool = byUse(
    known.filter((host) => (used(host) ?? 0) <= 0.8),
    1,
  );
  for (const host of cool) passedOver.push({ subject: hostSubject(host.id), because: [reason(host, 'above')] });
  for (const host of hot) passedOver.push({ subject: hostSubject(host.id), because: [reason(host, 'at most')] });
  for (const from of hot) {
    const now = planned(cluster, moves);
    const ranked = byUse(lookup(cluster).guestsOn(from.id), -1);
    for (const [i, guest] of ranked.entries()) {
      let reasons: readonly Reason[] = [];
      const to = cool.find((host) => {
        reasons = judge(standardConstraints, { guest, from, to: host }, now);
        const no = reasons.filter((one) => !holds(one));
        if (no.length > 0) passedOver.push({ subject: guestSubject(guest.id), to: host.id, because: no });
        return no.length === 0;
      });
      if (!to) continue;
      const [next, other] = [ranked[i + 1], cool[cool.indexOf(to) + 1]];
      moves.push({
        guest: guest.id,
        from: from.id,
        to: to.id,
        because: [
          reason(from, 'above'),
          ...(next ? [against(guestSubject(guest.id), 'cpu', used(guest) ?? 0, 'at least', used(next) ?? 0)] : []),
          reason(to, 'at most'),
          ...(other ? [against(hostSubject(to.id), 'cpu', used(to) ?? 0, 'at most', used(other) ?? 0)] : []),
          ...reasons,
        ],
      });
      for (const rest of ranked.slice(i + 1))
        passedOver.push({
          subject: guestSubject(rest.id),
          because: [against(guestSubject(rest.id), 'cpu', used(rest) ?? 0, 'above', used(guest) ?? 0)],
        });
      break;
    }
  }
  return { moves, passedOver };
};

const byHand: Policy = definePolicy({
  name: 'keep-cool by hand',
  watch: { host: { 'level(cpu)': level(cpu) }, guest: { 'level(cpu)': level(cpu) } },
  plan: planByHand,
});

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/**
 * Median time of each of several plans in milliseconds. They take turns, so that what else the machine does falls on all of
 * them; each plan has a snapshot of its own, so that nothing is remembered of it. The first half of the rounds is for the compiler.
 */
const timesOf = (
  plans: readonly Policy['plan'][],
  fresh: () => Cluster,
  rounds: number,
  batch: number,
): readonly number[] => {
  const times = plans.map((): number[] => []);
  for (let i = 0; i < rounds; i++)
    for (const [at, plan] of plans.entries()) {
      const snapshots = Array.from({ length: batch }, fresh);
      const begun = performance.now();
      for (const snapshot of snapshots) plan(snapshot);
      if (i * 2 >= rounds) times[at]?.push((performance.now() - begun) / batch);
    }
  return times.map(median);
};

const steps = ({ moves }: Plan): string => JSON.stringify(moves.map(({ guest, from, to }) => [guest, from, to]));

/** The rule language against a rule by hand: at most three times its cost. */
export const language: Benchmark = {
  name: 'language',
  run: (report) => {
    for (const [hosts, guests, rounds, batch] of [
      [10, 100, 200, 20],
      [1000, 10_000, 40, 1],
    ] as const) {
      const cluster = clusterOf(hosts, guests);
      if (steps(inWords.plan(cluster)) !== steps(byHand.plan(cluster)))
        throw new Error('the two rules plan differently');
      const fresh = (): Cluster => ({ ...cluster });
      const size = `${hosts.toLocaleString('en-GB')} hosts, ${guests.toLocaleString('en-GB')} guests`;
      const [hand = NaN, words = NaN] = timesOf([byHand.plan, inWords.plan], fresh, rounds, batch);
      report({ name: `by hand, ${size}`, value: hand, unit: 'ms' });
      report({ name: `in words, ${size}`, value: words, unit: 'ms' });
      report({ name: `words against hand, ${size}`, value: words / hand, unit: '×', target: 3 });
    }
    return Promise.resolve();
  },
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  await language.run(({ name, value, unit }) => console.log(`${name}: ${value.toPrecision(4)} ${unit}`));
