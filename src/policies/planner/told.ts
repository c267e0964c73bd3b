/** Told: the moves of a plan as proposals, each with what it gains and costs and with its next best destination. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import {
  compare,
  guestSubject,
  hostSubject,
  type PassedOver,
  type Proposal,
  type Reason,
  wholeCluster,
} from '../../model/index.js';
import type { PlannerRules } from './goal.js';
import { type Potential, potentialOf, reversed } from './potential.js';
import type { State, Step } from './state.js';
import { type Taste, tastesOf } from './tastes.js';
import { membersOf } from './ties.js';
import type { Waved } from './waves.js';

/** A move of a whole plan, in the wave that it runs in, counted from 1. */
export type WavedProposal = Proposal & { readonly wave: number };

/** How a move, or all of a wave, changes what the goal wants to fall. */
export const gained = (
  potential: Potential,
  before: number,
  after: number,
  relation: 'below' | 'at most',
  when: 'afterwards' | 'after all of the wave' = 'afterwards',
): Reason =>
  compare({
    rule: 'planner.gain',
    subject: wholeCluster,
    measure: `${potential.measure} ${when}`,
    value: after,
    relation,
    limit: before,
    unit: 'none',
  });

/** What a preference says of a move: that the guest will stand less amiss, or that it costs something. */
const liked = (state: State, guest: number, { name, here, there }: Taste): Reason =>
  compare({
    rule: 'planner.preference',
    subject: guestSubject(state.guests[guest]!.id),
    measure: `what stands amiss there of ${name}`,
    value: there,
    relation: there < here ? 'below' : 'above',
    limit: here,
    unit: 'fraction',
  });

/** The next best destination of a guest, and what it would have left. */
const runnerUp = (
  state: State,
  potential: Potential,
  taken: Float64Array,
  step: Step,
  best: number,
): PassedOver | undefined => {
  const { guest, from, to } = step;
  let [second, least] = [-1, Infinity];
  for (let other = 0; other < state.hosts.length; other++) {
    if (other === from || other === to || taken[other]! + state.guestMemory[guest]! > state.room[other]!) continue;
    if (!state.admits(guest, other)) continue;
    const there = { guest, from, to: other };
    potential.apply(there);
    const value = potential.value();
    potential.apply(reversed(there));
    if (value < least) [second, least] = [other, value];
  }
  // Elsewhere it might have been better for this move alone; then it is the rest of the plan that speaks against it.
  if (second < 0 || least <= best) return undefined;
  return {
    subject: guestSubject(state.guests[guest]!.id),
    to: state.hosts[second]!.id,
    because: [gained(potential, best, least, 'at most')],
  };
};

/** Runners-up are named in plans of some dozen moves, which people read. */
const readable = 50;

/** The moves with their evidence, and with what else speaks for them all. */
export const tell = (
  state: State,
  rules: PlannerRules,
  waved: readonly Waved[],
  because: readonly Reason[] = [],
): { readonly moves: readonly WavedProposal[]; readonly passedOver: readonly PassedOver[] } => {
  const potential = potentialOf(state, rules.goal, rules.preferences);
  const tastes = tastesOf(state, rules.preferences);
  const taken = state.taken.slice();
  const moves: WavedProposal[] = [];
  const passedOver: PassedOver[] = [];
  // What leaves in a wave frees its memory for the next one.
  let leaving: Waved[] = [];
  let before = potential.value();
  for (const step of waved) {
    if (leaving[0] && leaving[0].wave < step.wave) {
      for (const { guest, from } of leaving) taken[from]! -= state.guestMemory[guest]!;
      leaving = [];
    }
    const { guest, from, to, wave } = step;
    potential.apply(step);
    const after = potential.value();
    const helps = after < before - potential.least;
    const [subject, memory] = [hostSubject(state.hosts[to]!.id), state.guestMemory[guest]!];
    const free = state.room[to]! - taken[to]!;
    const cost = compare({
      rule: 'planner.cost',
      subject,
      measure: 'free memory',
      value: free,
      relation: 'at least',
      limit: memory,
      unit: 'bytes',
    });
    const gain = helps ? [gained(potential, before, after, 'below')] : [];
    // A move that only makes way for others has room, and that is what speaks for it.
    const tasted = tastes.parts(guest, from, to).map((taste) => liked(state, guest, taste));
    const reasons = [...gain, ...because, ...tasted, ...(cost.holds ? [cost] : [])];
    tastes.shift(guest, from, to);
    if (waved.length <= readable) {
      potential.apply(reversed(step));
      const second = runnerUp(state, potential, taken, step, after);
      potential.apply(step);
      if (second) passedOver.push(second);
    }
    taken[to]! += memory;
    leaving.push(step);
    const [source, destination] = [state.hosts[from]!.id, state.hosts[to]!.id];
    for (const member of membersOf(state.units, guest))
      moves.push({ guest: state.guests[member]!.id, from: source, to: destination, because: reasons, wave });
    before = after;
  }
  return { moves, passedOver };
};
