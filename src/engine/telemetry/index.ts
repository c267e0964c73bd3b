/** Telemetry: an engine's events as OpenTelemetry metrics and spans. */
export type {
  Attributes,
  CounterLike,
  HistogramLike,
  InstrumentOptions,
  MeterLike,
  SpanLike,
  TracerLike,
} from './instruments.js';
export { telemetry, type TelemetryOptions } from './telemetry.js';
