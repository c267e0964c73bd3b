/** Lawful: the laws that every policy has to keep, by name, and what breaks them on one snapshot. */
import type { Cluster } from '../model/index.js';
import type { Policy } from '../policies/index.js';
import type { Law } from './law.js';
import { asksNoClock, throwsNoDice } from './laws/ambient.js';
import { breaksNoRule, keepsTheSum } from './laws/hard-rules.js';
import { lessDataNoMoreMoves, nothingFromUnknown } from './laws/knowledge.js';
import { guestsExist, movesAtMostOnce, neverToWhereItIs, standsWhereSaid } from './laws/moves.js';
import { namesDoNotMatter } from './laws/naming.js';
import { deterministic, doesNotMutate, orderIndependent } from './laws/purity.js';
import { reasonsAreTrue, saysWhy } from './laws/reasons.js';
import { comesToRest } from './laws/rest.js';
import { keepsConstraints, neverOvercommits } from './laws/room.js';
import { holdsNoNaN, isBounded, neverThrows } from './laws/total.js';

/** All laws of a plan, by name. */
export const lawful = {
  neverThrows,
  guestsExist,
  standsWhereSaid,
  movesAtMostOnce,
  neverToWhereItIs,
  neverOvercommits,
  keepsConstraints,
  breaksNoRule,
  keepsTheSum,
  deterministic,
  orderIndependent,
  namesDoNotMatter,
  doesNotMutate,
  asksNoClock,
  throwsNoDice,
  nothingFromUnknown,
  lessDataNoMoreMoves,
  saysWhy,
  reasonsAreTrue,
  holdsNoNaN,
  isBounded,
  comesToRest,
} as const satisfies Readonly<Record<string, Law>>;

/** Name of a law. */
export type LawName = keyof typeof lawful;

/** Laws that a policy does not keep, each with the reason why it does not. */
export type Exceptions = Readonly<Partial<Record<LawName, string>>>;

/** The laws that a policy is held to. */
const laws: readonly (readonly [LawName, Law])[] = Object.entries(lawful) as readonly (readonly [LawName, Law])[];

/** What a law finds. Where the policy throws on the law's own question, that is a breach too. */
export const asked = (law: Law, policy: Policy, cluster: Cluster): readonly string[] => {
  try {
    return law(policy, cluster);
  } catch (thrown) {
    return [`it throws: ${String(thrown)}`];
  }
};

/** Breaches of the laws by what a policy plans on a snapshot, each with the name of the law. */
export const breaches = (policy: Policy, cluster: Cluster, except: Exceptions = {}): readonly string[] =>
  laws.flatMap(([name, law]) =>
    except[name] === undefined
      ? asked(law, policy, cluster).map((breach) => `${policy.name} breaks ${name}: ${breach}`)
      : [],
  );
