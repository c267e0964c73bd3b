/** Made state: a cluster state from a seed, of one of five shapes; the same seed gives the same state on any machine. */
import { numbersFrom } from '../numbers.js';
import type { ClusterState } from './plan-state.js';

/**
 * What is wrong with a state. `random`: guests placed blindly; `hot`: a fifth of the hosts at 86 to 98 % of their processors, the others near
 * 40 %; `skewed`: few guests carry much of the load; `hetero`: three kinds of hosts, and guests placed as if all were equal; `tightmem`: every
 * host's memory 90 to 96 % full.
 */
export const shapes = ['random', 'hot', 'skewed', 'hetero', 'tightmem'] as const;
export type Shape = (typeof shapes)[number];

/** What to make. */
export interface Making {
  readonly shape: Shape;
  readonly hosts: number;
  readonly guests: number;
  readonly seed: number;
}

/** A state, and what it was made from. */
export type MadeState = ClusterState & {
  readonly name: string;
  readonly size: string;
  readonly shape: Shape;
  readonly seed: number;
};

type Host = ClusterState['hosts'][number];
type Guest = Omit<ClusterState['vms'][number], 'host'>;

const kinds = {
  standard: { cores: 32, mhz: 2600, memMiB: 256 * 1024, linkMbps: 10_000 },
  small: { cores: 16, mhz: 2200, memMiB: 128 * 1024, linkMbps: 10_000 },
  large: { cores: 64, mhz: 2900, memMiB: 512 * 1024, linkMbps: 25_000 },
} as const;
const mixed = ['small', 'standard', 'large', 'standard', 'small'] as const;

/** The most processor that one guest takes: two fifths of a host. */
const mostOfOne = 0.4 * kinds.standard.cores * kinds.standard.mhz;

/** Memory of the hypervisor itself. */
const reserved = 4096;
/** Memory is given out in pieces of so many mebibytes. */
const grain = 64;
/** Blind attempts to place a guest before the roomiest host is taken. */
const attempts = 40;

/** A seed for the numbers of a text (FNV-1a). */
const seedOf = (text: string): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
};

const named = (kind: string, i: number, count: number): string =>
  `${kind}${String(i + 1).padStart(String(count).length, '0')}`;

const pieces = (mebibytes: number): number => Math.max(grain, Math.floor(mebibytes / grain) * grain);

const makeHosts = ({ shape, hosts }: Making): readonly Host[] =>
  Array.from({ length: hosts }, (_, i) => {
    const kind = kinds[shape === 'hetero' ? (mixed[i % mixed.length] ?? 'standard') : 'standard'];
    return {
      ...kind,
      id: named('h', i, hosts),
      cpuCapacity: kind.cores * kind.mhz,
      memReservedMiB: reserved,
    };
  });

/** Guests of 1 to 16 virtual processors, most of them small; their loads come to so much of what all hosts offer. */
const makeGuests = (
  { shape, guests }: Making,
  offered: { readonly mhz: number; readonly mib: number },
  next: () => number,
): readonly Guest[] => {
  const raw = Array.from({ length: guests }, (_, i) => {
    const vcpus = 2 ** Math.min(4, Math.floor(-Math.log2(1 - next() * 0.97)));
    // By rank, so that the first hundredth would carry about a sixth; none takes more than what evenness leaves to a host.
    const rank = 1 + Math.floor(next() * guests);
    return {
      id: named('v', i, guests),
      vcpus,
      use: shape === 'skewed' ? rank ** -0.7 : vcpus * (0.05 + 0.9 * next() ** 1.3),
      memory: vcpus * 1024 * 2 ** (1 + Math.floor(next() * 2.5)),
      dirty: next(),
    };
  });
  const [use, memory] = [raw.reduce((all, each) => all + each.use, 0), raw.reduce((all, each) => all + each.memory, 0)];
  const load = ((shape === 'hot' ? 0.4 : 0.52) * offered.mhz) / use;
  const size = Math.min(1, (0.6 * offered.mib) / memory);
  return raw.map(({ id, vcpus, use: part, memory: part2, dirty }) => {
    const cpuUse = Math.min(part * load, mostOfOne);
    const enough = 2 ** Math.ceil(Math.log2(Math.max(vcpus, (cpuUse * 1.02) / kinds.standard.mhz)));
    const memMiB = pieces(part2 * size);
    return { id, vcpus: enough, cpuUse, memMiB, dirtyMiBs: Math.round(Math.min(memMiB / 10, 2 * 60 ** dirty)) };
  });
};

/**
 * Makes a state. Every host is within its memory and at or under 99 % of its processors.
 *
 * @param making - as many hosts and guests as wanted, from one of each on
 */
export const madeState = (making: Making): MadeState => {
  const { shape, seed } = making;
  const hosts = makeHosts(making);
  const next = numbersFrom(seedOf(`${shape} ${making.hosts} ${making.guests} ${seed}`));
  const room = hosts.map(({ memMiB }) => memMiB - reserved);
  const offered = {
    mhz: hosts.reduce((all, { cpuCapacity }) => all + cpuCapacity, 0),
    mib: room.reduce((all, each) => all + each, 0),
  };
  const load = hosts.map(() => 0);
  const taken = hosts.map(() => 0);
  const at = (values: readonly number[], h: number): number => values[h] ?? 0;
  const capacity = (h: number): number => hosts[h]?.cpuCapacity ?? 1;
  const fits = ({ cpuUse, memMiB }: Guest, h: number): boolean =>
    at(load, h) + cpuUse <= 0.98 * capacity(h) && at(taken, h) + memMiB <= 0.92 * at(room, h);
  const blindly = (guest: Guest): number => {
    for (let i = 0; i < attempts; i++) {
      const h = Math.floor(next() * hosts.length);
      // Of a hot cluster the cool part is nearly even, so that it is clear which hosts are hot.
      const other = shape === 'hot' ? Math.floor(next() * hosts.length) : h;
      const cooler = at(load, other) < at(load, h) ? other : h;
      if (fits(guest, cooler)) return cooler;
    }
    return hosts.reduce((best, _, h) => (at(load, h) / capacity(h) < at(load, best) / capacity(best) ? h : best), 0);
  };
  const vms = makeGuests(making, offered, next).map((wanted) => {
    let guest = wanted;
    let h = blindly(guest);
    for (let i = 0; i < 20 && !fits(guest, h); i++) {
      // Nowhere has it room as it is.
      guest = { ...guest, cpuUse: guest.cpuUse / 2, memMiB: pieces(guest.memMiB / 2) };
      h = blindly(guest);
    }
    load[h] = at(load, h) + guest.cpuUse;
    taken[h] = at(taken, h) + guest.memMiB;
    return { ...guest, h };
  });
  const first = Math.floor(next() * hosts.length);
  const hot = Math.max(1, Math.round(hosts.length / 5));
  const use = vms.map(({ cpuUse }) => cpuUse);
  if (shape === 'hot')
    for (let i = 0; i < hot; i++) {
      const h = (first + i) % hosts.length;
      const wanted = (0.86 + 0.12 * next()) * capacity(h);
      const mine = vms.flatMap((vm, v) => (vm.h === h ? [v] : []));
      // Again and again, for those that are at their most leave it to the others.
      for (let round = 0; round < 10; round++) {
        const now = mine.reduce((all, v) => all + at(use, v), 0);
        for (const v of mine) use[v] = Math.min(mostOfOne, (at(use, v) * wanted) / now);
      }
    }
  const growth = hosts.map((_, h) => {
    const wanted = 0.9 + 0.06 * next();
    return shape === 'tightmem' && at(taken, h) > 0 ? (wanted * at(room, h)) / at(taken, h) : 1;
  });
  return {
    format: 'cluster-state/1',
    name: `${making.hosts}x${making.guests}-${shape}-${seed}`,
    size: `${making.hosts}x${making.guests}`,
    shape,
    seed,
    hosts: [...hosts],
    vms: vms.map(({ h, ...guest }, v) => {
      const cpuUse = Math.max(1, Math.floor(at(use, v)));
      const vcpus = 2 ** Math.ceil(Math.log2(Math.max(guest.vcpus, cpuUse / kinds.standard.mhz)));
      return {
        ...guest,
        host: named('h', h, hosts.length),
        vcpus,
        cpuUse,
        memMiB: pieces(guest.memMiB * at(growth, h)),
      };
    }),
  };
};

/** A state as text, a host or guest a line. */
export const stateText = ({ hosts, vms, ...head }: MadeState): string => {
  const lines = (all: readonly unknown[]): string => all.map((each) => JSON.stringify(each)).join(',\n');
  return `${JSON.stringify(head).slice(0, -1)},\n"hosts":[\n${lines(hosts)}\n],\n"vms":[\n${lines(vms)}\n]}\n`;
};
