/** Tastes: what preferences cost as guests stand, kept up to date in constant time as they move. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import type { CompanyPreference, HostPreference, Preference } from './preference.js';
import type { Spread } from './spread.js';
import type { State } from './state.js';
import { membersOf, type GuestUnits } from './ties.js';

/** What one preference makes of a move. */
export interface Taste {
  readonly name: string;
  /** What it costs that the guest stands where it does, and where it would. */
  readonly here: number;
  readonly there: number;
}

/** What preferences cost, in shares of one host's capacity. */
export interface Tastes {
  /** All guests together. */
  readonly value: () => number;
  /** What a move would add; negative where it is for the better. */
  readonly change: (guest: number, from: number, to: number) => number;
  /** What it costs that a guest stands on a host where it is now. */
  readonly cost: (guest: number, host: number) => number;
  readonly shift: (guest: number, from: number, to: number) => void;
  /** Preference by preference, those that a move changes nothing of left out. */
  readonly parts: (guest: number, from: number, to: number) => readonly Taste[];
}

/** One preference at work. */
interface Part {
  readonly name: string;
  /** Of a guest that stands on one host, if it stood on another, or the same. */
  readonly cost: (guest: number, host: number, from: number) => number;
  readonly change: (guest: number, from: number, to: number) => number;
  readonly shift: (guest: number, from: number, to: number) => void;
}

const fractionOf = (value: number): number => (value > 0 ? Math.min(1, value) : 0);

const forHosts = ({ hosts, guests }: State, { name, weight, amiss }: HostPreference): Part => {
  const n = hosts.length;
  const rows = new Map<number, Float64Array>();
  // Asked once for each pair that comes up, for what a site has written may take its time.
  const cost = (guest: number, host: number): number => {
    let row = rows.get(guest);
    if (!row) rows.set(guest, (row = new Float64Array(n).fill(-1)));
    const known = row[host]!;
    return known >= 0 ? known : (row[host] = weight * fractionOf(amiss(guests[guest]!, hosts[host]!)));
  };
  return {
    name,
    cost,
    change: (guest, from, to) => cost(guest, to) - cost(guest, from),
    shift: () => undefined,
  };
};

/** A number for each name; what has none gets one of its own. */
const numbered = <Item>(items: readonly Item[], nameOf: (item: Item) => string | undefined): Int32Array => {
  const known = new Map<string, number>();
  let count = 0;
  return Int32Array.from(items, (item) => {
    const name = nameOf(item);
    if (name === undefined) return count++;
    const number = known.get(name) ?? count++;
    known.set(name, number);
    return number;
  });
};

const forCompany = (
  { hosts, guests, guestHost }: State,
  { name, weight, rather, group, place = ({ id }) => id }: CompanyPreference,
): Part => {
  const placeOf = numbered(hosts, place);
  const groupOf = numbered(guests, group);
  const size = new Int32Array(guests.length);
  const places = hosts.length;
  const counts = new Map<number, number>();
  const key = (guest: number, host: number): number => groupOf[guest]! * places + placeOf[host]!;
  const count = (guest: number, host: number): number => counts.get(key(guest, host)) ?? 0;
  guestHost.forEach((host, guest) => {
    if (host < 0) return;
    size[groupOf[guest]!]! += 1;
    counts.set(key(guest, host), count(guest, host) + 1);
  });
  /** The share of a guest's group that it has with it: how many others stand where it stands, or would stand. */
  const company = (guest: number, host: number, from: number): number =>
    count(guest, host) - (placeOf[host] === placeOf[from] ? 1 : 0);
  const others = (guest: number): number => size[groupOf[guest]!]! - 1;
  return {
    name,
    cost: (guest, host, from) => {
      const all = others(guest);
      if (all <= 0) return 0;
      const share = company(guest, host, from) / all;
      return weight * (rather === 'apart' ? share : 1 - share);
    },
    change: (guest, from, to) => {
      const all = others(guest);
      if (all <= 0) return 0;
      // Its own share, and as much again for those that it leaves and comes to.
      const more = (2 * (company(guest, to, from) - company(guest, from, from))) / all;
      return weight * (rather === 'apart' ? more : -more);
    },
    shift: (guest, from, to) => {
      counts.set(key(guest, from), count(guest, from) - 1);
      counts.set(key(guest, to), count(guest, to) + 1);
    },
  };
};

/** A preference of which guests that leave together are judged together. */
const forUnits = (part: Part, units: GuestUnits): Part => {
  const shift = (members: readonly number[], from: number, to: number): void => {
    for (const member of members) part.shift(member, from, to);
  };
  return {
    name: part.name,
    cost: (guest, host, from) => {
      const members = membersOf(units, guest);
      if (members.length === 1) return part.cost(guest, host, from);
      shift(members, from, host);
      const all = members.reduce((sum, member) => sum + part.cost(member, host, host), 0);
      shift(members, host, from);
      return all;
    },
    change: (guest, from, to) => {
      const members = membersOf(units, guest);
      if (members.length === 1) return part.change(guest, from, to);
      let all = 0;
      for (const member of members) {
        all += part.change(member, from, to);
        part.shift(member, from, to);
      }
      shift(members, to, from);
      return all;
    },
    shift: (guest, from, to) => shift(membersOf(units, guest), from, to),
  };
};

/** Starts from where guests stand now. */
export const tastesOf = (state: State, preferences: readonly Preference[]): Tastes => {
  const single = preferences.map((each) => ('amiss' in each ? forHosts(state, each) : forCompany(state, each)));
  const parts = state.units.size === 0 ? single : single.map((part) => forUnits(part, state.units));
  const cost = (guest: number, host: number, from: number): number => {
    let all = 0;
    for (const part of parts) all += part.cost(guest, host, from);
    return all;
  };
  const change = (guest: number, from: number, to: number): number => {
    let all = 0;
    for (const part of parts) all += part.change(guest, from, to);
    return all;
  };
  let all = 0;
  state.guestHost.forEach((host, guest) => {
    if (host >= 0) all += single.reduce((sum, part) => sum + part.cost(guest, host, host), 0);
  });
  return {
    value: () => all,
    cost: (guest, host) => cost(guest, host, host),
    change,
    shift: (guest, from, to) => {
      all += change(guest, from, to);
      for (const part of parts) part.shift(guest, from, to);
    },
    parts: (guest, from, to) =>
      parts.flatMap((part) => {
        const [here, there] = [part.cost(guest, from, from), part.cost(guest, to, from)];
        return here === there ? [] : [{ name: part.name, here, there }];
      }),
  };
};

/** Pairs of a guest and a host that are asked for the sake of a bound. */
const pairs = 200_000;

/**
 * What preferences for hosts cost at least once so many guests have gone where they like it best; company may always suit. Where there
 * are too many pairs to ask, nothing.
 */
export const leastAmiss = (state: State, preferences: readonly Preference[], moves: number): number => {
  const tastes = tastesOf(
    state,
    preferences.filter((each) => 'amiss' in each),
  );
  const { hosts, guestHost, movable, admits } = state;
  if (preferences.length === 0 || guestHost.length * hosts.length > pairs) return 0;
  const gains: number[] = [];
  guestHost.forEach((home, guest) => {
    if (home < 0 || movable[guest] === 0) return;
    const costs = hosts.map((_, host) => (host === home || admits(guest, host) ? tastes.cost(guest, host) : Infinity));
    gains.push(tastes.cost(guest, home) - Math.min(...costs));
  });
  gains.sort((a, b) => b - a);
  return Math.max(
    0,
    gains.slice(0, moves).reduce((left, gain) => left - gain, tastes.value()),
  );
};

/**
 * Spread and tastes as one: to what hosts are away from the mean, on the mean of all hosts, comes what guests stand amiss, divided
 * by as many hosts; so a cluster that is made of copies has the worth of one.
 */
export const withTastes = (spread: Spread, tastes: Tastes, hosts: number): Spread => ({
  above: spread.above,
  value: () => spread.value() + tastes.value() / hosts,
  shift: (guest, from, to) => {
    spread.shift(guest, from, to);
    tastes.shift(guest, from, to);
  },
});
