/** Report: what is on one host, from libvirt's answers: the host, its guests, and which of them may leave. */
import { catchError, EMPTY, forkJoin, map, mergeMap, type Observable } from 'rxjs';
import type { Host } from '../../model/index.js';
import { type HostReport, type ReportedGuest, reservedOf, type SharedStorage, storageOf } from '../survey/index.js';
import { DriverError } from '../driver-error.js';
import { mayBeArriving, standingOf } from './domain-state.js';
import type { DomainFacts } from './domain-xml.js';
import { type ActiveDomain, inTurn, type Station } from './station.js';

/** What the operator says of storage. */
export interface StorageRules {
  readonly shared: readonly SharedStorage[];
  readonly unsafe: boolean;
}

/** Kinds of disks that every host reaches by the same name. */
const remote = ['network', 'volume', 'nvme', 'vhostuser'];

const hostOf = (
  { id, settings: { facts } }: Station,
  machine: {
    readonly architecture: string;
    readonly model?: string;
    readonly flags: readonly string[];
    readonly cache?: number;
  } & Pick<Host['cpu'], 'clock' | 'cores' | 'threads'>,
  total: number,
  shared: readonly SharedStorage[],
): Host => ({
  id,
  state: facts.state ?? 'active',
  cpu: {
    clock: machine.clock,
    cores: machine.cores,
    threads: machine.threads,
    architecture: machine.architecture,
    flags: machine.flags,
    ...(machine.model === undefined ? {} : { model: machine.model }),
    ...(machine.cache === undefined ? {} : { cache: machine.cache }),
  },
  memory: { total, reserved: reservedOf(facts, total) },
  storage: shared.map(({ path, id: name, access }) => ({ id: name ?? path, access: access ?? 'nfs' })),
  networks: facts.networks ?? [],
  devices: facts.devices ?? [],
  power: facts.power ?? [],
  labels: facts.labels ?? {},
});

const guestOf = (
  { uuid, name, counters: { state } }: ActiveDomain,
  facts: DomainFacts,
  model: string | undefined,
  { shared, unsafe }: StorageRules,
): ReportedGuest => {
  const written = facts.disks.filter(({ source, kind }) => source !== undefined && !remote.includes(kind));
  const local = written.filter(({ source }) => storageOf(shared, source ?? '') === undefined);
  const first = written.flatMap(({ source }) => storageOf(shared, source ?? '') ?? [])[0];
  const standing = state && standingOf(state, 'source');
  return {
    uuid,
    name,
    arriving: mayBeArriving(state),
    given: {
      vcpus: facts.vcpus,
      memory: facts.memory,
      ...(facts.hostCpu && model !== undefined ? { cpuModel: model } : {}),
      // What was handed to it is of its own host; no other has it, whatever the same kind is called there.
      devices: [],
      ...(first === undefined ? {} : { image: { storage: first } }),
      labels: { uuid, hypervisor: facts.hypervisor },
      together: [],
      apart: [],
      pins: [],
      migratable:
        facts.hostDevices.length === 0 &&
        (local.length === 0 || unsafe) &&
        (standing === 'running' || standing === 'paused' || standing === 'suspended to move'),
    },
  };
};

/** Asks one host what is on it. A guest that went away while it was asked is left out. */
export const reportOf = (station: Station, rules: StorageRules): Observable<HostReport> =>
  forkJoin([station.machine(), station.memory(), station.active()]).pipe(
    mergeMap(([machine, { total }, domains]) =>
      inTurn(
        domains.map((domain) =>
          station.facts(domain.uuid).pipe(
            map((facts) => guestOf(domain, facts, machine.model, rules)),
            catchError((thrown: unknown) => {
              if (DriverError.is(thrown) && thrown.kind === 'not found') return EMPTY;
              throw thrown;
            }),
          ),
        ),
      ).pipe(map((guests) => ({ host: hostOf(station, machine, total, rules.shared), guests }))),
    ),
  );
