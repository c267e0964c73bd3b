/** Relieve: hosts that have been above the upper mark for a while give guests away until they are not. */
import {
  byName,
  type Cluster,
  compare,
  holds,
  hostSubject,
  type PassedOver,
  type Proposal,
} from '../../model/index.js';
import { planned } from '../constraint.js';
import type { HostLoad } from '../phases/load.js';
import type { ConsolidateRules } from './settings.js';
import { against, lasting, loadsOf, place } from './site.js';

/** What relieving comes to. */
export interface Relief {
  readonly moves: readonly Proposal[];
  readonly passedOver: readonly PassedOver[];
  /** Hosts above the upper mark that found nobody to give to. */
  readonly stuck: readonly HostLoad[];
}

/** Gives away the largest guest that anybody can take: to a host filled no further than usual, else up to the mark. */
const giveOne = (rules: ConsolidateRules, cluster: Cluster, from: HostLoad, moves: readonly Proposal[]): Relief => {
  const passedOver: PassedOver[] = [];
  const because = [against(rules, from, 'high'), lasting(rules, from, 'high')];
  const largest = [...from.guests].sort((a, b) => b.taken - a.taken || byName(a.guest.id, b.guest.id));
  for (const { guest, taken } of largest) {
    // A guest that takes nothing leaves nothing behind.
    if (taken === 0) break;
    const found = place(rules, cluster, { from, unit: [guest], moves }, [rules.fill, rules.high], () => true);
    passedOver.push(...found.passedOver);
    if (found.moves.length > 0)
      return {
        moves: found.moves.map((move) => ({ ...move, because: [...because, ...move.because] })),
        passedOver,
        stuck: [],
      };
  }
  const none = compare({
    rule: 'consolidate.relieve',
    subject: hostSubject(from.host.id),
    measure: 'guests that another host could take',
    value: 0,
    relation: 'at least',
    limit: 1,
    unit: 'count',
  });
  return {
    moves: [],
    passedOver: [...passedOver, { subject: hostSubject(from.host.id), because: [none] }],
    stuck: [from],
  };
};

/** Relieves every host that has been above the upper mark for long enough, the most loaded first. */
export const relieve = (rules: ConsolidateRules, cluster: Cluster): Relief => {
  const moves: Proposal[] = [];
  const passedOver: PassedOver[] = [];
  const stuck: HostLoad[] = [];
  const heaviestFirst = [...loadsOf(cluster).known].reverse();
  for (const { host } of heaviestFirst) {
    for (;;) {
      const now = loadsOf(planned(cluster, moves)).known.find((load) => load.host.id === host.id);
      if (!now || !holds(against(rules, now, 'high'))) break;
      const waits = lasting(rules, now, 'high');
      if (!holds(waits)) {
        passedOver.push({ subject: hostSubject(host.id), because: [waits] });
        break;
      }
      const found = giveOne(rules, cluster, now, moves);
      moves.push(...found.moves);
      passedOver.push(...found.passedOver);
      stuck.push(...found.stuck);
      if (found.moves.length === 0) break;
    }
  }
  return { moves, passedOver, stuck };
};
