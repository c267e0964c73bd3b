/** ExpectLawful: the one check of a policy, on a snapshot that is given or on as many as it takes. */
import * as fc from 'fast-check';
import type { Cluster, Fraction } from '../model/index.js';
import type { Policy } from '../policies/index.js';
import { clusters } from './clusters.js';
import type { Flavour } from './flavours.js';
import type { Law } from './law.js';
import { asked, breaches, type Exceptions } from './lawful.js';
import {
  type Badness,
  equalHostsRest,
  everyStepAsGood,
  type LoadsOf,
  loadsBy,
  restsAtOnce,
  staysUnder,
} from './laws/balance.js';
import { pictureOf } from './picture.js';
import { reportOf } from './report.js';
import { usualFlavours } from './usual-flavours.js';

/** What not every policy promises. */
export interface Promises {
  /** Equal hosts with equal guests yield no move. */
  readonly equalHostsRest?: boolean;
  /** The state that a plan leads to yields no move. */
  readonly restsAtOnce?: boolean;
  /** What every beginning of a plan leaves at least as good as it was. */
  readonly badness?: Badness;
  /** The mark that no host passes which was under it. */
  readonly mark?: Fraction;
  /** What the mark is held against. @defaultValue processors, by the guests' signal `cpu` */
  readonly loads?: LoadsOf;
}

/** What a policy is held to, and on how many clusters. */
export interface LawfulOptions {
  /** Laws that are not asked for, each with the reason. @defaultValue none */
  readonly except?: Exceptions;
  /** What it promises besides. Asked on small, idle and full clusters, where all is known. @defaultValue nothing */
  readonly promises?: Promises;
  /** What clusters are like, one after the other. @defaultValue small, hostile, realistic; computing if it watches loads or processes */
  readonly flavours?: readonly Flavour[];
  /** Clusters of each flavour; of realistic and computing ones, which are large, a tenth of it. @defaultValue 100 */
  readonly runs?: number;
  /** Where the search begins. @defaultValue that of fast-check's global configuration, else any */
  readonly seed?: number;
}

const promised = ({
  equalHostsRest: equal = false,
  restsAtOnce: atOnce = false,
  badness,
  mark,
  loads = loadsBy(),
}: Promises): Readonly<Record<string, Law>> => ({
  ...(equal ? { equalHostsRest } : {}),
  ...(atOnce ? { restsAtOnce } : {}),
  ...(badness ? { everyStepAsGood: everyStepAsGood(badness) } : {}),
  ...(mark === undefined ? {} : { staysUnder: staysUnder(mark, loads) }),
});

/** Breaches of what a policy promises besides the laws, on a snapshot, each with the name of the law. */
export const brokenPromises = (policy: Policy, cluster: Cluster, promises: Promises): readonly string[] =>
  Object.entries(promised(promises)).flatMap(([name, law]) =>
    asked(law, policy, cluster).map((breach) => `${policy.name} breaks ${name}: ${breach}`),
  );

/** Flavours whose clusters are large, or of long pasts. */
const large: readonly Flavour[] = ['realistic', 'computing'];

/** Flavours of which promises are asked: those in which all is known and nothing moves. */
const calm: readonly Flavour[] = ['small', 'idle', 'full'];

const onOne = (policy: Policy, cluster: Cluster, except: Exceptions): void => {
  const found = breaches(policy, cluster, except);
  if (found.length > 0) throw new Error([...found, '', pictureOf(cluster)].join('\n'));
};

const onMany = (
  policy: Policy,
  { except = {}, promises = {}, flavours = usualFlavours(policy.watch), runs = 100, seed }: LawfulOptions,
): void => {
  for (const flavour of flavours) {
    const details = fc.check(
      fc.property(clusters({ flavour, watch: policy.watch }), (cluster) => {
        const found = [
          ...breaches(policy, cluster, except),
          ...(calm.includes(flavour) ? brokenPromises(policy, cluster, promises) : []),
        ];
        if (found.length > 0) throw new Error([...found, '', pictureOf(cluster)].join('\n'));
      }),
      { numRuns: large.includes(flavour) ? Math.ceil(runs / 10) : runs, ...(seed === undefined ? {} : { seed }) },
    );
    if (details.failed) throw new Error(reportOf(details, `${flavour} clusters`));
  }
};

const isCluster = (value: Cluster | LawfulOptions): value is Cluster => 'guests' in value && 'migrations' in value;

/**
 * Checks that a policy keeps every law: on one snapshot, or by a search through clusters of several flavours, which ends with
 * the smallest that breaks one. It works within any test runner, and on one snapshot within properties of fast-check.
 *
 * Laws named in `except` are not asked for; each stands there with the reason.
 *
 * @throws Error that names every law that is broken, and how, with a picture of the cluster
 *
 * @example
 * test('mine is lawful', () => expectLawful(mine, { promises: { mark: 0.8 } }));
 *
 * @example
 * fc.assert(fc.property(clusters({ watch: mine.watch }), (cluster) => expectLawful(mine, cluster)));
 */
export function expectLawful(policy: Policy, options?: LawfulOptions): void;
export function expectLawful(policy: Policy, cluster: Cluster, except?: Exceptions): void;
export function expectLawful(policy: Policy, given: Cluster | LawfulOptions = {}, except: Exceptions = {}): void {
  if (isCluster(given)) onOne(policy, given, except);
  else onMany(policy, given);
}
