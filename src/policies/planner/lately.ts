/** Lately: the moves that led to where guests stand, for a plan of several waves goes on though each snapshot is planned anew. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { type Cluster, type GuestId, type HostId, minutes } from '../../model/index.js';
import type { Step } from './state.js';

/** How long a move counts as one of a plan that may go on. */
const window = minutes(15);

/**
 * Moves in flight and those done lately that led to where guests stand, the latest first, as far as both hosts take part.
 *
 * @param place - of a host that takes part
 */
export const latelyOf = (
  { at, guests, migrations, past }: Cluster,
  place: (host: HostId) => number | undefined,
): readonly Step[] => {
  const recent = past
    .filter(({ endedAt, ending }) => ending.result === 'done' && endedAt >= at - window)
    .sort((a, b) => b.endedAt - a.endedAt);
  const led = [...migrations, ...recent];
  if (led.length === 0) return [];
  const numbers = new Map<GuestId, number>(guests.map(({ id }, g) => [id, g]));
  const standing = new Map<number, HostId>();
  const steps: Step[] = [];
  led.forEach(({ guest: id, from, to }, i) => {
    const guest = numbers.get(id);
    const [source, destination] = [place(from), place(to)];
    if (guest === undefined || source === undefined || destination === undefined) return;
    const flies = i < migrations.length;
    if (!flies && (standing.get(guest) ?? guests[guest]!.host) !== to) return;
    standing.set(guest, from);
    steps.push({ guest, from: source, to: destination });
  });
  return steps;
};

/** The most and the least that something came to since the moves that led here began, as it is now included. It is left as it was. */
export const rangeLately = (
  { lately }: { readonly lately: readonly Step[] },
  value: () => number,
  shift: (guest: number, from: number, to: number) => void,
): { readonly most: number; readonly least: number } => {
  let [most, least] = [value(), value()];
  for (const { guest, from, to } of lately) {
    shift(guest, to, from);
    most = Math.max(most, value());
    least = Math.min(least, value());
  }
  for (const { guest, from, to } of lately.toReversed()) shift(guest, from, to);
  return { most, least };
};
