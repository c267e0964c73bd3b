/** Answer: what a condition on a small site comes to, asked for and against, and what is said of it. */
import { expect } from 'vitest';
import { type PassedOver, type Plan, type Reason, sayReason } from '../../../src/model/index.js';
import {
  type Condition,
  type GuestTerm,
  type HostTerm,
  policy,
  powerAdvice,
  type Vocabulary,
} from '../../../src/policies/index.js';
import { siteFor } from './site.js';

/** A condition on host a. */
export type Ask = (a: HostTerm, words: Vocabulary) => Condition;

/** What is there: hosts, guests, and what else the snapshot holds. */
export interface Site {
  readonly hosts?: Parameters<typeof siteFor>[1];
  readonly guests?: Parameters<typeof siteFor>[2];
  readonly rest?: Parameters<typeof siteFor>[3];
}

/** A condition's verdict, and its evidence, in words, where it is asked to hold and where it is asked not to. */
export interface Answer {
  readonly verdict: boolean | undefined;
  readonly because: readonly string[];
  readonly against: readonly string[];
}

const isOf =
  (host: string) =>
  ({ subject }: PassedOver): boolean =>
    subject.kind === 'host' && subject.id === host;

/** Evidence where host a is chosen, or left, by a condition; the last reason of what is chosen is the advice itself. */
const asked = (ask: Ask, wanted: boolean, { hosts, guests = {}, rest }: Site) => {
  const probe = policy('probe', (words) => {
    const { hosts: all, when, power } = words;
    const a = all.select((h) => h.name.is('a'));
    const those = wanted ? a.select((h) => ask(h, words)) : a.reject((h) => ask(h, words));
    when(those, () => power.on(all.select((h) => h.name.is('signal')).first()));
  });
  const site = siteFor(probe, { b: {}, ...hosts, a: hosts?.['a'] ?? {}, signal: { state: 'off' } }, guests, rest);
  const plan: Plan = probe.plan(site);
  const yes = powerAdvice(plan).on.length > 0;
  const entry = plan.passedOver.findLast(isOf(yes ? 'signal' : 'a'));
  const reasons: readonly Reason[] = yes ? (entry?.because.slice(1, -1) ?? []) : (entry?.because ?? []);
  return {
    yes,
    said: reasons.map((reason) => (reason.rule === 'probe' ? '' : `${reason.rule}: `) + sayReason(reason)),
  };
};

/** Asks a condition of host a. */
export const answer = (ask: Ask, site: Site = {}): Answer => {
  const [yes, no] = [asked(ask, true, site), asked(ask, false, site)];
  return { verdict: yes.yes === no.yes ? undefined : yes.yes, because: yes.said, against: no.said };
};

/** A condition, its verdict, and what is said where it is asked to hold, and where it is asked not to. */
export type Row = readonly [
  name: string,
  ask: Ask,
  verdict: boolean | undefined,
  because: readonly string[],
  against: readonly string[],
];

/** A condition that is not known, and what is said of that, asked for or against. */
export const notKnown = (name: string, ask: Ask, ...said: readonly string[]): Row => [name, ask, undefined, said, said];

/** Expects of each row what it says, on one site. */
export const checkedOn =
  (site: Site) =>
  (...[, ask, verdict, because, against]: Row): void => {
    expect(answer(ask, site)).toEqual({ verdict, because, against });
  };

/** A guest by its name, to ask it something. */
export const guestNamed = ({ guests }: Vocabulary, name: string): GuestTerm =>
  guests.select((g) => g.name.is(name)).first().it;
