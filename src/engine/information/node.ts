/** Node: a host of the original CSLB as it sees itself: it adds up its load, classifies itself, and reports when its rule asks for it. */
import type { Guest, GuestId, GuestSample, Host, HostSample, Sample } from '../../model/index.js';
import { type Bounds, groupOf, type Resource, shareOf } from '../../policies/index.js';
import type { ReportRule, NodeStanding } from './report-rule.js';

/** What a node holds. A value: each function gives a new one. */
export interface Node {
  readonly host: Host;
  /** The guests that stand on it. */
  readonly guests: readonly Guest[];
  /** Its own last sample. */
  readonly own: HostSample | undefined;
  /** The last sample of each guest. */
  readonly readings: ReadonlyMap<GuestId, GuestSample>;
  /** The thresholds that it was sent last. */
  readonly bounds: Bounds | undefined;
  /** What it told last. */
  readonly told: NodeStanding | undefined;
  /** The samples that were told of already. */
  readonly sent: ReadonlySet<Sample>;
}

/** What a node tells: how it stands, and the samples that are new since it last told. */
export interface Report {
  readonly host: Host['id'];
  readonly standing: NodeStanding;
  readonly samples: readonly Sample[];
}

/** A node of which nothing was measured. */
export const newNode = (host: Host, guests: readonly Guest[]): Node => ({
  host,
  guests,
  own: undefined,
  readings: new Map(),
  bounds: undefined,
  told: undefined,
  sent: new Set(),
});

/** The node with other equipment or other guests; what is known of a guest that left is dropped. */
export const housing = (node: Node, host: Host, guests: readonly Guest[]): Node => {
  const here = new Set(guests.map(({ id }) => id));
  return { ...node, host, guests, readings: new Map([...node.readings].filter(([id]) => here.has(id))) };
};

/** The node after one more sample, of itself or of one of its guests. */
export const measured = (node: Node, sample: Sample): Node =>
  sample.kind === 'host'
    ? { ...node, own: sample }
    : { ...node, readings: new Map(node.readings).set(sample.id, sample) };

/** The node after it was sent thresholds. */
export const bounded = (node: Node, bounds: Bounds): Node => ({ ...node, bounds });

/** How a node stands by its last samples; `undefined` as long as it has none of itself. */
const standingOf = ({ host, guests, own, readings, bounds }: Node, resource: Resource): NodeStanding | undefined => {
  if (!own) return undefined;
  let taken = 0;
  for (const guest of guests) {
    const sample = readings.get(guest.id);
    const reading = sample && resource.measure.of(sample);
    if (reading === undefined || !(reading >= 0 && Number.isFinite(reading)))
      return { at: own.at, load: undefined, group: undefined };
    taken += resource.taken(reading, guest, host);
  }
  const load = shareOf(taken, host, resource);
  return { at: own.at, load, group: bounds && groupOf(load, bounds) };
};

/** The report that is due now, if any, and the node once it has told it. */
export const reporting = (
  node: Node,
  rule: ReportRule,
  resource: Resource,
): { readonly node: Node; readonly report?: Report } => {
  const standing = standingOf(node, resource);
  const { own, told } = node;
  if (!standing || !own || own.at === told?.at || !rule.due(standing, told)) return { node };
  const known = [own, ...node.readings.values()];
  const samples = known
    .filter((sample) => !node.sent.has(sample))
    .map((sample) => (sample === own && standing.group ? { ...own, group: standing.group } : sample));
  return {
    node: { ...node, told: standing, sent: new Set(known) },
    report: { host: node.host.id, standing, samples },
  };
};
