/** Pool: what XAPI says of all hosts and guests at one time, as an inventory, and which reference each of them has. */
import { forkJoin, map, type Observable } from 'rxjs';
import * as z from 'zod';
import {
  byName,
  type Guest,
  type GuestId,
  type Host,
  type HostId,
  type Inventory,
  megahertz,
} from '../../../model/index.js';
import { type HostFacts, newRoster } from '../../survey/index.js';
import type { Xapi } from './connection.js';
import { hostMetrics, hostRecord, type MachineRecord, machineRecord } from './records.js';

/** A pool at one time. */
export interface Pool {
  readonly inventory: Inventory;
  /** References of hosts by their names in the inventory. */
  readonly hosts: ReadonlyMap<HostId, string>;
  /** References and records of guests by their names in the inventory. */
  readonly guests: ReadonlyMap<GuestId, { readonly reference: string; readonly record: MachineRecord }>;
  /** Names in the inventory by UUID, of hosts and guests. */
  readonly names: ReadonlyMap<string, string>;
}

const count = (text: string | undefined): number | undefined => {
  const number = Number(text);
  return Number.isFinite(number) && number > 0 ? number : undefined;
};

/** Cores and clock; what XAPI does not say of them is taken to be one thread per core, and nothing is taken for the clock. */
const processorOf = (info: Readonly<Record<string, string>>): Host['cpu'] | undefined => {
  const threads = count(info['cpu_count']);
  const clock = count(info['speed']);
  if (threads === undefined || clock === undefined) return undefined;
  const perCore = count(info['threads_per_core']) ?? 1;
  return {
    clock: megahertz(clock),
    cores: Math.max(1, Math.floor(threads / perCore)),
    threads,
    architecture: 'x86_64',
    ...(info['modelname'] ? { model: info['modelname'] } : {}),
  };
};

const isGuest = ({ is_control_domain, is_a_template, is_a_snapshot, power_state }: MachineRecord): boolean =>
  !is_control_domain &&
  !is_a_template &&
  is_a_snapshot !== true &&
  (power_state === 'Running' || power_state === 'Paused');

/** Asks for everything at once: four calls, however large the pool. */
export const poolOf = (xapi: Xapi, facts: Readonly<Record<HostId, HostFacts>>): Observable<Pool> =>
  forkJoin([
    xapi.ask(z.record(z.string(), hostRecord), 'host.get_all_records'),
    xapi.ask(z.record(z.string(), hostMetrics), 'host_metrics.get_all_records'),
    xapi.ask(z.record(z.string(), machineRecord), 'VM.get_all_records'),
  ]).pipe(
    map(([hostRecords, metrics, machines]) => {
      const live = Object.entries(hostRecords).flatMap(([reference, record]) => {
        const own = metrics[record.metrics];
        const cpu = processorOf(record.cpu_info);
        return own?.live && own.memory_total > 0 && cpu ? [{ reference, record, own, cpu }] : [];
      });
      const residents = Object.entries(machines).filter(([, record]) => isGuest(record));
      const roster = newRoster();
      roster.note(
        '',
        residents.map(([, { uuid, name_label }]) => ({ uuid, name: name_label })),
      );
      const hostNames = newRoster();
      hostNames.note(
        '',
        live.map(({ record: { uuid, name_label } }) => ({ uuid, name: name_label })),
      );

      // Hosts are told apart as guests are: by name, or by UUID where two have one name.
      const idOfHost = new Map(
        live.map(({ reference, record: { uuid, name_label } }) => [
          reference,
          String(hostNames.idOf({ uuid, name: name_label })),
        ]),
      );
      const standing = residents.flatMap(([reference, record]) => {
        const host = idOfHost.get(record.resident_on);
        return host === undefined || record.memory_static_max <= 0
          ? []
          : [{ reference, record, host, id: roster.idOf({ uuid: record.uuid, name: record.name_label }) }];
      });
      const hosts = live.map(({ reference, record, own, cpu }): Host => {
        const id = idOfHost.get(reference) ?? record.uuid;
        const given = standing
          .filter(({ host }) => host === id)
          .reduce((sum, { record: { memory_static_max } }) => sum + memory_static_max, 0);
        const known = facts[id] ?? {};
        // What is neither free nor given to a guest belongs to Xen and to the domain of the tools.
        const reserved = known.reserved ?? Math.max(0, own.memory_total - own.memory_free - given);
        return {
          id,
          // A host that is disabled takes no guests, but may keep those that it has.
          state: known.state ?? (record.enabled ? 'active' : 'draining'),
          cpu,
          memory: { total: own.memory_total, reserved: Math.min(reserved, own.memory_total - 1) },
          storage: [],
          networks: known.networks ?? [],
          devices: known.devices ?? [],
          power: known.power ?? [],
          labels: { uuid: record.uuid, ...known.labels },
        };
      });
      const guests = standing.map(({ record, host, id }): Guest => ({
        id,
        host,
        vcpus: Math.max(1, record.VCPUs_at_startup),
        memory: record.memory_static_max,
        devices: [],
        labels: { uuid: record.uuid },
        together: [],
        apart: [],
        pins: [],
        // XAPI keeps this list itself: storage, devices and tools inside the guest are in it.
        migratable: record.allowed_operations.includes('pool_migrate'),
      }));
      const sorted = <Named extends { readonly id: string }>(list: readonly Named[]): readonly Named[] =>
        [...list].sort((a, b) => byName(a.id, b.id));
      return {
        inventory: { hosts: sorted(hosts), guests: sorted(guests) },
        hosts: new Map([...idOfHost].map(([reference, id]) => [id, reference])),
        guests: new Map(standing.map(({ id, reference, record }) => [id, { reference, record }])),
        names: new Map([
          ...live.map(({ reference, record }) => [record.uuid, idOfHost.get(reference) ?? record.uuid] as const),
          ...standing.map(({ id, record }) => [record.uuid, id] as const),
        ]),
      };
    }),
  );
