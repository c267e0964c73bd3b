/** HostService: what runs on each host: it answers questions about its state, may push it, and takes orders (W2). */
import type { Observable } from 'rxjs';
import * as z from 'zod';
import type { Driver } from '../../drivers/index.js';
import { type Guest, guestSchema, type Host, type HostId, hostSchema, type Reading } from '../../model/index.js';
import type { Query } from './poll.js';

/** The state of one host, as it tells it. */
export interface HostState {
  readonly host: Host;
  /** Guests that stand on it. */
  readonly guests: readonly Guest[];
  /** What was measured of it and of its guests. One that came before is not taken twice. */
  readonly readings: readonly Reading[];
}

/** The interface of one host: it answers, may push, and obeys; it decides nothing. */
export interface HostService extends Pick<Driver, 'migrate' | 'steer' | 'inFlight' | 'follow'> {
  /** The host that it stands for. */
  readonly host: HostId;
  /** Answers once how the host stands. */
  readonly query: Query<HostState>;
  /** Tells of itself how the host stands, where it does so. */
  readonly pushed?: () => Observable<HostState>;
}

/** Schema of {@link HostState} but for its readings, which whoever takes them in checks one by one. */
export const hostStateSchema: z.ZodType<HostState> = /* @__PURE__ */ z.object({
  host: hostSchema,
  guests: /* @__PURE__ */ z.array(guestSchema),
  readings: /* @__PURE__ */ z.array(
    /* @__PURE__ */ z.custom<Reading>((value) => typeof value === 'object' && value !== null, 'is not a reading'),
  ),
});
