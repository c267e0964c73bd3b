/** WhyNot: asks a plan why a guest does not go to a host. */
import { type GuestId, guestSubject, type HostId, hostSubject, type Subject, wholeCluster } from '../identifiers.js';
import type { PassedOver, Plan, Proposal } from '../plan.js';
import type { Reason } from '../reason.js';
import { sameSubject, sayReason } from './say.js';

/** Why a guest does not go to a host, as far as the plan tells. */
export type WhyNot =
  /** It does go there. */
  | { readonly kind: 'it goes'; readonly move: Proposal }
  /** It goes elsewhere; `because` is what spoke against this host, if it was judged. */
  | { readonly kind: 'it goes elsewhere'; readonly move: Proposal; readonly because: readonly Reason[] }
  /** The host was judged for the guest, and refused. */
  | { readonly kind: 'refused there'; readonly because: readonly Reason[] }
  /** The guest was considered, and left where it is. */
  | { readonly kind: 'left alone'; readonly because: readonly Reason[] }
  /** The host was considered, as a source or a destination, and passed over for all guests. */
  | { readonly kind: 'host passed over'; readonly because: readonly Reason[] }
  /** Nothing was to be moved at all. */
  | { readonly kind: 'nothing moves'; readonly because: readonly Reason[] }
  /** The policy never came to consider it: what it did instead came first. */
  | { readonly kind: 'not considered' };

/**
 * Asks a plan why a guest does not go to a host. Any pair has an answer: the most particular entry of the plan that speaks of it, in
 * this order: the pair, the guest, the host, the cluster.
 */
export const whyNot = ({ moves, passedOver }: Plan, guest: GuestId, host: HostId): WhyNot => {
  const reasons = (about: (entry: PassedOver) => boolean): readonly Reason[] | undefined => {
    const entries = passedOver.filter(about);
    return entries.length === 0 ? undefined : entries.flatMap(({ because }) => because);
  };
  const alone = (subject: Subject): readonly Reason[] | undefined =>
    reasons((entry) => entry.to === undefined && sameSubject(entry.subject, subject));
  const there = reasons((entry) => entry.to === host && sameSubject(entry.subject, guestSubject(guest)));

  const move = moves.find((one) => one.guest === guest);
  if (move?.to === host) return { kind: 'it goes', move };
  if (move !== undefined) return { kind: 'it goes elsewhere', move, because: there ?? alone(hostSubject(host)) ?? [] };
  if (there !== undefined) return { kind: 'refused there', because: there };
  const left = alone(guestSubject(guest));
  if (left !== undefined) return { kind: 'left alone', because: left };
  const passed = alone(hostSubject(host));
  if (passed !== undefined) return { kind: 'host passed over', because: passed };
  const still = alone(wholeCluster);
  return still === undefined ? { kind: 'not considered' } : { kind: 'nothing moves', because: still };
};

const begin: Readonly<Record<WhyNot['kind'], string>> = {
  'it goes': 'it goes there',
  'it goes elsewhere': 'it goes elsewhere',
  'refused there': 'refused there',
  'left alone': 'it was left alone',
  'host passed over': 'the host was passed over',
  'nothing moves': 'nothing moves',
  'not considered': 'it was not considered',
};

/** An answer as a sentence. */
export const sayWhyNot = (answer: WhyNot): string => {
  const because = answer.kind === 'it goes' ? answer.move.because : 'because' in answer ? answer.because : [];
  const where = answer.kind === 'it goes elsewhere' ? `, to ${answer.move.to}` : '';
  const why = because.map((reason) => sayReason(reason)).join(', and ');
  return `${begin[answer.kind]}${where}${why === '' ? '' : `: ${why}`}`;
};
