/** Judgement: a plan made again on a cluster state, wave by wave, by nothing but the state's own figures. */
import * as z from 'zod';
import type { ClusterState } from './plan-state.js';

const move = z.object({
  vm: z.string(),
  from: z.string(),
  to: z.string(),
  wave: z.exactOptional(z.number().int().positive()),
});

/** A move of a plan. One without a wave runs by itself, after the one before it. */
export type JudgedMove = z.infer<typeof move>;

/** A plan as a file has it: moves, or an object that holds them, such as `plan --json` prints. */
export const judgedPlan = z.union([z.array(move), z.object({ moves: z.array(move) }).transform(({ moves }) => moves)]);

/** How even a measure is, in shares of what hosts offer. */
export interface Evenness {
  /** Mean distance from the common share, which is all that is taken over all that is offered. */
  readonly meanDeviation: number;
  /** Standard deviation of the hosts' shares. */
  readonly standardDeviation: number;
  readonly largest: number;
}

/** A placement, judged. */
export interface Placement {
  readonly cpu: Evenness;
  readonly memory: Evenness;
  readonly hostsOverMark: number;
  readonly emptyHosts: number;
}

/** A plan, judged. */
export interface Judgement {
  readonly moves: number;
  readonly waves: number;
  readonly mebibytes: number;
  /** Moves of guests that are not there, or stand elsewhere, or go nowhere; they are left out. */
  readonly invalid: number;
  /** Waves and hosts in which more memory was taken than there is, sources holding theirs until the wave is over. */
  readonly overcommitted: number;
  /** The most moves that one host took part in at once. */
  readonly mostAtOnce: number;
  readonly before: Placement;
  readonly after: Placement;
}

const sumOf = (values: readonly number[]): number => values.reduce((all, each) => all + each, 0);

const evennessOf = (taken: readonly number[], offered: readonly number[]): Evenness => {
  const shares = taken.map((each, h) => each / (offered[h] ?? 1));
  const common = sumOf(taken) / sumOf(offered);
  const mean = sumOf(shares) / shares.length;
  return {
    meanDeviation: sumOf(shares.map((share) => Math.abs(share - common))) / shares.length,
    standardDeviation: Math.sqrt(sumOf(shares.map((share) => (share - mean) ** 2)) / shares.length),
    largest: Math.max(...shares),
  };
};

/** Rounding that a share above the mark is forgiven. */
const rounding = 1e-9;

const placementOf = ({ hosts, vms }: ClusterState, at: ReadonlyMap<string, string>, mark: number): Placement => {
  const standing = new Map<string, { cpu: number; memory: number; guests: number }>();
  for (const { id } of hosts) standing.set(id, { cpu: 0, memory: 0, guests: 0 });
  for (const { id, cpuUse, memMiB } of vms) {
    const host = standing.get(at.get(id) ?? '');
    if (!host) continue;
    host.cpu += cpuUse;
    host.memory += memMiB;
    host.guests += 1;
  }
  const carried = hosts.map(({ id }) => standing.get(id) ?? { cpu: 0, memory: 0, guests: 0 });
  const capacity = hosts.map(({ cpuCapacity }) => cpuCapacity);
  return {
    cpu: evennessOf(
      carried.map(({ cpu }) => cpu),
      capacity,
    ),
    memory: evennessOf(
      carried.map(({ memory }) => memory),
      hosts.map(({ memMiB, memReservedMiB }) => memMiB - memReservedMiB),
    ),
    hostsOverMark: carried.filter(({ cpu }, h) => cpu / (capacity[h] ?? 1) > mark + rounding).length,
    emptyHosts: carried.filter(({ guests }) => guests === 0).length,
  };
};

/** Moves by waves; those without one each in a wave of its own, where they stand. */
const inWaves = (moves: readonly JudgedMove[]): readonly (readonly JudgedMove[])[] => {
  const waves: JudgedMove[][] = [];
  let last: number | undefined;
  const rising = moves.some(({ wave }) => wave === undefined)
    ? moves
    : [...moves].sort((a, b) => (a.wave ?? 0) - (b.wave ?? 0));
  for (const each of rising) {
    if (each.wave === undefined || each.wave !== last) waves.push([]);
    waves[waves.length - 1]?.push(each);
    last = each.wave;
  }
  return waves;
};

/**
 * Makes the moves of a plan again. Within a wave all destinations take their memory before any source gives its up.
 *
 * @param mark - share of a host's processors above which it counts as over the mark
 */
export const judged = (state: ClusterState, moves: readonly JudgedMove[], mark: number): Judgement => {
  const at = new Map(state.vms.map(({ id, host }) => [id, host]));
  const memory = new Map(state.vms.map(({ id, memMiB }) => [id, memMiB]));
  const room = new Map(state.hosts.map(({ id, memMiB, memReservedMiB }) => [id, memMiB - memReservedMiB]));
  for (const { host, memMiB } of state.vms) room.set(host, (room.get(host) ?? 0) - memMiB);
  const before = placementOf(state, at, mark);
  let [made, mebibytes, invalid, overcommitted, mostAtOnce] = [0, 0, 0, 0, 0];
  const waves = inWaves(moves);
  for (const wave of waves) {
    const moved = new Set<string>();
    const valid = wave.filter(({ vm, from, to }) => {
      const fine = at.get(vm) === from && room.has(to) && from !== to && !moved.has(vm);
      if (fine) moved.add(vm);
      else invalid++;
      return fine;
    });
    const sizeOf = (vm: string): number => memory.get(vm) ?? 0;
    const busy = new Map<string, number>();
    for (const { vm, from, to } of valid) {
      room.set(to, (room.get(to) ?? 0) - sizeOf(vm));
      for (const host of [from, to]) busy.set(host, (busy.get(host) ?? 0) + 1);
      mebibytes += sizeOf(vm);
      made++;
    }
    for (const host of new Set(valid.map(({ to }) => to))) if ((room.get(host) ?? 0) < 0) overcommitted++;
    for (const { vm, from, to } of valid) {
      room.set(from, (room.get(from) ?? 0) + sizeOf(vm));
      at.set(vm, to);
    }
    mostAtOnce = Math.max(mostAtOnce, ...busy.values());
  }
  return {
    moves: made,
    waves: waves.length,
    mebibytes,
    invalid,
    overcommitted,
    mostAtOnce,
    before,
    after: placementOf(state, at, mark),
  };
};
