/** Dynamic: transfer and placement as separate values that make one policy (W8). */
export { dynamic, type DynamicSettings } from './dynamic.js';
export { type Candidacy, type Placement, toFewest, toLightest, toTightest } from './placement.js';
export { type Giving, type GuestOrder, type Situation, type Transfer, whenOverloaded, whenUneven } from './transfer.js';
