/** Lawful: the laws that every policy has to keep, by name, and the one check that runs them all. */
import type { Cluster } from '../model/index.js';
import type { Policy } from '../policies/index.js';
import type { Law } from './law.js';
import { lessDataNoMoreMoves, nothingFromUnknown } from './laws/knowledge.js';
import { guestsExist, movesAtMostOnce, neverToWhereItIs, standsWhereSaid } from './laws/moves.js';
import { deterministic, doesNotMutate, orderIndependent } from './laws/purity.js';
import { reasonsAreTrue, saysWhy } from './laws/reasons.js';
import { comesToRest } from './laws/rest.js';
import { keepsConstraints, neverOvercommits } from './laws/room.js';

/** All laws of a plan, by name. */
export const lawful = {
  guestsExist,
  standsWhereSaid,
  movesAtMostOnce,
  neverToWhereItIs,
  neverOvercommits,
  keepsConstraints,
  deterministic,
  orderIndependent,
  doesNotMutate,
  nothingFromUnknown,
  lessDataNoMoreMoves,
  saysWhy,
  reasonsAreTrue,
  comesToRest,
} as const satisfies Readonly<Record<string, Law>>;

/** Name of a law. */
export type LawName = keyof typeof lawful;

/** Laws that a policy does not keep, each with the reason why it does not. */
export type Exceptions = Readonly<Partial<Record<LawName, string>>>;

/** The laws that a policy is held to. */
const laws: readonly (readonly [LawName, Law])[] = Object.entries(lawful) as readonly (readonly [LawName, Law])[];

/** Breaches of the laws by what a policy plans on a snapshot, each with the name of the law. */
export const breaches = (policy: Policy, cluster: Cluster, except: Exceptions = {}): readonly string[] =>
  laws.flatMap(([name, law]) =>
    except[name] === undefined ? law(policy, cluster).map((breach) => `${policy.name} breaks ${name}: ${breach}`) : [],
  );

/**
 * Checks that a policy keeps every law on a snapshot. It works within any test runner, and within properties of fast-check.
 *
 * @param except - laws that are not asked for, each with the reason
 * @throws Error that names every law that is broken, and how
 *
 * @example
 * fc.assert(fc.property(clusters({ watch: mine.watch }), (cluster) => expectLawful(mine, cluster)));
 */
export const expectLawful = (policy: Policy, cluster: Cluster, except: Exceptions = {}): void => {
  const found = breaches(policy, cluster, except);
  if (found.length > 0) throw new Error(found.join('\n'));
};
