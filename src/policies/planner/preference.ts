/** Preference: what is rather wanted of where guests stand, and what it is worth; never a reason to refuse. */
import type { Fraction, ObservedGuest, ObservedHost } from '../../model/index.js';

/** A preference for hosts: of each guest, how much is amiss on each host. */
export interface HostPreference {
  /** What it is called in reasons. */
  readonly name: string;
  /**
   * What a guest that stands quite wrong costs, as a share of one host's capacity: with 0.05 it may stand there if that brings hosts, all
   * together, five points nearer to the mean.
   */
  readonly weight: number;
  /**
   * How much is amiss where a guest stands on a host: 0 for nothing, 1 for all. Pure. What lies outside is taken as the nearer of
   * the two, and what is no number as 0.
   */
  readonly amiss: (guest: ObservedGuest, host: ObservedHost) => Fraction;
}

/** A preference for the company of other guests. */
export interface CompanyPreference {
  readonly name: string;
  /** What a guest costs that has none of its group where it should have all, as a share of one host's capacity. */
  readonly weight: number;
  readonly rather: 'together' | 'apart';
  /** The group of a guest; `undefined` for one that is in none. Pure. */
  readonly group: (guest: ObservedGuest) => string | undefined;
  /** Where a host stands, such as its rack; `undefined` for one that stands alone. Pure. @defaultValue each host alone */
  readonly place?: (host: ObservedHost) => string | undefined;
}

/** Something that is rather wanted, with its weight. */
export type Preference = HostPreference | CompanyPreference;

/** What is said of guests and of hosts. */
interface Chosen {
  readonly name: string;
  readonly weight: number;
  /** Guests that it is about. @defaultValue all */
  readonly guests?: (guest: ObservedGuest) => boolean;
  readonly hosts: (host: ObservedHost) => boolean;
}

const everyone = (): boolean => true;

/**
 * Guests that would rather stand on some hosts.
 *
 * @example
 * prefers({ name: 'fast disks', weight: 0.05, guests: ({ labels }) => labels.tier === 'database', hosts: ({ labels }) => labels.disk === 'ssd' })
 */
export const prefers = ({ name, weight, guests = everyone, hosts }: Chosen): HostPreference => ({
  name,
  weight,
  amiss: (guest, host) => (guests(guest) && !hosts(host) ? 1 : 0),
});

/**
 * Guests that would rather not stand on some hosts.
 *
 * @example
 * avoids({ name: 'laptops', weight: 0.1, hosts: ({ labels }) => labels.kind === 'laptop' })
 */
export const avoids = ({ name, weight, guests = everyone, hosts }: Chosen): HostPreference => ({
  name,
  weight,
  amiss: (guest, host) => (guests(guest) && hosts(host) ? 1 : 0),
});

/**
 * Guests of a group that would rather stand in one place: on one host, or in one rack.
 *
 * @example
 * ratherTogether({ name: 'near its database', weight: 0.02, group: ({ labels }) => labels.shop, place: ({ labels }) => labels.rack })
 */
export const ratherTogether = (of: Omit<CompanyPreference, 'rather'>): CompanyPreference => ({
  ...of,
  rather: 'together',
});

/** Guests of a group that would rather stand in different places. */
export const ratherApart = (of: Omit<CompanyPreference, 'rather'>): CompanyPreference => ({ ...of, rather: 'apart' });
