/** QEMU runs: a row of runs.csv as what was known before the migration, and apart from that what it came to. */
import type {
  DirtyMeasurement,
  KnownDemand,
  MoveFacts,
  PrecopyOptions,
  SampledDemand,
} from '../../src/estimators/index.js';
import { mebibytes, mebibytesPerSecond, seconds, type BytesPerSecond } from '../../src/model/index.js';
import { amountIn, BadCell, neededIn, type Row } from './table.js';

/** What is known of a run before it begins. */
export interface RunBefore {
  readonly id: string;
  readonly class: string;
  /** Facts by the grade of their inputs; `undefined` where the row lacks them. */
  readonly known: MoveFacts | undefined;
  readonly sampled: MoveFacts | undefined;
  readonly options: PrecopyOptions;
  readonly timeout: number;
}

/** What a run came to. */
export interface RunAfter {
  readonly converged: boolean;
  readonly total: number | undefined;
  readonly blackout: number | undefined;
}

/** Speed of a loopback without a shaped path, as far as one sending thread can use it. */
const loopback: BytesPerSecond = mebibytesPerSecond(1400);

/** Sample pages per GiB of memory that QEMU's `calc-dirty-rate` looked at, and the window, by column. */
const dirtyColumns = [
  { column: 'dirty_rate_2s_4096_mib_s', window: seconds(2), perGibibyte: 4096 },
  { column: 'dirty_rate_1s_512_mib_s', window: seconds(1), perGibibyte: 512 },
] as const;

const page = 4096;

const phasesIn = (row: Row): KnownDemand['phases'] =>
  row
    .get('phases')
    ?.split(',')
    .map((phase) => {
      const [length = NaN, share = NaN] = phase.split(':').map(Number);
      if (!(length >= 0 && share >= 0)) throw new BadCell('phases', row.get('phases'), 'is not S:P,S:P');
      return { length: seconds(length), share: share / 100 };
    });

const knownDemand = (row: Row): KnownDemand | undefined => {
  const rate = amountIn(row, 'write_rate_pages_s');
  const set = amountIn(row, 'working_set_mib');
  const pattern = row.get('access_pattern');
  if (rate === undefined || set === undefined) return undefined;
  if (rate > 0 && pattern !== 'seq' && pattern !== 'rand')
    throw new BadCell('access_pattern', pattern, 'is none of seq, rand');
  const phases = phasesIn(row);
  return {
    kind: 'known',
    writeRate: rate * page,
    workingSet: mebibytes(set),
    pattern: pattern === 'seq' ? 'sweep' : 'random',
    boundBy: row.get('write_mode') === 'cpu' ? 'cpu' : 'clock',
    ...(phases === undefined ? {} : { phases }),
  };
};

const sampledDemand = (row: Row, memoryMib: number): SampledDemand | undefined => {
  const readings = dirtyColumns.flatMap(({ column, window, perGibibyte }): readonly DirtyMeasurement[] => {
    const rate = amountIn(row, column);
    if (rate === undefined) return [];
    const sampledPages = Math.max(1, Math.floor((memoryMib * perGibibyte) / 1024));
    // QEMU cuts the rate to whole MiB/s.
    return [{ rate: mebibytesPerSecond(rate), window, sampledPages, step: mebibytesPerSecond(1) }];
  });
  const [first, ...further] = readings;
  return first === undefined ? undefined : { kind: 'sampled', ...first, further };
};

/** What a row says that was known before the migration. Throws {@link BadCell} naming the column that it cannot read. */
export const runBefore = (row: Row): RunBefore => {
  const id = row.get('run_id');
  if (id === undefined) throw new BadCell('run_id', undefined, 'is needed');
  const memoryMib = neededIn(row, 'ram_mib');
  const nonZero = amountIn(row, 'nonzero_mib');
  const total = amountIn(row, 'guest_mem_total_mib');
  const available = amountIn(row, 'guest_mem_available_mib');
  const cap = mebibytesPerSecond(neededIn(row, 'bandwidth_mib_s'));
  const link = amountIn(row, 'link_mib_s');
  const line = link === undefined ? loopback : mebibytesPerSecond(link);
  const postCopyAfter = amountIn(row, 'postcopy_after_s');
  const timeout = amountIn(row, 'timeout_s');
  const common = {
    memory: mebibytes(memoryMib),
    bandwidth: Math.min(cap, line),
    line,
    ...(nonZero === undefined ? {} : { nonZero: mebibytes(nonZero) }),
    ...(total === undefined || available === undefined || available > total
      ? {}
      : { used: mebibytes(total - available) }),
  };
  const known = knownDemand(row);
  const sampled = sampledDemand(row, memoryMib);
  return {
    id,
    class: row.get('class') ?? '',
    known: known === undefined ? undefined : { ...common, demand: known },
    sampled: sampled === undefined ? undefined : { ...common, demand: sampled },
    options: {
      downtimeLimit: amountIn(row, 'downtime_limit_ms') ?? 300,
      autoConverge: (amountIn(row, 'auto_converge') ?? 0) > 0,
      multifd: amountIn(row, 'multifd_channels') ?? 0,
      ...(postCopyAfter === undefined ? {} : { postCopyAfter: seconds(postCopyAfter) }),
      ...(timeout === undefined ? {} : { giveUpAfter: seconds(timeout) }),
    },
    timeout: timeout === undefined ? Infinity : seconds(timeout),
  };
};

/** What a row says the run came to; `undefined` where it does not say, or where the migration failed. */
export const runAfter = (row: Row): RunAfter | undefined => {
  const outcome = row.get('outcome');
  if (outcome !== 'completed' && outcome !== 'not-converged') return undefined;
  return {
    converged: outcome === 'completed',
    total: amountIn(row, 'total_time_ms'),
    blackout: amountIn(row, 'blackout_ms'),
  };
};
