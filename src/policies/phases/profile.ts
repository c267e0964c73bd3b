/** Profile: what a host carries of several resources at once, and what each of its guests takes of them. */
import {
  type Cluster,
  hostSubject,
  type HostId,
  type ObservedGuest,
  type ObservedHost,
  type PassedOver,
  type Reason,
  unknown,
} from '../../model/index.js';
import { evaluateLoads, type HostLoad, type Resource, shareOf, type UnknownLoad } from './load.js';

/** Shares of several resources, in one order. */
export type Shares = readonly number[];

/** A guest, and what it takes of each resource, in the resource's own measure. */
export interface Consumer {
  readonly guest: ObservedGuest;
  readonly taken: readonly number[];
}

/** A host of which every resource is known. */
export interface Profile {
  readonly host: ObservedHost;
  /** What is taken of each resource, in the resource's own measure. */
  readonly taken: readonly number[];
  /** Share of each resource that is taken. */
  readonly shares: Shares;
  /** Guests that stand on it and stay, sorted by name. */
  readonly guests: readonly Consumer[];
}

/** Hosts that are known, and what is said of those that are not. */
export interface Profiles {
  readonly known: readonly Profile[];
  readonly passedOver: readonly PassedOver[];
}

const isKnownLoad = (load: HostLoad | UnknownLoad): load is HostLoad => load.kind === 'known';

/** What a guest would take of a host. */
export const sharesOf = ({ taken }: Consumer, host: ObservedHost, resources: readonly Resource[]): Shares =>
  resources.map((resource, i) => shareOf(taken[i] ?? 0, host, resource));

const profileOf = (
  rule: string,
  host: ObservedHost,
  loads: readonly (HostLoad | UnknownLoad)[],
): Profile | readonly Reason[] => {
  const known = loads.filter(isKnownLoad);
  const because = loads.flatMap((load): readonly Reason[] => (load.kind === 'unknown' ? load.because : []));
  if (because.length > 0) return because;
  // Of nothing there is no share.
  if (known.some(({ share }) => !Number.isFinite(share)))
    return [
      unknown({
        rule,
        subject: hostSubject(host.id),
        measure: 'what it offers of each resource',
        why: 'not measured',
      }),
    ];
  const guests = (known[0]?.guests ?? []).map(({ guest }): Consumer => ({
    guest,
    taken: known.map((load) => load.guests.find((other) => other.guest.id === guest.id)?.taken ?? 0),
  }));
  return { host, taken: known.map(({ taken }) => taken), shares: known.map(({ share }) => share), guests };
};

/**
 * What the hosts that are on carry, moves in flight counted where they go.
 *
 * @param rule - names who asks, for what is said of hosts that are not known
 */
export const profilesOf = (rule: string, cluster: Cluster, resources: readonly Resource[]): Profiles => {
  const loads = resources.map(
    (resource) =>
      new Map<HostId, HostLoad | UnknownLoad>(
        evaluateLoads(cluster, resource, ({ signals }) => {
          // The policy watches this name with a signal of numbers.
          const reading = signals[resource.name];
          return typeof reading === 'number' ? reading : undefined;
        }).map((load) => [load.host.id, load]),
      ),
  );
  const known: Profile[] = [];
  const passedOver: PassedOver[] = [];
  for (const host of cluster.hosts) {
    if (host.state === 'off') continue;
    const found = profileOf(
      rule,
      host,
      loads.flatMap((byHost) => byHost.get(host.id) ?? []),
    );
    if ('shares' in found) known.push(found);
    else passedOver.push({ subject: hostSubject(host.id), because: found });
  }
  return { known, passedOver };
};
