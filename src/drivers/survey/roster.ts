/** Roster: which lasting number (UUID) belongs to which name, so that guests have names that people know and are still never mixed up. */
import type { GuestId, HostId } from '../../model/index.js';

/** A guest as its hypervisor tells it apart. */
export interface Numbered {
  readonly uuid: string;
  readonly name: string;
}

/** The names of one driver's guests. */
export interface Roster {
  /** Takes note of the guests that a host lists; those that it listed before and does not now are forgotten. */
  readonly note: (host: HostId, guests: readonly Numbered[]) => void;
  /** The guest's name, or its UUID where another guest has that name too, or where it cannot be a name. */
  readonly idOf: (guest: Numbered) => GuestId;
  /** The UUID of a guest that some host has listed last. */
  readonly uuidOf: (id: GuestId) => string | undefined;
}

/** Longest name of a guest in the inventory. */
const longest = 253;

/** An empty roster. */
export const newRoster = (): Roster => {
  const lists = new Map<HostId, readonly Numbered[]>();
  const all = (): readonly Numbered[] => [...lists.values()].flat();
  const idOf = ({ uuid, name }: Numbered): GuestId =>
    name === '' ||
    name.length > longest ||
    /\p{Cc}/u.test(name) ||
    all().some((o) => o.name === name && o.uuid !== uuid)
      ? uuid
      : name;
  return {
    note: (host, guests) => void lists.set(host, guests),
    idOf,
    uuidOf: (id) => all().find((guest) => guest.uuid === id || idOf(guest) === id)?.uuid,
  };
};
