/** FirstToAct: of several convergence policies, the first that asks for anything. */
import * as z from 'zod';
import { settingsOf } from '../../policies/index.js';
import { type ConvergencePolicy, goOn } from './policy.js';

const schema = /* @__PURE__ */ z.array(
  /* @__PURE__ */ z.custom<ConvergencePolicy>((value) => typeof value === 'function', 'is not a function of progress'),
);

/**
 * What the first policy asks that does not say go on; later ones are not asked. As a policy may repeat itself at each
 * report, the most decisive stands first. Of no policies: nothing is ever asked.
 *
 * @throws SettingsError where one is not a function
 *
 * @example
 * firstToAct(
 *   atBestMoment({ timeBudget: minutes(5), downtimeBudget: seconds(1), then: 'post-copy' }),
 *   stepwiseDowntime({ from: 50, factor: 2, longest: 500, every: seconds(30) }),
 * );
 */
export const firstToAct = (...policies: readonly ConvergencePolicy[]): ConvergencePolicy => {
  const checked = settingsOf('firstToAct', schema, policies);
  return (history, migration) => {
    for (const policy of checked) {
      const action = policy(history, migration);
      if (action.kind !== 'continue') return action;
    }
    return goOn;
  };
};
