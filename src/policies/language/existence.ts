/** Existence: whether there is anything to choose: unknown where there is nothing for sure, and something in doubt. */
import { compare, wholeCluster } from '../../model/index.js';
import type { ConditionInside, PickInside } from './inside.js';

/** There is at least one. */
export const existence = <Item>({ scope, kind, rank }: PickInside<Item>): ConditionInside => ({
  scope,
  holds: (frame) => {
    const { items, left } = rank(frame);
    return items.length > 0 ? true : left.some(({ doubt }) => doubt) ? undefined : false;
  },
  because: (frame, asked) => {
    const { items, left } = rank(frame);
    const doubtful = left.filter(({ doubt }) => doubt);
    if (items.length === 0 && doubtful.length > 0) return doubtful.flatMap(({ because }) => because());
    return [
      compare({
        rule: frame.rule,
        subject: wholeCluster,
        measure: `${kind.noun}s to choose from`,
        value: items.length,
        relation: asked ? 'at least' : 'at most',
        limit: asked ? 1 : 0,
        unit: 'count',
      }),
    ];
  },
});
