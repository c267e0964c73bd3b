/** Scenario: plausible clusters of any size, made from a seed, for examples, tests and benchmarks. */
import {
  gbps,
  gibibytes,
  gigahertz,
  type Guest,
  type Host,
  mebibytesPerSecond,
  type PowerPoint,
} from '../model/index.js';
import { chance, type Chance } from './chance.js';

/** What a cluster is to be like. */
export interface ClusterOptions {
  readonly hosts: number;
  readonly guests: number;
  readonly seed?: number | string;
  /** `equal` hosts, or three `mixed` kinds of different clock, cores and memory. Default `equal`. */
  readonly kinds?: 'equal' | 'mixed';
  /** Whether storage and migrations have links of their own, or compete for one (Muda, §7.3 and §7.4). Default `separate`. */
  readonly networks?: 'separate' | 'shared';
}

interface Kind {
  readonly name: string;
  readonly cores: number;
  readonly clock: number;
  readonly memory: number;
  /** Watts of the idle and of the busy host. */
  readonly power: readonly [number, number];
}

/** Sizes of two-socket servers as they stand in data centres; power after published SPECpower results of such, rounded. */
const standard: Kind = { name: 'standard', cores: 16, clock: 2.4, memory: 128, power: [110, 300] };
const kinds: readonly Kind[] = [
  standard,
  { name: 'small', cores: 8, clock: 3.2, memory: 96, power: [90, 210] },
  { name: 'large', cores: 32, clock: 2.0, memory: 256, power: [150, 480] },
];

const curve = ([least, most]: readonly [number, number]): readonly PowerPoint[] => [
  { utilisation: 0, watts: least },
  { utilisation: 0.5, watts: least + 0.65 * (most - least) },
  { utilisation: 1, watts: most },
];

const numbered = (prefix: string, n: number, of: number): string =>
  `${prefix}-${String(n).padStart(String(of).length, '0')}`;

const hostOf = (id: string, kind: Kind, networks: 'separate' | 'shared'): Host => ({
  id,
  state: 'active',
  cpu: {
    clock: gigahertz(kind.clock),
    cores: kind.cores,
    threads: kind.cores,
    architecture: 'x86_64',
    model: kind.name,
  },
  memory: { total: gibibytes(kind.memory), reserved: gibibytes(4) },
  storage: [{ id: 'images', access: 'nfs', score: mebibytesPerSecond(400) }],
  networks: [
    { role: 'storage', link: 'eth0', bandwidth: gbps(10) },
    { role: 'guest', link: 'eth0', bandwidth: gbps(10) },
    { role: 'migration', link: networks === 'separate' ? 'eth1' : 'eth0', bandwidth: gbps(10) },
  ],
  devices: [],
  power: curve(kind.power),
  labels: { kind: kind.name },
});

/** Sizes of guests, small ones more often. */
const sizes: readonly { readonly vcpus: number; readonly memory: number }[] = [
  { vcpus: 1, memory: 2 },
  { vcpus: 1, memory: 2 },
  { vcpus: 2, memory: 4 },
  { vcpus: 2, memory: 4 },
  { vcpus: 2, memory: 8 },
  { vcpus: 4, memory: 8 },
  { vcpus: 4, memory: 16 },
  { vcpus: 8, memory: 16 },
];

/** Three hosts drawn, and the one taken that has most memory left: even, but not too even. */
const placeFor = (
  draw: Chance,
  hosts: readonly Host[],
  free: ReadonlyMap<string, number>,
  memory: number,
): Host | undefined => {
  const left = (host: Host): number => free.get(host.id) ?? 0;
  const fitting = hosts.filter((host) => left(host) >= memory);
  const drawn = [0, 1, 2].map(() => draw.pick(fitting)).filter((host) => host !== undefined);
  return drawn.toSorted((a, b) => left(b) - left(a))[0];
};

/**
 * Hosts and guests that stand on them, made from a seed. The memory of every host holds its guests.
 *
 * @throws RangeError where the guests do not fit on the hosts
 * @example
 * clusterOf({ hosts: 40, guests: 400, seed: 1 });
 */
export const clusterOf = ({
  hosts: hostCount,
  guests: guestCount,
  seed = 1,
  kinds: variety = 'equal',
  networks = 'separate',
}: ClusterOptions): { readonly hosts: readonly Host[]; readonly guests: readonly Guest[] } => {
  const draw = chance(seed).split('cluster');
  const [ofHosts, ofGuests, ofPlaces] = [draw.split('hosts'), draw.split('guests'), draw.split('places')];
  const hosts = Array.from({ length: hostCount }, (_, i) =>
    hostOf(
      numbered('host', i + 1, hostCount),
      variety === 'mixed' ? (ofHosts.pick(kinds) ?? standard) : standard,
      networks,
    ),
  );
  const free = new Map(hosts.map(({ id, memory }) => [id, memory.total - memory.reserved]));
  const guests = Array.from({ length: guestCount }, (_, i): Guest => {
    const size = ofGuests.pick(sizes) ?? { vcpus: 1, memory: 2 };
    const memory = gibibytes(size.memory);
    const host = placeFor(ofPlaces, hosts, free, memory);
    if (host === undefined) throw new RangeError(`guest ${i + 1} of ${guestCount} does not fit on ${hostCount} hosts`);
    free.set(host.id, (free.get(host.id) ?? 0) - memory);
    return {
      id: numbered('guest', i + 1, guestCount),
      host: host.id,
      vcpus: size.vcpus,
      memory,
      devices: [],
      image: { storage: 'images' },
      labels: {},
      together: [],
      apart: [],
      pins: [],
      migratable: true,
    };
  });
  return { hosts, guests };
};
