/** Held: a policy of whose moves only those are kept that it would have asked for several rounds in a row. */
import * as z from 'zod';
import type { AnySignal, Signal } from '../../metrics/index.js';
import { type Cluster, compare, hostSubject, type Plan, type SignalValues, wholeCluster } from '../../model/index.js';
import { judge } from '../constraint.js';
import { jointConstraints } from '../constraints/standard.js';
import { definePolicy, type Policy } from '../policy.js';
import { settingsOf } from '../settings.js';
import { sift } from '../sift.js';

/** For how long a policy must ask, and for what. */
export interface Holding {
  /** Readings of every subject in a row, the latest included, by each of which it must ask. One asks at once. */
  readonly rounds: number;
  /** Whether some guest must be asked away from the same host each time, or any move at all will do. @defaultValue 'source' */
  readonly same?: 'source' | 'anything';
}

const schema = /* @__PURE__ */ (() =>
  z.strictObject({ rounds: z.int().min(1), same: z.enum(['source', 'anything']).default('source') }))();

interface Recalled {
  readonly inner: unknown;
  readonly values: readonly unknown[];
}

/** The last values of a signal, one for each sample, oldest first, each `undefined` where it was not known; and not known before as many. */
const recalled = (signal: AnySignal, rounds: number): Signal<readonly unknown[], Recalled> => ({
  name: `recalled(${signal.name}, of ${rounds})`,
  initial: { inner: signal.initial, values: [] },
  step: ({ inner, values }, sample) => {
    const next: unknown = signal.step(inner, sample);
    return { inner: next, values: [...values.slice(values.length < rounds ? 0 : 1), signal.value(next)] };
  },
  value: ({ values }) => (values.length < rounds ? undefined : values),
});

const recalledAll = (
  signals: Readonly<Record<string, AnySignal>> | undefined,
  rounds: number,
): Readonly<Record<string, AnySignal>> =>
  Object.fromEntries(Object.entries(signals ?? {}).map(([name, signal]) => [name, recalled(signal, rounds)]));

const valuesAt = (signals: SignalValues, round: number): SignalValues =>
  Object.fromEntries(
    // The watch folds each of these names into a list.
    Object.entries(signals).map(([name, values]) => [name, (values as readonly unknown[] | undefined)?.[round]]),
  );

/** The snapshot with the readings of a round: hosts and guests stand where they stand now. */
const roundOf = (cluster: Cluster, round: number): Cluster => ({
  ...cluster,
  hosts: cluster.hosts.map((host) => ({ ...host, signals: valuesAt(host.signals, round) })),
  guests: cluster.guests.map((guest) => ({ ...guest, signals: valuesAt(guest.signals, round) })),
});

/**
 * A policy that must ask for `rounds` readings in a row (W17, W43): it plans on the latest readings, and of its moves those are kept
 * whose source it would have relieved by each of the readings before as well. A spike that is shorter moves nothing, and
 * neither does a gap: a reading that is missing in any of the rounds is one in which it could not ask. Before as many
 * readings were seen nothing moves.
 *
 * Guests stand where they stand now in every round. It plans as many times as there are rounds, and only if the latest asks.
 *
 * @example
 * const patient = held(even({ by: 'variation', above: 0.3, margin: percent(10) }), { rounds: 6, same: 'anything' });
 * @throws SettingsError where a setting is wrong
 */
export const held = (policy: Policy, holding: Holding): Policy => {
  const { rounds, same } = settingsOf('held', schema, holding);
  return definePolicy({
    name: `held(${policy.name}, ${rounds})`,
    watch: { host: recalledAll(policy.watch.host, rounds), guest: recalledAll(policy.watch.guest, rounds) },
    plan: (cluster): Plan => {
      const latest = policy.plan(roundOf(cluster, rounds - 1));
      if (latest.moves.length === 0) return latest;
      const before = Array.from({ length: rounds - 1 }, (_, i) => policy.plan(roundOf(cluster, i)).moves);
      return sift('held', cluster, latest, (move, soFar) => [
        compare({
          rule: 'held',
          subject: same === 'source' ? hostSubject(move.from.id) : wholeCluster,
          measure:
            same === 'source' ? 'rounds in which a guest was to leave it' : 'rounds in which a guest was to move',
          value:
            1 + before.filter((moves) => moves.some(({ from }) => same === 'anything' || from === move.from.id)).length,
          relation: 'at least',
          limit: rounds,
          unit: 'count',
        }),
        ...judge(jointConstraints, move, soFar),
      ]);
    },
  });
};
