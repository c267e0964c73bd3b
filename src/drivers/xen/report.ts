/** Report: what is on one Xen host: the host, its guests, and which of them may leave. */
import { forkJoin, map, type Observable } from 'rxjs';
import type { Host } from '../../model/index.js';
import { type HostReport, type ReportedGuest, type SharedStorage, storageOf } from '../survey/index.js';
import type { Station } from './station.js';
import { isShadow } from './verdict.js';
import type { XenHost } from './xl-info.js';
import type { Domain, DomainConfiguration } from './xl-list.js';

/** What a guest of a type needs of a host to be moved while it runs, or nothing where the host has it. */
export const lacking = (type: DomainConfiguration['type'], { capabilities }: XenHost): string | undefined =>
  type === 'pv'
    ? capabilities.includes('shadow')
      ? undefined
      : 'shadow'
    : capabilities.includes('hap') || capabilities.includes('shadow')
      ? undefined
      : 'hap';

const hostOf = (
  { id, settings: { facts } }: Station,
  info: XenHost,
  given: number,
  shared: readonly SharedStorage[],
): Host => ({
  id,
  state: facts.state ?? 'active',
  cpu: info.processor,
  memory: {
    total: info.total,
    // What is neither free nor given to a guest belongs to Xen and to the domain of the tools.
    reserved: Math.min(facts.reserved ?? Math.max(0, info.total - info.free - given), info.total - 1),
  },
  storage: shared.map(({ path, id: name, access }) => ({ id: name ?? path, access: access ?? 'nfs' })),
  networks: facts.networks ?? [],
  devices: facts.devices ?? [],
  power: facts.power ?? [],
  labels: { xen: info.version, ...facts.labels },
});

const guestOf = (
  domain: Domain,
  configuration: DomainConfiguration | undefined,
  info: XenHost,
  shared: readonly SharedStorage[],
): ReportedGuest => {
  const disks = configuration?.disks ?? [];
  const storages = disks.map((path) => storageOf(shared, path));
  const first = storages.find((name) => name !== undefined);
  return {
    uuid: domain.uuid,
    name: domain.name,
    arriving: isShadow(domain),
    given: {
      vcpus: configuration?.vcpus ?? Math.max(1, domain.vcpus),
      memory: configuration?.memory ?? domain.memory,
      devices: [],
      ...(first === undefined ? {} : { image: { storage: first } }),
      labels: { uuid: domain.uuid, ...(configuration ? { type: configuration.type } : {}) },
      together: [],
      apart: [],
      pins: [],
      // A domain without its configuration was not made by xl, or is about to go.
      migratable:
        configuration !== undefined &&
        domain.state === 'running' &&
        configuration.hostDevices === 0 &&
        storages.every((name) => name !== undefined) &&
        lacking(configuration.type, info) === undefined,
    },
  };
};

/** Asks one host what is on it. */
export const reportOf = (station: Station, shared: readonly SharedStorage[]): Observable<HostReport> =>
  forkJoin([station.info(), station.domains(), station.configurations()]).pipe(
    map(([info, domains, configurations]) => {
      const guests = domains
        // What is dying holds memory for a moment, but is no guest any more; nothing has no memory.
        .filter(({ state, memory }) => state !== 'dying' && memory > 0)
        .map((domain) =>
          guestOf(
            domain,
            configurations.find(({ uuid }) => uuid === domain.uuid),
            info,
            shared,
          ),
        );
      const given = guests.reduce((sum, { given: { memory } }) => sum + memory, 0);
      return { host: hostOf(station, info, given, shared), guests };
    }),
  );
