/** The sadf source: what sysstat recorded, as samples. */
export { parseSadf, sadf } from './sadf.js';
export { type SadfOptions, sampleOfRecord } from './statistics.js';
