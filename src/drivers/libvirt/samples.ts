/** Samples: reads libvirt's statistics of one host and turns two readings into samples. */
import { catchError, defer, forkJoin, map, mergeMap, type Observable, of } from 'rxjs';
import { domainRates, nodeRates, type NodeCpuTimes, parseNodeCpuStats } from '../../metrics/index.js';
import type { Milliseconds, Reading, Sample } from '../../model/index.js';
import { mayBeArriving, standingOf } from './domain-state.js';
import type { Site } from './site.js';
import { type ActiveDomain, inTurn, type Station } from './station.js';

/** What was read the last time. */
interface Before {
  readonly at: Milliseconds;
  readonly cpu: NodeCpuTimes;
  readonly domains: ReadonlyMap<string, ActiveDomain>;
}

const groups = ['--cpu-total', '--balloon', '--vcpu', '--interface', '--block', '--dirtyrate'] as const;

/** The copy that does not run says nothing of the guest. */
const runsHere = ({ counters: { state } }: ActiveDomain): boolean =>
  state !== undefined && !mayBeArriving(state) && ['running', 'paused'].includes(standingOf(state, 'source'));

const samplesOf = (
  { roster }: Site,
  station: Station,
  before: Before,
  now: Before,
  memory: Parameters<typeof nodeRates>[2],
): readonly Sample[] => {
  const { at } = now;
  const elapsed = at - before.at;
  const host = nodeRates(before.cpu, now.cpu, memory);
  const guests = [...now.domains.values()].flatMap((domain): readonly Sample[] => {
    const was = before.domains.get(domain.uuid);
    const rates = was && runsHere(domain) && domainRates(was.counters, domain.counters, elapsed, at);
    return rates ? [{ kind: 'guest', id: roster.idOf(domain), at, ...rates }] : [];
  });
  return [...(host ? [{ kind: 'host', id: station.id, at, ...host } as const] : []), ...guests];
};

/** Starts measurements of the dirty rate where they are due. What they found is in the statistics of a later time. */
const measurer = (site: Site, station: Station): ((domains: readonly ActiveDomain[]) => Observable<unknown>) => {
  const last = new Map<string, Milliseconds>();
  return (domains) => {
    const { dirtyRate, scheduler } = site.settings;
    if (!dirtyRate) return of(undefined);
    const now = scheduler.now();
    const due = domains.filter((domain) => {
      const state = domain.counters.state;
      const runs = state && standingOf(state, 'source') === 'running';
      return runs && now - (last.get(domain.uuid) ?? -Infinity) >= dirtyRate.every;
    });
    return inTurn(
      due.map(({ uuid }) => {
        last.set(uuid, now);
        // The other ways kill a guest that is emulated, so what is not known to be under KVM is sampled.
        const mode = station.known(uuid)?.hypervisor === 'kvm' ? dirtyRate.mode : 'page-sampling';
        const window = String(Math.round(dirtyRate.window / 1000));
        const how = mode === 'page-sampling' ? [] : ['--mode', mode];
        return station.virsh
          .print('domdirtyrate-calc', '--seconds', window, ...how, '--', uuid)
          .pipe(catchError(() => of('')));
      }),
    );
  };
};

/** A reader of one host, which remembers its last reading. The first reading gives nothing: rates need two. */
export const readerOf = (site: Site, station: Station): (() => Observable<readonly Reading[]>) => {
  let before: Before | undefined;
  const measure = measurer(site, station);
  return () =>
    defer(() =>
      forkJoin([station.active(...groups), station.virsh.read(parseNodeCpuStats, 'nodecpustats'), station.memory()]),
    ).pipe(
      mergeMap(([domains, cpu, memory]) => {
        // The time of the answer: statistics are taken just before it.
        const at = site.settings.scheduler.now();
        site.roster.note(station.id, domains);
        const now: Before = { at, cpu, domains: new Map(domains.map((domain) => [domain.uuid, domain])) };
        const samples = before ? samplesOf(site, station, before, now, memory) : [];
        before = now;
        return measure(domains).pipe(map(() => samples));
      }),
    );
};
