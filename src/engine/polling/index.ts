/** Polling: hosts that are asked on a timer, and hosts that push, behind the one driver interface (W2). */
export type { HostService, HostState } from './host-service.js';
export { type OnPollFailure, polling, type PollingSettings, type Query } from './poll.js';
export { polled, type PolledDriver, type PolledSettings, type PollFailure } from './polled.js';
