/** Disk speed: the disk score of the path to the images, by fio where it is installed, else by a bounded write and read of our own (M7, M30). */
import * as z from 'zod';
import { type Bytes, mebibytes, type Milliseconds, ok, seconds } from '../../model/index.js';
import { type Benchmark, cannot, jsonOf, outputOf } from './benchmark.js';
import { ownDiskSpeed } from './own-disk-speed.js';
import type { Runner } from './runner.js';

/** Where, and how much. */
export interface DiskSpeedOptions {
  /** A directory on the disk that holds the images, or on the path to it (M30). A file is made there and removed. */
  readonly directory: string;
  /** Size of the file; default 256 MiB. */
  readonly size?: Bytes;
  /** Longest time that writing, and then reading, may take; default 5 s each. */
  readonly time?: Milliseconds;
  readonly run: Runner;
  readonly signal?: AbortSignal;
}

const reportSchema = /* @__PURE__ */ (() => {
  const side = z.looseObject({ bw_bytes: z.number().nonnegative().optional(), bw: z.number().nonnegative() });
  return z.looseObject({
    jobs: z.array(z.looseObject({ error: z.number().optional(), read: side, write: side })).min(1),
  });
})();

/** KiB per second in all versions, bytes per second since 3.0. */
const rateOf = ({ bw_bytes, bw }: z.infer<typeof reportSchema>['jobs'][number]['read']): number =>
  bw_bytes ?? bw * 1024;

/** The rate of reading in a report of `fio --output-format=json`; of writing where it did not read. */
export const diskSpeedIn = (text: string): Benchmark => {
  const json = jsonOf('fio', text);
  if (!json.ok) return json;
  const report = reportSchema.safeParse(json.value);
  if (!report.success)
    return cannot('malformed', `fio: ${report.error.issues[0]?.path.join('.') ?? ''} is not as expected`);
  const { jobs } = report.data;
  const wrong = jobs.find(({ error }) => error !== undefined && error !== 0);
  if (wrong) return cannot('failed', `fio: a job ended with error ${wrong.error ?? 0}`);
  const total = (of: 'read' | 'write'): number => jobs.reduce((sum, job) => sum + rateOf(job[of]), 0);
  const [read, written] = [total('read'), total('write')];
  const rate = read > 0 ? read : written;
  return rate > 0 && Number.isFinite(rate)
    ? ok({ rate, method: 'fio', caveats: [] })
    : cannot('malformed', 'fio: nothing was read or written');
};

/**
 * Measures sequential reading, one megabyte at a time past the page cache. Without fio our own measurement stands in, and says so;
 * the two do not compare, so a cluster has to use one of them everywhere.
 */
export const diskSpeed = async (options: DiskSpeedOptions): Promise<Benchmark> => {
  const { directory, size = mebibytes(256), time = seconds(5), run, signal } = options;
  const ran = await run(
    'fio',
    [
      '--name=whither',
      // fio takes a colon for a separator of directories.
      `--directory=${directory.replace(/:/g, '\\:')}`,
      '--rw=read',
      '--bs=1M',
      `--size=${Math.round(size)}`,
      '--direct=1',
      '--unlink=1',
      `--runtime=${Math.ceil(time / 1000)}`,
      '--output-format=json',
    ],
    // fio lays the file out before it reads, which counts as writing it.
    { deadline: 4 * time + seconds(10), ...(signal === undefined ? {} : { signal }) },
  );
  if (ran.kind === 'not installed')
    return ownDiskSpeed({ directory, size, time, ...(signal === undefined ? {} : { signal }) });
  const output = outputOf('fio', ran);
  if (!output.ok) return output;
  const { code, stdout, stderr } = output.value;
  return code === 0 ? diskSpeedIn(stdout) : cannot('failed', `fio: exit ${code}: ${stderr.trim() || stdout.trim()}`);
};
