/** Host: what a rule may ask of a host. */
import { cpu, level, steal } from '../../metrics/index.js';
import {
  byName,
  guestMemory,
  hostSubject,
  type NetworkRole,
  type ObservedGuest,
  type ObservedHost,
  wholeCluster,
} from '../../model/index.js';
import { companions } from '../constraints/together.js';
import { collectionOf } from './collection.js';
import { conditionOf } from './condition.js';
import { fact, type Finding, identical, labelsOf, named, type Owner } from './fact.js';
import { demandShare, type Frame, takenBy, type Unread } from './frame.js';
import { type TermInside, terms } from './inside.js';
import type { Kinds, Unit } from './kinds.js';
import { watts } from './power-curve.js';
import { readingsOf } from './readings.js';
import { changing, closed, needing, type Need, type Scope, scopeOf } from './scope.js';
import type { HostTerm, HostWith } from './terms.js';
import type { Collection } from './collections.js';
import type { GuestTerm, UnitTerm } from './terms.js';
import { lookFor, unknown } from '../../model/index.js';

const hostCpu: Need = { side: 'host', signal: /* @__PURE__ */ level(cpu) };
const guestCpu: Need = { side: 'guest', signal: /* @__PURE__ */ level(cpu) };
const guestSteal: Need = { side: 'guest', signal: /* @__PURE__ */ level(steal) };

const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** Guests that must stand together, each list once. */
const unitsOn = (frame: Frame, host: ObservedHost): readonly Unit[] => {
  const units = new Map<string, Unit>();
  for (const guest of frame.at().guestsOn(host.id)) {
    const unit = companions(guest, frame.snapshot);
    units.set(unit[0]?.id ?? guest.id, unit);
  }
  return [...units.values()].sort((a, b) => byName(a[0]?.id ?? '', b[0]?.id ?? ''));
};

/** The guests that a guest's or unit's word stands for. */
const guestsOf = (
  word: GuestTerm | UnitTerm,
): { readonly scope: Scope; readonly guests: (frame: Frame) => Unit | undefined } => {
  const { scope, kind, item } = terms.of(word);
  return {
    scope,
    guests: (frame) => {
      const found = item(frame);
      // The kind says which of the two it is.
      return found === undefined ? undefined : kind.noun === 'unit' ? (found as Unit) : [found as ObservedGuest];
    },
  };
};

const demanded = (owner: Owner<ObservedHost>, unread: Unread, more?: ReturnType<typeof guestsOf>) =>
  fact(owner, {
    measure: more ? 'demand afterwards' : 'demand',
    unit: 'fraction',
    scope: changing(needing(more?.scope ?? closed, guestCpu)),
    why: 'not measured',
    find: (host, frame) => {
      const taken = host.knowledge.kind === 'fresh' ? frame.load(host.id, unread) : undefined;
      if (taken === undefined) return undefined;
      let sum = 0;
      for (const guest of more ? (more.guests(frame) ?? [undefined]) : []) {
        const one = guest && takenBy(guest, frame.at().host(guest.host), unread);
        if (one === undefined) return undefined;
        sum += one;
      }
      return demandShare(taken + sum, host);
    },
  });

const withGuests = (owner: Owner<ObservedHost>, word: GuestTerm | UnitTerm): HostWith => {
  const more = guestsOf(word);
  return {
    demand: demanded(owner, 'unknown', more),
    demandAtWorst: demanded(owner, 'in full', more),
    freeMemory: fact(owner, {
      measure: 'memory left afterwards',
      unit: 'bytes',
      scope: changing(more.scope),
      find: ({ id }, frame) => {
        const guests = more.guests(frame);
        return guests && frame.at().freeMemory(id) - guests.reduce((sum, { memory }) => sum + memory, 0);
      },
    }),
  };
};

const bandwidthOf = ({ networks }: ObservedHost, role: NetworkRole): number | undefined =>
  networks.find((network) => network.role === role)?.bandwidth;

/** A host as a word. */
export const hostTerm = (kinds: Kinds, access: Omit<TermInside<ObservedHost>, 'kind'>): HostTerm => {
  const { scope, item } = access;
  const owner: Owner<ObservedHost> = {
    ...access,
    subject: (frame) => {
      const host = item(frame);
      return host ? hostSubject(host.id) : wholeCluster;
    },
  };
  const ofGuest = (
    word: GuestTerm,
  ): { readonly scope: Scope; readonly guest: (frame: Frame) => ObservedGuest | undefined } => {
    const { scope: other, guests } = guestsOf(word);
    return { scope: other, guest: (frame) => guests(frame)?.[0] };
  };
  const plain = <U extends Finding<ObservedHost, 'count'>['unit'] | 'bytes' | 'hertz' | 'bytes per second'>(
    measure: string,
    unit: U,
    find: (host: ObservedHost) => number | undefined,
  ) => fact(owner, { measure, unit, find });
  const listed = (list: (host: ObservedHost, frame: Frame) => readonly ObservedGuest[]): Collection<GuestTerm> =>
    collectionOf(kinds.building, kinds.guest, {
      scope,
      kind: kinds.guest,
      walk: (frame, { take }) => {
        const host = item(frame);
        if (host) for (const guest of list(host, frame)) if (take(guest)) return;
      },
      evidence: () => [],
    });
  const word: HostTerm = {
    ...readingsOf({ side: 'host', ...owner }),
    ...labelsOf(owner),
    name: named(owner, 'name', ({ id }) => id),
    state: named(owner, 'state', ({ state }) => state),
    guests: listed(({ id }, frame) => frame.at().guestsOn(id)),
    units: collectionOf(kinds.building, kinds.unit, {
      scope,
      kind: kinds.unit,
      walk: (frame, { take }) => {
        const host = item(frame);
        if (host) for (const unit of unitsOn(frame, host)) if (take(unit)) return;
      },
      evidence: () => [],
    }),
    demand: demanded(owner, 'unknown'),
    freeMemory: fact(owner, {
      measure: 'free memory',
      unit: 'bytes',
      scope: changing(closed),
      find: ({ id }, frame) => frame.at().freeMemory(id),
    }),
    memory: plain('memory', 'bytes', guestMemory),
    clock: plain('clock', 'hertz', (host) => host.cpu.clock),
    cores: plain('cores', 'count', (host) => host.cpu.cores),
    cache: plain('cache', 'bytes', (host) => host.cpu.cache),
    memorySpeed: plain('memory speed', 'bytes per second', (host) => host.memory.speed),
    bandwidth: (role = 'migration') =>
      plain(`${role} bandwidth`, 'bytes per second', (host) => bandwidthOf(host, role)),
    guestBandwidth: plain(
      'bandwidth for guests',
      'bytes per second',
      (host) => bandwidthOf(host, 'guest') ?? bandwidthOf(host, 'migration'),
    ),
    diskScore: (guest) => {
      const of = ofGuest(guest);
      return fact(owner, {
        measure: 'disk score',
        unit: 'bytes per second',
        scope: of.scope,
        find: ({ storage }, frame) => storage.find(({ id }) => id === of.guest(frame)?.image?.storage)?.score,
      });
    },
    holdsImageOf: (guest) => {
      const of = ofGuest(guest);
      const imageOf = (frame: Frame): string | undefined => {
        const one = of.guest(frame);
        // A guest without an image has it nowhere.
        return one && (one.image?.storage ?? '');
      };
      const local = (frame: Frame): readonly string[] =>
        (item(frame)?.storage ?? []).filter(({ access: way }) => way === 'local').map(({ id }) => id);
      return held(owner, of.scope, imageOf, local);
    },
    watts: fact(owner, {
      measure: 'power drawn',
      unit: 'watts',
      scope: needing(closed, hostCpu),
      why: 'not measured',
      find: ({ power, knowledge, signals }) =>
        knowledge.kind === 'fresh' ? watts(power, number(signals[hostCpu.signal.name])) : undefined,
    }),
    moves: fact(owner, {
      measure: 'moves in flight',
      unit: 'count',
      scope: changing(closed),
      find: ({ id }, frame) =>
        frame.snapshot.migrations.filter(({ from, to }) => from === id || to === id).length + frame.planned(id),
    }),
    movesPlanned: fact(owner, {
      measure: 'moves planned',
      unit: 'count',
      scope: changing(closed),
      find: ({ id }, frame) => frame.planned(id),
    }),
    idleFor: (guest) => {
      const of = ofGuest(guest);
      return fact(owner, {
        measure: 'cpu free for the guest',
        unit: 'fraction',
        scope: needing(of.scope, hostCpu, guestCpu, guestSteal),
        why: 'not measured',
        find: (host, frame) => {
          const busy = host.knowledge.kind === 'fresh' ? number(host.signals[hostCpu.signal.name]) : undefined;
          const one = of.guest(frame);
          const free = (share: number): number => 1 - Math.min(1, share);
          if (busy === undefined || one === undefined) return undefined;
          if (one.host !== host.id) return free(busy);
          const [took, stolen] = [
            number(one.signals[guestCpu.signal.name]),
            number(one.signals[guestSteal.signal.name]),
          ];
          if (took === undefined || one.knowledge.kind !== 'fresh') return undefined;
          return free(Math.max(0, busy - (Math.max(0, took - (stolen ?? 0)) * one.vcpus) / host.cpu.threads));
        },
      });
    },
    with: (guests) => withGuests(owner, guests),
    is: (other) => identical(owner, terms.of(other) as Owner<ObservedHost> & TermInside<unknown>),
  };
  return terms.keep(word, { ...access, kind: kinds.host } as TermInside<unknown>);
};

/** Whether a host has an image in a disk of its own. */
const held = (
  owner: Owner<ObservedHost>,
  scope: Scope,
  imageOf: (frame: Frame) => string | undefined,
  local: (frame: Frame) => readonly string[],
) =>
  conditionOf({
    scope: scopeOf(owner.scope, scope),
    holds: (frame) => {
      const image = imageOf(frame);
      return image === undefined || owner.item(frame) === undefined ? undefined : local(frame).includes(image);
    },
    because: (frame, asked) => {
      const image = imageOf(frame);
      const common = { rule: frame.rule, subject: owner.subject(frame) };
      if (image === undefined || owner.item(frame) === undefined)
        return [unknown({ ...common, measure: 'image', why: 'not in the inventory' })];
      if (asked) return [lookFor({ ...common, measure: 'image', value: image, among: local(frame) })];
      return [
        lookFor({
          ...common,
          measure: 'image elsewhere:',
          value: image,
          among: local(frame).includes(image) ? [] : [image],
        }),
      ];
    },
  });
