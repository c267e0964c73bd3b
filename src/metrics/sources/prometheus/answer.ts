/** Answer: the text of a Prometheus answer as series of numbers. */
import * as z from 'zod';
import { failed, type Milliseconds, ok, printable, type Result, seconds } from '../../../model/index.js';

/** Why a query has no series. */
export interface QueryProblem {
  readonly kind: 'unreachable' | 'timed out' | 'too long' | 'malformed' | 'refused';
  readonly message: string;
}

/** A value of a series at a time. `NaN` and the infinities, which a division by zero gives, are no measurement: `value` is absent. */
export interface Point {
  readonly at: Milliseconds;
  readonly value?: number;
}

/** One series: its labels and its points in the order of time. */
export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: readonly Point[];
}

/** What a query came to. */
export type Answer = Result<readonly Series[], QueryProblem>;

const answerSchema = /* @__PURE__ */ (() => {
  // The server writes values as texts, since JSON has no NaN, and times as numbers of seconds.
  const point = z.tuple([z.number(), z.string()]);
  const metric = z.record(z.string(), z.string());
  return z.discriminatedUnion('status', [
    z.looseObject({
      status: z.literal('success'),
      data: z.discriminatedUnion('resultType', [
        z.looseObject({
          resultType: z.literal('vector'),
          result: z.array(z.looseObject({ metric, value: point })),
        }),
        z.looseObject({
          resultType: z.literal('matrix'),
          result: z.array(z.looseObject({ metric, values: z.array(point) })),
        }),
        z.looseObject({ resultType: z.literal('scalar'), result: point }),
        z.looseObject({ resultType: z.literal('string'), result: point }),
      ]),
    }),
    z.looseObject({ status: z.literal('error'), errorType: z.string(), error: z.string() }),
  ]);
})();

const notNumbers = /^[+-]?(NaN|Inf)$/;
const numeral = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

const pointOf = ([at, text]: readonly [number, string]): Point | undefined => {
  if (notNumbers.test(text)) return { at: seconds(at) };
  return numeral.test(text) && Number.isFinite(Number(text)) ? { at: seconds(at), value: Number(text) } : undefined;
};

const seriesOf = (
  labels: Readonly<Record<string, string>>,
  points: readonly (readonly [number, string])[],
): Series | undefined => {
  const read = points.map(pointOf);
  return read.every((point) => point !== undefined) ? { labels, points: read } : undefined;
};

const bad = (kind: QueryProblem['kind'], message: string): Answer => failed({ kind, message });

/**
 * Reads an answer of `/api/v1/query` or `/api/v1/query_range`. A scalar is one series without labels; a text is no measurement and
 * is malformed. An answer of status `error` is `refused`, with the server's own words.
 */
export const parseAnswer = (text: string): Answer => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return bad('malformed', `no JSON: ${printable(text)}`);
  }
  const parsed = answerSchema.safeParse(json);
  if (!parsed.success) return bad('malformed', `not an answer of the API: ${printable(text)}`);
  if (parsed.data.status === 'error')
    return bad('refused', printable(`${parsed.data.errorType}: ${parsed.data.error}`));
  const { data } = parsed.data;
  if (data.resultType === 'string') return bad('malformed', 'a text, where numbers were asked for');
  const read =
    data.resultType === 'scalar'
      ? [seriesOf({}, [data.result])]
      : data.resultType === 'vector'
        ? data.result.map(({ metric, value }) => seriesOf(metric, [value]))
        : data.result.map(({ metric, values }) => seriesOf(metric, values));
  return read.every((series) => series !== undefined)
    ? ok(read)
    : bad('malformed', `a value is no number: ${printable(text)}`);
};
