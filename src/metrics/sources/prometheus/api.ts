/** Api: asks a Prometheus server by its HTTP API, within a deadline and a bound of bytes. */
import { asyncScheduler, Observable, type SchedulerLike } from 'rxjs';
import { failed, type Milliseconds, printable, seconds } from '../../../model/index.js';
import { positive } from '../../setting.js';
import { type Answer, parseAnswer, type QueryProblem } from './answer.js';

/** Where the server is, and how long and how much it may answer. */
export interface PrometheusServer {
  /** Address of the server, such as `https://metrics.example:9090/prefix`. A name and password in it are sent as basic authorisation. */
  readonly url: string;
  /** Headers for every request, such as `authorization`. They never appear in a message. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Longest time for one answer; default 10 s. */
  readonly deadline?: Milliseconds;
  /** Longest answer in bytes; what is longer is refused unread. Default 64 MiB. */
  readonly mostBytes?: number;
  /** How a request is made; default the platform's `fetch`. */
  readonly fetch?: typeof fetch;
  /** Counts the deadline. */
  readonly scheduler?: SchedulerLike;
}

/** A span of time, and the distance of its points. */
export interface TimeSpan {
  readonly from: Milliseconds;
  readonly to: Milliseconds;
  readonly step: Milliseconds;
}

/** A server that can be asked. Each Observable is cold, gives one answer and completes; unsubscribing ends the request. None fails. */
export interface PrometheusApi {
  /** Host and port of the server: what stands in messages. */
  readonly server: string;
  /** The value of an expression at a time; without a time, now by the server's clock. */
  readonly instant: (query: string, at?: Milliseconds) => Observable<Answer>;
  /** The values of an expression over a span. */
  readonly range: (query: string, span: TimeSpan) => Observable<Answer>;
}

const problem = (kind: QueryProblem['kind'], message: string): Answer => failed({ kind, message });

/** The body as text, or `undefined` where it is longer than it may be. */
const bodyOf = async (response: Response, most: number): Promise<string | undefined> => {
  if (response.body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  // The platform's types leave open what a body is made of; of a response it is bytes.
  for await (const piece of response.body as AsyncIterable<Uint8Array>) {
    bytes += piece.byteLength;
    // Leaving the loop cancels the body, so an endless one is not read on.
    if (bytes > most) return undefined;
    text += decoder.decode(piece, { stream: true });
  }
  return text + decoder.decode();
};

const messageOf = (thrown: unknown): string => {
  if (!(thrown instanceof Error)) return printable(thrown);
  // fetch hides what happened, such as a refused connection, in the cause.
  return printable(thrown.cause instanceof Error ? thrown.cause.message : thrown.message);
};

/**
 * A Prometheus server. Throws a RangeError for an address that is none, or that is neither `http` nor `https`.
 *
 * @example
 * const api = prometheusApi({ url: 'http://127.0.0.1:9090' });
 */
export const prometheusApi = ({
  url,
  headers = {},
  deadline = seconds(10),
  mostBytes = 64 * 1024 ** 2,
  fetch: ask = fetch,
  scheduler = asyncScheduler,
}: PrometheusServer): PrometheusApi => {
  positive('deadline', deadline);
  positive('mostBytes', mostBytes);
  if (!URL.canParse(url)) throw new RangeError('url: it is not an address');
  const base = new URL(url);
  if (base.protocol !== 'http:' && base.protocol !== 'https:')
    throw new RangeError(`url: the protocol is ${base.protocol}, neither http: nor https:`);
  const name = [base.username, base.password].map(decodeURIComponent).join(':');
  const secret = name === ':' ? {} : { authorization: `Basic ${Buffer.from(name).toString('base64')}` };
  base.username = '';
  base.password = '';

  const get = (path: string, parameters: Readonly<Record<string, string>>): Observable<Answer> =>
    new Observable((subscriber) => {
      const address = new URL(base);
      address.pathname = `${base.pathname.replace(/\/+$/, '')}/api/v1/${path}`;
      address.search = new URLSearchParams(parameters).toString();
      const request = new AbortController();
      const end = (answer: Answer): void => {
        subscriber.next(answer);
        subscriber.complete();
      };
      subscriber.add(() => request.abort());
      subscriber.add(scheduler.schedule(() => end(problem('timed out', `no answer within ${deadline} ms`)), deadline));
      const asked = async (): Promise<Answer> => {
        // A redirect could carry the authorisation elsewhere.
        const response = await ask(address, {
          headers: { accept: 'application/json', ...secret, ...headers },
          redirect: 'error',
          signal: request.signal,
        });
        const body = await bodyOf(response, mostBytes);
        if (body === undefined) return problem('too long', `an answer of more than ${mostBytes} bytes`);
        const parsed = parseAnswer(body);
        // The API tells its errors as JSON; a proxy, or a wrong path, answers in some other way.
        return response.ok || (!parsed.ok && parsed.error.kind === 'refused')
          ? parsed
          : problem('refused', `status ${response.status}: ${printable(body)}`);
      };
      asked().then(end, (thrown: unknown) => end(problem('unreachable', messageOf(thrown))));
    });

  return {
    server: base.host,
    instant: (query, at) => get('query', { query, ...(at === undefined ? {} : { time: String(at / 1000) }) }),
    range: (query, { from: begin, to, step }) =>
      get('query_range', {
        query,
        start: String(begin / 1000),
        end: String(to / 1000),
        step: String(step / 1000),
      }),
  };
};
