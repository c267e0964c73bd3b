/** Record: everything that was noted down of a test, as plain data that is read back to the same. */
import * as z from 'zod';
import {
  type BadInput,
  type Bytes,
  failed,
  type Fraction,
  type GuestId,
  type HostId,
  malformed,
  type Milliseconds,
  ok,
  printable,
  type Result,
} from '../../model/index.js';
import { type Test, testSchema } from './test.js';

/** Shares of processor capacity. */
export interface Shares {
  /** Used by the guests that benchmarks are run in. */
  readonly guests: Fraction;
  /** Used by the guest of the engine. */
  readonly engine: Fraction;
  /** Used by the monitor and its first domain, migrations included. */
  readonly domain0: Fraction;
  readonly idle: Fraction;
}

/** Who used a host. */
export interface HostShares extends Shares {
  readonly host: HostId;
}

/** What one guest used, as a share of the capacity of all hosts. */
export interface GuestShare {
  readonly guest: GuestId;
  readonly cpu: Fraction;
}

/** Who used the processors for some time. */
export interface ProcessorRecord {
  readonly from: Milliseconds;
  readonly until: Milliseconds;
  readonly hosts: readonly HostShares[];
  readonly guests: readonly GuestShare[];
  /** Of all hosts together. */
  readonly all: Shares;
}

/** One run of the benchmark. Without an end it was still under way when the test ended. */
export interface RunRecord {
  readonly guest: GuestId;
  readonly startedAt: Milliseconds;
  readonly finishedAt?: Milliseconds;
}

/** One migration. Without an end it was still under way when the test ended. */
export interface MigrationRecord {
  readonly guest: GuestId;
  readonly from: HostId;
  readonly to: HostId;
  readonly startedAt: Milliseconds;
  readonly endedAt?: Milliseconds;
  readonly result: 'done' | 'failed' | 'under way';
  readonly downtime?: Milliseconds;
  readonly sent?: Bytes;
}

/** One draw: who was done, and who began. */
export interface DrawRecord {
  readonly at: Milliseconds;
  readonly done: GuestId;
  readonly drawn: readonly GuestId[];
}

/** What was noted down of a test (Wilcox, §4.2; W28). Times count from its start. */
export interface TestRecord {
  readonly version: 1;
  readonly test: Test;
  readonly processors: readonly ProcessorRecord[];
  readonly runs: readonly RunRecord[];
  readonly migrations: readonly MigrationRecord[];
  readonly draws: readonly DrawRecord[];
}

const amount = /* @__PURE__ */ z.number().nonnegative();
const name = /* @__PURE__ */ z.string().min(1);
const optional = z.exactOptional;
const shares = { guests: amount, engine: amount, domain0: amount, idle: amount };

/** Schema of {@link TestRecord} at the edge. */
const testRecordSchema: z.ZodType<TestRecord> = /* @__PURE__ */ z.strictObject({
  version: /* @__PURE__ */ z.literal(1),
  test: testSchema,
  processors: /* @__PURE__ */ z.array(
    /* @__PURE__ */ z.strictObject({
      from: amount,
      until: amount,
      hosts: /* @__PURE__ */ z.array(/* @__PURE__ */ z.strictObject({ host: name, ...shares })),
      guests: /* @__PURE__ */ z.array(/* @__PURE__ */ z.strictObject({ guest: name, cpu: amount })),
      all: /* @__PURE__ */ z.strictObject(shares),
    }),
  ),
  runs: /* @__PURE__ */ z.array(
    /* @__PURE__ */ z.strictObject({
      guest: name,
      startedAt: amount,
      finishedAt: /* @__PURE__ */ optional(amount),
    }),
  ),
  migrations: /* @__PURE__ */ z.array(
    /* @__PURE__ */ z.strictObject({
      guest: name,
      from: name,
      to: name,
      startedAt: amount,
      endedAt: /* @__PURE__ */ optional(amount),
      result: /* @__PURE__ */ z.enum(['done', 'failed', 'under way']),
      downtime: /* @__PURE__ */ optional(amount),
      sent: /* @__PURE__ */ optional(amount),
    }),
  ),
  draws: /* @__PURE__ */ z.array(
    /* @__PURE__ */ z.strictObject({ at: amount, done: name, drawn: /* @__PURE__ */ z.array(name) }),
  ),
});

/** A record as one line of JSON. */
export const recordText = (record: TestRecord): string => JSON.stringify(record);

const source = 'test record';

const unreadable = (place: string, text: string, error: unknown): BadInput => ({
  kind: 'bad-input',
  source,
  place,
  problem: 'malformed',
  message: error instanceof Error ? error.message : 'is not JSON',
  value: printable(text),
});

/** Reads a record back. What is none is told as bad input, with the path of the first field that is wrong. */
export const readRecord = (text: string, place = 'record'): Result<TestRecord, BadInput> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return failed(unreadable(place, text, error));
  }
  const parsed = testRecordSchema.safeParse(value);
  return parsed.success ? ok(parsed.data) : failed(malformed(source, place, value, parsed.error));
};
