/** Forgets flights: looks at where guests stand, and not at what is on its way. */
import { definePolicy, type Policy } from '../../../src/policies/index.js';
import { first, improvements, only, watch } from './careful.js';

/** To it, the same guest is still where it was, and the room that it was promised is still free. */
export const forgetsFlights: Policy = definePolicy({
  name: 'forgets-flights',
  watch,
  plan: (cluster) => only(first(improvements({ ...cluster, migrations: [] }))),
});
