/** Gossip: what one host knows of the others: the newest report of each, however it came. */
import { byName, type Guest, type GuestId, type HostId, type Inventory, type Milliseconds } from '../../model/index.js';
import type { HostState } from '../polling/index.js';

/** The state of a host, and when it was so. */
export interface HostReport extends HostState {
  readonly at: Milliseconds;
}

/** The newest report of each host that is known. */
export type Hearsay = ReadonlyMap<HostId, HostReport>;

/** What is known after more reports were heard, and those of them that were news. */
export const learned = (
  known: Hearsay,
  reports: readonly HostReport[],
): { readonly known: Hearsay; readonly news: readonly HostReport[] } => {
  const news = reports.filter(({ host, at }) => at > (known.get(host.id)?.at ?? -Infinity));
  if (news.length === 0) return { known, news };
  const after = new Map(known);
  for (const report of news) after.set(report.host.id, report);
  return { known: after, news };
};

/**
 * The inventory as one host sees it: itself as it is, the others as they last were. A guest that several list stands where the
 * newest of the reports says, and on the host itself if it is there.
 */
export const seenFrom = (own: HostReport, known: Hearsay): Inventory => {
  const others = [...known.values()].filter(({ host }) => host.id !== own.host.id).sort((a, b) => a.at - b.at);
  const guests = new Map<GuestId, Guest>();
  for (const report of [...others, own]) for (const guest of report.guests) guests.set(guest.id, guest);
  return {
    hosts: [...others.map(({ host }) => host), own.host].sort((a, b) => byName(a.id, b.id)),
    guests: [...guests.values()].sort((a, b) => byName(a.id, b.id)),
  };
};

/**
 * The hosts that one tells its news to in a round: the next `fanout` after it in the order of names, further on from round to
 * round, so that every host hears of every other without chance.
 */
export const peersOf = (host: HostId, hosts: readonly HostId[], fanout: number, round: number): readonly HostId[] => {
  const others = hosts.filter((other) => other !== host);
  const from = hosts.filter((other) => byName(other, host) < 0).length + round * fanout;
  return others.length <= fanout
    ? others
    : Array.from({ length: fanout }, (_, i) => others[(from + i) % others.length]).filter((peer) => peer !== undefined);
};
