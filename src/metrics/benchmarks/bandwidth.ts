/** Bandwidth: what iperf3 measures to a peer that serves it (Muda, §6.2.2; M7). */
import * as z from 'zod';
import { mbps, type Milliseconds, ok, seconds } from '../../model/index.js';
import { type Benchmark, cannot, jsonOf, outputOf } from './benchmark.js';
import type { Runner } from './runner.js';

/** To whom, and how long. */
export interface BandwidthOptions {
  /** Address or name of the peer, on the network that is to be measured. */
  readonly peer: string;
  /** Port that its server listens on; default 5201, iperf3's own. */
  readonly port?: number;
  /** How long is sent; default 3 s, rounded up to whole seconds. */
  readonly time?: Milliseconds;
  readonly run: Runner;
  readonly signal?: AbortSignal;
}

const reportSchema = /* @__PURE__ */ (() =>
  z.looseObject({
    error: z.string().optional(),
    end: z
      .looseObject({
        sum_received: z.looseObject({ bits_per_second: z.number().positive() }).optional(),
        sum: z.looseObject({ bits_per_second: z.number().positive() }).optional(),
      })
      .optional(),
  }))();

/**
 * The rate in a report of `iperf3 --json`: what arrived. With `--json` iperf3 exits with 0 even where the peer refused, so only the
 * report tells.
 */
export const bandwidthIn = (text: string): Benchmark => {
  const json = jsonOf('iperf3', text);
  if (!json.ok) return json;
  const report = reportSchema.safeParse(json.value);
  if (!report.success)
    return cannot('malformed', `iperf3: ${report.error.issues[0]?.path.join('.') ?? ''} is not as expected`);
  const { error, end } = report.data;
  if (error !== undefined)
    return cannot(
      /refused|unable to connect|busy|no route|unreachable/i.test(error) ? 'refused' : 'failed',
      `iperf3: ${error}`,
    );
  const bits = (end?.sum_received ?? end?.sum)?.bits_per_second;
  return bits === undefined
    ? cannot('malformed', 'iperf3: the report tells no rate')
    : ok({ rate: mbps(bits / 1e6), method: 'iperf3', caveats: [] });
};

/** A name or an address. Nothing that begins with a dash, for that would be an option. */
const isPeer = (peer: string): boolean => /^[\p{L}\p{N}][\p{L}\p{N}._:%-]{0,252}$/u.test(peer);

/** Measures the bandwidth to a peer. Something must listen there: `iperf3 --server`. */
export const bandwidth = async ({
  peer,
  port = 5201,
  time = seconds(3),
  run,
  signal,
}: BandwidthOptions): Promise<Benchmark> => {
  if (!isPeer(peer)) return cannot('failed', `iperf3: "${peer}" is no name or address`);
  if (!(time > 0 && time <= seconds(3600))) return cannot('failed', `iperf3: ${time} ms is no time to measure`);
  const length = Math.ceil(time / 1000);
  const ran = await run('iperf3', ['--json', '--client', peer, '--port', String(port), '--time', String(length)], {
    deadline: seconds(length + 10),
    ...(signal === undefined ? {} : { signal }),
  });
  const output = outputOf('iperf3', ran);
  if (!output.ok) return output;
  const { code, stdout, stderr } = output.value;
  return stdout.trim() === '' ? cannot('failed', `iperf3: exit ${code}: ${stderr.trim()}`) : bandwidthIn(stdout);
};
