/** Central scheduler: keeps the loads that nodes reported, and the thresholds that move with their average. A value. */
import type { HostId, Milliseconds } from '../../model/index.js';
import { type Bounds, movingBounds, type Resource } from '../../policies/index.js';
import type { Report } from './node.js';
import type { NodeStanding } from './report-rule.js';

/** How far from the average load the thresholds lie (W11). */
export interface ThresholdRule {
  /** How far below it a node is light, as a share of it. */
  readonly below: number;
  /** How far above it a node is heavy, as a share of it. */
  readonly above: number;
  /** Age from which a report no longer counts. */
  readonly staleAfter: Milliseconds;
}

/** What the central scheduler of the original CSLB holds. */
export interface Central {
  readonly standings: ReadonlyMap<HostId, NodeStanding>;
  /** The thresholds that it sent out last. */
  readonly bounds: Bounds | undefined;
}

/** A scheduler that was told nothing. */
export const newCentral: Central = { standings: /* @__PURE__ */ new Map(), bounds: undefined };

/** Takes a report. `send`: the thresholds, where they differ from those sent out last; every node is to have them. */
export const heard = (
  central: Central,
  { host, standing }: Report,
  { below, above, staleAfter }: ThresholdRule,
  resource: Resource,
): { readonly central: Central; readonly send?: Bounds } => {
  const standings = new Map(
    [...central.standings, [host, standing] as const].filter(([, { at }]) => standing.at - at <= staleAfter),
  );
  const loads = [...standings.values()].flatMap(({ load }) => (load === undefined ? [] : [load]));
  if (loads.length === 0) return { central: { ...central, standings } };
  const bounds = movingBounds(loads, { below, above, most: resource.unit === 'fraction' ? 1 : Infinity });
  const { bounds: before } = central;
  return before?.light === bounds.light && before.heavy === bounds.heavy
    ? { central: { ...central, standings } }
    : { central: { standings, bounds }, send: bounds };
};

/** The central scheduler without the nodes that left. */
export const knowing = (central: Central, hosts: ReadonlySet<HostId>): Central => ({
  ...central,
  standings: new Map([...central.standings].filter(([id]) => hosts.has(id))),
});
