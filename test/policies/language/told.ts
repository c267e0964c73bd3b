/** Told: what a page of rules plans on a small site, a line for each move and for each that was passed over, with the page's own reasons. */
import { type Reason, sayReason } from '../../../src/model/index.js';
import { policy, type Vocabulary } from '../../../src/policies/index.js';
import type { Site } from './answer.js';
import { siteFor } from './site.js';

/** Reasons of the page itself, not of the standing constraints. */
const own = (reasons: readonly Reason[]): string =>
  reasons
    .filter(({ rule }) => rule.startsWith('page'))
    .map((reason) => (reason.rule === 'page' ? '' : `${reason.rule}: `) + sayReason(reason))
    .join('; ');

/** What a page plans. Those passed over by standing constraints alone are told by the names of these. */
export const told = (
  body: (words: Vocabulary) => void,
  { hosts = {}, guests = {}, rest }: Site,
): { readonly moves: readonly string[]; readonly left: readonly string[] } => {
  const page = policy('page', body);
  const { moves, passedOver } = page.plan(siteFor(page, hosts, guests, rest));
  return {
    moves: moves.map(({ guest, from, to, because }) => `${guest} ${from}→${to}: ${own(because)}`),
    left: passedOver.map(
      ({ subject, to, because }) =>
        `${subject.kind === 'cluster' ? 'the cluster' : subject.id}${to === undefined ? '' : `→${to}`}: ${own(because) || because.map(({ rule }) => rule).join(', ')}`,
    ),
  };
};
