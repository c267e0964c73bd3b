/** Past: what a recording tells of a site, as a scenario that the simulation can live through again. */
import { type RecordingEntry } from '../../metrics/index.js';
import {
  type BytesPerSecond,
  type Guest,
  type GuestId,
  type GuestSample,
  type Host,
  type Milliseconds,
  type MigrationOrder,
  seconds,
} from '../../model/index.js';
import { traceDemand, type Workload } from '../../simulation/index.js';

/** A move that was begun in the past. */
export interface PastMove extends Omit<MigrationOrder, 'id'> {
  readonly at: Milliseconds;
}

/** A site's past. */
export interface Past {
  readonly from: Milliseconds;
  readonly to: Milliseconds;
  readonly hosts: readonly Host[];
  /** Where each guest stood at first. Guests that came later are not in it. */
  readonly guests: readonly Guest[];
  readonly workloads: Readonly<Record<GuestId, Workload>>;
  /** Moves that were done, in order, since the begin. */
  readonly moves: readonly PastMove[];
  /** What the recording does not tell, and what was assumed in its place; one sentence each. */
  readonly assumed: readonly string[];
}

/** Why a recording cannot be lived through again. */
export interface NoPast {
  readonly why: string;
}

/** Steps of demand are no finer than this: shorter ones are noise of the sampling. */
const shortestStep = seconds(10);

const middleOf = (values: readonly number[]): number | undefined =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Time between the samples of a guest, as most of them are. */
const stepOf = (samples: ReadonlyMap<GuestId, readonly GuestSample[]>): Milliseconds => {
  const gaps = [...samples.values()].flatMap((of) => of.slice(1, 20).map(({ at }, i) => at - (of[i]?.at ?? at)));
  return Math.max(shortestStep, middleOf(gaps.filter((gap) => gap > 0)) ?? shortestStep);
};

/** Step by step the mean of what was sampled in it; a step without a sample is a hole. */
const seriesOf = (
  samples: readonly GuestSample[],
  from: Milliseconds,
  step: Milliseconds,
  steps: number,
  valueOf: (sample: GuestSample) => number | undefined,
): readonly (number | undefined)[] => {
  const sums = Array.from({ length: steps }, () => ({ sum: 0, count: 0 }));
  for (const sample of samples) {
    const value = valueOf(sample);
    const place = sums[Math.min(steps - 1, Math.max(0, Math.ceil((sample.at - from) / step) - 1))];
    if (value === undefined || place === undefined) continue;
    place.sum += value;
    place.count += 1;
  }
  return sums.map(({ sum, count }) => (count === 0 ? undefined : sum / count));
};

/** What it writes at full use, if what was measured of it is in proportion to its use. */
const writesOf = (
  samples: readonly GuestSample[],
): { readonly rate: BytesPerSecond; readonly window: Milliseconds } | undefined => {
  const measured = samples.flatMap(({ cpu, dirty }) =>
    // A zero may only mean that nothing was measured, and an idle guest tells nothing of a busy one.
    cpu !== undefined && dirty !== undefined && dirty.rate > 0 && cpu.used > 0.05
      ? [{ rate: dirty.rate / cpu.used, window: dirty.window }]
      : [],
  );
  const rate = middleOf(measured.map((one) => one.rate));
  const window = middleOf(measured.map((one) => one.window));
  return rate === undefined || window === undefined ? undefined : { rate, window };
};

/** The steps that a past is cut into, and how fast the host was on which a guest stood at a time, against its first one. */
interface Steps {
  readonly from: Milliseconds;
  readonly step: Milliseconds;
  readonly steps: number;
  readonly speed: (guest: Guest, at: Milliseconds) => number;
}

const workloadOf = (guest: Guest, samples: readonly GuestSample[], { from, step, steps, speed }: Steps): Workload => {
  const written = writesOf(samples);
  const memory = seriesOf(samples, from, step, steps, ({ memory: of }) =>
    of?.used === undefined ? undefined : Math.min(1, of.used / guest.memory),
  );
  return {
    demand: traceDemand(
      seriesOf(samples, from, step, steps, ({ cpu, at }) =>
        cpu === undefined ? undefined : cpu.used * speed(guest, at),
      ),
      {
        step,
        after: 'hold',
        ...(memory.some((value) => value !== undefined) && { memory }),
        // Unique pages over a window: the set that is written is at least that large.
        ...(written && {
          writes: {
            rate: written.rate,
            workingSet: Math.min(guest.memory, Math.max(4096, (written.rate * written.window) / 1000)),
            pattern: 'random' as const,
          },
        }),
      },
    ),
  };
};

const movesOf = (entries: readonly RecordingEntry[]): readonly PastMove[] =>
  entries.flatMap((entry) =>
    entry.kind === 'outcome' && entry.outcome.ending.result === 'done'
      ? [
          {
            guest: entry.outcome.guest,
            from: entry.outcome.from,
            to: entry.outcome.to,
            at: entry.outcome.startedAt,
          },
        ]
      : [],
  );

/** The same work takes a larger share of a slower host: shares are told of the clock of the guest's first host. */
const speeds = (hosts: readonly Host[], moves: readonly PastMove[]): ((guest: Guest, at: Milliseconds) => number) => {
  const clocks = new Map(hosts.map(({ id, cpu }) => [id, cpu.clock]));
  return (guest, at) => {
    const place = moves.filter((move) => move.guest === guest.id && move.at <= at).at(-1)?.to ?? guest.host;
    const [now, first] = [clocks.get(place), clocks.get(guest.host)];
    return now === undefined || first === undefined ? 1 : now / first;
  };
};

/** How many of the guests lack something, as a sentence; none if it is none. */
const lacking = (guests: readonly Guest[], lack: (guest: Guest) => boolean, what: string): readonly string[] => {
  const count = guests.filter(lack).length;
  return count === 0 ? [] : [`${count} of ${guests.length} guests ${what}`];
};

/**
 * A recording as a scenario. The hosts and guests are those of its first inventory; what each guest wanted is what it was seen to use,
 * step by step. What was not measured is assumed, and told.
 */
export const pastOf = (entries: readonly RecordingEntry[]): Past | NoPast => {
  const inventories = entries.flatMap((entry) => (entry.kind === 'inventory' ? [entry.inventory] : []));
  const inventory = inventories[0];
  if (inventory === undefined) return { why: 'it holds no inventory' };
  const samples = new Map<GuestId, GuestSample[]>(inventory.guests.map(({ id }) => [id, []]));
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const entry of entries) {
    if (entry.kind !== 'sample') continue;
    from = Math.min(from, entry.sample.at);
    to = Math.max(to, entry.sample.at);
    if (entry.sample.kind === 'guest') samples.get(entry.sample.id)?.push(entry.sample);
  }
  for (const of of samples.values()) of.sort((a, b) => a.at - b.at);
  const step = stepOf(samples);
  const steps = Math.ceil((to - from) / step);
  if (!(steps >= 1)) return { why: 'its samples span no time' };
  const { hosts, guests } = inventory;
  const moves = movesOf(entries);
  const speed = speeds(hosts, moves);
  const sampled = (guest: Guest): readonly GuestSample[] => samples.get(guest.id) ?? [];
  const later = new Set(inventories.flatMap((one) => one.guests.map(({ id }) => id)));
  for (const { id } of guests) later.delete(id);
  return {
    from,
    to,
    hosts,
    guests,
    workloads: Object.fromEntries(
      guests.map((guest) => [guest.id, workloadOf(guest, sampled(guest), { from, step, steps, speed })]),
    ),
    moves,
    assumed: [
      ...lacking(
        guests,
        (guest) => !sampled(guest).some(({ cpu }) => cpu?.steal !== undefined),
        'tell no steal: what they wanted beyond what they were given is not known',
      ),
      ...lacking(
        guests,
        (guest) => !sampled(guest).some(({ cpu }) => cpu !== undefined),
        'were never seen to use a processor, and are taken to be idle',
      ),
      ...lacking(
        guests,
        (guest) => writesOf(sampled(guest)) === undefined,
        'have no dirty rate above zero, so what their moves cost is not known',
      ),
      ...(later.size === 0 ? [] : [`${later.size} guests came later and are left out`]),
    ],
  };
};
