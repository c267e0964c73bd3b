/** Scope: what a piece of a rule depends on: the signals that it needs, the names bound around it, the plan so far. */
import type { AnySignal } from '../../metrics/index.js';

/** A signal that is asked for; its own name is its name in the watch. */
export interface Need {
  readonly side: 'host' | 'guest';
  readonly signal: AnySignal;
}

/** What a piece of a rule depends on. */
export interface Scope {
  readonly needs: readonly Need[];
  /** Places of the names that are bound outside of it; none: it means the same everywhere in the rule. */
  readonly open: readonly number[];
  /** Whether it changes with the moves planned so far. */
  readonly planned: boolean;
}

/** Depends on nothing but the inventory. */
export const closed: Scope = { needs: [], open: [], planned: false };

/** Depends on all that the parts depend on. */
export const scopeOf = (...parts: readonly Scope[]): Scope => ({
  needs: [...new Set(parts.flatMap(({ needs }) => needs))],
  open: [...new Set(parts.flatMap(({ open }) => open))],
  planned: parts.some(({ planned }) => planned),
});

/** The scope from outside of where a name is bound. */
export const binding = (scope: Scope, place: number): Scope =>
  scope.open.includes(place) ? { ...scope, open: scope.open.filter((other) => other !== place) } : scope;

/** The scope, and one that changes with the moves planned so far. */
export const changing = (scope: Scope): Scope => ({ ...scope, planned: true });

/** The scope, and signals beside. */
export const needing = (scope: Scope, ...needs: readonly Need[]): Scope => ({
  ...scope,
  needs: [...scope.needs, ...needs],
});
