/** Feasibility: whether the rules leave any placement at all, and if not, which of them clash. */
import { type Cluster, compare, unknown, wholeCluster } from '../../model/index.js';
import { ordered } from '../ordered.js';
import type { Gate } from '../combinators/gated.js';
import { type PlacementRule, rulesOf, sayRule } from './rules.js';
import { search } from './search.js';

/**
 * Whether there is a placement that keeps every rule. `clashing` are rules that together leave none; if `least`, any of them lifted
 * would leave one, as far as these rules go. `undecided`: the search was given up, so nobody knows.
 */
export type Feasibility =
  | { readonly kind: 'feasible' }
  | { readonly kind: 'undecided' }
  | { readonly kind: 'infeasible'; readonly clashing: readonly PlacementRule[]; readonly least: boolean };

/** How long to search. */
export interface FeasibilityOptions {
  /** Places to try before a search is given up. @defaultValue 100 000 */
  readonly steps?: number;
}

const kinds = ['needs', 'fixed', 'pins', 'state', 'apart', 'together', 'memory'] as const;

/**
 * Says whether the guests of a snapshot can be placed so that groups, pins, host states, memory and what guests need are all kept,
 * and if not, which rules clash: they are lifted kind by kind and then one by one, and those without which there still is
 * no placement are left out. Load plays no part.
 *
 * @example
 * const verdict = feasibility(cluster);
 * if (verdict.kind === 'infeasible') console.log(verdict.clashing);
 */
export const feasibility = (cluster: Cluster, { steps = 100_000 }: FeasibilityOptions = {}): Feasibility => {
  const state = ordered(cluster);
  let rules = rulesOf(state);
  const found = search(state, rules, steps);
  if (found !== 'infeasible') return { kind: found };
  let least = true;
  const without = (lifted: (rule: PlacementRule) => boolean): void => {
    const kept = rules.filter((rule) => !lifted(rule));
    if (kept.length === rules.length) return;
    const still = search(state, kept, steps);
    if (still === 'infeasible') rules = kept;
    if (still === 'undecided') least = false;
  };
  for (const kind of kinds) without((rule) => rule.kind === kind);
  for (const rule of [...rules]) without((other) => other === rule);
  return { kind: 'infeasible', clashing: rules, least };
};

/**
 * A gate that is open only while there is a placement that keeps all rules, so that a policy behind it makes no plan that
 * could only be half a one; shut, it names the rules that clash. Where nobody knows it is shut as well.
 *
 * @example
 * const whole = gated(allOf(evacuate(), mend()), feasible());
 */
export const feasible = (options: FeasibilityOptions = {}): Gate => ({
  name: 'feasible',
  watch: {},
  judge: (cluster) => {
    const verdict = feasibility(cluster, options);
    if (verdict.kind === 'feasible') return [];
    if (verdict.kind === 'undecided')
      return [
        unknown({
          rule: 'feasible',
          subject: wholeCluster,
          measure: 'whether any placement keeps all rules',
          why: 'not measured',
        }),
      ];
    return [
      compare({
        rule: 'feasible',
        subject: wholeCluster,
        measure: `placements that keep all of: ${verdict.clashing.map((rule) => sayRule(rule, cluster)).join('; ')};`,
        value: 0,
        relation: 'at least',
        limit: 1,
        unit: 'count',
      }),
    ];
  },
});
