/** Sample: one reading of one host or guest at one time. A field that is absent was not measured; it is never zero for that. */
import * as z from 'zod';
import type { GuestId, HostId } from './identifiers.js';
import { amount, capacity, fraction, name, optional, time } from './schema.js';
import type { Bytes, BytesPerSecond, Fraction, Milliseconds } from './units.js';

/** Shares of a subject's processor time since its last sample: of all logical processors of a host, of all vCPUs of a guest. */
export interface CpuShares {
  /** Everything but idle and iowait: user + nice + system + irq + softirq + steal, where the parts are known. */
  readonly used: Fraction;
  readonly user?: Fraction;
  readonly system?: Fraction;
  readonly iowait?: Fraction;
  readonly steal?: Fraction;
  readonly idle?: Fraction;
}

/** Exponentially damped counts of runnable and uninterruptible tasks over one, five and fifteen minutes. */
export interface LoadAverages {
  readonly one: number;
  readonly five: number;
  readonly fifteen: number;
}

/** Share of the time in which some, or all, tasks were held up for want of a resource (Linux pressure stall information). */
export interface Stall {
  readonly some: Fraction;
  readonly full?: Fraction;
}

/** Memory of a host, or of a guest as seen from inside or by its balloon. */
export interface MemoryReading {
  readonly total?: Bytes;
  readonly used?: Bytes;
  readonly available?: Bytes;
  readonly swapTotal?: Bytes;
  readonly swapUsed?: Bytes;
  /** Rate of pages swapped in and out. */
  readonly swapping?: BytesPerSecond;
  /** Page cache that waits to be written to disk. */
  readonly dirty?: Bytes;
}

/** Disk traffic. */
export interface DiskReading {
  readonly read: BytesPerSecond;
  readonly written: BytesPerSecond;
  /** Share of the time in which a request was under way. */
  readonly busy?: Fraction;
}

/** Network traffic. */
export interface NetworkReading {
  readonly received: BytesPerSecond;
  readonly sent: BytesPerSecond;
}

/** What a process does: `uninterruptible` is in most cases a wait for a disk. */
export type ProcessState = 'runnable' | 'uninterruptible' | 'sleeping' | 'stopped' | 'dead';

/** One process inside a guest or host. */
export interface ProcessReading {
  readonly name: string;
  readonly pid?: number;
  /** Share of one processor; a process of several threads may pass 1. */
  readonly cpu: number;
  readonly memory: Bytes;
  /** What it did at the instant of the sample. */
  readonly state?: ProcessState;
}

/** How fast a guest dirties memory: unique pages over a window. The same guest reads lower over a longer window. */
export interface DirtyReading {
  readonly rate: BytesPerSecond;
  readonly window: Milliseconds;
}

/** What was read of one subject at one time (Muda, Table 6.1, dynamic part, and more). */
export interface Readings {
  readonly at: Milliseconds;
  readonly cpu?: CpuShares;
  readonly load?: LoadAverages;
  /** Share of the time in which a runnable task waited for a processor. */
  readonly runQueueWait?: Fraction;
  readonly pressure?: { readonly cpu?: Stall; readonly memory?: Stall; readonly io?: Stall };
  readonly memory?: MemoryReading;
  readonly disk?: DiskReading;
  readonly network?: NetworkReading;
  readonly processes?: readonly ProcessReading[];
  readonly dirty?: DirtyReading;
}

/** One reading of a host. */
export interface HostSample extends Readings {
  readonly kind: 'host';
  readonly id: HostId;
  /** The group that the host puts itself into, where it classifies itself by thresholds that it was sent (Wilcox, §3.1). */
  readonly group?: 'light' | 'moderate' | 'heavy';
}

/** One reading of a guest. */
export interface GuestSample extends Readings {
  readonly kind: 'guest';
  readonly id: GuestId;
}

/** One reading of one host or guest at one time. */
export type Sample = HostSample | GuestSample;

const stall = /* @__PURE__ */ z.strictObject({ some: fraction, full: optional(fraction) });

const readings = {
  id: name,
  at: time,
  cpu: /* @__PURE__ */ optional(
    /* @__PURE__ */ z.strictObject({
      used: fraction,
      user: optional(fraction),
      system: optional(fraction),
      iowait: optional(fraction),
      steal: optional(fraction),
      idle: optional(fraction),
    }),
  ),
  load: /* @__PURE__ */ optional(/* @__PURE__ */ z.strictObject({ one: amount, five: amount, fifteen: amount })),
  runQueueWait: /* @__PURE__ */ optional(fraction),
  pressure: /* @__PURE__ */ optional(
    /* @__PURE__ */ z.strictObject({ cpu: optional(stall), memory: optional(stall), io: optional(stall) }),
  ),
  memory: /* @__PURE__ */ optional(
    /* @__PURE__ */ z.strictObject({
      total: optional(amount),
      used: optional(amount),
      available: optional(amount),
      swapTotal: optional(amount),
      swapUsed: optional(amount),
      swapping: optional(amount),
      dirty: optional(amount),
    }),
  ),
  disk: /* @__PURE__ */ optional(
    /* @__PURE__ */ z.strictObject({ read: amount, written: amount, busy: optional(fraction) }),
  ),
  network: /* @__PURE__ */ optional(/* @__PURE__ */ z.strictObject({ received: amount, sent: amount })),
  processes: /* @__PURE__ */ optional(
    /* @__PURE__ */ z.array(
      /* @__PURE__ */ z.strictObject({
        name,
        pid: optional(z.int().nonnegative()),
        cpu: amount,
        memory: amount,
        state: optional(z.enum(['runnable', 'uninterruptible', 'sleeping', 'stopped', 'dead'])),
      }),
    ),
  ),
  dirty: /* @__PURE__ */ optional(/* @__PURE__ */ z.strictObject({ rate: amount, window: capacity })),
};

/** Schema of {@link Sample} at the edge. NaN, negative and out-of-range values are refused with the path of the field. */
export const sampleSchema: z.ZodType<Sample> = /* @__PURE__ */ z.discriminatedUnion('kind', [
  /* @__PURE__ */ z
    .strictObject({ kind: z.literal('host'), group: optional(z.enum(['light', 'moderate', 'heavy'])) })
    .extend(readings),
  /* @__PURE__ */ z.strictObject({ kind: z.literal('guest') }).extend(readings),
]);
