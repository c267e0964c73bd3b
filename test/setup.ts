/** One seed for all properties, so that a run can be repeated; FC_SEED explores others. */
import * as fc from 'fast-check';

const seed = process.env['FC_SEED'];
fc.configureGlobal({ seed: seed === undefined ? 20_261_121 : Number(seed) });
