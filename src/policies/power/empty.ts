/** Empty: the least loaded host that has been below the lower mark for long gives all of its guests away, or none. */
import {
  byName,
  type Cluster,
  compare,
  type HostId,
  holds,
  hostSubject,
  lookup,
  type PassedOver,
  type Proposal,
} from '../../model/index.js';
import { planned } from '../constraint.js';
import { leavingUnits, type Unit, unitMemory, unitName } from '../leaving.js';
import type { HostLoad } from '../phases/load.js';
import type { ConsolidateRules } from './settings.js';
import { against, isEmpty, lasting, loadsOf, place, type Placed } from './site.js';

/** The guests of a host in the units in which they must leave, those of most memory first. */
const unitsOn = (cluster: Cluster, { guests }: HostLoad): readonly Unit[] =>
  [
    ...leavingUnits(
      cluster,
      guests.map(({ guest }) => guest),
    ),
  ].sort((a, b) => unitMemory(b) - unitMemory(a) || byName(unitName(a), unitName(b)));

/** All of a host's guests elsewhere, or none of them. */
const giveAll = (
  rules: ConsolidateRules,
  cluster: Cluster,
  from: HostLoad,
  moves: readonly Proposal[],
  takes: (host: HostLoad['host']) => boolean,
): Placed => {
  const found: Proposal[] = [];
  const because = [against(rules, from, 'low'), lasting(rules, from, 'low')];
  const units = unitsOn(cluster, from);
  for (const [i, unit] of units.entries()) {
    const placed = place(rules, cluster, { from, unit, moves: [...moves, ...found] }, [rules.fill], takes);
    if (placed.moves.length > 0) {
      found.push(...placed.moves.map((move) => ({ ...move, because: [...because, ...move.because] })));
      continue;
    }
    const some = compare({
      rule: 'consolidate.all',
      subject: hostSubject(from.host.id),
      measure: 'guests, or groups of them, that fit elsewhere,',
      value: i,
      relation: 'at least',
      limit: units.length,
      unit: 'count',
    });
    return { moves: [], passedOver: [...placed.passedOver, { subject: hostSubject(from.host.id), because: [some] }] };
  }
  return { moves: found, passedOver: [] };
};

/** Empties hosts that have been below the lower mark for long enough, the least loaded first, up to as many as a plan may. */
export const empty = (rules: ConsolidateRules, cluster: Cluster): Placed => {
  const moves: Proposal[] = [];
  const passedOver: PassedOver[] = [];
  const { known } = loadsOf(cluster);
  const inUse = new Set<HostId>(known.filter((load) => !isEmpty(cluster, load)).map(({ host }) => host.id));
  const { arrivals } = lookup(cluster);
  let emptied = 0;
  for (const { host } of known) {
    const subject = hostSubject(host.id);
    if (!inUse.has(host.id)) continue;
    const from = loadsOf(planned(cluster, moves)).known.find((load) => load.host.id === host.id);
    if (!from) continue;
    const reasons = [
      against(rules, from, 'low'),
      lasting(rules, from, 'low'),
      compare({
        rule: 'consolidate.settled',
        subject,
        measure: 'guests on their way to it',
        value: arrivals(host.id).length + moves.filter(({ to }) => to === host.id).length,
        relation: 'at most',
        limit: 0,
        unit: 'count',
      }),
      compare({
        rule: 'consolidate.atOnce',
        subject,
        measure: 'hosts emptied at once, with it,',
        value: emptied + 1,
        relation: 'at most',
        limit: rules.atOnce,
        unit: 'count',
      }),
    ].filter((reason) => !holds(reason));
    if (reasons.length > 0) {
      passedOver.push({ subject, because: reasons });
      continue;
    }
    // Filling an empty host to empty another one saves nothing.
    const found = giveAll(rules, cluster, from, moves, ({ id }) => inUse.has(id));
    passedOver.push(...found.passedOver);
    if (found.moves.length === 0) continue;
    moves.push(...found.moves);
    inUse.delete(host.id);
    emptied += 1;
  }
  return { moves, passedOver };
};
