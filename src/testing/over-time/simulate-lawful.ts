/** SimulateLawful: the one check of a policy over time, on the real engine and a simulated cluster. */
import * as fc from 'fast-check';
import { type Fraction, type Milliseconds, minutes, seconds } from '../../model/index.js';
import type { Policy } from '../../policies/index.js';
import { reportOf } from '../report.js';
import type { Pace } from './course.js';
import { type LawOverTime, noPingPong, noStarvation, noStorm, restsInTime, type Terms } from './laws.js';
import { type Site, type SiteOptions, sites } from './sites.js';

/** All laws over time, by name. */
export const lawfulOverTime = { restsInTime, noPingPong, noStarvation, noStorm } as const satisfies Readonly<
  Record<string, LawOverTime>
>;

/** Name of a law over time. */
export type LawOverTimeName = keyof typeof lawfulOverTime;

/** What a policy is held to over time, and on how many sites. */
export interface SimulateOptions {
  /** For how long each site is watched. @defaultValue 40 minutes */
  readonly lasting?: Milliseconds;
  /** How often is sampled and decided. @defaultValue 10 seconds */
  readonly every?: Milliseconds;
  /** Further options of the engine. @defaultValue those of the engine */
  readonly engine?: Pace['engine'];
  /** Time in which a guest may not return to where it came from. @defaultValue 30 minutes */
  readonly pingPong?: Milliseconds;
  /** Most moves that may follow a spell of missing data. @defaultValue 0 */
  readonly storm?: number;
  /** What it promises to relieve: hosts above this share of their processors, within this time. @defaultValue nothing */
  readonly relieves?: { readonly above: Fraction; readonly within: Milliseconds };
  /** Laws that are not asked for, each with the reason. @defaultValue none */
  readonly except?: Readonly<Partial<Record<LawOverTimeName, string>>>;
  /** What sites are like. Their loads stand still. @defaultValue up to three hosts, with three guests each, and faults at first */
  readonly sites?: Omit<SiteOptions, 'standing'>;
  /** How many sites. @defaultValue 10 */
  readonly runs?: number;
  /** Where the search begins. @defaultValue that of fast-check's global configuration, else any */
  readonly seed?: number;
}

const termsOf = ({ relieves, engine, ...given }: SimulateOptions): Terms => ({
  lasting: given.lasting ?? minutes(40),
  every: given.every ?? seconds(10),
  pingPong: given.pingPong ?? minutes(30),
  storm: given.storm ?? 0,
  ...(relieves ? { relieves } : {}),
  ...(engine ? { engine } : {}),
});

/** Breaches of the laws over time by what a policy does to one site, each with the name of the law. */
export const breachesOverTime = (policy: Policy, site: Site, options: SimulateOptions = {}): readonly string[] =>
  (Object.entries(lawfulOverTime) as readonly (readonly [LawOverTimeName, LawOverTime])[]).flatMap(([name, law]) =>
    options.except?.[name] === undefined
      ? law(policy, site, termsOf(options)).map((breach) => `${policy.name} breaks ${name}: ${breach}`)
      : [],
  );

const gib = (bytes: number): string => `${Math.round((bytes / 1024 ** 3) * 100) / 100} GiB`;

const loadText = (site: Site, id: string): string => {
  const { demand, jobs } = site.workloads[id] ?? {};
  return demand ? `wants ${demand.values.map(String).join(', ')}` : jobs ? 'computes' : 'idle';
};

/** A site in a few lines. */
const siteText = (site: Site): string =>
  [
    ...site.hosts.flatMap((host) => [
      `${host.id}  ${host.cpu.cores} cores of ${host.cpu.clock / 1e9} GHz, ${gib(host.memory.total)}`,
      ...site.guests
        .filter((guest) => guest.host === host.id)
        .map(({ id, vcpus, memory }) => `  ${id}  ${vcpus} vCPUs, ${gib(memory)}, ${loadText(site, id)}`),
    ]),
    ...site.faults.map((fault) => `fault: ${JSON.stringify(fault)}`),
  ].join('\n');

/**
 * Checks that a policy keeps the laws over time, on the real engine and a simulated cluster in virtual time: it comes to rest,
 * plays no ping-pong, starves no host that it promises to relieve, and starts no storm after missing data. The search ends
 * with the smallest site that breaks one. It works within any test runner.
 *
 * @throws Error that names every law that is broken, and how, with the site
 *
 * @example
 * test('mine is lawful over time', () => simulateLawful(mine, { relieves: { above: 0.8, within: minutes(10) } }));
 */
export const simulateLawful = (policy: Policy, options: SimulateOptions = {}): void => {
  const { runs = 10, seed } = options;
  const { lasting } = termsOf(options);
  const details = fc.check(
    fc.property(sites({ faultsUntil: lasting / 4, ...options.sites }), (site) => {
      const found = breachesOverTime(policy, site, options);
      if (found.length > 0) throw new Error([...found, '', siteText(site)].join('\n'));
    }),
    { numRuns: runs, ...(seed === undefined ? {} : { seed }) },
  );
  if (details.failed) throw new Error(reportOf(details, 'sites'));
};
