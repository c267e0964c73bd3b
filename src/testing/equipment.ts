/** Arbitrary hosts and guests: sane by construction, for every guest finds room on the host that it is put on. */
import * as fc from 'fast-check';
import type { Guest, Host, HostState } from '../model/index.js';
import { type Rate, happens, seldom } from './chance.js';
import { gbps, gibibytes, gigahertz, mebibytes } from '../model/index.js';

/** How large and how wild an inventory may be. */
export interface EquipmentOptions {
  /** Most hosts; at least one is made. */
  readonly hosts: number;
  /** Most guests on one host. */
  readonly guestsPerHost: number;
  /** How often a host is of another kind or state, and a guest has a group, a pin, a device or an image of its own. */
  readonly oddness: Rate;
}

/** How much the guests of a host have to do. */
export type Bustle = 'some' | 'little' | 'much';

/** A host with the guests that stand on it. */
export interface Furnished {
  readonly bustle: Bustle;
  readonly host: Host;
  readonly guests: readonly Guest[];
}

const letters = 'abcdefghijklmnopqrstuvwxyz';

/** `host-a`, `host-b`, …, `host-ba`. */
const letterOf = (i: number): string =>
  i < letters.length ? (letters[i] ?? '') : letterOf(Math.floor(i / letters.length)) + letterOf(i % letters.length);

const plain = { labels: {}, power: [], devices: [] };

interface HostPlan {
  readonly cores: number;
  readonly gib: number;
  readonly fast: boolean;
  readonly state: HostState;
  readonly arm: boolean;
  readonly reachesShared: boolean;
  readonly gpu: boolean;
  readonly model: boolean;
}

const hostPlans = ({ oddness }: EquipmentOptions): fc.Arbitrary<HostPlan> =>
  fc.record({
    cores: fc.constantFrom(4, 8, 2),
    gib: fc.constantFrom(16, 32, 64),
    fast: happens(oddness),
    state: seldom<HostState>(Math.min(0.4, oddness * 2), 'active', 'draining', 'failing', 'off'),
    arm: happens(oddness / 2),
    reachesShared: happens(oddness / 2).map((not) => !not),
    gpu: happens(oddness),
    model: happens(oddness),
  });

const hostOf = (plan: HostPlan, i: number): Host => ({
  ...plain,
  id: `host-${letterOf(i)}`,
  state: plan.state,
  cpu: {
    clock: gigahertz(plan.fast ? 3 : 2),
    cores: plan.cores,
    threads: plan.cores * 2,
    architecture: plan.arm ? 'aarch64' : 'x86_64',
    ...(plan.model ? { model: 'Skylake', flags: ['avx', 'avx512f'] } : {}),
  },
  memory: { total: gibibytes(plan.gib), reserved: gibibytes(1) },
  storage: [
    ...(plan.reachesShared ? [{ id: 'shared', access: 'nfs' as const }] : []),
    { id: 'scratch', access: 'local', free: gibibytes(100) },
  ],
  networks: [{ role: 'migration', link: 'net', bandwidth: gbps(10) }],
  devices: plan.gpu ? ['gpu'] : [],
});

interface GuestPlan {
  readonly weight: number;
  readonly vcpus: number;
  readonly oddity: 'none' | 'together' | 'apart' | 'pinned' | 'gpu' | 'scratch' | 'passthrough' | 'fixed';
  readonly group: number;
}

const guestPlans = ({ oddness }: EquipmentOptions): fc.Arbitrary<GuestPlan> =>
  fc.record({
    weight: fc.integer({ min: 1, max: 8 }),
    vcpus: fc.constantFrom(1, 2, 4),
    oddity: seldom<GuestPlan['oddity']>(
      oddness * 2,
      'none',
      'together',
      'apart',
      'pinned',
      'gpu',
      'scratch',
      'passthrough',
      'fixed',
    ),
    group: fc.integer({ min: 0, max: 1 }),
  });

const guestOf = (plan: GuestPlan, id: string, host: Host, memory: number): Guest => {
  const { oddity, group } = plan;
  return {
    id,
    host: host.id,
    vcpus: plan.vcpus,
    memory,
    labels: {},
    devices: oddity === 'gpu' ? ['gpu'] : [],
    image: oddity === 'scratch' ? { storage: 'scratch', size: gibibytes(20) } : { storage: 'shared' },
    ...(oddity === 'passthrough' ? { cpuModel: host.cpu.model ?? 'Skylake' } : {}),
    together: oddity === 'together' ? [`pair-${group}`] : [],
    apart: oddity === 'apart' ? [`rivals-${group}`] : [],
    pins: oddity === 'pinned' ? [host.id, 'host-a'] : [],
    migratable: oddity !== 'fixed',
  };
};

/** Hosts with guests; the guests of a host take at most all of its memory. A host that is off has none. */
export const equipment = (options: EquipmentOptions): fc.Arbitrary<readonly Furnished[]> =>
  fc
    .array(
      fc.record({
        plan: hostPlans(options),
        /** Share of the host's memory that its guests take together. */
        filled: fc.integer({ min: 1, max: 20 }).map((n) => n / 20),
        guests: fc.array(guestPlans(options), { maxLength: options.guestsPerHost }),
        bustle: fc.constantFrom<Bustle>('some', 'little', 'much'),
      }),
      { minLength: 1, maxLength: options.hosts },
    )
    .map((furnished) =>
      furnished.map(({ plan, filled, guests, bustle }, i): Furnished => {
        const host = hostOf(plan, i);
        const sum = guests.reduce((total, { weight }) => total + weight, 0);
        const mib = ((host.memory.total - host.memory.reserved) / mebibytes(1)) * filled;
        return {
          bustle,
          host,
          guests:
            host.state === 'off'
              ? []
              : guests.map((guest, j) =>
                  guestOf(
                    guest,
                    `guest-${letterOf(i)}${j}`,
                    host,
                    mebibytes(Math.max(1, Math.floor((mib * guest.weight) / sum))),
                  ),
                ),
        };
      }),
    );
