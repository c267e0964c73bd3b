/** Consolidate: gathers guests on fewer hosts while there is little to do, and spreads them again when there is more. */
import { cpu, level, sustained } from '../../metrics/index.js';
import {
  type Cluster,
  compare,
  holds,
  hostSubject,
  lookFor,
  type ObservedHost,
  type PassedOver,
  type Plan,
} from '../../model/index.js';
import { joined } from '../joined.js';
import type { HostLoad } from '../phases/load.js';
import { definePolicy, type Policy } from '../policy.js';
import { empty } from './empty.js';
import { offRule, onRule } from './power-advice.js';
import { relieve } from './relieve.js';
import { type ConsolidateRules, consolidateRules, type ConsolidateSettings } from './settings.js';
import { against, isEmpty, lasting, loadsOf } from './site.js';

/** What is said of an empty host: it may be switched off, is kept as a spare one, or has not been idle for long enough. */
const ofEmpty = (rules: ConsolidateRules, load: HostLoad, i: number): PassedOver => {
  const subject = hostSubject(load.host.id);
  const waits = lasting(rules, load, 'low');
  const counted = { subject, unit: 'count' } as const;
  if (i < rules.spare)
    return {
      subject,
      because: [
        compare({
          ...counted,
          rule: 'consolidate.spare',
          measure: 'empty hosts that are on, up to it,',
          value: i + 1,
          relation: 'above',
          limit: rules.spare,
        }),
      ],
    };
  return {
    subject,
    because: holds(waits)
      ? [compare({ ...counted, rule: offRule, measure: 'guests', value: 0, relation: 'at least', limit: 1 }), waits]
      : [waits],
  };
};

/** What is said of hosts that take no part. */
const ofOthers = (hosts: readonly ObservedHost[], wanted: boolean): readonly PassedOver[] =>
  hosts
    .filter(({ state }) => state !== 'active')
    .map(({ id, state: value }) => ({
      subject: hostSubject(id),
      because: [
        lookFor({
          rule: wanted && value === 'off' ? onRule : 'consolidate',
          subject: hostSubject(id),
          measure: 'state',
          value,
          among: ['active'],
        }),
      ],
    }));

const planWith = (rules: ConsolidateRules, cluster: Cluster): Plan => {
  const { known, unknown } = loadsOf(cluster);
  const silent = unknown.map(({ host, because }) => ({ subject: hostSubject(host.id), because }));
  const hot = known.filter((load) => holds(against(rules, load, 'high')));
  const empties = known.filter((load) => isEmpty(cluster, load));
  if (hot.length > 0) {
    // While any host is above the upper mark none is emptied, and none switched off.
    const { moves, passedOver, stuck } = relieve(rules, cluster);
    const wanted = stuck.length > 0 || empties.length < rules.spare;
    return joined(moves, [...silent, ...passedOver, ...ofOthers(cluster.hosts, wanted)]);
  }
  const { moves, passedOver } = empty(rules, cluster);
  return joined(moves, [
    ...silent,
    ...passedOver,
    ...empties.map((load, i) => ofEmpty(rules, load, i)),
    ...ofOthers(cluster.hosts, empties.length < rules.spare),
  ]);
};

/**
 * Saves power (Wilcox 2008, §1.2.2; W20): at low load guests gather on fewer hosts, so that the others can be switched off; the
 * reverse when load rises. After VMware DPM (Gulati et al. 2012), which keeps hosts at 63 ± 18 % and is fast to spread and slow
 * to gather: a host that has been above the upper mark for `up` gives guests away until it is not, to hosts filled no further
 * than `fill`, else up to the mark; and only where no host is above it, the least loaded host that has been below the lower
 * mark for `down` is emptied, if all of its guests fit elsewhere below `fill`: all of them move or none.
 *
 * Plans only move guests. Which hosts could be switched off, and which ones are wanted back, stands in `passedOver`;
 * {@link powerAdvice} reads it. Windows are of the hosts' own readings; loads are the sums of their guests'. Relieved are
 * guests singly: one that must stand together with others leaves only where a host is emptied.
 *
 * @example
 * const plan = consolidate({ spare: 1 }).plan(cluster);
 * const { on, off } = powerAdvice(plan);
 * @throws SettingsError where a setting is wrong: `consolidate.high: 0.5 is below fill 0.63`
 */
export const consolidate = (settings: ConsolidateSettings = {}): Policy => {
  const rules = consolidateRules(settings);
  return definePolicy({
    name: 'consolidate',
    watch: {
      host: {
        low: sustained({ measure: cpu, relation: 'below', limit: rules.low, for: rules.down }),
        high: sustained({ measure: cpu, relation: 'above', limit: rules.high, for: rules.up }),
      },
      guest: { cpu: level(cpu) },
    },
    plan: (cluster) => planWith(rules, cluster),
  });
};
