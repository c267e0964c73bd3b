/** Rolls dice: between what is equal, so that not all engines think of the same host. */
import { carefulPolicy } from './careful.js';

/** What looks like a way out of stampedes makes a decision that cannot be had again. */
export const rollsDice = carefulPolicy('rolls-dice', { ties: () => Math.random() - 0.5 });
