/** Flows: the transfers under way in the world, and what they pass on their way. */
import type { Bytes, BytesPerSecond, NetworkRole, StorageId } from '../model/index.js';
import { shareLinks } from './link-sharing.js';
import type { Flow, HostMachine, HostPassage, World } from './machines.js';

/** A way for a transfer: what it passes; `undefined` where there is none. */
export type Way = readonly HostPassage[] | undefined;

/** The two directions of the link that a host uses for a role. */
const linkFor = (
  { host, links }: HostMachine,
  role: NetworkRole,
): { readonly in: HostPassage; readonly out: HostPassage } | undefined => {
  const network = host.networks.find((one) => one.role === role);
  return network && links.get(network.link);
};

/** The live host that has a storage in its own case, if any does. */
const serverOf = (world: World, storage: StorageId): HostMachine | 'down' | undefined => {
  for (const machine of world.hosts.values())
    if (machine.host.storage.some(({ id, access }) => id === storage && access === 'local'))
      return machine.alive ? machine : 'down';
  return undefined;
};

/**
 * From a host to a storage. A local disk is passed alone, or after the export, where that is in the way at home too. Elsewhere the data passes the path itself (its score), the storage
 * links of both hosts, and the disk in the server, where the server is one of the hosts.
 */
export const storageWay = (
  world: World,
  machine: HostMachine,
  storage: StorageId,
  direction: 'read' | 'write',
): Way => {
  const path = machine.host.storage.find(({ id }) => id === storage);
  const disk = machine.disks.get(storage);
  if (path === undefined || disk === undefined) return undefined;
  if (path.access === 'local') return [machine.loops.get(storage), disk].filter((passage) => passage !== undefined);
  const server = serverOf(world, storage);
  if (server === 'down') return undefined;
  const [here, there] = direction === 'read' ? (['in', 'out'] as const) : (['out', 'in'] as const);
  const served = server?.disks.get(storage);
  return [disk, linkFor(machine, 'storage')?.[here], server && linkFor(server, 'storage')?.[there], served].filter(
    (passage) => passage !== undefined,
  );
};

/** From a host to the world outside, for its guests' own traffic. Without a link for guests nothing bounds it but the outside. */
export const networkWay = (machine: HostMachine, direction: 'receive' | 'send'): Way => {
  const link = linkFor(machine, 'guest');
  return link && [direction === 'receive' ? link.in : link.out];
};

/** From one host to another on the migration network. */
export const migrationWay = (from: HostMachine, to: HostMachine): Way => {
  const [out, into] = [linkFor(from, 'migration')?.out, linkFor(to, 'migration')?.in];
  return out && into && [out, into];
};

/** Bytes left of a flow now. */
export const remainingOf = ({ remaining, rate, since }: Flow, now: number): Bytes =>
  Math.max(0, remaining - (rate * (now - since)) / 1000);

const settleFlow = (flow: Flow, now: number): void => {
  flow.remaining = remainingOf(flow, now);
  flow.since = now;
};

/** Sets what is left of a flow. */
export const refill = (flow: Flow, remaining: Bytes, now: number): void => {
  flow.remaining = remaining;
  flow.since = now;
};

/** Sets the most that a flow may use. */
export const limitFlow = (world: World, flow: Flow, limit: BytesPerSecond): void => {
  if (flow.limit === limit) return;
  flow.limit = limit;
  for (const passage of flow.passages) world.stalePassages.add(passage);
};

/** Begins a transfer. */
export const openFlow = (
  world: World,
  passages: readonly HostPassage[],
  remaining: Bytes,
  limit: BytesPerSecond,
  changed: () => void,
): Flow => {
  const flow: Flow = { passages, limit, rate: 0, remaining, since: world.now, changed };
  for (const passage of passages) {
    passage.flows.add(flow);
    world.stalePassages.add(passage);
  }
  return flow;
};

/** Ends a transfer, done or not; gives what is left of it. */
export const closeFlow = (world: World, flow: Flow): Bytes => {
  settleFlow(flow, world.now);
  flow.rate = 0;
  for (const passage of flow.passages) {
    passage.flows.delete(flow);
    world.stalePassages.add(passage);
    world.staleHosts.add(passage.host);
  }
  flow.passages = [];
  return flow.remaining;
};

/** All flows that compete, directly or through others, for the given passages. */
const competing = (stale: ReadonlySet<HostPassage>): Set<Flow> => {
  const flows = new Set<Flow>();
  const seen = new Set(stale);
  // A set that grows while it is gone through: what is added is gone through too.
  for (const passage of seen)
    for (const flow of passage.flows) {
      flows.add(flow);
      for (const other of flow.passages) seen.add(other);
    }
  return flows;
};

/** Works out anew how fast the flows go that something changed for. */
export const settleFlows = (world: World): void => {
  if (world.stalePassages.size === 0) return;
  const flows = [...competing(world.stalePassages)];
  world.stalePassages.clear();
  shareLinks(flows).forEach((rate, i) => {
    const flow = flows[i];
    if (flow === undefined || flow.rate === rate) return;
    settleFlow(flow, world.now);
    flow.rate = rate;
    for (const passage of flow.passages) world.staleHosts.add(passage.host);
    flow.changed();
  });
};
