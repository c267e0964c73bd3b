/** Decide: asks a policy for its plan, and takes nothing from it that is not a plan. */
import * as z from 'zod';
import { type Cluster, failed, ok, pathText, type Plan, type Reason, type Result } from '../model/index.js';
import type { Policy } from '../policies/index.js';
import type { PolicyProblem } from './events.js';

/** Why there is no plan. */
export interface NoPlan {
  readonly problem: PolicyProblem;
  readonly message: string;
}

/** Any thrown thing as a text. */
export const messageOf = (thrown: unknown): string => {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    // An object without a prototype, or with a hostile one, has no text.
    return 'something that cannot be printed was thrown';
  }
};

const name = /* @__PURE__ */ z.string();

/** NaN in evidence is a comparison that was never made. */
const withoutNaN = (value: unknown, depth = 0): boolean => {
  if (typeof value === 'number') return !Number.isNaN(value);
  if (typeof value !== 'object' || value === null) return true;
  // Reasons are three deep; what is deeper is a circle.
  return depth < 8 && Object.values(value).every((part) => withoutNaN(part, depth + 1));
};

const reasonSchema = /* @__PURE__ */ z
  .custom<Reason>()
  .refine(
    (reason) =>
      typeof reason === 'object' &&
      (reason as Reason | null) !== null &&
      ['compared', 'listed', 'unknown', 'weighed'].includes(reason.kind),
    'is not a reason',
  )
  .refine((reason) => withoutNaN(reason), 'holds NaN');

const planSchema = /* @__PURE__ */ z.object({
  moves: /* @__PURE__ */ z.array(
    /* @__PURE__ */ z.object({
      guest: name,
      from: name,
      to: name,
      because: /* @__PURE__ */ z.array(reasonSchema),
    }),
  ),
  // Every subject of a large cluster may be listed here at each tick, and nothing is begun for it: its form is enough.
  passedOver: /* @__PURE__ */ z.custom<Plan['passedOver']>(
    (list) =>
      Array.isArray(list) &&
      list.every((entry: unknown) => typeof entry === 'object' && entry !== null && 'subject' in entry),
    'is not a list of subjects passed over',
  ),
});

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** Asks a policy for its plan. Never throws: a policy that does, that promises one, or that answers something else, gave none. */
export const decide = (policy: Policy, cluster: Cluster): Result<Plan, NoPlan> => {
  try {
    const answer: unknown = policy.plan(cluster);
    if (isThenable(answer)) {
      // Nobody waits for it, so nobody else would hear of its rejection, and Node would end the process for that.
      void Promise.resolve(answer).catch(() => undefined);
      return failed({
        problem: 'promised',
        message: 'a policy is a pure function: it gives a plan, not a promise of one',
      });
    }
    const checked = planSchema.safeParse(answer);
    if (checked.success) return ok(checked.data);
    const issue = checked.error.issues[0];
    const path = pathText(['plan', ...(issue?.path ?? [])]);
    return failed({ problem: 'not a plan', message: `${path}: ${issue?.message ?? 'is not a plan'}` });
  } catch (thrown) {
    return failed({ problem: 'threw', message: messageOf(thrown) });
  }
};
