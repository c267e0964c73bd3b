/** Relieve: hosts above a mark give guests away until they are not, and no other host is filled beyond a mark for it. */
import { level } from '../../metrics/index.js';
import {
  byName,
  type Cluster,
  compare,
  type Compared,
  type Fraction,
  guestSubject,
  holds,
  type HostId,
  hostSubject,
  type PassedOver,
  type Plan,
  type Proposal,
  type Subject,
} from '../../model/index.js';
import { planned } from '../constraint.js';
import { joined } from '../joined.js';
import { judgeUnit, type Unit } from '../leaving.js';
import { shareOf } from '../phases/load.js';
import { type Profile, profilesOf } from '../phases/profile.js';
import { definePolicy, type Policy } from '../policy.js';
import { type RelieveRules, relieveRules, type RelieveSettings } from './settings.js';
import { type Candidate, candidatesOf, type HostMarks, marksOf, meansOf, shortOf, stands } from './state.js';

/** The hosts that take part as they stand with the moves planned so far, and what they are held to. */
interface Site {
  readonly cluster: Cluster;
  readonly profiles: readonly Profile[];
  readonly marks: ReadonlyMap<HostId, HostMarks>;
  readonly means: readonly Fraction[];
}

const siteOf = (rules: RelieveRules, cluster: Cluster): Site & { readonly silent: readonly PassedOver[] } => {
  const { known, passedOver } = profilesOf('relieve', cluster, rules.resources);
  const profiles = known.filter(({ host }) => host.state === 'active');
  const means = meansOf(rules, profiles);
  const marks = new Map(profiles.map((profile) => [profile.host.id, marksOf(rules, profile, means)]));
  return { cluster, profiles, marks, means, silent: passedOver };
};

/** The site with moves planned besides: their guests count where they go. What all together take is the same. */
const withMoves = ({ resources }: RelieveRules, site: Site, made: readonly Proposal[]): Site => {
  const changed = (profile: Profile, sign: 1 | -1, guests: Profile['guests']): Profile => {
    const taken = profile.taken.map(
      (amount, i) => amount + sign * guests.reduce((sum, each) => sum + (each.taken[i] ?? 0), 0),
    );
    return {
      ...profile,
      taken,
      shares: resources.map((resource, i) => shareOf(taken[i] ?? 0, profile.host, resource)),
      guests: sign === 1 ? profile.guests : profile.guests.filter((each) => !guests.includes(each)),
    };
  };
  const [first] = made;
  const leaving = new Set(made.map(({ guest }) => guest));
  const source = site.profiles.find(({ host }) => host.id === first?.from);
  const guests = source?.guests.filter(({ guest }) => leaving.has(guest.id)) ?? [];
  return {
    ...site,
    cluster: planned(site.cluster, made),
    profiles: site.profiles.map((profile) => {
      if (profile === source) return changed(profile, -1, guests);
      return profile.host.id === first?.to ? changed(profile, 1, guests) : profile;
    }),
  };
};

/** How much of a resource a destination would carry with a candidate more, against how far it is filled. */
const filled = (
  { resources }: RelieveRules,
  { taken }: Candidate,
  to: Profile,
  { fillTo }: HostMarks,
): readonly Compared[] =>
  resources.map((resource, i) =>
    compare({
      rule: 'relieve.fillTo',
      subject: hostSubject(to.host.id),
      measure: `${resource.name} afterwards`,
      value: shareOf((to.taken[i] ?? 0) + (taken[i] ?? 0), to.host, resource),
      relation: 'at most',
      limit: fillTo[i] ?? 0,
      unit: 'fraction',
    }),
  );

/** Whether a destination stays at or below how far it is filled, with a candidate more. */
const fits = ({ resources }: RelieveRules, { taken }: Candidate, to: Profile, { fillTo }: HostMarks): boolean =>
  resources.every(
    (resource, i) => shareOf((to.taken[i] ?? 0) + (taken[i] ?? 0), to.host, resource) <= (fillTo[i] ?? 0),
  );

const noMarks: HostMarks = { above: [], until: [], fillTo: [], under: [] };

const isOneOf = (subject: Subject, unit: Unit): boolean =>
  subject.kind === 'guest' && unit.some(({ id }) => id === subject.id);

/** Hosts that are under their marks, and so take guests at all, and those that are not; hosts are sorted into groups once a plan. */
const takersOf = (
  rules: RelieveRules,
  { profiles, marks }: Site,
): { readonly takers: ReadonlySet<HostId>; readonly unfit: readonly PassedOver[] } => {
  const judged = profiles.map((profile) => ({
    id: profile.host.id,
    against: (marks.get(profile.host.id)?.under ?? []).flatMap((limit, i) => {
      const reason = limit === Infinity ? undefined : stands(rules, profile, i, limit, 'below');
      return reason && !reason.holds ? [reason] : [];
    }),
  }));
  return {
    takers: new Set(judged.filter(({ against }) => against.length === 0).map(({ id }) => id)),
    unfit: judged
      .filter(({ against }) => against.length > 0)
      .map(({ id, against }) => ({ subject: hostSubject(id), because: against })),
  };
};

/** Sends the first unit that any host takes. */
const giveOne = (
  rules: RelieveRules,
  { cluster, profiles, marks, means }: Site,
  from: Profile,
  short: number,
  limit: Fraction,
  takes: ReadonlySet<HostId>,
): Plan => {
  const hot = stands(rules, from, short, limit);
  const takers = profiles
    .filter((profile) => profile !== from && takes.has(profile.host.id))
    .sort((a, b) => (a.shares[short] ?? 0) - (b.shares[short] ?? 0) || byName(a.host.id, b.host.id));
  const refused: (() => readonly PassedOver[])[] = [];
  for (const candidate of candidatesOf(rules, cluster, from, short, means[short] ?? 0)) {
    const { unit } = candidate;
    for (const to of takers) {
      const held = marks.get(to.host.id) ?? noMarks;
      if (!fits(rules, candidate, to, held)) {
        // Told only where nothing goes at all; what does not fit need not be judged by the rules besides.
        refused.push(() => {
          const because = filled(rules, candidate, to, held).filter((reason) => !reason.holds);
          return unit.map(({ id }) => ({ subject: guestSubject(id), to: to.host.id, because }));
        });
        continue;
      }
      const reasons = judgeUnit(rules.constraints, unit, from.host, to.host, cluster);
      if (reasons.every((each) => each.every(holds)))
        return {
          moves: unit.map(({ id }, i) => ({
            guest: id,
            from: from.host.id,
            to: to.host.id,
            because: [hot, ...filled(rules, candidate, to, held), ...(reasons[i] ?? [])],
          })),
          // What the guest that goes was refused before it found its place.
          passedOver: refused.flatMap((tell) => tell()).filter(({ subject }) => isOneOf(subject, unit)),
        };
      refused.push(() =>
        unit.flatMap(({ id }, i): readonly PassedOver[] => {
          const because = (reasons[i] ?? []).filter((reason) => !holds(reason));
          return because.length > 0 ? [{ subject: guestSubject(id), to: to.host.id, because }] : [];
        }),
      );
    }
  }
  const none = compare({
    rule: 'relieve',
    subject: hostSubject(from.host.id),
    measure: 'guests that another host could take',
    value: 0,
    relation: 'at least',
    limit: 1,
    unit: 'count',
  });
  return {
    moves: [],
    passedOver: [...refused.flatMap((tell) => tell()), { subject: hostSubject(from.host.id), because: [none] }],
  };
};

/** How far a host is above its marks, in the resource in which it is furthest; zero or less where it is not. */
const excess = ({ shares }: Profile, { above }: HostMarks): number =>
  Math.max(...shares.map((share, i) => share - (above[i] ?? 0)));

const planWith = (rules: RelieveRules, cluster: Cluster): Plan => {
  const start = siteOf(rules, cluster);
  const byExcess = start.profiles
    .flatMap((profile) => {
      const marks = start.marks.get(profile.host.id);
      return marks ? [{ profile, marks, beyond: excess(profile, marks) }] : [];
    })
    .sort((a, b) => b.beyond - a.beyond || byName(a.profile.host.id, b.profile.host.id));
  let site: Site = start;
  const moves: Proposal[] = [];
  const { takers, unfit } = takersOf(rules, start);
  const passedOver: PassedOver[] = [...start.silent];
  if (byExcess.some(({ beyond }) => beyond > 0)) passedOver.push(...unfit);
  for (const { profile, marks, beyond } of byExcess) {
    if (!(beyond > 0)) {
      const because = marks.above.map((limit, i) => stands(rules, profile, i, limit));
      passedOver.push({ subject: hostSubject(profile.host.id), because });
      continue;
    }
    // Only what was short at first is relieved beyond its mark.
    const limits = marks.above.map((limit, i) =>
      (profile.shares[i] ?? 0) > limit ? (marks.until[i] ?? limit) : limit,
    );
    // Each move is planned with those before it in flight, so no host is filled twice over.
    for (;;) {
      const from = site.profiles.find(({ host }) => host.id === profile.host.id);
      const short = from && shortOf(from, limits);
      if (from === undefined || short === undefined) break;
      const found = giveOne(rules, site, from, short, limits[short] ?? 0, takers);
      moves.push(...found.moves);
      passedOver.push(...found.passedOver);
      if (found.moves.length === 0) break;
      site = withMoves(rules, site, found.moves);
    }
  }
  return joined(moves, passedOver);
};

/**
 * Relieves hosts that are above a mark in any of its resources (a host is hot or it is not; nothing is moved to make loads more
 * equal): the host furthest above first, of each the guest that takes most of what is short, to the host that has least of it
 * taken, as long as that is not filled beyond `fillTo` in any resource; the next guest, and the next host, where one cannot. It
 * goes on until the host is at `until` or nothing more can go. Guests that must stand together leave together.
 *
 * No host comes above its mark by a move, so plans come to rest. Guests in flight count where they go; a host of which any
 * reading is missing takes no part, on either side.
 *
 * @example
 * const performance = relieve({ above: percent(76.5), fillTo: percent(58.5) });
 * const preventive = relieve({ above: lowestOf(percent(76.5), timesMean(1.5, { least: percent(25) })) });
 * const withMemory = relieve({ above: percent(80), also: [{ resource: memoryGranted, above: memoryFree(gibibytes(1)) }] });
 * @throws SettingsError where a setting is wrong: `relieve.fillTo: 0.9 is above 0.8, from which on a host is relieved`
 */
export const relieve = (settings: RelieveSettings): Policy => {
  const rules = relieveRules(settings);
  const measured = rules.resources.filter(({ granted }) => granted === undefined);
  return definePolicy({
    name: 'relieve',
    watch: {
      guest: Object.fromEntries(measured.map(({ name, measure }) => [name, rules.signals[name] ?? level(measure)])),
    },
    plan: (cluster) => planWith(rules, cluster),
  });
};
