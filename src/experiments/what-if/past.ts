/** Past: what a recording tells of a site, as a scenario that the simulation can live through again. */
import { type RecordingEntry } from '../../metrics/index.js';
import {
  type BadInput,
  byName,
  type BytesPerSecond,
  type Guest,
  type GuestId,
  type Host,
  type Inventory,
  type Milliseconds,
  type MigrationOrder,
  type Outcome,
  seconds,
} from '../../model/index.js';
import { traceDemand, type Workload } from '../../simulation/index.js';
import { type Column, column, type Reading } from './readings.js';

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
const stepOf = (columns: Iterable<Column>): Milliseconds => {
  const gaps = [...columns].flatMap((of) => {
    const { readings } = of.told();
    return readings.slice(1, 20).map(({ at }, i) => at - (readings[i]?.at ?? at));
  });
  return Math.max(shortestStep, middleOf(gaps) ?? shortestStep);
};

/** Step by step the mean of what was sampled in it; a step without a sample is a hole. */
const seriesOf = (
  samples: readonly Reading[],
  from: Milliseconds,
  step: Milliseconds,
  steps: number,
  valueOf: (sample: Reading) => number | undefined,
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
  samples: readonly Reading[],
): { readonly rate: BytesPerSecond; readonly window: Milliseconds } | undefined => {
  const measured = samples.flatMap(({ used, dirty }) =>
    // A zero may only mean that nothing was measured, and an idle guest tells nothing of a busy one.
    used !== undefined && dirty !== undefined && dirty.rate > 0 && used > 0.05
      ? [{ rate: dirty.rate / used, window: dirty.window }]
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

const workloadOf = (guest: Guest, samples: readonly Reading[], { from, step, steps, speed }: Steps): Workload => {
  const written = writesOf(samples);
  const memory = seriesOf(samples, from, step, steps, ({ memory: used }) =>
    used === undefined ? undefined : Math.min(1, used / guest.memory),
  );
  return {
    demand: traceDemand(
      seriesOf(samples, from, step, steps, ({ used, at }) =>
        used === undefined ? undefined : used * speed(guest, at),
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

/** The moves that came to an end, each once, in the order of their begin. */
const movesOf = (outcomes: ReadonlyMap<string, Outcome>): readonly PastMove[] =>
  [...outcomes.values()]
    .flatMap(({ ending, guest, from, to, startedAt }) =>
      ending.result === 'done' ? [{ guest, from, to, at: startedAt }] : [],
    )
    .sort((a, b) => a.at - b.at || byName(a.guest, b.guest));

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
const lacking = (guests: readonly Known[], lack: (guest: Known) => boolean, what: string): readonly string[] => {
  const count = guests.filter(lack).length;
  return count === 0 ? [] : [`${count} of ${guests.length} guests ${what}`];
};

/** What is known of a guest of the first inventory. */
interface Known {
  readonly guest: Guest;
  readonly workload: Workload;
  readonly wrote: boolean;
  readonly seen: boolean;
  readonly steal: boolean;
  readonly contrary: number;
}

const sentence = (count: number, what: string): readonly string[] => (count === 0 ? [] : [`${count} ${what}`]);

/** Reads a recording entry by entry, and keeps no more of it than a past is made of. */
export interface PastReader {
  /** Takes an entry, in any order; the same one twice counts once. Lines that could not be read are counted. */
  readonly read: (entry: RecordingEntry | BadInput) => void;
  /** The past that was read until now, or why it is none. */
  readonly past: () => Past | NoPast;
}

/**
 * Reads a recording as a scenario. The hosts and guests are those of its earliest inventory; what each guest wanted is what it was seen to
 * use, step by step. What was not measured is assumed, and told; so is what was left out.
 */
export const pastReader = (): PastReader => {
  const columns = new Map<GuestId, Column>();
  const outcomes = new Map<string, Outcome>();
  let first: { readonly at: Milliseconds; readonly inventory: Inventory } | undefined;
  let last = first;
  const listed = new Set<GuestId>();
  let [from, to, unread] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0];

  const read = (entry: RecordingEntry | BadInput): void => {
    if (entry.kind === 'bad-input') unread += 1;
    if (entry.kind === 'outcome') outcomes.set(`${entry.outcome.startedAt} ${entry.outcome.id}`, entry.outcome);
    if (entry.kind === 'inventory') {
      if (first === undefined || entry.at < first.at) first = entry;
      if (last === undefined || entry.at >= last.at) last = entry;
      for (const { id } of entry.inventory.guests) listed.add(id);
    }
    if (entry.kind !== 'sample') return;
    from = Math.min(from, entry.sample.at);
    to = Math.max(to, entry.sample.at);
    if (entry.sample.kind !== 'guest') return;
    const kept = columns.get(entry.sample.id) ?? column();
    kept.add(entry.sample);
    columns.set(entry.sample.id, kept);
  };

  const past = (): Past | NoPast => {
    if (first === undefined || last === undefined) return { why: 'it holds no inventory' };
    const { hosts, guests } = first.inventory;
    const own = guests.flatMap(({ id }) => columns.get(id) ?? []);
    const step = stepOf(own);
    const steps = Math.ceil((to - from) / step);
    if (!(steps >= 1)) return { why: 'its samples span no time' };
    const moves = movesOf(outcomes);
    const speed = speeds(hosts, moves);
    const known = guests.map((guest): Known => {
      const { readings, contrary } = columns.get(guest.id)?.told() ?? { readings: [], contrary: 0 };
      return {
        guest,
        workload: workloadOf(guest, readings, { from, step, steps, speed }),
        wrote: writesOf(readings) !== undefined,
        seen: readings.some(({ used }) => used !== undefined),
        steal: readings.some(({ steal }) => steal),
        contrary,
      };
    });
    const [begun, ended] = [new Set(guests.map(({ id }) => id)), new Set(last.inventory.guests.map(({ id }) => id))];
    return {
      from,
      to,
      hosts,
      guests,
      workloads: Object.fromEntries(known.map(({ guest, workload }) => [guest.id, workload])),
      moves,
      assumed: [
        ...lacking(
          known,
          ({ steal }) => !steal,
          'tell no steal: what they wanted beyond what they were given is not known',
        ),
        ...lacking(known, ({ seen }) => !seen, 'were never seen to use a processor, and are taken to be idle'),
        ...lacking(
          known,
          ({ wrote }) => !wrote,
          'have no dirty rate above zero, so what their moves cost is not known',
        ),
        ...sentence([...listed].filter((id) => !begun.has(id)).length, 'guests came later and are left out'),
        ...sentence(
          guests.filter(({ id }) => !ended.has(id)).length,
          'guests were gone at the end, and are taken to go on as they were seen last',
        ),
        ...sentence(
          known.reduce((sum, { contrary }) => sum + contrary, 0),
          'samples say something else than another one of the same guest and time, and are left out',
        ),
        ...sentence(unread, 'lines of the recording could not be read, and are left out'),
      ],
    };
  };
  return { read, past };
};

/** A recording as a scenario; see {@link pastReader}. */
export const pastOf = (entries: Iterable<RecordingEntry | BadInput>): Past | NoPast => {
  const { read, past } = pastReader();
  for (const entry of entries) read(entry);
  return past();
};
