/** State: the hosts in their groups, and the thresholds that put them there: load evaluation of CSLB. */
import { byName, type Cluster, compare, hostSubject, lookFor } from '../../model/index.js';
import { type Bounds, type Group, groupOf, type Groups, movingBounds } from '../phases/classify.js';
import type { HostLoad } from '../phases/load.js';
import { middleOf } from '../phases/transfer.js';
import { movingHosts, ownGroup } from './own-groups.js';
import type { Grouping } from './pair.js';
import type { CslbRules } from './settings.js';

/** The hosts in their groups. */
export interface State {
  readonly bounds: Bounds;
  readonly grouping: Grouping;
  readonly middle: number;
  /** Heaviest first, lightest first; hosts that take no guests are not among the light. */
  readonly groups: Groups<HostLoad>;
}

/** The group of a host, and what it was put into it by: its own word where it has one that counts, else its load. */
const groupedBy = (
  { classifiedBy, resource: { name: measure, unit } }: CslbRules,
  bounds: Bounds,
  cluster: Cluster,
): Grouping => {
  const moving = movingHosts(cluster);
  const said = ({ host }: HostLoad): Group | undefined =>
    classifiedBy === 'host' ? ownGroup(host, moving) : undefined;
  const evidence =
    (group: 'heavy' | 'light', relation: 'above' | 'below') =>
    (load: HostLoad): ReturnType<Grouping['isHeavy']> => {
      const common = { rule: `cslb.${group}`, subject: hostSubject(load.host.id) };
      const value = said(load);
      return value
        ? lookFor({ ...common, measure: 'own group', value, among: [group] })
        : compare({ ...common, measure, value: load.share, relation, limit: bounds[group], unit });
    };
  return {
    group: (load) => said(load) ?? groupOf(load.share, bounds),
    isHeavy: evidence('heavy', 'above'),
    isLight: evidence('light', 'below'),
  };
};

const lightestFirst = (a: HostLoad, b: HostLoad): number => a.share - b.share || byName(a.host.id, b.host.id);
const heaviestFirst = (a: HostLoad, b: HostLoad): number => b.share - a.share || byName(a.host.id, b.host.id);

/** Puts hosts into groups by their loads. */
export const stateOf = (rules: CslbRules, loads: readonly HostLoad[], cluster: Cluster): State => {
  const { thresholds, middle, resource } = rules;
  const bounds =
    thresholds.kind === 'fixed'
      ? thresholds
      : movingBounds(
          loads.map(({ share }) => share),
          { ...thresholds, most: resource.unit === 'fraction' ? 1 : Infinity },
        );
  const grouping = groupedBy(rules, bounds, cluster);
  const groups = {
    light: [] as HostLoad[],
    moderate: [] as HostLoad[],
    heavy: [] as HostLoad[],
    unknown: [] as HostLoad[],
  };
  for (const load of loads) groups[grouping.group(load) ?? 'unknown'].push(load);
  return {
    bounds: { light: bounds.light, heavy: bounds.heavy },
    grouping,
    middle: middleOf(
      middle,
      bounds,
      groups.moderate.map(({ share }) => share),
    ),
    groups: {
      ...groups,
      light: groups.light.filter(({ host }) => host.state === 'active').sort(lightestFirst),
      heavy: groups.heavy.sort(heaviestFirst),
    },
  };
};
