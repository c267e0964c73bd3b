/** Distributed: one engine on every host, each deciding about its own guests from what it heard of the others (W37). */
import { asyncScheduler, interval, Observable, type SchedulerLike, Subscription } from 'rxjs';
import * as z from 'zod';
import type { Driver } from '../../drivers/index.js';
import {
  type Failure,
  type HostId,
  type Inventory,
  type MigrationOrder,
  type Milliseconds,
  type Reading,
  type Reason,
  seconds,
} from '../../model/index.js';
import { definePolicy, type Policy, type Resource, settingsOf } from '../../policies/index.js';
import { inFlight } from '../in-flight.js';
import { engine } from '../engine.js';
import type { DriverRequest, EngineEvent } from '../events.js';
import type { EngineOptions } from '../options.js';
import { policyFault } from '../policy-form.js';
import { retrying, type Retrying, unending } from '../retrying.js';
import { type ConsentLimits, takenOf, usualConsent } from './consent.js';
import { peersOf } from './gossip.js';
import { type Node, nodeOf } from './node.js';

/** How hosts tell each other what they know. */
export interface GossipSettings {
  /** Time between two rounds. @defaultValue 10 s */
  readonly every?: Milliseconds;
  /** Hosts that each tells in a round. @defaultValue 2 */
  readonly fanout?: number;
  /** How long any message takes, questions for consent too. @defaultValue 0 */
  readonly latency?: Milliseconds;
}

/** What engines on every host are made from: one policy, and what each engine takes. */
export type DistributedOptions = Omit<EngineOptions, 'driver' | 'policy' | 'state' | 'tellState'> &
  Pick<EngineOptions, 'every' | 'trigger' | 'staleAfter'> & {
    /** The hypervisors of all hosts; each engine sees and moves only what is its own. */
    readonly driver: Driver;
    /** One policy for all, of whose plan each engine keeps what is about its own guests; or one for each host. */
    readonly policy: Policy | ((host: HostId) => Policy);
    readonly gossip?: GossipSettings;
    /** What a host consents to. @defaultValue one arrival at a time, and load up to what it offers */
    readonly consent?: Partial<ConsentLimits>;
  };

/** What happens in a distributed run. */
export type DistributedEvent =
  /** What the engine of one host tells. */
  | { readonly kind: 'engine'; readonly host: HostId; readonly event: EngineEvent }
  /** A destination did not consent: the sender knew too little, or another one was first. */
  | {
      readonly kind: 'conflict';
      readonly at: Milliseconds;
      readonly host: HostId;
      readonly order: MigrationOrder;
      readonly because: readonly Reason[];
    }
  /** What all hosts' engines hear of came to a stop; it is asked for again. */
  | {
      readonly kind: 'driver-failed';
      readonly at: Milliseconds;
      readonly request: DriverRequest;
      readonly failure: Failure;
      readonly retryAt: Milliseconds;
    };

const schema = /* @__PURE__ */ (() =>
  z.object({
    gossip: z
      .strictObject({
        every: z.number().positive().default(seconds(10)),
        fanout: z.int().positive().default(2),
        latency: z.number().nonnegative().default(0),
      })
      .prefault({}),
    consent: z
      .strictObject({
        arrivals: z.int().positive().default(usualConsent.arrivals),
        load: z.number().positive().default(usualConsent.load),
        resource: z
          .custom<Resource>((value) => typeof value === 'object' && value !== null, 'must be a resource')
          .default(usualConsent.resource),
      })
      .prefault({}),
    policy: z.custom<DistributedOptions['policy']>(
      (value) => typeof value === 'function' || policyFault(value) === undefined,
      'is not a policy, nor a function from a host to one',
    ),
  }))();

/** A policy of which only the moves of one host's guests are kept. */
const onlyOf = (host: HostId, policy: Policy): Policy =>
  definePolicy({
    name: `${policy.name} on ${host}`,
    watch: policy.watch,
    plan: (cluster) => {
      const { moves, passedOver } = policy.plan(cluster);
      return { moves: moves.filter(({ from }) => from === host), passedOver };
    },
  });

interface Run {
  readonly next: (event: DistributedEvent) => void;
  readonly error: (thrown: unknown) => void;
}

const start = (options: DistributedOptions, { next, error }: Run): Subscription => {
  const { driver, policy } = options;
  const { gossip, consent } = settingsOf('distributed', schema, options);
  const scheduler: SchedulerLike = options.scheduler ?? asyncScheduler;
  const all = new Subscription();
  const nodes = new Map<HostId, Node>();
  const standing = new Map<string, HostId>();

  const begin = (host: HostId): Node => {
    const node = nodeOf(host, {
      driver,
      scheduler,
      latency: gossip.latency,
      consent,
      nodeOf: (other) => nodes.get(other),
      over: (id, done) => nodes.forEach((other) => other.release(id, done)),
      onConflict: (order, because) => next({ kind: 'conflict', at: scheduler.now(), host: order.to, order, because }),
    });
    nodes.set(host, node);
    return node;
  };
  const engines = new Map<HostId, Subscription>();
  const startEngine = (node: Node): void => {
    if (engines.has(node.host)) return;
    // Before it is subscribed to: what it tells at once may bring the next inventory.
    const running = new Subscription();
    engines.set(node.host, running);
    all.add(running);
    const own = typeof policy === 'function' ? policy(node.host) : policy;
    const ofEngine = Object.entries(options).filter(([key]) => key !== 'gossip' && key !== 'consent');
    // What is left is what an engine takes, the tempo among it; the engine checks it.
    const engineOptions = {
      ...Object.fromEntries(ofEngine),
      driver: node.driver,
      policy: onlyOf(node.host, own),
    } as EngineOptions;
    running.add(
      engine(engineOptions).subscribe({
        next: (event) => next({ kind: 'engine', host: node.host, event }),
        error,
      }),
    );
  };

  const know = ({ hosts, guests }: Inventory): void => {
    standing.clear();
    for (const { id, host } of guests) standing.set(id, host);
    const names = new Set(hosts.map(({ id }) => id));
    for (const [id, running] of engines) {
      if (names.has(id)) continue;
      running.unsubscribe();
      engines.delete(id);
      nodes.delete(id);
    }
    const listed = hosts.map((host) => ({ host, node: nodes.get(host.id) ?? begin(host.id) }));
    for (const { host, node } of listed)
      node.stands({ host, guests: guests.filter((guest) => guest.host === host.id) });
    for (const { node } of listed) startEngine(node);
  };
  const take = (reading: Reading): void => {
    const host =
      reading.kind === 'bad-input' ? undefined : reading.kind === 'host' ? reading.id : standing.get(reading.id);
    const node = host === undefined ? undefined : nodes.get(host);
    if (node && reading.kind !== 'bad-input') node.read(reading);
    // Nobody's own: the first tells of it.
    else nodes.values().next().value?.refuse(reading);
  };

  let round = 0;
  const talk = (): void => {
    const names = [...nodes.keys()].sort();
    const messages = names.flatMap((name) => {
      const told = nodes.get(name)?.tells() ?? [];
      return peersOf(name, names, gossip.fanout, round).map((to) => ({ to, told }));
    });
    round += 1;
    const deliver = (): void => messages.forEach(({ to, told }) => nodes.get(to)?.hear(told));
    if (gossip.latency > 0) all.add(scheduler.schedule(deliver, gossip.latency));
    else deliver();
  };

  /** A move that was under way before keeps its memory where it goes. */
  const keep = (moves: readonly MigrationOrder[]): void => {
    for (const order of moves) {
      const from = nodes.get(order.from)?.tells()[0];
      const guest = from?.guests.find(({ id }) => id === order.guest);
      if (from && guest)
        nodes.get(order.to)?.keep({ order, memory: guest.memory, taken: takenOf(from, guest.id, consent.resource) });
    }
  };

  const keptOpen = (request: DriverRequest): Retrying => ({
    backOff: { first: seconds(1), factor: 2, longest: seconds(60) },
    scheduler,
    onFailure: (failure, retryAt) => next({ kind: 'driver-failed', at: scheduler.now(), request, failure, retryAt }),
  });
  let sampling = false;
  all.add(
    retrying(() => unending(() => driver.inventory(), 'inventory'), keptOpen('inventory')).subscribe((inventory) => {
      know(inventory);
      if (sampling) return;
      sampling = true;
      all.add(retrying(() => inFlight(driver), keptOpen('in flight')).subscribe(keep));
      all.add(retrying(() => driver.samples(), keptOpen('samples')).subscribe(take));
      all.add(interval(gossip.every, scheduler).subscribe(talk));
    }),
  );
  return all;
};

/**
 * Starts one policy on every host (W37): each host gets an engine of its own, which decides about its own guests alone, sees itself
 * as it is and the others as it heard of them, and asks a destination for its consent before it sends a guest: the
 * destination keeps memory and load for it, or refuses, which counts as a conflict and backs off as any failed move.
 *
 * Cold, as an engine is: subscribing starts them all, unsubscribing ends them all and what they began.
 *
 * @example
 * distributed({ driver, policy: simple({ noSwap: true }), every: seconds(10), gossip: { fanout: 2 } }).subscribe(log);
 * @throws SettingsError at once with the path and the rule of every value that is wrong
 */
export const distributed = (options: DistributedOptions): Observable<DistributedEvent> => {
  settingsOf('distributed', schema, options);
  return new Observable((subscriber) =>
    start(options, {
      next: (event) => subscriber.next(event),
      error: (thrown) => subscriber.error(thrown),
    }),
  );
};
