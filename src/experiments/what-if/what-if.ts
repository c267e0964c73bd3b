/** WhatIf: another policy, or another setting, over the same past. */
import type { RecordingEntry } from '../../metrics/index.js';
import { type BadInput, failed, type Milliseconds, ok, type Result } from '../../model/index.js';
import { type Policy, stay } from '../../policies/index.js';
import { type Arm, asRecorded, playArm, type WhatIfOptions } from './arm.js';
import { type NoPast, type Past, pastOf } from './past.js';

/** What an arm gained against never migrating. */
export interface Gain {
  /** Overloaded time spared, summed over hosts. */
  readonly overloaded: Milliseconds;
  /** Work done in addition, as a share of what was served without migration. */
  readonly served: number;
  /** Guest work gained for each second that guests stood still, in seconds of one core of mean speed; absent without a move. */
  readonly perDowntime?: number;
}

/** An arm, and what it gained. */
export interface Compared extends Arm {
  readonly gain: Gain;
}

/** Several policies over one past. */
export interface WhatIf {
  readonly from: Milliseconds;
  readonly to: Milliseconds;
  readonly hosts: number;
  readonly guests: number;
  /** Never migrating first, then what was done, then each policy that was asked about. */
  readonly arms: readonly Compared[];
  /** What the recording does not tell; one sentence each. */
  readonly assumed: readonly string[];
}

/** Work in seconds of one core of mean speed. */
const gainOf = (arm: Arm, base: Arm, clock: number): Gain => ({
  overloaded: base.overloaded - arm.overloaded,
  served: base.served > 0 ? arm.served / base.served - 1 : 0,
  ...(arm.downtime > 0 && { perDowntime: (arm.served - base.served) / clock / (arm.downtime / 1000) }),
});

/**
 * Lives a recorded past through again in the simulation: without migration, with the moves that were made, and under each policy given;
 * the same demand, the same physics, the same seed. Tells of each arm its moves, overloads, bytes, and what it paid.
 *
 * A simulation is no proof: what a guest would have used on a less loaded host the recording does not hold, nor its writes where no dirty
 * rate was sampled. What was assumed, and what was left out, is in the answer.
 *
 * @param recorded - the entries of a recording, in any order, or the past that a {@link pastReader} made of a long one
 *
 * @example
 * const answer = whatIf(entries, { gentle: cslb({ heavy: percent(90) }), now: cslb() }, { every: seconds(30) });
 */
export const whatIf = (
  recorded: Iterable<RecordingEntry | BadInput> | Past | NoPast,
  policies: Readonly<Record<string, Policy>>,
  options: WhatIfOptions = {},
): Result<WhatIf, NoPast> => {
  const past = Symbol.iterator in recorded ? pastOf(recorded) : recorded;
  if ('why' in past) return failed(past);
  const base = playArm('never migrate', stay(), past, options);
  const arms = [
    base,
    playArm('as recorded', asRecorded(past.moves), past, options),
    ...Object.entries(policies).map(([name, policy]) => playArm(name, policy, past, options)),
  ];
  const clock = past.hosts.reduce((sum, { cpu }) => sum + cpu.clock, 0) / past.hosts.length;
  return ok({
    from: past.from,
    to: past.to,
    hosts: past.hosts.length,
    guests: past.guests.length,
    arms: arms.map((arm) => ({ ...arm, gain: gainOf(arm, base, clock) })),
    assumed: past.assumed,
  });
};
