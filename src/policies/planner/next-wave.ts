/** Next wave: which moves of a plan a policy proposes now, so that planning anew from each snapshot comes to the plan's end, and to rest. */
/* eslint-disable @typescript-eslint/no-non-null-assertion -- indices are of hosts and guests of the state by construction */
import { guestSubject, holds, type PassedOver, type Reason } from '../../model/index.js';
import type { Found } from './found.js';
import type { PlannerRules } from './goal.js';
import { rangeLately } from './lately.js';
import { type Potential, potentialOf, reversed } from './potential.js';
import type { State, Step } from './state.js';
import { gained } from './told.js';
import { type Waved, wavesOf } from './waves.js';
import { leadsOn } from './way.js';

/** Two amounts this near are equal. */
const hair = 1e-9;

/** Waves for which it is planned anew what is left after them, at most. */
const tries = 8;

/** The moves to propose, what speaks for all of them, and moves that wait with the reason. */
interface NextWave {
  readonly wave: readonly Waved[];
  readonly because: readonly Reason[];
  readonly idle: readonly PassedOver[];
}

/** What moves leave of what the goal wants to fall. */
const leftBy = (potential: Potential, steps: readonly Step[]): number => {
  for (const step of steps) potential.apply(step);
  const value = potential.value();
  for (const step of steps.toReversed()) potential.apply(reversed(step));
  return value;
};

/** Of the moves of a wave those that help by themselves, and why not the others. */
const helping = (
  state: State,
  potential: Potential,
  wave: readonly Waved[],
): { readonly kept: readonly Waved[]; readonly idle: readonly PassedOver[] } => {
  const kept: Waved[] = [];
  const idle: PassedOver[] = [];
  for (const step of wave) {
    const before = potential.value();
    potential.apply(step);
    const after = potential.value();
    if (after < before - potential.least) {
      kept.push(step);
      continue;
    }
    potential.apply(reversed(step));
    const reason = gained(potential, before, after, 'below');
    const [guest, to] = [state.guests[step.guest]!.id, state.hosts[step.to]!.id];
    if (!holds(reason)) idle.push({ subject: guestSubject(guest), to, because: [reason] });
  }
  for (const step of kept.toReversed()) potential.apply(reversed(step));
  return { kept, idle };
};

/**
 * Where each move of a plan helps by itself, those of its first wave. Else, where some only make way for others, its first wave or a move of it, if planning
 * anew finds less to do after it, and if it leaves no more than there was when the moves that led here began. What a plan has begun so
 * goes on only so. Where nothing has begun and no move leads on, the first wave, if it helps as a whole, or what of it does.
 *
 * Between two plans that bring what the goal wants to fall lower than it was lately, what is left to do falls with each: so it comes to rest.
 *
 * @param solveAfter - plans anew for the snapshot after some moves
 */
export const nextWave = (
  state: State,
  rules: PlannerRules,
  found: Found,
  solveAfter: (made: readonly Step[]) => Found,
): NextWave => {
  const { steps } = found;
  if (steps.length === 0) return { wave: [], because: [], idle: [] };
  const potential = potentialOf(state, rules.goal, rules.preferences);
  const first = wavesOf(state, steps, rules.perHost, rules.perLink).filter(({ wave }) => wave === 1);
  const now = potential.value();
  const { most, least } = rangeLately(state, potential.value, (guest, from, to) =>
    potential.apply({ guest, from, to }),
  );
  // Since it was lowest, moves have made way for others that are still to come.
  const begun = now > least + potential.least;
  const inTurn = steps.map((step) => ({ ...step, wave: 1 }));
  if (begun || helping(state, potential, inTurn).kept.length < steps.length) {
    const waves = [first, ...(first.length > 1 ? first.map((step) => [step]) : [])];
    for (const wave of waves.slice(0, tries)) {
      if (leftBy(potential, wave) > most + hair) continue;
      const way = leadsOn(rules, found, solveAfter(wave));
      if (way) return { wave, because: [way], idle: [] };
    }
  }
  const { kept, idle } = helping(state, potential, first);
  if (begun) return { wave: [], because: [], idle };
  const whole = leftBy(potential, first);
  if (kept.length === first.length || !(whole < now - potential.least)) return { wave: kept, because: [], idle };
  return { wave: first, because: [gained(potential, now, whole, 'below', 'after all of the wave')], idle: [] };
};
