/** Small clusters for examples: a host or a guest is ordinary but for what an example says of it. */
import type {
  Cluster,
  Guest,
  Host,
  Migration,
  ObservedGuest,
  ObservedHost,
  Outcome,
  Plan,
} from '../../src/model/index.js';
import { gbps, gibibytes, gigahertz, hours, sayReason } from '../../src/model/index.js';
import { SettingsError } from '../../src/policies/index.js';

export const now = hours(1);

export const host = (
  id: string,
  changes: Partial<Host> & Partial<Pick<ObservedHost, 'knowledge' | 'signals'>> = {},
): ObservedHost => ({
  id,
  state: 'active',
  cpu: { clock: gigahertz(2), cores: 4, threads: 4, architecture: 'x86_64' },
  memory: { total: gibibytes(17), reserved: gibibytes(1) },
  storage: [{ id: 'shared', access: 'nfs' }],
  networks: [{ role: 'migration', link: 'net', bandwidth: gbps(1) }],
  devices: [],
  power: [],
  labels: {},
  knowledge: { kind: 'fresh', at: now },
  signals: {},
  ...changes,
});

/** A guest of one vCPU and 1 GiB; `cpu` is the share of its vCPUs that it uses. */
export const guest = (
  id: string,
  on: string,
  cpu?: number,
  changes: Partial<Guest> & Partial<Pick<ObservedGuest, 'knowledge' | 'signals'>> = {},
): ObservedGuest => ({
  id,
  host: on,
  vcpus: 1,
  memory: gibibytes(1),
  devices: [],
  image: { storage: 'shared' },
  labels: {},
  together: [],
  apart: [],
  pins: [],
  migratable: true,
  knowledge: { kind: 'fresh', at: now },
  signals: { cpu },
  ...changes,
});

/** A guest of four vCPUs, the size of a host, so that `share` is its share of the host. */
export const whole = (
  id: string,
  on: string,
  share?: number,
  changes: Parameters<typeof guest>[3] = {},
): ObservedGuest => guest(id, on, share, { vcpus: 4, ...changes });

export const cluster = (
  hosts: readonly ObservedHost[],
  guests: readonly ObservedGuest[],
  rest: { readonly migrations?: readonly Migration[]; readonly past?: readonly Outcome[] } = {},
): Cluster => ({ at: now, hosts, guests, migrations: [], past: [], ...rest });

export const migration = (guestId: string, from: string, to: string): Migration => ({
  id: `m-${guestId}`,
  guest: guestId,
  from,
  to,
  startedAt: now - 5000,
});

export const outcome = (guestId: string, from: string, to: string, endedAt: number): Outcome => ({
  id: `o-${guestId}`,
  guest: guestId,
  from,
  to,
  startedAt: endedAt - 30_000,
  endedAt,
  ending: { result: 'done' },
});

/** Moves as short texts: `web a→b`. */
export const movesOf = ({
  moves,
}: {
  readonly moves: readonly { guest: string; from: string; to: string }[];
}): readonly string[] => moves.map(({ guest: id, from, to }) => `${id} ${from}→${to}`);

/** What is said of settings that are refused when a policy is made, or `taken`. */
export const refused = (make: () => unknown): string => {
  try {
    make();
  } catch (thrown) {
    if (SettingsError.is(thrown)) return thrown.message;
    throw thrown;
  }
  return 'taken';
};

/** All that a plan says, a line each: a move and then its evidence, and what speaks against the others, after the name of its rule. */
export const told = ({ moves: planned, passedOver }: Plan): readonly string[] => [
  ...planned.flatMap(({ guest, from, to, because }) => [
    `${guest} ${from}→${to}`,
    ...because.map((reason) => `${reason.rule}: ${sayReason(reason)}`),
  ]),
  ...passedOver.flatMap(({ subject, to, because }) => {
    const who = `${'id' in subject ? subject.id : subject.kind} stays${to === undefined ? '' : ` off ${to}`}`;
    const why = because.map((reason) => `${who}: ${reason.rule}: ${sayReason(reason)}`);
    return why.length > 0 ? why : [`${who}, and nothing says why`];
  }),
];
