/** What if: other policies over the same past. */
export type { Arm, ArmMove, WhatIfOptions } from './arm.js';
export { type NoPast, type Past, pastOf, type PastMove, type PastReader, pastReader } from './past.js';
export { whatIfReport } from './report.js';
export { type Compared as ComparedArm, type Gain, type WhatIf, whatIf } from './what-if.js';
