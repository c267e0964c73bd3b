/** Steering: asks a convergence policy what to do about a move, and takes only an action that is new. */
import { type ConvergenceAction, failed, ok, type Result } from '../model/index.js';
import type { ConvergencePolicy } from './convergence/index.js';
import { messageOf } from './decide.js';
import type { Happening } from './events.js';
import type { Entry } from './ledger.js';
import { actionSchema } from './state/index.js';

type Problem = Omit<Extract<Happening, { readonly kind: 'policy-failed' }>, 'kind'>;

const same = (a: ConvergenceAction, b: ConvergenceAction): boolean =>
  a.kind === b.kind &&
  (a.kind !== 'raise downtime' || b.kind !== 'raise downtime' || a.limit === b.limit) &&
  (a.kind !== 'throttle' || b.kind !== 'throttle' || a.share === b.share);

/** The action to order for a move now, or `undefined` where there is none that was not ordered last. Never throws. */
export const actionFor = (
  policy: ConvergencePolicy,
  { history, migration, action: last }: Entry,
): Result<ConvergenceAction, Problem> | undefined => {
  try {
    const checked = actionSchema.safeParse(policy(history, migration));
    if (!checked.success) {
      const message = checked.error.issues[0]?.message ?? 'is not an action';
      return failed({ policy: 'convergence', problem: 'not an action', message });
    }
    return checked.data.kind === 'continue' || same(checked.data, last) ? undefined : ok(checked.data);
  } catch (thrown) {
    return failed({ policy: 'convergence', problem: 'threw', message: messageOf(thrown) });
  }
};
