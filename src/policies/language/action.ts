/** Action: what a rule does: moves a guest to the best host that may take it, each of several in turn, or the first that can. */
import {
  guestSubject,
  lookup,
  type ObservedGuest,
  type ObservedHost,
  type PassedOver,
  type Proposal,
  type Reason,
} from '../../model/index.js';
import { judge, planned } from '../constraint.js';
import { standardConstraints } from '../constraints/standard.js';
import { against, type Bound, type Charter, judged, name, preferred } from './charter.js';
import type { Frame } from './frame.js';
import { actions, type ActionInside, type Deed, type PickInside, type Ranking } from './inside.js';
import type { Unit } from './kinds.js';
import { scopeOf } from './scope.js';

/** Something that a rule does. */
export interface Action {
  /** What is done if this comes to nothing, and it is known that it does: what is not known has no alternative. */
  readonly otherwise: (other: Action) => Action;
}

const nothingDone: Deed = { done: false, doubt: false };

/** An action as a word. */
export const actionOf = (inside: ActionInside): Action =>
  actions.keep<Action>(
    {
      otherwise: (other) => {
        const second = actions.of(other);
        return actionOf({
          scope: scopeOf(inside.scope, second.scope),
          run: (frame) => {
            const first = inside.run(frame);
            return first.done || first.doubt ? first : second.run(frame);
          },
        });
      },
    },
    inside,
  );

/** What a migration is made of. */
export interface Migration {
  readonly charter: Charter;
  readonly movers: PickInside<unknown>;
  /** Where the name of what moves is kept, if the choice of a host asks for it. */
  readonly place?: number;
  readonly to: PickInside<ObservedHost>;
  readonly unless: Bound | undefined;
}

interface Attempt {
  readonly frame: Frame;
  readonly charter: Charter;
  readonly unit: Unit;
  readonly from: ObservedHost;
}

const stepsOf = ({ unit, from }: Attempt, to: ObservedHost): readonly Omit<Proposal, 'because'>[] =>
  unit.map(({ id }) => ({ guest: id, from: from.id, to: to.id }));

/** What speaks for and against each guest's going there, the others of the unit in flight with it. */
const judgedAt = (attempt: Attempt, to: ObservedHost): readonly (readonly Reason[])[] => {
  const { frame, charter, unit, from } = attempt;
  const steps = stepsOf(attempt, to);
  return unit.map((guest, i) => {
    const move = { guest, from, to };
    const now = unit.length === 1 ? frame.now() : planned(frame.now(), steps.toSpliced(i, 1));
    return [...judge(standardConstraints, move, now), ...judged(frame, charter, move)];
  });
};

interface Found {
  readonly to: ObservedHost;
  readonly reasons: readonly (readonly Reason[])[];
  readonly choice: readonly Reason[];
}

/** The best host that may take a unit. Hosts that may not are passed over as they are come by. */
const destination = (
  attempt: Attempt,
  pick: PickInside<ObservedHost>,
): { readonly found?: Found; readonly doubt: boolean } => {
  const { frame, charter, unit, from } = attempt;
  const first = unit[0];
  const refused = new Map<ObservedHost, readonly PassedOver[]>();
  const allowed = new Map<ObservedHost, readonly (readonly Reason[])[]>();
  const may = (to: ObservedHost): boolean => {
    if (allowed.has(to)) return true;
    if (refused.has(to)) return false;
    const reasons = judgedAt(attempt, to);
    const entries = unit.flatMap((guest, i): readonly PassedOver[] => {
      const because = against(reasons[i] ?? []);
      return because.length > 0 ? [{ subject: guestSubject(guest.id), to: to.id, because }] : [];
    });
    if (entries.length === 0) allowed.set(to, reasons);
    // That a guest stands there already is no news.
    else refused.set(to, to.id === from.id ? [] : entries);
    return entries.length === 0;
  };
  const ranking = pick.rank(frame, pick.dependsOnAll ? may : undefined);
  const liked = (to: ObservedHost): number => (first ? preferred(frame, charter, { guest: first, from, to }) : 0);
  const order =
    charter.preferences.length === 0
      ? ranking.items
      : ranking.items
          .map((to) => ({ to, likes: liked(to) }))
          .sort((a, b) => b.likes - a.likes)
          .map(({ to }) => to);
  const to = order.find(may);
  for (const entries of refused.values()) frame.passedOver.push(...entries);
  for (const { item, because } of leftToTell(frame, pick, ranking).filter((left) => left.item.id !== from.id))
    frame.passedOver.push(
      ...(pick.scope.open.length === 0
        ? [{ subject: pick.kind.subjectOf(item), because: because() }]
        : unit.map(({ id }) => ({ subject: guestSubject(id), to: item.id, because: because() }))),
    );
  return {
    ...(to && {
      found: {
        to,
        reasons: allowed.get(to) ?? [],
        choice: [
          ...pick.evidence(frame, to),
          ...(order === ranking.items ? ranking.choice(frame, ranking.items.indexOf(to)) : []),
        ],
      },
    }),
    doubt: ranking.left.some(({ doubt }) => doubt),
  };
};

/** What was left out is told once where it is the same for all guests, else for each. */
const leftToTell = (
  frame: Frame,
  pick: PickInside<ObservedHost>,
  { left }: Ranking<ObservedHost>,
): Ranking<ObservedHost>['left'] => {
  if (pick.scope.open.length > 0) return left;
  const telling = frame.once(pick, false, () => ({ told: false }));
  if (telling.told) return [];
  telling.told = true;
  return left;
};

const unitOf = (pick: PickInside<unknown>, item: unknown): Unit =>
  // The kind says which of the two it is.
  pick.kind.noun === 'unit' ? (item as Unit) : [item as ObservedGuest];

const vetoed = (
  frame: Frame,
  unless: Bound | undefined,
  attempt: Attempt,
  to: ObservedHost,
): { readonly reasons: readonly Reason[]; readonly doubt: boolean } => {
  if (!unless) return { reasons: [], doubt: false };
  const reasons: Reason[] = [];
  let doubt = false;
  for (const guest of attempt.unit) {
    name(frame, unless.places, { guest, from: attempt.from, to });
    doubt ||= unless.made.holds(frame) === undefined;
    reasons.push(...unless.made.because(frame, false));
  }
  return { reasons, doubt };
};

/**
 * Moves the best guest that may go anywhere to the best host that may take it. Both orders are followed until a pair is found that
 * keeps all constraints; `unless` then has the last word on that pair, and nothing else is tried.
 */
export const migration = ({ charter, movers, place, to: hosts, unless }: Migration): ActionInside => ({
  scope: scopeOf(movers.scope, hosts.scope, ...(unless ? [unless.made.scope] : [])),
  run: (frame) => {
    const ranking = movers.rank(frame);
    let doubt = ranking.left.some((one) => one.doubt);
    for (const { item, because } of ranking.left)
      frame.passedOver.push(
        ...unitOf(movers, item).map(({ id }) => ({ subject: guestSubject(id), because: because() })),
      );
    for (const [i, item] of ranking.items.entries()) {
      const unit = unitOf(movers, item);
      const from = unit[0] && lookup(frame.snapshot).host(unit[0].host);
      if (!from) continue;
      if (place !== undefined) frame.values[place] = item;
      const attempt = { frame, charter, unit, from };
      const sought = destination(attempt, hosts);
      doubt ||= sought.doubt;
      if (!sought.found) continue;
      const { to, reasons, choice } = sought.found;
      const veto = vetoed(frame, unless, attempt, to);
      const no = once(against(veto.reasons));
      if (no.length > 0) {
        frame.passedOver.push(...unit.map(({ id }) => ({ subject: guestSubject(id), to: to.id, because: no })));
        return { done: false, doubt: veto.doubt };
      }
      const grounds = [
        ...frame.grounds.flat(),
        ...movers.evidence(frame, item),
        ...ranking.choice(frame, i),
        ...choice,
      ];
      for (const [j, other] of ranking.items.entries()) {
        const because = ranking.behind(frame, j, i);
        if (because.length > 0)
          frame.passedOver.push(...unitOf(movers, other).map(({ id }) => ({ subject: guestSubject(id), because })));
      }
      frame.add(
        stepsOf(attempt, to).map((step, j) => ({
          ...step,
          because: once([...grounds, ...(reasons[j] ?? []), ...veto.reasons]),
        })),
      );
      return { done: true, doubt: false };
    }
    return doubt ? { done: false, doubt } : nothingDone;
  },
});

/** What a reason says, as a text; equal for equal reasons. Comparisons, most of all reasons, are put together by hand: it is faster. */
const saidBy = (reason: Reason): string =>
  reason.kind === 'compared'
    ? `${reason.rule}|${reason.subject.kind === 'cluster' ? '' : reason.subject.id}|${reason.measure}|${reason.value}|${reason.relation}|${reason.limit}`
    : JSON.stringify(reason);

/** What is said already is not said twice. */
const once = (reasons: readonly Reason[]): readonly Reason[] => {
  const said = new Set<string>();
  return reasons.filter((reason) => {
    const text = saidBy(reason);
    if (said.has(text)) return false;
    said.add(text);
    return true;
  });
};
