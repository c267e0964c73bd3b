/** Transfer: the second policy of a dynamic scheduler: when guests are moved, and which. */
import * as z from 'zod';
import {
  byName,
  type Cluster,
  compare,
  type Fraction,
  guestSubject,
  hostSubject,
  type Reason,
} from '../../model/index.js';
import { movingBounds } from '../phases/classify.js';
import { type GuestLoad, type HostLoad, type Resource, shareOf } from '../phases/load.js';
import { settingsOf } from '../settings.js';

/** What transfer and placement decide from. */
export interface Situation {
  /** The snapshot, with the moves planned so far in flight. */
  readonly cluster: Cluster;
  /** Hosts whose load is known, in the order of names; those that are switched off are not among them. */
  readonly loads: readonly HostLoad[];
  readonly resource: Resource;
}

/** What a transfer policy says of one host. */
export interface Giving {
  readonly from: HostLoad;
  /** Whether it gives a guest: if every reason holds. */
  readonly because: readonly Reason[];
  /** Its guests, the one that should go first. */
  readonly guests: readonly GuestLoad[];
}

/** When guests are moved, and which (W8). Pure. */
export interface Transfer {
  readonly name: string;
  /** Every host that was looked at, the most urgent first. */
  readonly giving: (situation: Situation) => readonly Giving[];
}

/** Which guest of a host goes first. */
export type GuestOrder = 'largest' | 'smallest';

const guestsOf = ({ guests }: HostLoad, order: GuestOrder): readonly GuestLoad[] =>
  [...guests].sort(
    (a, b) => (order === 'largest' ? b.taken - a.taken : a.taken - b.taken) || byName(a.guest.id, b.guest.id),
  );

const heaviestFirst = (loads: readonly HostLoad[]): readonly HostLoad[] =>
  [...loads].sort((a, b) => b.share - a.share || byName(a.host.id, b.host.id));

const givingAbove = (
  rule: string,
  { loads, resource }: Situation,
  limit: number,
  order: GuestOrder,
): readonly Giving[] =>
  heaviestFirst(loads).map((from) => ({
    from,
    because: [
      compare({
        rule,
        subject: hostSubject(from.host.id),
        measure: resource.name,
        value: from.share,
        relation: 'above',
        limit,
        unit: resource.unit,
      }),
    ],
    guests: guestsOf(from, order),
  }));

const order = /* @__PURE__ */ z.enum(['largest', 'smallest']).default('largest');
const overloaded = /* @__PURE__ */ z.strictObject({ heavy: /* @__PURE__ */ z.number().nonnegative(), guest: order });
const uneven = /* @__PURE__ */ z.strictObject({
  above: /* @__PURE__ */ z.number().nonnegative().default(0.2),
  guest: order,
});

/**
 * A host gives while its load is above a fixed threshold: sender-initiated.
 *
 * @throws SettingsError with the path and the rule of every value that is wrong
 */
export const whenOverloaded = (settings: { readonly heavy: number; readonly guest?: GuestOrder }): Transfer => {
  const { heavy, guest } = settingsOf('whenOverloaded', overloaded, settings);
  return {
    name: `above ${heavy}`,
    giving: (situation) => givingAbove('transfer.overloaded', situation, heavy, guest),
  };
};

/**
 * A host gives while its load is above the average of the known hosts by more than a share of it (the heavy threshold of W11).
 *
 * @throws SettingsError with the path and the rule of every value that is wrong
 */
export const whenUneven = (settings: { readonly above?: Fraction; readonly guest?: GuestOrder } = {}): Transfer => {
  const { above, guest } = settingsOf('whenUneven', uneven, settings);
  return {
    name: `above the average by ${above}`,
    giving: (situation) => {
      const shares = situation.loads.map(({ share }) => share);
      const { heavy } = movingBounds(shares, { below: 0, above, most: Infinity });
      return givingAbove('transfer.uneven', situation, heavy, guest);
    },
  };
};

/** Whether the larger of the two loads falls by a move: what keeps any transfer and placement from sending a guest to and fro. */
export const gains = (from: HostLoad, to: HostLoad, { guest, taken }: GuestLoad, resource: Resource): Reason =>
  compare({
    rule: 'dynamic.gain',
    subject: guestSubject(guest.id),
    measure: `larger ${resource.name} of ${from.host.id} and ${to.host.id} after the move`,
    value: Math.max(shareOf(from.taken - taken, from.host, resource), shareOf(to.taken + taken, to.host, resource)),
    relation: 'below',
    limit: Math.max(from.share, to.share),
    unit: resource.unit,
  });
