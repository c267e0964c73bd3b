/** Telemetry: an engine's events as OpenTelemetry metrics and spans, on their way through. */
import { type MonoTypeOperatorFunction, Observable } from 'rxjs';
import type { EngineEvent } from '../events.js';
import type { MeterLike, TracerLike } from './instruments.js';
import { measurements } from './measurements.js';
import { spans } from './spans.js';

/** Where metrics and spans go; either may be left out. */
export interface TelemetryOptions {
  /** Such as `metrics.getMeter('whither')` of `@opentelemetry/api`. */
  readonly meter?: MeterLike;
  /** Such as `trace.getTracer('whither')` of `@opentelemetry/api`. */
  readonly tracer?: TracerLike;
}

/**
 * Passes an engine's events on unchanged, and tells a meter and a tracer what they say. Without `@opentelemetry/api` nothing of it is
 * loaded, and without this operator nothing is measured. The instruments are made at each subscription, and their names begin with
 * `whither.`; `docs/telemetry.md` lists them. An instrument that throws ends in the stream's error, as any operator's function does.
 *
 * @example
 * engine(options).pipe(telemetry({ meter: metrics.getMeter('whither'), tracer: trace.getTracer('whither') })).subscribe(log);
 */
export const telemetry =
  ({ meter, tracer }: TelemetryOptions): MonoTypeOperatorFunction<EngineEvent> =>
  (events) =>
    new Observable((subscriber) => {
      const measured = meter && measurements(meter);
      const traced = tracer && spans(tracer);
      if (traced) subscriber.add(traced.close);
      subscriber.add(
        events.subscribe({
          next: (event) => {
            try {
              measured?.(event);
              traced?.take(event);
            } catch (cause) {
              subscriber.error(cause);
              return;
            }
            subscriber.next(event);
          },
          error: (cause: unknown) => subscriber.error(cause),
          complete: () => subscriber.complete(),
        }),
      );
    });
