/** Reason: a piece of evidence for or against a move, that suffices to come to its verdict again. */
import type { Estimate } from './estimate.js';
import type { HostId, Subject } from './identifiers.js';
import type { Milliseconds, Unit } from './units.js';

/** How two numbers were compared. */
export type Relation = 'above' | 'at least' | 'below' | 'at most' | 'equal to';

/** A number was compared with a limit. `holds` is the relation's truth for the two values. */
export interface Compared {
  readonly kind: 'compared';
  /** The rule that spoke, such as `cslb.heavy`. */
  readonly rule: string;
  readonly subject: Subject;
  /** What was compared, in words: `cpu`, `free memory`. */
  readonly measure: string;
  readonly value: number;
  readonly relation: Relation;
  readonly limit: number;
  readonly unit: Unit;
  readonly holds: boolean;
  /** For how long it has held without a break, where that was asked for. */
  readonly held?: Milliseconds;
  /** How old the sample was that the value was read from, where it was read from one. */
  readonly age?: Milliseconds;
}

/** A name was looked for in a list. `holds` is whether it was found. */
export interface Listed {
  readonly kind: 'listed';
  readonly rule: string;
  readonly subject: Subject;
  readonly measure: string;
  readonly value: string;
  readonly among: readonly string[];
  readonly holds: boolean;
}

/** Something that the rule needs is not known: not measured, stale, or broken. It never speaks for a move. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly rule: string;
  readonly subject: Subject;
  readonly measure: string;
  readonly why: 'not measured' | 'stale' | 'partial' | 'unseen' | 'not in the inventory';
}

/** A move was estimated; what it takes against what it gains, both in milliseconds. */
export interface Weighed {
  readonly kind: 'weighed';
  readonly rule: string;
  readonly subject: Subject;
  readonly to: HostId;
  readonly estimate: Estimate;
  readonly gain?: Milliseconds;
  readonly cost?: Milliseconds;
  readonly holds: boolean;
}

/** A piece of evidence for or against a move. */
export type Reason = Compared | Listed | Unknown | Weighed;

/** Truth of a relation between two numbers. NaN stands in no relation to anything. */
export const relates = (value: number, relation: Relation, limit: number): boolean => {
  switch (relation) {
    case 'above':
      return value > limit;
    case 'at least':
      return value >= limit;
    case 'below':
      return value < limit;
    case 'at most':
      return value <= limit;
    case 'equal to':
      return value === limit;
  }
};

/** Compares two numbers and keeps what was compared. */
export const compare = (comparison: Omit<Compared, 'kind' | 'holds'>): Compared => ({
  kind: 'compared',
  ...comparison,
  holds: relates(comparison.value, comparison.relation, comparison.limit),
});

/** Looks for a name in a list and keeps what was looked for. */
export const lookFor = (search: Omit<Listed, 'kind' | 'holds'>): Listed => ({
  kind: 'listed',
  ...search,
  holds: search.among.includes(search.value),
});

/** Something that is not known. */
export const unknown = (missing: Omit<Unknown, 'kind'>): Unknown => ({ kind: 'unknown', ...missing });

/** Whether the reason's rule held. What is unknown does not hold. */
export const holds = (reason: Reason): boolean => reason.kind !== 'unknown' && reason.holds;
