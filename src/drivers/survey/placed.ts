/** Placed: the reports of single hosts put together to one inventory, in which each guest stands on one host. */
import { byName, type Guest, type Host, type HostId, type Inventory } from '../../model/index.js';
import type { Numbered, Roster } from './roster.js';

/** A guest as one host reports it. */
export interface ReportedGuest extends Numbered {
  /** What was given to it. */
  readonly given: Omit<Guest, 'id' | 'host'>;
  /** Whether it may be the copy that is being received: then it stands where the other copy is. */
  readonly arriving: boolean;
}

/** What one host reports. */
export interface HostReport {
  readonly host: Host;
  readonly guests: readonly ReportedGuest[];
}

/** Where guests stood at the last time, by UUID. */
export type Places = ReadonlyMap<string, HostId>;

interface Copy {
  readonly host: HostId;
  readonly guest: ReportedGuest;
}

/** The copy that counts: one that is not being received, else the one at the place that is known. */
const standing = (copies: readonly Copy[], place: HostId | undefined): Copy | undefined =>
  copies.find(({ guest }) => !guest.arriving) ?? copies.find(({ host }) => host === place);

/**
 * One inventory from the reports of the hosts. During a move both hosts list the guest; it stands at the source until the move is
 * over. A guest that is only being received, from a host that is not known, stands nowhere yet.
 */
export const placed = (
  reports: readonly HostReport[],
  roster: Roster,
  places: Places,
): { readonly inventory: Inventory; readonly places: Places } => {
  const copies = new Map<string, Copy[]>();
  for (const { host, guests } of reports)
    for (const guest of guests) {
      const known = copies.get(guest.uuid);
      if (known) known.push({ host: host.id, guest });
      else copies.set(guest.uuid, [{ host: host.id, guest }]);
    }
  const counted = [...copies.entries()].flatMap(([uuid, all]) => standing(all, places.get(uuid)) ?? []);
  const guests = counted
    .map(({ host, guest }): Guest => ({ ...guest.given, id: roster.idOf(guest), host }))
    .sort((a, b) => byName(a.id, b.id));
  const hosts = reports.map(({ host }) => host).sort((a, b) => byName(a.id, b.id));
  return {
    inventory: { hosts, guests },
    places: new Map(counted.map(({ host, guest }) => [guest.uuid, host])),
  };
};
