/** Samples: reads Xen's statistics of one host and turns two readings into samples. */
import { defer, forkJoin, map, type Observable } from 'rxjs';
import { parseVcpuList, parseXentop, type XenCounters, xenRates } from '../../metrics/index.js';
import type { HostSample, Milliseconds, Reading } from '../../model/index.js';
import type { Site } from './site.js';
import type { Station } from './station.js';
import { isShadow } from './verdict.js';
import type { XenHost } from './xl-info.js';
import type { Domain } from './xl-list.js';

interface Before {
  readonly at: Milliseconds;
  /** Processor time of every domain, that of the tools too, by number. */
  readonly ran: ReadonlyMap<number, Milliseconds>;
  readonly counters: ReadonlyMap<string, XenCounters>;
}

/** All processor time of the host between two readings. Domains that came or went in between are left out. */
const hostSample = ({ id }: Station, { processor, total, free }: XenHost, before: Before, now: Before): HostSample => {
  const elapsed = now.at - before.at;
  const grown = [...now.ran].map(([domain, ran]) => {
    const was = before.ran.get(domain);
    return was === undefined ? 0 : ran - was;
  });
  const share = grown.reduce((sum, ran) => sum + ran, 0) / elapsed / processor.threads;
  const sound = elapsed >= 1 && grown.every((ran) => ran >= 0) && share <= 1.5;
  return {
    kind: 'host',
    id,
    at: now.at,
    ...(sound ? { cpu: { used: Math.min(1, share) } } : {}),
    memory: { total, available: free, used: total - free },
  };
};

/** A reader of one host, which remembers its last reading. The first reading gives nothing: rates need two. */
export const readerOf = (site: Site, station: Station): (() => Observable<readonly Reading[]>) => {
  let before: Before | undefined;
  return () =>
    defer(() =>
      forkJoin([
        station.domains(),
        station.read(parseVcpuList, 'xl', 'vcpu-list'),
        // The first of two passes has nothing to compare with.
        station.read(parseXentop, 'xentop', '-b', '-f', '-i', '2', '-d', '1'),
        station.info(),
      ]),
    ).pipe(
      map(([domains, vcpus, passes, info]) => {
        const at = site.settings.scheduler.now();
        site.roster.note(station.id, domains);
        const counters = ({ name, domain }: Domain): XenCounters => {
          const list = vcpus.find((one) => one.domain === domain);
          const xentop = passes.at(-1)?.find((one) => one.name === name);
          return { ...(list ? { vcpus: list } : {}), ...(xentop ? { xentop } : {}) };
        };
        const now: Before = {
          at,
          ran: new Map(vcpus.map(({ domain, ran }) => [domain, ran])),
          counters: new Map(domains.map((domain) => [domain.uuid, counters(domain)])),
        };
        const last = before;
        before = now;
        if (!last) return [];
        const guests = domains
          .filter((domain) => !isShadow(domain))
          .flatMap((domain): readonly Reading[] => {
            const was = last.counters.get(domain.uuid);
            const is = now.counters.get(domain.uuid);
            const rates = was && is && xenRates(was, is, at - last.at);
            return rates ? [{ kind: 'guest', id: site.roster.idOf(domain), at, ...rates }] : [];
          });
        return [hostSample(station, info, last, now), ...guests];
      }),
    );
};
