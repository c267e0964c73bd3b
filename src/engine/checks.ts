/** Checks: the schemas of what drivers tell of moves, at the edge of the engine. */
import * as z from 'zod';
import type { Migration, Progress } from '../model/index.js';

const amount = /* @__PURE__ */ z.number().nonnegative();
const name = /* @__PURE__ */ z.string().min(1);
const optional = z.exactOptional;

/** Schema of {@link Progress}. Fields that it does not know are left out. */
export const progressSchema: z.ZodType<Progress> = /* @__PURE__ */ z.object({
  at: /* @__PURE__ */ z.number(),
  phase: /* @__PURE__ */ z.enum(['preparing', 'copying', 'stopped', 'post-copy']),
  round: /* @__PURE__ */ optional(amount),
  sent: amount,
  remaining: /* @__PURE__ */ optional(amount),
  dirtyRate: /* @__PURE__ */ optional(amount),
  bandwidth: /* @__PURE__ */ optional(amount),
  downtimeLimit: /* @__PURE__ */ optional(amount),
  throttle: /* @__PURE__ */ optional(/* @__PURE__ */ z.number().min(0).max(1)),
});

/** Schema of {@link Migration}. */
export const migrationSchema: z.ZodType<Migration> = /* @__PURE__ */ z.object({
  id: name,
  guest: name,
  from: name,
  to: name,
  startedAt: /* @__PURE__ */ z.number(),
  progress: /* @__PURE__ */ optional(progressSchema),
});
