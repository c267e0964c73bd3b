/** The scenario: hosts, guests, and the recorded day as what the guests do. */
import { type Guest, type Host, mebibytesPerSecond, minutes } from 'whither/model';
import { chance, clusterOf, traceDemand, type Workload } from 'whither/simulation';
import type { Day } from './day.js';

/** Guests for each host, and its cores: three vCPUs and more to a core, so that some hosts run short while others have spare. */
const guestsPerHost = 13;
const coresPerHost = 11;

/** What a simulated cluster is made of. */
export interface Scenario {
  readonly hosts: readonly Host[];
  readonly guests: readonly Guest[];
  readonly workloads: Readonly<Record<string, Workload>>;
}

/** Turns a series about, so that a trace that serves a second guest does not beat in time with the first. */
const turned = <Value>(values: readonly Value[], by: number): readonly Value[] => [
  ...values.slice(by),
  ...values.slice(0, by),
];

/** A cluster of so many hosts whose guests live the day, each by a trace drawn from it. */
export const scenarioOf = (day: Day, hostCount: number, seed: number): Scenario => {
  const cluster = clusterOf({ hosts: hostCount, guests: hostCount * guestsPerHost, seed });
  const hosts = cluster.hosts.map((host) => ({
    ...host,
    cpu: { ...host.cpu, cores: coresPerHost, threads: coresPerHost },
  }));
  const draw = chance(seed).split('day');
  const order = day.cpu
    .map((trace) => ({ trace, place: draw.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ trace }) => trace);
  const workloads = cluster.guests.map((guest, i): [string, Workload] => {
    const trace = order[i % order.length];
    if (!trace) throw new Error('a day has at least one trace');
    const by = i < order.length ? 0 : Math.floor(draw.next() * trace.values.length);
    const memory = day.memory.get(trace.id);
    const demand = traceDemand(turned(trace.values, by), {
      step: minutes(5),
      ...(memory && { memory: turned(memory.values, by) }),
      // Nobody recorded how the machines wrote; from a quiet service to a busy database, at all vCPUs running.
      writes: {
        rate: mebibytesPerSecond(10 + 190 * draw.next() ** 2) * guest.vcpus,
        workingSet: guest.memory * (0.02 + 0.08 * draw.next()),
        pattern: 'random',
      },
    });
    return [guest.id, { demand }];
  });
  return { hosts, guests: cluster.guests, workloads: Object.fromEntries(workloads) };
};
