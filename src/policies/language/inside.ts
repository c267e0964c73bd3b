/** Inside: what the words of the language hold, kept beside them so that a rule sees its words and nothing else. */
import type { Reason, Subject, Unit, Unknown } from '../../model/index.js';
import { SettingsError } from '../settings.js';
import type { Frame } from './frame.js';
import type { Scope } from './scope.js';

/** True, false or not known. */
export type Verdict = boolean | undefined;

/** A condition. */
export interface ConditionInside {
  readonly scope: Scope;
  readonly holds: (frame: Frame) => Verdict;
  /** Evidence that it is, or that it is not, as asked. All of it holds exactly where the condition is as it is asked to be. */
  readonly because: (frame: Frame, asked: boolean) => readonly Reason[];
}

/** A quantity. */
export interface QuantityInside {
  readonly scope: Scope;
  readonly unit: Unit;
  /** What it is, in words; not known before there is a subject. */
  readonly measure: (frame: Frame) => string;
  /** Whose it is; `undefined` for a plain number. */
  readonly subject: ((frame: Frame) => Subject) | undefined;
  /** The number; never NaN or infinite. */
  readonly value: (frame: Frame) => number | undefined;
  /** Why it is not known, where it is not. */
  readonly missing: (frame: Frame) => readonly Unknown[];
  /** Age of the sample that it was read from. */
  readonly age?: (frame: Frame) => number | undefined;
}

/** A name that may not be there. */
export interface TextInside {
  readonly scope: Scope;
  readonly measure: string;
  readonly subject: (frame: Frame) => Subject;
  /** The name, or none; `undefined` where whose name it is is not there. */
  readonly names: (frame: Frame) => readonly string[] | undefined;
}

/** A host, a guest, or several guests, of the snapshot. */
export interface TermInside<Item> {
  readonly scope: Scope;
  readonly kind: Kind<Item, unknown>;
  readonly item: (frame: Frame) => Item | undefined;
}

/** What all items of a sort have. */
export interface Kind<Item, Term> {
  readonly noun: 'host' | 'guest' | 'unit' | 'group';
  readonly nameOf: (item: Item) => string;
  readonly subjectOf: (item: Item) => Subject;
  readonly termOf: (access: Omit<TermInside<Item>, 'kind'>) => Term;
}

/** Is told of each item of a collection. */
export interface Visitor<Item> {
  /** An item; `true` ends the walk. */
  readonly take: (item: Item) => boolean;
  /** An item that is left out, and why; in doubt where it is not known whether it belongs. */
  readonly leave: (item: Item, doubt: boolean, because: () => readonly Reason[]) => void;
}

/** A collection. */
export interface CollectionInside<Item> {
  readonly scope: Scope;
  readonly kind: Kind<Item, unknown>;
  readonly walk: (frame: Frame, visitor: Visitor<Item>) => void;
  /** Why an item of it belongs to it. */
  readonly evidence: (frame: Frame, item: Item) => readonly Reason[];
}

/** Items in the order in which they are preferred, and what was left out. */
export interface Ranking<Item> {
  readonly items: readonly Item[];
  readonly left: readonly { readonly item: Item; readonly doubt: boolean; readonly because: () => readonly Reason[] }[];
  /** Why the item at a place is before the next one. */
  readonly choice: (frame: Frame, place: number) => readonly Reason[];
  /** Why an item is after the one that was taken. */
  readonly behind: (frame: Frame, place: number, taken: number) => readonly Reason[];
}

/** One item in an order of preference. */
export interface PickInside<Item> {
  readonly scope: Scope;
  readonly kind: Kind<Item, unknown>;
  /** Those that may be taken at all are named by `may`; ties are broken among them. */
  readonly rank: (frame: Frame, may?: (item: Item) => boolean) => Ranking<Item>;
  /** Whether the order depends on who may be taken, as it does where near ones count as equal. */
  readonly dependsOnAll: boolean;
  readonly evidence: (frame: Frame, item: Item) => readonly Reason[];
}

/** What came of an action. */
export interface Deed {
  readonly done: boolean;
  /** Something that would have decided was not known, so nothing else is done in its place. */
  readonly doubt: boolean;
}

/** An action. */
export interface ActionInside {
  readonly scope: Scope;
  readonly run: (frame: Frame) => Deed;
}

const memory = <Inside>(
  what: string,
): {
  readonly keep: <Word extends object>(word: Word, inside: Inside) => Word;
  readonly of: (word: object) => Inside;
  readonly has: (word: unknown) => boolean;
} => {
  const known = new WeakMap<object, Inside>();
  return {
    keep: (word, inside) => {
      known.set(word, inside);
      return word;
    },
    of: (word) => {
      const inside = known.get(word);
      if (inside === undefined) throw new SettingsError(`this is not ${what} of the rule language`, []);
      return inside;
    },
    has: (word) => typeof word === 'object' && word !== null && known.has(word),
  };
};

/** Words and what they hold. Nobody can see it: a memory, not a state. */
export const conditions = /* @__PURE__ */ memory<ConditionInside>('a condition');
export const quantities = /* @__PURE__ */ memory<QuantityInside>('a quantity');
export const texts = /* @__PURE__ */ memory<TextInside>('a name');
// Each word's own type says which items it holds; the memories hold them all.
export const terms = /* @__PURE__ */ memory<TermInside<unknown>>('a host or guest');
export const collections = /* @__PURE__ */ memory<CollectionInside<unknown>>('a collection');
export const picks = /* @__PURE__ */ memory<PickInside<unknown>>('a choice');
export const actions = /* @__PURE__ */ memory<ActionInside>('an action');
