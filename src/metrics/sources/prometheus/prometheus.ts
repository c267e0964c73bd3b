/** The Prometheus source: samples of hosts and guests from a server that already watches them. */
import {
  asyncScheduler,
  concatMap,
  defer,
  exhaustMap,
  forkJoin,
  from,
  map,
  mergeMap,
  type Observable,
  of,
  range as numbers,
  type SchedulerLike,
  scan,
  timer,
} from 'rxjs';
import {
  type BadInput,
  malformed,
  type Milliseconds,
  type Reading,
  type Sample,
  sampleSchema,
  seconds,
} from '../../../model/index.js';
import { positive } from '../../setting.js';
import type { Answer, QueryProblem, Series } from './answer.js';
import { type PrometheusApi, prometheusApi, type PrometheusServer, type TimeSpan } from './api.js';
import { prometheusQueries, type QueryName, type QueryOptions } from './queries.js';
import { type Answers, samplesOf, type SeriesLabels, type SeriesSubjects } from './samples.js';

/** What is read of which server. */
export interface PrometheusOptions extends PrometheusServer, QueryOptions, Partial<SeriesSubjects> {}

/** What is read, and how often. */
export interface PrometheusPolling extends PrometheusOptions {
  /** Time from query to query; default 15 s. More often than the server scrapes brings nothing new. */
  readonly every?: Milliseconds;
}

/** More points than this in one answer are refused by the server (11,000). */
const mostPoints = 10_000;

/** The name of the target without its port, which differs from exporter to exporter. */
const withoutPort = ({ instance = '' }: SeriesLabels): string => instance.replace(/:\d+$/, '');

const bad = (server: string, place: string, { kind, message }: QueryProblem): BadInput => ({
  kind: 'bad-input',
  source: `prometheus ${server}`,
  place,
  problem: kind === 'unreachable' || kind === 'timed out' ? 'unavailable' : 'malformed',
  message,
  value: '',
});

const checked = (server: string, sample: Sample): Reading => {
  const read = sampleSchema.safeParse(sample);
  return read.success ? sample : malformed(`prometheus ${server}`, sample.id, sample, read.error);
};

/** What all queries came to, as readings. */
const readingsOf = (
  server: string,
  asked: readonly (readonly [QueryName, Answer])[],
  subjects: SeriesSubjects,
): readonly Reading[] => {
  const answers: { [Name in QueryName]?: readonly Series[] } = {};
  const problems: BadInput[] = [];
  for (const [name, answer] of asked) {
    if (answer.ok) answers[name] = answer.value;
    else problems.push(bad(server, `query "${name}"`, answer.error));
  }
  return [...problems, ...samplesOf(answers satisfies Answers, subjects).map((sample) => checked(server, sample))];
};

/** A way to ask one server all queries. */
interface Asking {
  readonly api: PrometheusApi;
  readonly all: (ask: (query: string) => Observable<Answer>) => Observable<readonly Reading[]>;
}

const asking = ({ host = withoutPort, guest = ({ domain }) => domain, ...options }: PrometheusOptions): Asking => {
  const api = prometheusApi(options);
  const named = Object.entries(prometheusQueries(options)) as readonly (readonly [QueryName, string])[];
  return {
    api,
    all: (ask) =>
      forkJoin(named.map(([name, query]) => ask(query).pipe(map((answer) => [name, answer] as const)))).pipe(
        map((asked) => readingsOf(api.server, asked, { host, guest })),
      ),
  };
};

/** All queries at one time of the server's clock, so that their answers belong together; a server that is away is asked once only. */
const once = ({ api, all }: Asking): Observable<readonly Reading[]> =>
  api.instant('time()').pipe(
    mergeMap((answer) => {
      if (!answer.ok) return of([bad(api.server, 'query "time()"', answer.error)]);
      const now = answer.value[0]?.points[0]?.at;
      return now === undefined
        ? of([bad(api.server, 'query "time()"', { kind: 'malformed', message: 'it tells no time' })])
        : all((query) => api.instant(query, now));
    }),
  );

/** The readings that are newer than the last of their subject, and what is the last then. */
const newer = (
  last: ReadonlyMap<string, Milliseconds>,
  readings: readonly Reading[],
): { readonly last: ReadonlyMap<string, Milliseconds>; readonly out: readonly Reading[] } => {
  const times = new Map(last);
  const out = readings.filter((reading) => {
    if (reading.kind === 'bad-input') return true;
    const key = `${reading.kind} ${reading.id}`;
    if (reading.at <= (times.get(key) ?? Number.NEGATIVE_INFINITY)) return false;
    times.set(key, reading.at);
    return true;
  });
  return { last: times, out };
};

/**
 * Samples of all hosts (node exporter) and guests (libvirt exporter) that a Prometheus server scrapes. Cold; asks at once and then every
 * so often, and gives a sample of a subject once for each scrape, at the time of the scrape. Never completes, never fails: a server that
 * does not answer, or that refuses a query, is a bad input, and what that query would have brought is absent.
 *
 * A host is called by its `instance` label without the port, a guest by its `domain` label, unless `host` and `guest` say otherwise.
 * Values are those of the PromQL in {@link prometheusQueries}. A target whose scrape failed has no series any more, so its subjects have no
 * samples until it answers again. Labels of the libvirt exporter do not tell what a guest wants, only what it was given.
 *
 * @example
 * const samples$ = prometheus({ url: 'http://metrics.example:9090', every: seconds(15), window: seconds(60) });
 */
export const prometheus = ({
  every = seconds(15),
  scheduler = asyncScheduler,
  ...options
}: PrometheusPolling & { readonly scheduler?: SchedulerLike }): Observable<Reading> => {
  positive('every', every);
  const asked = asking({ ...options, scheduler });
  return defer(() =>
    timer(0, every, scheduler).pipe(
      exhaustMap(() => once(asked)),
      scan(({ last }, readings) => newer(last, readings), newer(new Map(), [])),
      mergeMap(({ out }) => from(out)),
    ),
  );
};

/**
 * Samples out of the past of a Prometheus server, for recordings, what-if, and warm signals. Cold; completes at the end of the span. A
 * long span is asked piece by piece. Throws a RangeError where the step is not above zero or the span ends before it begins.
 */
export const prometheusHistory = (options: PrometheusOptions & TimeSpan): Observable<Reading> => {
  const { from: begin, to, step } = options;
  positive('step', step);
  if (!(to >= begin) || !Number.isFinite(to - begin))
    throw new RangeError(`to: ${to} is before the begin of the span, ${begin}`);
  const asked = asking(options);
  const stretch = step * mostPoints;
  const pieces = Math.floor((to - begin) / stretch) + 1;
  return defer(() =>
    numbers(0, pieces).pipe(
      concatMap((piece) => {
        const start = begin + piece * stretch;
        // The last point of a piece is one step before the first of the next.
        return asked.all((query) =>
          asked.api.range(query, { from: start, to: Math.min(to, start + stretch - step), step }),
        );
      }),
      scan(({ last }, readings) => newer(last, readings), newer(new Map(), [])),
      mergeMap(({ out }) => from(out)),
    ),
  );
};
