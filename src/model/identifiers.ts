/** The names of things, kept apart in the types so that a guest's name is never taken for a host's. */

declare const names: unique symbol;
type NameOf<Thing extends string> = string & { readonly [names]?: Thing };

/** Unique name of a host. */
export type HostId = NameOf<'host'>;
/** Unique name of a guest. */
export type GuestId = NameOf<'guest'>;
/** Name of a storage that one or more hosts reach. */
export type StorageId = NameOf<'storage'>;
/** Name of a network interface or segment that carries traffic; two roles on one link compete for it. */
export type LinkId = NameOf<'link'>;
/** Unique name of one migration. */
export type MigrationId = NameOf<'migration'>;

/** What a sample, a reason or an event is about. */
export type Subject =
  | { readonly kind: 'host'; readonly id: HostId }
  | { readonly kind: 'guest'; readonly id: GuestId }
  | { readonly kind: 'cluster' };

/** The cluster as a whole, as a subject. */
export const wholeCluster: Subject = { kind: 'cluster' };
/** A host as a subject. */
export const hostSubject = (id: HostId): Subject => ({ kind: 'host', id });
/** A guest as a subject. */
export const guestSubject = (id: GuestId): Subject => ({ kind: 'guest', id });

/** Order of names that does not depend on the machine's language: by code unit. */
export const byName = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
