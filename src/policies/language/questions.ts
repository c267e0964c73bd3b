/** Questions: whether a collection has anything, or a certain item; unknown where that one is in doubt. */
import { compare, lookFor, type Reason, unknown, wholeCluster } from '../../model/index.js';
import { conditionOf } from './condition.js';
import type { Frame } from './frame.js';
import { type CollectionInside, terms, type Verdict } from './inside.js';
import { scopeOf } from './scope.js';
import type { Condition } from './words.js';

/** Whether a collection has an item: unknown where it has none for sure, and one in doubt. */
export const someOf = <Item>(inside: CollectionInside<Item>, what: string): Condition => {
  const look = (frame: Frame): { readonly verdict: Verdict; readonly item?: Item } => {
    const seen: { doubt: boolean; found?: { readonly item: Item } } = { doubt: false };
    inside.walk(frame, {
      take: (item) => {
        seen.found = { item };
        return true;
      },
      leave: (_, unsure) => {
        seen.doubt ||= unsure;
      },
    });
    return seen.found ? { verdict: true, ...seen.found } : { verdict: seen.doubt ? undefined : false };
  };
  return conditionOf({
    scope: inside.scope,
    holds: (frame) => look(frame).verdict,
    because: (frame, asked): readonly Reason[] => {
      const { verdict, item } = look(frame);
      if (verdict === undefined) return doubts(inside, frame);
      const counted = compare({
        rule: frame.rule,
        subject: wholeCluster,
        measure: what,
        value: verdict ? 1 : 0,
        relation: asked ? 'at least' : 'at most',
        limit: asked ? 1 : 0,
        unit: 'count',
      });
      const evidence = asked && item !== undefined ? inside.evidence(frame, item) : [];
      return evidence.length > 0 ? evidence : [counted];
    },
  });
};

/** What is not known of the items that are in doubt. */
const doubts = <Item>(inside: CollectionInside<Item>, frame: Frame): readonly Reason[] => {
  const found: Reason[] = [];
  inside.walk(frame, {
    take: () => false,
    leave: (_, unsure, because) => {
      if (unsure) found.push(...because());
    },
  });
  return found;
};

/** Whether an item is among those of a collection. */
export const includes = <Item>(inside: CollectionInside<Item>, word: object): Condition => {
  const term = terms.of(word);
  const look = (frame: Frame): { readonly verdict: Verdict; readonly because: readonly Reason[] } => {
    const item = term.item(frame);
    if (item === undefined) return { verdict: undefined, because: [] };
    const name = term.kind.nameOf(item);
    let verdict: Verdict = false;
    let doubts: readonly Reason[] = [];
    inside.walk(frame, {
      take: (other) => {
        if (inside.kind.nameOf(other) !== name) return false;
        verdict = true;
        return true;
      },
      leave: (other, unsure, because) => {
        if (inside.kind.nameOf(other) !== name) return;
        if (!unsure) return;
        verdict = undefined;
        doubts = because();
      },
    });
    return { verdict, because: doubts };
  };
  return conditionOf({
    scope: scopeOf(inside.scope, term.scope),
    holds: (frame) => look(frame).verdict,
    because: (frame, asked) => {
      const item = term.item(frame);
      const found = look(frame);
      if (item === undefined)
        return [
          unknown({ rule: frame.rule, subject: wholeCluster, measure: term.kind.noun, why: 'not in the inventory' }),
        ];
      if (found.verdict === undefined) return found.because;
      const common = { rule: frame.rule, subject: term.kind.subjectOf(item) };
      const name = term.kind.nameOf(item);
      return asked
        ? [lookFor({ ...common, measure: 'one of a collection:', value: name, among: found.verdict ? [name] : [] })]
        : [
            compare({
              ...common,
              measure: 'times in a collection',
              value: found.verdict ? 1 : 0,
              relation: 'at most',
              limit: 0,
              unit: 'count',
            }),
          ];
    },
  });
};
