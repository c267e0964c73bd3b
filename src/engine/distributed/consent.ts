/** Consent: whether a host takes a guest, judged by what it knows of itself and has promised already. Pure. */
import {
  type Bytes,
  compare,
  guestMemory,
  holds,
  hostSubject,
  lookFor,
  type MigrationOrder,
  type Reason,
  unknown,
} from '../../model/index.js';
import { cpuCycles, type Resource, shareOf } from '../../policies/index.js';
import type { HostReport } from './gossip.js';

/** What a host is asked to take. */
export interface Request {
  readonly order: MigrationOrder;
  readonly memory: Bytes;
  /** What the guest takes of the resource; `undefined` where it was not measured. */
  readonly taken: number | undefined;
}

/** What a host promised to take, by order; its memory and load are kept for it. */
export type Promised = readonly Request[];

/** What a host takes at most. */
export interface ConsentLimits {
  /** Guests that come to it at once. */
  readonly arrivals: number;
  /** Load that it may have with what it promised, as a share of what it offers. */
  readonly load: number;
  readonly resource: Resource;
}

/** Defaults of {@link ConsentLimits}: one arrival at a time, and no more than the host offers. */
export const usualConsent: ConsentLimits = { arrivals: 1, load: 1, resource: cpuCycles };

/** What a guest of this host takes by its last reading; `undefined` where it was not measured. */
export const takenOf = ({ host, guests, readings }: HostReport, id: string, resource: Resource): number | undefined => {
  const guest = guests.find((one) => one.id === id);
  const sample = readings.findLast((reading) => reading.kind === 'guest' && reading.id === id);
  const value = sample && sample.kind !== 'bad-input' ? resource.measure.of(sample) : undefined;
  return guest && value !== undefined && Number.isFinite(value) && value >= 0
    ? resource.taken(value, guest, host)
    : undefined;
};

const rule = 'consent';

const loadReason = (own: HostReport, promised: Promised, request: Request, limits: ConsentLimits): Reason => {
  const subject = hostSubject(own.host.id);
  const { resource } = limits;
  const measure = `${resource.name} with ${request.order.guest}`;
  let taken = 0;
  for (const part of [
    ...own.guests.map(({ id }) => takenOf(own, id, resource)),
    ...[...promised, request].map((other) => other.taken),
  ]) {
    if (part === undefined) return unknown({ rule, subject, measure, why: 'not measured' });
    taken += part;
  }
  return compare({
    rule,
    subject,
    measure,
    value: shareOf(taken, own.host, resource),
    relation: 'at most',
    limit: limits.load,
    unit: resource.unit,
  });
};

/**
 * What speaks for and against taking a guest; it is taken if every reason holds. What is promised counts as if it were there, and
 * what leaves as if it stayed, until it is gone.
 */
const considered = (
  own: HostReport,
  promised: Promised,
  request: Request,
  limits: ConsentLimits,
): readonly Reason[] => {
  const subject = hostSubject(own.host.id);
  const held = [...own.guests, ...promised].reduce((sum, { memory }) => sum + memory, 0);
  return [
    lookFor({ rule, subject, measure: 'state', value: own.host.state, among: ['active'] }),
    compare({
      rule,
      subject,
      measure: 'guests promised',
      value: promised.length,
      relation: 'below',
      limit: limits.arrivals,
      unit: 'count',
    }),
    compare({
      rule,
      subject,
      measure: 'free memory',
      value: guestMemory(own.host) - held,
      relation: 'at least',
      limit: request.memory,
      unit: 'bytes',
    }),
    loadReason(own, promised, request, limits),
  ];
};

/** Why a host does not take a guest; `undefined` where it does. */
export const refusalOf = (
  own: HostReport,
  promised: Promised,
  request: Request,
  limits: ConsentLimits,
): readonly Reason[] | undefined => {
  const against = considered(own, promised, request, limits).filter((reason) => !holds(reason));
  return against.length > 0 ? against : undefined;
};
