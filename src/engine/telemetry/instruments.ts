/** Instruments: the part of the OpenTelemetry API that an engine needs, so that its package is needed by none who does not use it. */

/** Attributes of a measurement or a span. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** What a counter is asked to do. */
export interface CounterLike {
  /** Adds to the count. */
  readonly add: (value: number, attributes?: Attributes) => void;
}

/** What a histogram is asked to do. */
export interface HistogramLike {
  /** Records a value. */
  readonly record: (value: number, attributes?: Attributes) => void;
}

/** How an instrument is described. */
export interface InstrumentOptions {
  readonly description: string;
  /** Unit by the UCUM, such as `s` or `By`. */
  readonly unit: string;
}

/** A `Meter` of `@opentelemetry/api`, or anything of its form. */
export interface MeterLike {
  /** An instrument that only grows. */
  readonly createCounter: (name: string, options: InstrumentOptions) => CounterLike;
  /** An instrument that grows and shrinks. */
  readonly createUpDownCounter: (name: string, options: InstrumentOptions) => CounterLike;
  /** An instrument that sorts values into buckets. */
  readonly createHistogram: (name: string, options: InstrumentOptions) => HistogramLike;
}

/** What a span is asked to do. */
export interface SpanLike {
  /** Something that happened within it. */
  readonly addEvent: (name: string, attributes: Attributes, at: Date) => unknown;
  /** Adds attributes. */
  readonly setAttributes: (attributes: Attributes) => unknown;
  /** How it went: 1 is well, 2 an error. */
  readonly setStatus: (status: { readonly code: 1 | 2; readonly message?: string }) => unknown;
  /** Ends it. */
  readonly end: (at: Date) => void;
}

/** A `Tracer` of `@opentelemetry/api`, or anything of its form. */
export interface TracerLike {
  /** Begins a span. */
  readonly startSpan: (
    name: string,
    options: { readonly startTime: Date; readonly attributes: Attributes },
  ) => SpanLike;
}
