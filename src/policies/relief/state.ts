/** State of relief: how each host stands to its marks, and what of a hot host might leave. */
import { byName, type Cluster, compare, type Compared, type Fraction, hostSubject } from '../../model/index.js';
import { leavingUnits, type Unit, unitMemory, unitName } from '../leaving.js';
import { shareOf } from '../phases/load.js';
import type { Profile } from '../phases/profile.js';
import { markOf } from './marks.js';
import type { RelieveRules } from './settings.js';

/** Shares that a host is held to, by resource. */
export interface HostMarks {
  readonly above: readonly Fraction[];
  readonly until: readonly Fraction[];
  /** Never beyond `above`, so that nothing that is filled is relieved for it. */
  readonly fillTo: readonly Fraction[];
  readonly under: readonly Fraction[];
}

/** How much of what active hosts offer together is taken, by resource. No move between them changes it. */
export const meansOf = ({ resources }: RelieveRules, profiles: readonly Profile[]): readonly Fraction[] =>
  resources.map(({ capacity }, i) => {
    const offered = profiles.reduce((sum, { host }) => sum + capacity(host), 0);
    return offered > 0 ? profiles.reduce((sum, { taken }) => sum + (taken[i] ?? 0), 0) / offered : 0;
  });

/** The marks of one host. */
export const marksOf = ({ marks }: RelieveRules, { host }: Profile, means: readonly Fraction[]): HostMarks => {
  const at = (name: 'above' | 'until' | 'fillTo'): readonly Fraction[] =>
    marks.map((each, i) => markOf(each[name], host, means[i] ?? 0));
  const above = at('above');
  const within = (shares: readonly Fraction[]): readonly Fraction[] =>
    shares.map((share, i) => Math.min(share, above[i] ?? share));
  return {
    above,
    until: within(at('until')),
    fillTo: within(at('fillTo')),
    under: marks.map(({ under }, i) => (under === undefined ? Infinity : markOf(under, host, means[i] ?? 0))),
  };
};

/** The resource that stands highest above its marks, by its place, or `undefined` where none is above. */
export const shortOf = ({ shares }: Profile, marks: readonly Fraction[]): number | undefined => {
  let worst: number | undefined;
  const excess = (i: number): number => (shares[i] ?? 0) - (marks[i] ?? 0);
  shares.forEach((_, i) => {
    if (excess(i) > 0 && (worst === undefined || excess(i) > excess(worst))) worst = i;
  });
  return worst;
};

/** How a host stands to a mark of one resource. */
export const stands = (
  { resources }: RelieveRules,
  { host, shares }: Profile,
  i: number,
  limit: Fraction,
  relation: Compared['relation'] = 'above',
): Compared =>
  compare({
    rule: `relieve.${relation === 'above' ? 'above' : 'under'}`,
    subject: hostSubject(host.id),
    measure: resources[i]?.name ?? '',
    value: shares[i] ?? 0,
    relation,
    limit,
    unit: 'fraction',
  });

/** A unit of guests with what it takes of each resource, in the resource's own measure. */
export interface Candidate {
  readonly unit: Unit;
  readonly taken: readonly number[];
}

/** What of a host's guests might leave it for want of a resource, in the order in which it is tried. */
export const candidatesOf = (
  { resources, leaving }: RelieveRules,
  cluster: Cluster,
  from: Profile,
  short: number,
  mean: Fraction,
): readonly Candidate[] => {
  const takenBy = new Map(from.guests.map(({ guest, taken }) => [guest.id, taken]));
  const candidates = leavingUnits(
    cluster,
    from.guests.map(({ guest }) => guest),
  )
    // A unit of which a member is on its way already is not whole.
    .filter((unit) => unit.every(({ id }) => takenBy.has(id)))
    .map((unit) => ({
      unit,
      taken: resources.map((_, i) => unit.reduce((sum, { id }) => sum + (takenBy.get(id)?.[i] ?? 0), 0)),
    }));
  const takes = ({ taken }: Candidate): number => taken[short] ?? 0;
  const resource = resources[short];
  const surplus = resource ? (from.taken[short] ?? 0) - mean * resource.capacity(from.host) : 0;
  const fits = (candidate: Candidate): boolean =>
    resource !== undefined && shareOf(takes(candidate) - surplus, from.host, resource) <= 0;
  const bySize = (a: Candidate, b: Candidate): number => {
    if (leaving === 'smallest') return takes(a) - takes(b);
    if (leaving === 'largest') return takes(b) - takes(a);
    if (fits(a) !== fits(b)) return fits(a) ? -1 : 1;
    return fits(a) ? takes(b) - takes(a) : takes(a) - takes(b);
  };
  // What takes nothing of what is short leaves nothing behind.
  return candidates
    .filter((candidate) => takes(candidate) > 0)
    .sort(
      (a, b) => bySize(a, b) || unitMemory(a.unit) - unitMemory(b.unit) || byName(unitName(a.unit), unitName(b.unit)),
    );
};
