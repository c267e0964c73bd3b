/** A small site for rules: hosts and guests with the signals that a written policy watches, and what a rule makes of it. */
import { foldSignal } from '../../../src/metrics/index.js';
import type {
  Cluster,
  Guest,
  Host,
  Knowledge,
  ObservedGuest,
  ObservedHost,
  Readings,
} from '../../../src/model/index.js';
import { type Condition, type HostTerm, policy, type Policy, type Vocabulary } from '../../../src/policies/index.js';
import { cluster, guest, host, now } from '../build.js';

/** Readings of a subject, the latest last. */
export type History = readonly Omit<Readings, 'at'>[];

interface About {
  readonly readings?: History;
  readonly knowledge?: Knowledge;
}

const step = 5000;

const timed = (kind: 'host' | 'guest', id: string, readings: History) =>
  readings.map((reading, i) => ({ ...reading, kind, id, at: now - (readings.length - 1 - i) * step }));

/** A snapshot with the signals of a policy folded over each subject's readings. */
export const siteFor = (
  policyOf: Policy,
  hosts: Readonly<Record<string, About & Partial<Host>>>,
  guests: Readonly<Record<string, About & Partial<Guest> & { readonly on: string }>>,
  rest: Parameters<typeof cluster>[2] = {},
): Cluster => {
  const folded = (side: 'host' | 'guest', id: string, readings: History): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(policyOf.watch[side] ?? {}).map(([name, signal]) => [
        name,
        foldSignal(signal, timed(side, id, readings)),
      ]),
    );
  return cluster(
    Object.entries(hosts).map(([id, { readings = [], ...facts }]): ObservedHost =>
      host(id, { ...facts, signals: folded('host', id, readings) }),
    ),
    Object.entries(guests).map(([id, { readings = [], on, ...facts }]): ObservedGuest =>
      guest(id, on, undefined, { ...facts, signals: folded('guest', id, readings) }),
    ),
    rest,
  );
};

/** Readings of a processor's use. */
export const used = (...shares: readonly number[]): History => shares.map((share) => ({ cpu: { used: share } }));

/** A rule that moves the only guest of host a to host b where a condition on host a holds. */
export const movesIf = (condition: (a: HostTerm, words: Vocabulary) => Condition): Policy =>
  policy('probe', (words) => {
    const { host: hostIs, hosts, when, migrate } = words;
    when(
      hostIs((h) => condition(h, words)),
      (source) => migrate(source.guests.first()).to(hosts.select((h) => h.name.is('b')).first()),
    );
  });
