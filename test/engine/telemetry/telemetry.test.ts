import { type Meter, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  type MetricData,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { from, lastValueFrom, Subject, toArray } from 'rxjs';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { type EngineEvent, type MeterLike, telemetry, type TracerLike } from '../../../src/engine/index.js';
import type { Cluster, MigrationOrder, Outcome } from '../../../src/model/index.js';
import { guest, host } from '../../policies/build.js';

const order: MigrationOrder = { id: 'm1', guest: 'web', from: 'a', to: 'b' };
const outcome = (ending: Outcome['ending']): Outcome => ({ ...order, startedAt: 2000, endedAt: 5000, ending });
const cluster = {
  at: 1000,
  hosts: [host('a', { knowledge: { kind: 'fresh', at: 900 } }), host('b', { knowledge: { kind: 'unseen' } })],
  guests: [guest('web', 'a', 0.5, { knowledge: { kind: 'stale', at: 0, age: 1000 } })],
  migrations: [],
  past: [],
} satisfies Cluster;

const done: readonly EngineEvent[] = [
  { at: 1000, kind: 'snapshot', cluster },
  {
    at: 1000,
    kind: 'decided',
    policy: 'p',
    plan: { moves: [{ guest: 'web', from: 'a', to: 'b', because: [] }], passedOver: [] },
  },
  { at: 2000, kind: 'admitted', order, because: [] },
  { at: 3000, kind: 'steered', migration: 'm1', action: { kind: 'post-copy' } },
  { at: 5000, kind: 'ended', outcome: outcome({ result: 'done', downtime: 60, sent: 4096 }) },
];

const failed: readonly EngineEvent[] = [
  { at: 2000, kind: 'resumed', migration: { ...order, startedAt: 500 } },
  {
    at: 5000,
    kind: 'failed',
    outcome: outcome({ result: 'failed', failure: { kind: 'unreachable', retryable: true, message: 'gone' } }),
  },
];

interface Told {
  readonly metrics: ReadonlyMap<string, MetricData>;
  readonly spans: readonly ReadableSpan[];
}

const told = async (events: readonly EngineEvent[]): Promise<Told> => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1_000_000 });
  const meters = new MeterProvider({ readers: [reader] });
  const memory = new InMemorySpanExporter();
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(memory)] });
  const passed = await lastValueFrom(
    from(events).pipe(
      telemetry({ meter: meters.getMeter('whither'), tracer: tracers.getTracer('whither') }),
      toArray(),
    ),
  );
  expect(passed).toEqual(events);
  await meters.forceFlush();
  const data = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics));
  await meters.shutdown();
  return { metrics: new Map(data.map((one) => [one.descriptor.name, one])), spans: memory.getFinishedSpans() };
};

const points = ({ metrics }: Told, name: string): readonly unknown[] =>
  metrics.get(name)?.dataPoints.map(({ attributes, value }) => ({
    ...attributes,
    value: typeof value === 'number' ? value : { sum: value.sum, count: value.count },
  })) ?? [];

describe('an engine that is told to OpenTelemetry', () => {
  test('counts decisions, moves and how they ended', async () => {
    const seen = await told([...done, ...failed]);
    expect(points(seen, 'whither.decisions')).toEqual([{ policy: 'p', moves: true, value: 1 }]);
    expect(points(seen, 'whither.migrations')).toEqual([
      { result: 'done', value: 1 },
      { result: 'failed', failure: 'unreachable', retryable: true, value: 1 },
    ]);
    expect(points(seen, 'whither.migrations.in_flight')).toEqual([{ value: 0 }]);
  });

  test('measures time, downtime and bytes of a move in seconds and bytes', async () => {
    const seen = await told(done);
    expect(points(seen, 'whither.migration.duration')).toEqual([{ result: 'done', value: { sum: 3, count: 1 } }]);
    expect(points(seen, 'whither.migration.downtime')).toEqual([{ value: { sum: 0.06, count: 1 } }]);
    expect(points(seen, 'whither.migration.sent')).toEqual([{ value: { sum: 4096, count: 1 } }]);
  });

  test('a downtime that the hypervisor did not tell is no measurement', async () => {
    const seen = await told([{ at: 5000, kind: 'ended', outcome: outcome({ result: 'done' }) }]);
    expect(points(seen, 'whither.migration.downtime')).toEqual([]);
  });

  test('measures the age of samples, and none for a subject that was never seen', async () => {
    expect(points(await told(done), 'whither.sample.age')).toEqual([
      { kind: 'host', value: { sum: 0.1, count: 1 } },
      { kind: 'guest', value: { sum: 1, count: 1 } },
    ]);
  });

  test('counts refusals by rule, bad inputs and failures', async () => {
    const seen = await told([
      {
        at: 1,
        kind: 'refused',
        proposal: { guest: 'g', from: 'a', to: 'b', because: [] },
        because: [{ kind: 'unknown', rule: 'known', subject: { kind: 'host', id: 'b' }, measure: 'cpu', why: 'stale' }],
      },
      {
        at: 2,
        kind: 'bad-input',
        input: { kind: 'bad-input', source: 's', place: 'p', problem: 'malformed', message: 'm', value: '' },
      },
      { at: 3, kind: 'policy-failed', problem: 'threw', message: 'm' },
      {
        at: 4,
        kind: 'driver-failed',
        driver: 'd',
        request: 'samples',
        failure: { kind: 'unreachable', retryable: true, message: 'm' },
      },
    ]);
    expect(points(seen, 'whither.refusals')).toEqual([{ rule: 'known', value: 1 }]);
    expect(points(seen, 'whither.bad_inputs')).toEqual([{ source: 's', problem: 'malformed', value: 1 }]);
    expect(points(seen, 'whither.policy.failures')).toEqual([{ problem: 'threw', value: 1 }]);
    expect(points(seen, 'whither.driver.failures')).toEqual([
      { driver: 'd', request: 'samples', failure: 'unreachable', value: 1 },
    ]);
  });

  test('has a span for each decision and each move, at the times of the engine', async () => {
    const { spans } = await told(done);
    expect(spans.map(({ name, startTime, endTime }) => ({ name, startTime, endTime }))).toEqual([
      { name: 'whither.decision', startTime: [1, 0], endTime: [1, 0] },
      { name: 'whither.migration', startTime: [2, 0], endTime: [5, 0] },
    ]);
    expect(spans[1]?.attributes).toMatchObject({ 'whither.guest': 'web', 'whither.from': 'a', 'whither.to': 'b' });
    expect(spans[1]?.events.map(({ name }) => name)).toEqual(['post-copy']);
    expect(spans[1]?.status.code).toBe(SpanStatusCode.OK);
  });

  test('a move that failed is a span in error, from its own begin', async () => {
    const { spans } = await told(failed);
    expect(spans[0]).toMatchObject({
      startTime: [0, 500_000_000],
      status: { code: SpanStatusCode.ERROR, message: 'gone' },
      attributes: { 'whither.failure': 'unreachable', 'whither.resumed': true },
    });
  });

  test('ends its open spans with the subscription', () => {
    const memory = new InMemorySpanExporter();
    const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(memory)] });
    const events = new Subject<EngineEvent>();
    const subscription = events.pipe(telemetry({ tracer: tracers.getTracer('whither') })).subscribe();
    for (const event of done.slice(0, 3)) events.next(event);
    expect(memory.getFinishedSpans()).toHaveLength(1);
    subscription.unsubscribe();
    expect(memory.getFinishedSpans()).toHaveLength(2);
  });

  test('needs nothing of OpenTelemetry where none is given', async () => {
    expect(await lastValueFrom(from(done).pipe(telemetry({}), toArray()))).toEqual(done);
  });

  test('takes the meters and tracers of @opentelemetry/api as they are', () => {
    expectTypeOf<Meter>().toExtend<MeterLike>();
    expectTypeOf<Tracer>().toExtend<TracerLike>();
  });
});
