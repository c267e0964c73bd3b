/** Station: one host of the driver, with what was learnt of it and need not be asked again each time. */
import { concat, defer, forkJoin, map, mergeMap, type Observable, of, type SchedulerLike, tap, toArray } from 'rxjs';
import { type DomainCounters, type NodeMemory, parseDomstats, parseNodeMemoryStats } from '../../metrics/index.js';
import { type HostId, type Milliseconds, minutes } from '../../model/index.js';
import { type HostCapabilities, type NodeInfo, parseCapabilities, parseNodeInfo } from './capabilities.js';
import { type ListedDomain, parseDomainList } from './domain-list.js';
import { type DomainFacts, parseDomainXml } from './domain-xml.js';
import type { HostSettings } from './options.js';
import { type Virsh, virshAt } from './virsh.js';

/** A guest that a host lists as active, with its state. */
export interface ActiveDomain extends ListedDomain {
  readonly counters: DomainCounters;
}

/** One host of the driver. */
export interface Station {
  readonly id: HostId;
  readonly settings: HostSettings;
  readonly virsh: Virsh;
  /** What does not change while the host is up. */
  readonly machine: () => Observable<HostCapabilities & NodeInfo>;
  readonly memory: () => Observable<NodeMemory>;
  /** Guests that are active, with the groups of statistics asked for. */
  readonly active: (...groups: readonly string[]) => Observable<readonly ActiveDomain[]>;
  /** What was given to a guest. */
  readonly facts: (uuid: string) => Observable<DomainFacts>;
  /** What is known of a guest without asking. */
  readonly known: (uuid: string) => DomainFacts | undefined;
  /** Forgets what was given to a guest of that name. */
  readonly forget: (name: string) => void;
}

/** For so long what was given to a guest is believed; a change comes as an event at once. */
const factsLast = minutes(5);

/** Makes a station; asks nothing. */
export const stationAt = (settings: HostSettings, deadline: Milliseconds, scheduler: SchedulerLike): Station => {
  const virsh = virshAt(settings.commands, settings.uri, deadline);
  let machine: (HostCapabilities & NodeInfo) | undefined;
  const facts = new Map<string, { readonly at: Milliseconds; readonly facts: DomainFacts }>();

  return {
    id: settings.id,
    settings,
    virsh,
    machine: () =>
      defer(() =>
        machine
          ? of(machine)
          : forkJoin([virsh.read(parseCapabilities, 'capabilities'), virsh.read(parseNodeInfo, 'nodeinfo')]).pipe(
              map(([capabilities, info]) => ({ ...capabilities, ...info })),
              tap((found) => {
                machine = found;
              }),
            ),
      ),
    memory: () => virsh.read(parseNodeMemoryStats, 'nodememstats'),
    active: (...groups) =>
      // One after the other: the names must be those of the statistics, so they are asked last, when no guest has left unseen.
      virsh.read(parseDomstats, 'domstats', '--raw', '--state', ...groups, '--list-active').pipe(
        mergeMap((counters) =>
          virsh.read(parseDomainList, 'list', '--uuid', '--name').pipe(
            map((listed) =>
              listed.flatMap((domain) => {
                const found = counters.find(({ name }) => name === domain.name);
                return found ? [{ ...domain, counters: found }] : [];
              }),
            ),
          ),
        ),
      ),
    facts: (uuid) =>
      defer(() => {
        const before = facts.get(uuid);
        return before && scheduler.now() - before.at < factsLast
          ? of(before.facts)
          : virsh
              .read(parseDomainXml, 'dumpxml', '--', uuid)
              .pipe(tap((found) => facts.set(uuid, { at: scheduler.now(), facts: found })));
      }),
    known: (uuid) => facts.get(uuid)?.facts,
    forget: (name) => {
      for (const [uuid, known] of facts) if (known.facts.name === name) facts.delete(uuid);
    },
  };
};

/** One after another, as one list: a host with many guests is not asked for all of them at once. */
export const inTurn = <Value>(works: readonly Observable<Value>[]): Observable<readonly Value[]> =>
  concat(...works).pipe(toArray());
