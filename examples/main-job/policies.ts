/** The policies that the run can be given by name. */
import { lastValueFrom } from 'rxjs';
import { loadPolicy } from 'whither/configuration';
import { precopy } from 'whither/estimators';
import { percent, seconds } from 'whither/model';
import { cslb, type Policy, paysOff, stay } from 'whither/policies';
import type { Marks } from './arm.js';

/** The bounds that CSLB sorts hosts by, here and in the plots. */
export const marks: Marks = { light: percent(65), heavy: percent(85) };

const balance = (): Policy =>
  cslb({ ...marks, pairing: 're-evaluated', guards: { smallestGain: percent(2), noSwap: true, keepBelowHeavy: true } });

const policies = {
  /** CSLB with its guards, and only where a move pays. */
  cslb: () => paysOff(balance(), precopy()),
  /** The same without asking whether it pays. */
  'cslb-ungated': balance,
  /** CSLB as Wilcox printed it. */
  'cslb-as-printed': () => cslb(marks),
  stay,
} satisfies Record<string, () => Policy>;

/** A name of a policy. */
type PolicyName = keyof typeof policies;

/** All names, the default first. */
export const policyNames = ['cslb', 'cslb-ungated', 'cslb-as-printed', 'stay'] as const satisfies readonly PolicyName[];

/** The policy of a name. */
export const policyOf = (name: PolicyName): Policy => policies[name]();

const isName = (word: string): word is PolicyName => Object.hasOwn(policies, word);

/**
 * The policy of a name, or of a file: a module whose default export it is, or a JSON document.
 *
 * @throws Error where there is no such name, or the file holds no policy
 */
export const policyFrom = async (word: string): Promise<Policy> => {
  if (isName(word)) return policyOf(word);
  if (!/[./\\]/.test(word)) throw new Error(`no policy is called "${word}"; there are ${policyNames.join(', ')}`);
  const loaded = await lastValueFrom(loadPolicy(word, seconds(30)));
  if ('kind' in loaded) throw new Error(`${loaded.source}: ${loaded.message}`);
  return loaded;
};
