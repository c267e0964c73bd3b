/** The Prometheus source: samples of hosts and guests from a server that already watches them. */
export type { PrometheusServer, TimeSpan } from './api.js';
export { prometheus, prometheusHistory, type PrometheusOptions, type PrometheusPolling } from './prometheus.js';
export { prometheusQueries, type QueryName, type QueryOptions } from './queries.js';
export type { SeriesLabels, SeriesSubjects } from './samples.js';
