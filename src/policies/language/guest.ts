/** Guest: what a rule may ask of a guest, and of guests that leave together. */
import { cpu, latest, level } from '../../metrics/index.js';
import {
  type DirtyReading,
  guestSubject,
  holds,
  type Host,
  lookFor,
  type ObservedGuest,
  type ObservedHost,
  compare,
  unknown,
  wholeCluster,
} from '../../model/index.js';
import {
  type Classifier,
  type Classification,
  demandRule,
  usage,
  type Usage,
  type WorkloadClass,
} from '../classification/index.js';
import { companions } from '../constraints/together.js';
import { type Use, useOf } from '../muda/use.js';
import { shareOf, cpuCycles } from '../phases/load.js';
import { collectionOf } from './collection.js';
import { conditionOf } from './condition.js';
import { fact, identical, labelsOf, named, type Owner } from './fact.js';
import { type Frame, takenBy } from './frame.js';
import { type TermInside, terms } from './inside.js';
import type { Kinds, Unit } from './kinds.js';
import { type Reader, signalled, unread } from './reading.js';
import { readingsOf } from './readings.js';
import { closed, changing, needing } from './scope.js';
import type { ClassOptions, GuestTerm, UnitTerm } from './terms.js';
import type { Condition } from './words.js';

const classes: readonly WorkloadClass[] = ['cpu', 'io', 'balanced', 'idle', 'paging', 'network'];

const bandwidth = ({ networks }: Host, role: string): number | undefined =>
  networks.find((network) => network.role === role)?.bandwidth;

const classify = (
  classifier: Classifier,
  used: Usage,
  { id, vcpus, image }: ObservedGuest,
  host: Host | undefined,
): Classification => {
  const [wire, disk] = [
    host && (bandwidth(host, 'guest') ?? bandwidth(host, 'migration')),
    host?.storage.find((path) => path.id === image?.storage)?.score,
  ];
  return classifier.classify(used, {
    subject: guestSubject(id),
    processors: vcpus,
    ...(wire !== undefined && { bandwidth: wire }),
    ...(disk !== undefined && { storage: disk }),
  });
};

/** What a guest needs most is one of these classes. */
const boundBy = (
  reader: Omit<Reader, 'item'> & Owner<ObservedGuest>,
  wanted: readonly WorkloadClass[],
  { by = demandRule() }: ClassOptions,
): Condition => {
  const signal = usage();
  const found = (frame: Frame): Classification | undefined => {
    const guest = reader.item(frame);
    // The watch folds this signal under its own name.
    const used = signalled(reader, signal, frame) as Usage | undefined;
    if (guest === undefined || used === undefined) return undefined;
    const result = classify(by, used, guest, frame.at().host(guest.host));
    return result.class === 'unknown' ? undefined : result;
  };
  return conditionOf({
    scope: needing(reader.scope, { side: 'guest', signal }),
    holds: (frame) => {
      const result = found(frame);
      return result && wanted.includes(result.class);
    },
    because: (frame, asked) => {
      const result = found(frame);
      if (result === undefined) return [unread(reader, 'class', frame)];
      const own = lookFor({
        rule: frame.rule,
        subject: reader.subject(frame),
        measure: 'class',
        value: result.class,
        among: asked ? wanted : classes.filter((other) => !wanted.includes(other)),
      });
      return own.holds ? [own, ...result.reasons.filter(holds)] : [own];
    },
  });
};

const settled = (owner: Owner<ObservedGuest>): Condition =>
  conditionOf({
    scope: changing(owner.scope),
    holds: (frame) => {
      const guest = owner.item(frame);
      return guest && frame.at().migrationOf(guest.id) !== undefined;
    },
    because: (frame, asked) => {
      const guest = owner.item(frame);
      const common = { rule: frame.rule, subject: owner.subject(frame), measure: 'moves of it' };
      if (guest === undefined) return [unknown({ ...common, why: 'not in the inventory' })];
      return [
        compare({
          ...common,
          value: frame.at().migrationOf(guest.id) ? 1 : 0,
          relation: asked ? 'at least' : 'at most',
          limit: asked ? 1 : 0,
          unit: 'count',
        }),
      ];
    },
  });

/** A guest as a word. */
export const guestTerm = (kinds: Kinds, access: Omit<TermInside<ObservedGuest>, 'kind'>): GuestTerm => {
  const { item, scope } = access;
  const owner: Owner<ObservedGuest> = {
    ...access,
    subject: (frame) => {
      const guest = item(frame);
      return guest ? guestSubject(guest.id) : wholeCluster;
    },
  };
  const reader = { side: 'guest' as const, ...owner };
  const window = usage();
  const mean = <U extends 'fraction' | 'bytes per second'>(
    measure: string,
    unit: U,
    read: (used: Usage) => number | undefined,
  ) =>
    fact(owner, {
      measure: `mean ${measure}`,
      unit,
      scope: needing(closed, { side: 'guest', signal: window }),
      why: 'not measured',
      find: (_, frame) => {
        // The watch folds this signal under its own name.
        const used = signalled(reader, window, frame) as Usage | undefined;
        return used && read(used);
      },
    });
  const dirty = latest('dirty', (sample) => sample.dirty);
  const word: GuestTerm = {
    ...readingsOf(reader),
    ...labelsOf(owner),
    name: named(owner, 'name', ({ id }) => id),
    host: kinds.host.termOf({
      scope,
      item: (frame) => {
        const guest = item(frame);
        return guest && frame.at().host(guest.host);
      },
    }),
    vcpus: fact(owner, { measure: 'vCPUs', unit: 'count', find: ({ vcpus }) => vcpus }),
    memory: fact(owner, { measure: 'memory', unit: 'bytes', find: ({ memory }) => memory }),
    image: named(owner, 'image', ({ image }) => image?.storage),
    home: named(owner, 'home', ({ home }) => home),
    shareOf: (word) => {
      const host = terms.of(word);
      return fact(owner, {
        measure: 'cpu, as a share of the host,',
        unit: 'fraction',
        scope: needing(host.scope, { side: 'guest', signal: level(cpu) }),
        why: 'not measured',
        find: (guest, frame) => {
          // A host's word stands for a host.
          const offered = host.item(frame) as ObservedHost | undefined;
          const taken = takenBy(guest, frame.at().host(guest.host), 'unknown');
          return offered && taken !== undefined ? shareOf(taken, offered, cpuCycles) : undefined;
        },
      });
    },
    boundBy: (wanted, options = {}) => boundBy(reader, typeof wanted === 'string' ? [wanted] : wanted, options),
    usage: {
      cpu: mean('cpu', 'fraction', ({ used }) => used),
      iowait: mean('iowait', 'fraction', (used) => used.iowait),
      networkTraffic: mean('network traffic', 'bytes per second', (used) => used.networkTraffic),
    },
    busyFor: (process, iowait) => {
      const signal = useOf(
        {
          use: { process, iowait, for: 0, tolerance: 3, by: 'same', spells: 'apart', of: 'one' },
          counts: 'user+system',
        },
        1,
      );
      return fact(owner, {
        measure: 'time in use',
        unit: 'milliseconds',
        scope: needing(closed, { side: 'guest', signal }),
        why: 'not measured',
        find: (_, frame) => {
          // The watch folds this signal under its own name.
          const uses = signalled(reader, signal, frame) as readonly Use[] | undefined;
          return uses && Math.max(0, ...uses.map(({ held }) => held));
        },
      });
    },
    dirtyRate: fact(owner, {
      measure: 'dirty rate',
      unit: 'bytes per second',
      scope: needing(closed, { side: 'guest', signal: dirty }),
      why: 'not measured',
      find: (_, frame) => {
        // The watch folds this signal under its own name. A rate of zero is what tools say before they have measured.
        const reading = signalled(reader, dirty, frame) as DirtyReading | undefined;
        return reading && reading.rate > 0 ? reading.rate : undefined;
      },
    }),
    isMoving: () => settled(owner),
    is: (other) => identical(owner, terms.of(other) as Owner<ObservedGuest> & TermInside<unknown>),
    withCompanions: kinds.unit.termOf({
      scope,
      item: (frame) => {
        const guest = item(frame);
        return guest && companions(guest, frame.snapshot);
      },
    }),
  };
  return terms.keep(word, { ...access, kind: kinds.guest } as TermInside<unknown>);
};

/** Guests that leave together, as a word. */
export const unitTerm = (kinds: Kinds, access: Omit<TermInside<Unit>, 'kind'>): UnitTerm => {
  const { scope, item } = access;
  const owner: Owner<Unit> = {
    ...access,
    subject: (frame) => {
      const first = item(frame)?.[0];
      return first ? guestSubject(first.id) : wholeCluster;
    },
  };
  const word: UnitTerm = {
    size: fact(owner, { measure: 'guests that leave together', unit: 'count', find: ({ length }) => length }),
    guests: collectionOf(kinds.building, kinds.guest, {
      scope,
      kind: kinds.guest,
      walk: (frame, { take }) => {
        for (const guest of item(frame) ?? []) if (take(guest)) return;
      },
      evidence: () => [],
    }),
    memory: fact(owner, {
      measure: 'memory of all that leave together',
      unit: 'bytes',
      find: (guests) => guests.reduce((sum, { memory }) => sum + memory, 0),
    }),
  };
  return terms.keep(word, { ...access, kind: kinds.unit } as TermInside<unknown>);
};
