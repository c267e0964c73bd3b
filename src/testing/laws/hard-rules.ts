/** Laws of a plan carried out move by move: no hard rule that is kept is broken on the way, and nothing gets lost. */
import {
  type Cluster,
  guestMemory,
  type GuestId,
  type HostId,
  lookup,
  type ObservedGuest,
  type ObservedHost,
  type Proposal,
} from '../../model/index.js';
import type { Law } from '../law.js';

/** A snapshot in which the moves in flight and some more have arrived, and nothing else is as before. */
const arrived = (cluster: Cluster, moves: readonly Pick<Proposal, 'guest' | 'to'>[]): Cluster => {
  const places = new Map([...cluster.migrations, ...moves].map(({ guest, to }) => [guest, to]));
  return {
    ...cluster,
    guests: cluster.guests.map((guest) => ({ ...guest, host: places.get(guest.id) ?? guest.host })),
    migrations: [],
  };
};

const pairs = <Item>(list: readonly Item[]): readonly (readonly [Item, Item])[] =>
  list.flatMap((one, i) => list.slice(i + 1).map((other) => [one, other] as const));

/** What a guest finds wrong with the host that it stands on. */
const unfit = (guest: ObservedGuest, host: ObservedHost | undefined): readonly string[] => {
  const at = `${guest.id} on ${guest.host}`;
  if (!host) return [`${at}, which is not there`];
  return [
    ...(host.state === 'active' ? [] : [`${at}, which is ${host.state}`]),
    ...(guest.pins.length === 0 || guest.pins.includes(host.id) ? [] : [`${at}, against its pins`]),
    ...guest.devices
      .filter((device) => !host.devices.includes(device))
      .map((device) => `${at}, which has no ${device}`),
    ...(guest.cpuModel === undefined || guest.cpuModel === host.cpu.model ? [] : [`${at}, which is another processor`]),
    ...(guest.vcpus <= host.cpu.cores ? [] : [`${at}, which has too few cores`]),
  ];
};

/** The hard rules that a placement breaks, those that must hold at every step. */
const broken = (cluster: Cluster): readonly string[] => {
  const { host: hostOf, guestsOn } = lookup(cluster);
  return [
    ...cluster.guests.flatMap((guest) => unfit(guest, hostOf(guest.host))),
    ...cluster.hosts.flatMap((host) => {
      const guests = guestsOn(host.id);
      return [
        ...(guests.reduce((sum, { memory }) => sum + memory, 0) > guestMemory(host)
          ? [`${host.id} with more than its memory`]
          : []),
        ...pairs(guests)
          .filter(([one, other]) => one.apart.some((group) => other.apart.includes(group)))
          .map(([one, other]) => `${one.id} and ${other.id} together, against a group`),
      ];
    }),
  ];
};

/** Guests that a group keeps together and that stand apart. While they move one after the other they have to. */
const parted = (cluster: Cluster): readonly string[] =>
  pairs(cluster.guests)
    .filter(([one, other]) => one.host !== other.host && one.together.some((group) => other.together.includes(group)))
    .map(([one, other]) => `${one.id} and ${other.id} apart, against a group`);

/**
 * No move makes a hard rule broken that was kept before it, at every step; groups that stay together are asked at the end, for
 * their members move one after the other (cruise-control's OptimizationVerifier, BtrPlace's continuous constraints).
 */
export const breaksNoRule: Law = (policy, cluster) => {
  const { moves } = policy.plan(cluster);
  const states = [0, ...moves.keys()].map((_, i) => arrived(cluster, moves.slice(0, i)));
  const rules = states.map(broken);
  const whole = parted(states[0] ?? cluster);
  return [
    ...moves.flatMap(({ guest, to }, i) =>
      (rules[i + 1] ?? [])
        .filter((what) => !(rules[i] ?? []).includes(what))
        .map((what) => `${guest} to ${to} puts ${what}`),
    ),
    ...parted(states.at(-1) ?? cluster)
      .filter((what) => !whole.includes(what))
      .map((what) => `the plan leaves ${what}`),
  ];
};

const amountOn = (cluster: Cluster, hosts: readonly HostId[]): number =>
  cluster.guests.filter(({ host }) => hosts.includes(host)).reduce((sum, { memory }) => sum + memory, 0);

/** The sum of what guests take of the hosts is unchanged by a plan: none of it gets lost, none comes twice. */
export const keepsTheSum: Law = (policy, cluster) => {
  const { moves } = policy.plan(cluster);
  const hosts = cluster.hosts.map(({ id }) => id);
  const [before, after] = [arrived(cluster, []), arrived(cluster, moves)].map((state) => amountOn(state, hosts));
  const leaving = (guest: GuestId): boolean => moves.filter((move) => move.guest === guest).length > 1;
  return [
    ...(before === after ? [] : [`guests take ${String(before)} bytes before the plan and ${String(after)} after it`]),
    ...cluster.guests.filter(({ id }) => leaving(id)).map(({ id }) => `${id} is counted more than once`),
  ];
};
