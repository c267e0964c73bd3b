/** Ping-pong: moves the busiest guest off the busiest host, and does not ask what the other one is like afterwards. */
import { carefulPolicy } from './careful.js';

export const pingPong = carefulPolicy('ping-pong', { better: (from, to, busy) => busy > 0 && to < from });
