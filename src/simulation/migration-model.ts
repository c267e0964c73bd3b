/** MigrationModel: how the simulated hypervisor migrates, and what that costs the guest and the hosts. */
import * as z from 'zod';
import { type BytesPerSecond, type Fraction, type Milliseconds, seconds } from '../model/index.js';
import { qemuRule, type StopRule, stopRuleSchema } from './stop-rules.js';

/** How the hypervisor migrates. */
export interface MigrationModel {
  readonly stopRule: StopRule;
  /** The most that one migration uses of the link while the guest runs; Muda saw 300 Mbit/s (§5.3.2, M37). Absent for no ceiling. */
  readonly ceiling?: BytesPerSecond;
  /** Whether the ceiling holds with the guest stopped too. QEMU lifts it then. */
  readonly ceilingWhenStopped: boolean;
  /** From the order until the first page is sent: 5 to 10 s with a large manager (OSIC 2017), milliseconds with a bare hypervisor. */
  readonly preparation: Milliseconds;
  /** Fixed part of the time in which the guest stands still: device state and resuming (Liu et al., 2011: 20 ms). */
  readonly handover: Milliseconds;
  /** Share of its processors' speed that the guest loses while its memory is copied (Voorsluys et al., 2009: 10 %). */
  readonly slowdown: Fraction;
  /** The same while the rest is pulled after a switch to post-copy: each page not yet there is waited for. An assumption. */
  readonly postCopySlowdown: Fraction;
  /**
   * Processor cycles that sending and receiving one byte takes on each of the two hosts. 7 is 30 % of a core of 3 GHz at
   * 1 Gbit/s, as DRS reserves (Gulati et al., 2012).
   */
  readonly cyclesPerByte: number;
  /** How often progress is told between the turns of the rounds. */
  readonly report: Milliseconds;
}

const share = /* @__PURE__ */ z.number().min(0).max(0.99);
const time = /* @__PURE__ */ z.number().nonnegative();

/** Schema of {@link MigrationModel} with its defaults. */
export const migrationModelSchema: z.ZodType<MigrationModel> = /* @__PURE__ */ z.strictObject({
  stopRule: /* @__PURE__ */ stopRuleSchema.default(() => qemuRule()),
  ceiling: /* @__PURE__ */ z.exactOptional(/* @__PURE__ */ z.number().positive()),
  ceilingWhenStopped: /* @__PURE__ */ z.boolean().default(false),
  preparation: /* @__PURE__ */ time.default(seconds(1)),
  handover: /* @__PURE__ */ time.default(20),
  slowdown: /* @__PURE__ */ share.default(0.1),
  postCopySlowdown: /* @__PURE__ */ share.default(0.3),
  cyclesPerByte: /* @__PURE__ */ z.number().nonnegative().default(7),
  report: /* @__PURE__ */ z.number().positive().default(seconds(1)),
});
