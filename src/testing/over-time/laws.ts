/** Laws over time: what must hold of a policy's moves while the load of a site stands still. */
import {
  cpuCapacity,
  type Fraction,
  guestMemory,
  type Guest,
  type Host,
  type HostId,
  type Milliseconds,
} from '../../model/index.js';
import type { Policy } from '../../policies/index.js';
import { type Course, courseOf, type MoveInTime, type Pace } from './course.js';
import type { Site } from './sites.js';

/** What the laws over time are asked with. */
export interface Terms extends Pace {
  /** Time in which a guest may not return to where it came from. */
  readonly pingPong: Milliseconds;
  /** Most moves that may follow a spell of missing data, at a site that was at rest before. */
  readonly storm: number;
  /** What the policy promises to relieve, and within which time; nothing is asked where it promises nothing. */
  readonly relieves?: { readonly above: Fraction; readonly within: Milliseconds };
}

/** Looks for breaches in what a policy does to a site over time. The load of the site must stand still. */
export type LawOverTime = (policy: Policy, site: Site, terms: Terms) => readonly string[];

/** The course of a site is asked for by several laws; a memory that goes with the site, and that nobody can see. */
const courses = /* @__PURE__ */ new WeakMap<
  Site,
  { readonly of: string; readonly policy: Policy; readonly course: Course }
>();

const remembered = (policy: Policy, site: Site, { lasting, every, engine }: Terms): Course => {
  // Options of the engine hold functions; who gives any is asked anew.
  const of = engine ? undefined : `${lasting} ${every}`;
  const known = courses.get(site);
  if (known && known.of === of && known.policy === policy) return known.course;
  const course = courseOf(policy, site, { lasting, every, ...(engine ? { engine } : {}) });
  if (of !== undefined) courses.set(site, { of, policy, course });
  return course;
};

const undisturbed = /* @__PURE__ */ new WeakMap<Site, Site>();

/** The site without faults; always the same one. */
const calm = (site: Site): Site => {
  const known = site.faults.length === 0 ? site : undisturbed.get(site);
  if (known) return known;
  const without = { ...site, faults: [] };
  undisturbed.set(site, without);
  return without;
};

const clockText = (at: Milliseconds): string => `${Math.round(at / 1000)} s`;
const said = ({ guest, from, to, at }: MoveInTime): string => `${guest} ${from} → ${to} at ${clockText(at)}`;

/** Nothing is moved any more in the last quarter of the time. */
export const restsInTime: LawOverTime = (policy, site, terms) =>
  remembered(policy, site, terms)
    .moves.filter(({ at }) => at > terms.lasting * 0.75)
    .slice(0, 3)
    .map((move) => `the load stands still, and yet ${said(move)}`);

/** No guest goes back to where it came from within a time. */
export const noPingPong: LawOverTime = (policy, site, terms) => {
  const { moves } = remembered(policy, calm(site), terms);
  return moves
    .flatMap((move, i) => {
      const back = moves
        .slice(i + 1)
        .find(({ guest, to, at }) => guest === move.guest && to === move.from && at - move.at <= terms.pingPong);
      return back ? [`${said(move)} and back ${clockText(back.at - move.at)} later`] : [];
    })
    .slice(0, 3);
};

/** Load of a guest, of a site that stands still, as cycles. Demand is measured by the clock of the host where it stood first. */
const cyclesOf = (site: Site, guest: Guest): number => {
  const [used = 0] = site.workloads[guest.id]?.demand?.values ?? [];
  const first = site.hosts.find(({ id }) => id === guest.host);
  return used * guest.vcpus * (first?.cpu.clock ?? 0);
};

/** Whether a host is over a mark while another one has room for one of its guests. */
const starves = (site: Site, host: Host, standing: ReadonlyMap<string, HostId>, above: Fraction): boolean => {
  const on = (id: HostId): readonly Guest[] => site.guests.filter((guest) => standing.get(guest.id) === id);
  const cycles = (id: HostId): number => on(id).reduce((sum, guest) => sum + cyclesOf(site, guest), 0);
  if (cycles(host.id) <= above * cpuCapacity(host)) return false;
  return on(host.id).some((guest) =>
    site.hosts.some(
      (other) =>
        other !== host &&
        cyclesOf(site, guest) > 0 &&
        guest.vcpus <= other.cpu.cores &&
        cycles(other.id) + cyclesOf(site, guest) <= above * cpuCapacity(other) &&
        guest.memory + on(other.id).reduce((sum, { memory }) => sum + memory, 0) <= guestMemory(other),
    ),
  );
};

const starvation = (
  site: Site,
  { moves }: Course,
  lasting: Milliseconds,
  above: Fraction,
  within: Milliseconds,
): readonly string[] => {
  const standing = new Map(site.guests.map(({ id, host }) => [id, host]));
  const done = moves
    .flatMap(({ guest, to, doneAt }) => (doneAt === undefined ? [] : [{ guest, to, doneAt }]))
    .sort((a, b) => a.doneAt - b.doneAt);
  const since = new Map<HostId, Milliseconds>();
  const found = new Set<HostId>();
  let at: Milliseconds = 0;
  for (const next of [...done, { guest: undefined, to: undefined, doneAt: lasting }]) {
    for (const host of site.hosts) {
      if (!starves(site, host, standing, above)) since.delete(host.id);
      else if (!since.has(host.id)) since.set(host.id, at);
      if (next.doneAt - (since.get(host.id) ?? Infinity) > within) found.add(host.id);
    }
    at = next.doneAt;
    if (next.guest !== undefined) standing.set(next.guest, next.to);
  }
  return [...found].map(
    (id) => `${id} stays over ${above} for more than ${clockText(within)}, though there is room elsewhere`,
  );
};

/** A host that stays over the mark while there is room elsewhere is relieved within a time, where the policy promises it. */
export const noStarvation: LawOverTime = (policy, site, terms) => {
  const { relieves, lasting } = terms;
  if (!relieves) return [];
  const quiet = calm(site);
  return starvation(quiet, remembered(policy, quiet, terms), lasting, relieves.above, relieves.within);
};

/**
 * Where samples go missing for a while and come back, at a site that was at rest, no storm of moves follows. Asked twice: some
 * hosts fall silent, and all of them.
 */
export const noStorm: LawOverTime = (policy, site, terms) => {
  const { lasting, every, storm } = terms;
  const [at, long] = [lasting / 2, Math.max(lasting / 10, 6 * every)];
  if (remembered(policy, calm(site), terms).moves.some((move) => move.at > at)) return [];
  const half = Math.ceil(site.hosts.length / 2);
  return [half, site.hosts.length].flatMap((count) => {
    const faults = site.hosts
      .slice(0, count)
      .map(({ id }) => ({ kind: 'silence', at, host: id, lasting: long }) as const);
    const after = courseOf(policy, { ...site, faults }, terms).moves.filter((move) => move.at > at);
    return after.length > storm
      ? [`after ${clockText(long)} without samples of ${count} hosts: ${after.slice(0, 3).map(said).join(', ')}`]
      : [];
  });
};
