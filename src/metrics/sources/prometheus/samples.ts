/** Samples out of answers: puts the series of all queries together, subject by subject and time by time. */
import {
  type CpuShares,
  type Fraction,
  type GuestId,
  type GuestSample,
  type HostId,
  type HostSample,
  kibibytes,
  type MemoryReading,
  type Milliseconds,
  type Readings,
  type Sample,
  seconds,
  type Stall,
} from '../../../model/index.js';
import { isWholeDisk, leadsOut } from '../linux/index.js';
import { known } from '../linux/known.js';
import type { Series } from './answer.js';
import type { QueryName } from './queries.js';

/** The labels of a series. */
export type SeriesLabels = Readonly<Record<string, string>>;

/** Whose series these are. `undefined` passes a series over. */
export interface SeriesSubjects {
  /** The host that the series of a node exporter are of. */
  readonly host: (labels: SeriesLabels) => HostId | undefined;
  /** The guest that the series of a libvirt exporter are of. */
  readonly guest: (labels: SeriesLabels) => GuestId | undefined;
}

/** The answers to the queries; those that failed are absent. */
export type Answers = { readonly [Name in QueryName]?: readonly Series[] };

/** One figure of one subject at one time. */
interface Figure {
  readonly labels: SeriesLabels;
  readonly value: number;
}

/** All figures of one subject at one time, by query. */
type Figures = Map<QueryName, Figure[]>;

const first = (figures: Figures, name: QueryName): number | undefined => figures.get(name)?.[0]?.value;

const rate = (value: number | undefined): number | undefined => (value === undefined || value < 0 ? undefined : value);

/** A rate of seconds per second as a share: the server extends a rate to the ends of its window, which may pass 1 by a little. */
const share = (value: number | undefined): Fraction | undefined =>
  value === undefined || value < 0 ? undefined : Math.min(1, value);

const byLabel = (figures: Figures, name: QueryName, label: string): ReadonlyMap<string, number> =>
  new Map(figures.get(name)?.map(({ labels, value }) => [labels[label] ?? '', value]));

const cpuOfHost = (figures: Figures): CpuShares | undefined => {
  const modes = byLabel(figures, 'host cpu', 'mode');
  const total = [...modes.values()].reduce((sum, value) => sum + value, 0);
  // Without the idle mode the shares would be those of a part.
  if (!modes.has('idle') || !(total > 0) || [...modes.values()].some((value) => value < 0)) return undefined;
  const of = (...names: readonly string[]): Fraction | undefined =>
    names.some((name) => modes.has(name))
      ? Math.min(1, names.reduce((sum, name) => sum + (modes.get(name) ?? 0), 0) / total)
      : undefined;
  return known({
    used: Math.max(0, 1 - (of('idle', 'iowait') ?? 0)),
    user: of('user', 'nice'),
    system: of('system', 'irq', 'softirq'),
    iowait: of('iowait'),
    steal: of('steal'),
    idle: of('idle'),
  });
};

const gauges = (figures: Figures): ReadonlyMap<string, number> => byLabel(figures, 'host gauges', '__name__');

const loadOf = (figures: Figures): Readings['load'] => {
  const of = gauges(figures);
  const [one, five, fifteen] = [of.get('node_load1'), of.get('node_load5'), of.get('node_load15')];
  return one === undefined || five === undefined || fifteen === undefined ? undefined : { one, five, fifteen };
};

const memoryOfHost = (figures: Figures): MemoryReading | undefined => {
  const of = gauges(figures);
  const total = of.get('node_memory_MemTotal_bytes');
  const available = of.get('node_memory_MemAvailable_bytes');
  const swapTotal = of.get('node_memory_SwapTotal_bytes');
  const swapFree = of.get('node_memory_SwapFree_bytes');
  const pages = rate(first(figures, 'host swapping'));
  const reading = known({
    total,
    available,
    used: total === undefined || available === undefined ? undefined : Math.max(0, total - available),
    swapTotal,
    swapUsed: swapTotal === undefined || swapFree === undefined ? undefined : Math.max(0, swapTotal - swapFree),
    // The exporter counts pages and does not tell their size: 4 KiB on nearly every machine that runs guests.
    swapping: pages === undefined ? undefined : pages * kibibytes(4),
    dirty: of.get('node_memory_Dirty_bytes'),
  });
  return Object.keys(reading).length === 0 ? undefined : reading;
};

const sumOf = (values: readonly number[]): number | undefined =>
  values.length === 0 || values.some((value) => value < 0) ? undefined : values.reduce((sum, value) => sum + value, 0);

const overDevices = (figures: Figures, name: QueryName, counts: (device: string) => boolean): readonly number[] =>
  [...byLabel(figures, name, 'device')].filter(([device]) => counts(device)).map(([, value]) => value);

const diskOfHost = (figures: Figures): Readings['disk'] => {
  const listed = new Set(byLabel(figures, 'host disk read', 'device').keys());
  const whole = (device: string): boolean => isWholeDisk(device, listed);
  const read = sumOf(overDevices(figures, 'host disk read', whole));
  const written = sumOf(overDevices(figures, 'host disk written', whole));
  if (read === undefined || written === undefined) return undefined;
  const busy = overDevices(figures, 'host disk busy', whole);
  return known({ read, written, busy: busy.length === 0 ? undefined : share(Math.max(...busy)) });
};

const networkOf = (received: number | undefined, sent: number | undefined): Readings['network'] =>
  received === undefined || sent === undefined ? undefined : { received, sent };

const pressureOf = (figures: Figures): Readings['pressure'] => {
  const of = byLabel(figures, 'host pressure', 'of');
  const stall = (waiting: string, stalled?: string): Stall | undefined => {
    const some = share(of.get(waiting));
    return some === undefined
      ? undefined
      : known({ some, full: stalled === undefined ? undefined : share(of.get(stalled)) });
  };
  const reading = known({
    cpu: stall('cpu_waiting'),
    memory: stall('memory_waiting', 'memory_stalled'),
    io: stall('io_waiting', 'io_stalled'),
  });
  return Object.keys(reading).length === 0 ? undefined : reading;
};

const hostSample = (id: HostId, at: Milliseconds, figures: Figures): HostSample => ({
  kind: 'host',
  id,
  at,
  ...known({
    cpu: cpuOfHost(figures),
    load: loadOf(figures),
    runQueueWait: share(first(figures, 'host run-queue wait')),
    pressure: pressureOf(figures),
    memory: memoryOfHost(figures),
    disk: diskOfHost(figures),
    network: networkOf(
      sumOf(overDevices(figures, 'host received', leadsOut)),
      sumOf(overDevices(figures, 'host sent', leadsOut)),
    ),
  }),
});

const guestSample = (id: GuestId, at: Milliseconds, figures: Figures): GuestSample => {
  const used = share(first(figures, 'guest cpu'));
  const read = rate(first(figures, 'guest disk read'));
  const written = rate(first(figures, 'guest disk written'));
  // What the exporter calls the memory used is the size of the balloon, not what the guest uses.
  const total = rate(first(figures, 'guest memory'));
  return {
    kind: 'guest',
    id,
    at,
    ...known({
      cpu: used === undefined ? undefined : { used },
      memory: total === undefined ? undefined : { total },
      disk: read === undefined || written === undefined ? undefined : { read, written },
      network: networkOf(rate(first(figures, 'guest received')), rate(first(figures, 'guest sent'))),
    }),
  };
};

/** What one subject has, by the time of the evaluation and then by where it was reported from. */
type Gathered = Map<string, Map<Milliseconds, Map<string, Figures>>>;

const within = <Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value => {
  const there = map.get(key);
  if (there !== undefined) return there;
  const made = make();
  map.set(key, made);
  return made;
};

const gather = (
  answers: Answers,
  kind: 'host' | 'guest',
  subject: (labels: SeriesLabels) => string | undefined,
): Gathered => {
  const gathered: Gathered = new Map();
  for (const [name, series] of Object.entries(answers) as readonly [QueryName, readonly Series[]][]) {
    if (!name.startsWith(kind)) continue;
    for (const { labels, points } of series) {
      const id = subject(labels);
      if (id === undefined || id === '') continue;
      const times = within(gathered, id, () => new Map<Milliseconds, Map<string, Figures>>());
      for (const { at, value } of points) {
        if (value === undefined) continue;
        const places = within(times, at, () => new Map<string, Figures>());
        const figures = within(places, labels['instance'] ?? '', (): Figures => new Map());
        within(figures, name, () => []).push({ labels, value });
      }
    }
  }
  return gathered;
};

/**
 * One sample for each subject and scrape, in the order of time. A sample's time is that of the scrape, not of the query, so what is old
 * looks old. A guest that two hosts report at once, as around the end of its move, has no sample at that time: neither tells of it alone.
 */
export const samplesOf = (answers: Answers, { host, guest }: SeriesSubjects): readonly Sample[] => {
  const samples: Sample[] = [];
  for (const kind of ['host', 'guest'] as const) {
    for (const [id, times] of gather(answers, kind, kind === 'host' ? host : guest)) {
      let last = Number.NEGATIVE_INFINITY;
      for (const evaluated of [...times.keys()].sort((a, b) => a - b)) {
        const [figures, other] = times.get(evaluated)?.values() ?? [];
        const scraped = figures === undefined ? undefined : first(figures, `${kind} time`);
        if (figures === undefined || other !== undefined || scraped === undefined) continue;
        const time = seconds(scraped);
        if (time <= last) continue;
        last = time;
        samples.push(kind === 'host' ? hostSample(id, time, figures) : guestSample(id, time, figures));
      }
    }
  }
  return samples.sort((a, b) => a.at - b.at);
};
