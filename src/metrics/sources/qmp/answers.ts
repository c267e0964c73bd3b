/** Answers: what QEMU's own counters say of a guest, from the answers of QMP. */
import * as z from 'zod';
import { type DirtyReading, failed, mebibytesPerSecond, ok, type Result, seconds } from '../../../model/index.js';

const threadsSchema = /* @__PURE__ */ z.array(
  /* @__PURE__ */ z.object({ 'thread-id': /* @__PURE__ */ z.int().positive() }),
);

/** Threads of the vCPUs of a guest, by the answer of `query-cpus-fast`; or what is wrong with it. */
export const parseVcpuThreads = (answer: unknown): Result<readonly number[], string> => {
  const read = threadsSchema.safeParse(answer);
  return read.success
    ? ok(read.data.map((cpu) => cpu['thread-id']))
    : failed(`query-cpus-fast: ${read.error.issues[0]?.message ?? 'is wrong'}`);
};

const dirtySchema = /* @__PURE__ */ z.object({
  status: /* @__PURE__ */ z.enum(['unstarted', 'measuring', 'measured']),
  // Newer QEMUs say -1 while they measure.
  'dirty-rate': /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.number()),
  'calc-time': /* @__PURE__ */ z.number().nonnegative(),
  'calc-time-unit': /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.enum(['second', 'millisecond'])),
});

const nothing: Result<undefined, never> = /* @__PURE__ */ ok(undefined);

/**
 * The dirtying of memory by the answer of `query-dirty-rate`, which counts whole MiB/s of unique pages; `undefined` while it is not
 * measured, for zero then means nothing; or what is wrong with the answer.
 */
export const parseDirtyRate = (answer: unknown): Result<DirtyReading | undefined, string> => {
  const read = dirtySchema.safeParse(answer);
  if (!read.success) return failed(`query-dirty-rate: ${read.error.issues[0]?.message ?? 'is wrong'}`);
  const { status, 'dirty-rate': rate, 'calc-time': time, 'calc-time-unit': unit } = read.data;
  const window = unit === 'millisecond' ? time : seconds(time);
  if (status !== 'measured' || rate === undefined || rate < 0 || window <= 0) return nothing;
  return ok({ rate: mebibytesPerSecond(rate), window });
};
