/** Move: what a rule may ask of a move that was chosen: who, from where, where to, and what it is expected to take. */
import { type Estimator, type MoveFacts } from '../../estimators/index.js';
import { latest } from '../../metrics/index.js';
import {
  type DirtyReading,
  type Estimate,
  guestSubject,
  type ObservedGuest,
  type ObservedHost,
  type Reason,
  type Subject,
  unknown,
  type Unit as UnitName,
  wholeCluster,
} from '../../model/index.js';
import { itemAt } from './bound.js';
import { conditionOf } from './condition.js';
import type { Frame } from './frame.js';
import type { Kinds } from './kinds.js';
import { comparison, constant, quantityOf } from './quantity.js';
import { conditions, quantities } from './inside.js';
import { changing, needing, type Scope } from './scope.js';
import type { MoveTerm } from './terms.js';
import type { Condition, Quantity } from './words.js';

/** Where the names of a move are kept. */
export interface MovePlaces {
  readonly guest: number;
  readonly from: number;
  readonly to: number;
}

const usedSignal = /* @__PURE__ */ latest('memory used in bytes', (sample) => sample.memory?.used);
const dirtySignal = /* @__PURE__ */ latest('dirty', (sample) => sample.dirty);

/** What a migration may use of a host's migration network, moves in flight and planned counted. */
const bandwidthOf = (host: ObservedHost, frame: Frame): number | undefined => {
  const network = host.networks.find(({ role }) => role === 'migration');
  const sharing =
    frame.snapshot.migrations.filter(({ from, to }) => from === host.id || to === host.id).length +
    frame.planned(host.id);
  return network && network.bandwidth / (sharing + 1);
};

/** A dirty rate of zero is what tools say before they have measured. */
const factsOf = (guest: ObservedGuest, from: ObservedHost, to: ObservedHost, frame: Frame): MoveFacts | undefined => {
  const [out, into] = [bandwidthOf(from, frame), bandwidthOf(to, frame)];
  if (out === undefined || into === undefined || guest.knowledge.kind !== 'fresh') return undefined;
  // The watch folds these signals under their own names.
  const dirty = guest.signals[dirtySignal.name] as DirtyReading | undefined;
  const used = guest.signals[usedSignal.name] as number | undefined;
  return {
    memory: guest.memory,
    ...(used === undefined ? {} : { nonZero: Math.min(used, guest.memory) }),
    demand: dirty && dirty.rate > 0 ? { kind: 'sampled', rate: dirty.rate, window: dirty.window } : { kind: 'unknown' },
    bandwidth: Math.min(out, into),
  };
};

/** The names of a move, to ask it something. */
export const moveTerm = (
  kinds: Kinds,
  estimator: Estimator,
): { readonly places: MovePlaces; readonly word: MoveTerm } => {
  const { building, host, guest } = kinds;
  const places = { guest: building.place(), from: building.place(), to: building.place() };
  const [who, source, destination] = [
    itemAt<ObservedGuest>(places.guest),
    itemAt<ObservedHost>(places.from),
    itemAt<ObservedHost>(places.to),
  ];
  const scope: Scope = changing(
    needing(
      { ...who.scope, open: Object.values(places) },
      { side: 'guest', signal: usedSignal },
      { side: 'guest', signal: dirtySignal },
    ),
  );
  const subject = (frame: Frame): Subject => {
    const one = who.item(frame);
    return one ? guestSubject(one.id) : wholeCluster;
  };
  const estimateOf = (frame: Frame): Estimate | undefined => {
    const [one, from, to] = [who.item(frame), source.item(frame), destination.item(frame)];
    const facts = one && from && to && factsOf(one, from, to, frame);
    return facts && estimator(facts);
  };
  const figure = <U extends UnitName>(
    measure: string,
    unit: U,
    read: (figures: Extract<Estimate, { readonly duration: number }>) => number,
  ): Quantity<U> => {
    const value = (frame: Frame): number | undefined => {
      const estimate = estimateOf(frame);
      return estimate && 'duration' in estimate ? read(estimate) : undefined;
    };
    return quantityOf({
      scope,
      unit,
      measure: () => measure,
      subject,
      value,
      missing: (frame) =>
        value(frame) === undefined
          ? [unknown({ rule: frame.rule, subject: subject(frame), measure, why: 'not measured' })]
          : [],
    });
  };
  const duration = figure('expected time of the move', 'milliseconds', (figures) => figures.duration);
  const longerThan = (length: number): Condition => {
    const parts = comparison(quantities.of(duration), 'above', quantities.of(constant(length, 'milliseconds')));
    const plain = conditions.of(parts);
    const endless = (frame: Frame): boolean => estimateOf(frame)?.convergence === 'never';
    return conditionOf({
      scope,
      holds: (frame) => endless(frame) || plain.holds(frame),
      because: (frame, asked): readonly Reason[] => {
        const estimate = estimateOf(frame);
        const to = destination.item(frame);
        return endless(frame) && estimate && to
          ? [{ kind: 'weighed', rule: frame.rule, subject: subject(frame), to: to.id, estimate, holds: false }]
          : plain.because(frame, asked);
      },
    });
  };
  return {
    places,
    word: {
      guest: guest.termOf(who),
      from: host.termOf(source),
      to: host.termOf(destination),
      duration,
      downtime: figure('expected standstill', 'milliseconds', (figures) => figures.downtime),
      bytes: figure('bytes expected to be sent', 'bytes', (figures) => figures.bytes),
      takesLongerThan: longerThan,
    },
  };
};
