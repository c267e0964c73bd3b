/** Processor time: who used how much of each host between two readings, worked out from what was served and who stood where. */
import {
  cpuCapacity,
  type GuestId,
  type Host,
  type HostId,
  type Inventory,
  type Milliseconds,
} from '../../model/index.js';
import type { MeterReading } from '../../simulation/index.js';
import type { GuestShare, HostShares, ProcessorRecord, Shares } from './record.js';

/** Keeps the accounts of a test. */
export interface Accounts {
  /** To be told whenever a guest stands elsewhere. */
  readonly stand: (inventory: Inventory, meter: MeterReading) => void;
  /** The entry from the last reading until now. */
  readonly read: (meter: MeterReading) => ProcessorRecord;
}

/** Rounding leaves a trace of a share below nothing; nobody used less than nothing. */
const share = (part: number, whole: number): number => (whole > 0 ? Math.max(0, part / whole) : 0);

/**
 * Accounts of who used the processors. What a host served and no guest got was taken by its monitor and first domain, the
 * cost of migrations included (W28).
 *
 * @param engine - the guest that the engine runs in, told apart from the others
 */
export const accounts = (hosts: readonly Host[], first: MeterReading, engine: GuestId | undefined): Accounts => {
  const capacity = new Map(hosts.map((host) => [host.id, cpuCapacity(host)]));
  const order = hosts.map(({ id }) => id);
  let standing: ReadonlyMap<GuestId, HostId> = new Map();
  let seen = first;
  /** Cycles since the last reading, by host and guest. */
  let used = new Map<HostId, Map<GuestId, number>>();
  let from = first;

  const settle = (meter: MeterReading): void => {
    for (const [guest, { served }] of meter.guests) {
      const host = standing.get(guest);
      const cycles = served - (seen.guests.get(guest)?.served ?? 0);
      if (host === undefined || cycles === 0) continue;
      const here = used.get(host) ?? new Map<GuestId, number>();
      here.set(guest, (here.get(guest) ?? 0) + cycles);
      used.set(host, here);
    }
    seen = meter;
  };

  const hostShares = (host: HostId, meter: MeterReading, time: Milliseconds): HostShares => {
    const whole = ((capacity.get(host) ?? 0) * time) / 1000;
    const served = (meter.hosts.get(host)?.served ?? 0) - (from.hosts.get(host)?.served ?? 0);
    let [guests, own] = [0, 0];
    for (const [guest, cycles] of used.get(host) ?? [])
      if (guest === engine) own += cycles;
      else guests += cycles;
    return {
      host,
      guests: share(guests, whole),
      engine: share(own, whole),
      domain0: share(served - guests - own, whole),
      idle: share(whole - served, whole),
    };
  };

  return {
    stand: ({ guests }, meter) => {
      settle(meter);
      standing = new Map(guests.map(({ id, host }) => [id, host]));
    },
    read: (meter) => {
      settle(meter);
      const time = meter.at - from.at;
      const all = [...capacity.values()].reduce((sum, one) => sum + one, 0);
      const each = order.map((host) => hostShares(host, meter, time));
      const sum = (part: keyof Shares): number =>
        share(
          each.reduce((so, shares) => so + shares[part] * (capacity.get(shares.host) ?? 0), 0),
          all,
        );
      const guests = [...meter.guests].map(([guest, { served }]): GuestShare => ({
        guest,
        cpu: share(served - (from.guests.get(guest)?.served ?? 0), (all * time) / 1000),
      }));
      const entry: ProcessorRecord = {
        from: from.at,
        until: meter.at,
        hosts: each,
        guests,
        all: { guests: sum('guests'), engine: sum('engine'), domain0: sum('domain0'), idle: sum('idle') },
      };
      from = meter;
      used = new Map();
      return entry;
    },
  };
};
