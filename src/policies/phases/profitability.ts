/** Profitability determination, the second phase: whether there is anything to gain by moving at all. */
import { compare, type Reason, wholeCluster } from '../../model/index.js';
import type { Groups } from './classify.js';

/** It is profitable when at least one host is heavy and at least one is light (W12.2). Every reason must hold. */
export const profitability = (
  { heavy, light }: Pick<Groups<unknown>, 'heavy' | 'light'>,
  rule = 'profitability',
): readonly Reason[] =>
  [
    { measure: 'heavy hosts', value: heavy.length },
    { measure: 'light hosts', value: light.length },
  ].map((counted) =>
    compare({ rule, subject: wholeCluster, ...counted, relation: 'at least', limit: 1, unit: 'count' }),
  );
