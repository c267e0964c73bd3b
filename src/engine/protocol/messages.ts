/** Message: what clients say to the management server. Clients open every exchange; the server only answers (Muda, §6.6; M4). */
import type { Failure, Guest, GuestId, Host, HostId, MigrationId, Sample } from '../../model/index.js';
import type { Copy } from './copies.js';
import type { LaunchParameters } from './parameters.js';

/** The client on a host, which reports and carries out migrations. */
export interface HostParty {
  readonly kind: 'host';
  readonly id: HostId;
}
/** The client in a guest, which reports. */
export interface GuestParty {
  readonly kind: 'guest';
  readonly id: GuestId;
}
/** A person, or a program that acts for one. */
export interface UserParty {
  readonly kind: 'user';
  readonly id: string;
}
/** Who speaks. */
export type Party = HostParty | GuestParty | UserParty;

/**
 * What every message carries, so that one that comes late, twice or out of order is known as such.
 *
 * A party has one question open at a time, and takes only the answer to that one.
 */
export interface Stamp<Sender extends Party = Party> {
  readonly sender: Sender;
  /** Rises with each start of the client: the time of its start, or a counter that is kept. */
  readonly incarnation: number;
  /** Rises with each message of the incarnation. */
  readonly sequence: number;
  /** The life of the server that the sender is registered with, as told at registration; absent before. */
  readonly session?: number;
}

/** What a host's client says (Muda, §5.4, §6.2; M6, M10, M32, M33). */
export type HostBody =
  | { readonly kind: 'register host'; readonly host: Host }
  | { readonly kind: 'report host'; readonly samples: readonly Sample[] }
  /** Asks for the state, and tells of all that the host holds. */
  | { readonly kind: 'poll'; readonly copies: readonly Copy[] }
  | { readonly kind: 'parameters'; readonly migration: MigrationId; readonly parameters: LaunchParameters }
  /** The receiver waits at an address that means something to the source's hypervisor. */
  | { readonly kind: 'receiver ready'; readonly migration: MigrationId; readonly address: string }
  /** The source has handed the guest over and keeps a standing copy. */
  | { readonly kind: 'done'; readonly migration: MigrationId }
  /** From the source: it runs the guest as before. From the destination: the receiver never ran and never will. */
  | { readonly kind: 'failed'; readonly migration: MigrationId; readonly failure: Failure }
  /** The destination runs the guest. */
  | { readonly kind: 'confirm'; readonly migration: MigrationId };

/** What a guest's client says (M6, MD43, M10). */
export type GuestBody =
  /** Names the host that it is on: `guest.host`. */
  | { readonly kind: 'register guest'; readonly guest: Guest }
  | {
      readonly kind: 'report guest';
      readonly samples: readonly Sample[];
      /** The host that it is on now. */
      readonly host: HostId;
      /** The migration that the last answer told of; it proves that the guest speaks of a time after the order. */
      readonly migration?: MigrationId;
    };

/** What a person says. */
export type UserBody =
  /** Orders a migration by hand (Muda, §1.1, §7.5; M33a). */
  | { readonly kind: 'order'; readonly guest: GuestId; readonly to: HostId }
  /** Brings all guests home whose disks are at a host, and asks whether it may be unplugged (§7.1.2; M40). */
  | { readonly kind: 'recall'; readonly host: HostId }
  /** The host stays after all. */
  | { readonly kind: 'stay'; readonly host: HostId }
  /** Says for a migration whose end nobody can tell which copy is the guest. */
  | { readonly kind: 'verdict'; readonly migration: MigrationId; readonly runs: 'source' | 'destination' | 'nowhere' };

type Sent<Sender extends Party, Body> = Body extends unknown ? Stamp<Sender> & Body : never;

/** A message of a host's client. */
export type HostMessage = Sent<HostParty, HostBody>;
/** A message of a guest's client. */
export type GuestMessage = Sent<GuestParty, GuestBody>;
/** A message of a person. */
export type UserMessage = Sent<UserParty, UserBody>;
/** What clients say to the server. */
export type Message = HostMessage | GuestMessage | UserMessage;

/** One text for a party, such as `host a`. */
export const partyName = ({ kind, id }: Party): string => `${kind} ${id}`;
