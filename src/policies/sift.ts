/** Sifts proposals: judges them in order, those before as moves in flight, and passes over what does not hold. */
import {
  byName,
  type Cluster,
  guestSubject,
  holds,
  lookFor,
  type PassedOver,
  type Plan,
  type Proposal,
  type Reason,
  unknown,
} from '../model/index.js';
import { type Move, moveOf, planned } from './constraint.js';
import { companions } from './constraints/together.js';

/** Says what speaks for and against one move, others being in flight. */
export type Judge = (move: Move, cluster: Cluster) => readonly Reason[];

/**
 * Proposals that stand or fall together: the members of a together-group that leave one host for one other. In the order of
 * the first member of each; every proposal is in one of them.
 */
export const unitsOf = (cluster: Cluster, proposals: readonly Proposal[]): readonly (readonly Proposal[])[] => {
  const units: (readonly Proposal[])[] = [];
  const done = new Set<Proposal>();
  for (const proposal of proposals) {
    if (done.has(proposal)) continue;
    const guest = moveOf(cluster, proposal)?.guest;
    const group = guest && guest.together.length > 0 ? companions(guest, cluster) : [];
    const members = new Set(group.map(({ id }) => id));
    const unit =
      group.length === 0
        ? [proposal]
        : proposals.filter((other) => !done.has(other) && other.to === proposal.to && members.has(other.guest));
    unit.forEach((member) => done.add(member));
    units.push(unit);
  }
  return units;
};

const signature = (reason: Reason): string =>
  JSON.stringify([reason.kind, reason.rule, reason.subject, 'measure' in reason ? reason.measure : reason.to]);

/** A proposal with more evidence; what it says already is not said twice. */
const supported = (proposal: Proposal, reasons: readonly Reason[]): Proposal => {
  const said = new Set(proposal.because.map(signature));
  const news = reasons.filter((reason) => !said.has(signature(reason)));
  return news.length === 0 ? proposal : { ...proposal, because: [...proposal.because, ...news] };
};

/** A proposal as one that is passed over. */
export const passOver = ({ guest, to }: Proposal, because: readonly Reason[]): PassedOver => ({
  subject: guestSubject(guest),
  to,
  because,
});

/**
 * Judges a plan's moves in order. Each is judged with those kept before it and with the rest of its own unit in flight;
 * a unit is kept whole or not at all. Moves that are kept carry what was judged as further evidence.
 *
 * @param rule - names what sifts, for the members of a unit that fall with another
 */
export const sift = (rule: string, cluster: Cluster, plan: Plan, judgeMove: Judge): Plan => {
  const moves: Proposal[] = [];
  const passed: PassedOver[] = [];
  for (const unit of unitsOf(cluster, plan.moves)) {
    const judged = unit.map((proposal) => {
      const move = moveOf(cluster, proposal);
      const others = unit.filter((other) => other !== proposal);
      const reasons = move
        ? judgeMove(move, planned(cluster, [...moves, ...others]))
        : [
            unknown({
              rule,
              subject: guestSubject(proposal.guest),
              measure: 'guest, source or destination',
              why: 'not in the inventory',
            }),
          ];
      return { proposal, reasons, against: reasons.filter((reason) => !holds(reason)) };
    });
    const fallen = judged.filter(({ against }) => against.length > 0);
    if (fallen.length === 0) moves.push(...judged.map(({ proposal, reasons }) => supported(proposal, reasons)));
    else
      for (const { proposal, against } of judged)
        passed.push(
          passOver(
            proposal,
            against.length > 0
              ? against
              : [
                  lookFor({
                    rule,
                    subject: guestSubject(proposal.guest),
                    measure: 'companion that stays behind',
                    value: fallen.map((other) => other.proposal.guest).sort(byName)[0] ?? '',
                    among: [],
                  }),
                ],
          ),
        );
  }
  return { moves, passedOver: [...plan.passedOver, ...passed] };
};
