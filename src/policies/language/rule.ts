/** Rule: for each host or guest of a collection in turn, or while a condition holds, an action. */
import { compare, hostSubject, lookFor, lookup, type ObservedHost, wholeCluster } from '../../model/index.js';
import { offRule, onRule } from '../power/power-advice.js';
import type { Frame } from './frame.js';
import type { ActionInside, CollectionInside, ConditionInside, Deed, PickInside } from './inside.js';
import { binding, changing, scopeOf } from './scope.js';

/** An action for one item of a collection, which stands at a place while it runs. */
export interface ForEach<Item> {
  readonly items: CollectionInside<Item>;
  readonly place: number;
  readonly action: ActionInside;
  /** Whether it ends with the first item of which something came. */
  readonly untilDone: boolean;
}

const leftOf = <Item>(
  frame: Frame,
  items: CollectionInside<Item>,
): { readonly taken: readonly Item[]; readonly doubt: boolean } => {
  const taken: Item[] = [];
  let doubt = false;
  items.walk(frame, {
    take: (item) => {
      taken.push(item);
      return false;
    },
    leave: (item, unsure, because) => {
      doubt ||= unsure;
      frame.passedOver.push({ subject: items.kind.subjectOf(item), because: because() });
    },
  });
  return { taken, doubt };
};

/**
 * Does something for each item. The items are those of before the first of these actions, and each is come to once; what the
 * action itself asks for is asked anew each time, with the moves planned until then.
 */
export const forEach = <Item>({ items, place, action, untilDone }: ForEach<Item>): ActionInside => ({
  scope: scopeOf(items.scope, binding(action.scope, place)),
  run: (frame): Deed => {
    const { taken, doubt } = leftOf(frame, items);
    let [done, unsure] = [false, doubt];
    for (const item of taken) {
      frame.grounds.push(items.evidence(frame, item));
      frame.values[place] = item;
      const deed = action.run(frame);
      frame.grounds.pop();
      done ||= deed.done;
      unsure ||= deed.doubt;
      if (done && untilDone) break;
    }
    return { done, doubt: unsure && !done };
  },
});

/** Does something while a condition holds. */
export const onlyIf = (condition: ConditionInside, action: ActionInside): ActionInside => ({
  scope: scopeOf(condition.scope, action.scope),
  run: (frame): Deed => {
    const verdict = condition.holds(frame);
    const because = condition.because(frame, true);
    if (verdict !== true) {
      frame.passedOver.push({ subject: wholeCluster, because });
      return { done: false, doubt: verdict === undefined };
    }
    frame.grounds.push(because);
    const deed = action.run(frame);
    frame.grounds.pop();
    return deed;
  },
});

/** Says of a host that it may be switched off, if nothing stands on it or comes to it. */
export const switchOff = (hosts: PickInside<ObservedHost>): ActionInside =>
  switching(hosts, (frame, { id, state }) => {
    const { guestsOn, arrivals } = lookup(frame.now());
    if (state !== 'active' || guestsOn(id).length + arrivals(id).length > 0) return undefined;
    return compare({
      rule: offRule,
      subject: hostSubject(id),
      measure: 'guests',
      value: 0,
      relation: 'at least',
      limit: 1,
      unit: 'count',
    });
  });

/** Says of a host that is off that it is wanted. */
export const switchOn = (hosts: PickInside<ObservedHost>): ActionInside =>
  switching(hosts, (_, { id, state: value }) =>
    value === 'off'
      ? lookFor({ rule: onRule, subject: hostSubject(id), measure: 'state', value, among: ['active'] })
      : undefined,
  );

const switching = (
  hosts: PickInside<ObservedHost>,
  advise: (frame: Frame, host: ObservedHost) => ReturnType<typeof compare> | ReturnType<typeof lookFor> | undefined,
): ActionInside => ({
  scope: changing(hosts.scope),
  run: (frame): Deed => {
    for (const host of hosts.rank(frame).items) {
      const advice = advise(frame, host);
      if (advice === undefined) continue;
      frame.passedOver.push({ subject: hostSubject(host.id), because: [...frame.grounds.flat(), advice] });
      return { done: true, doubt: false };
    }
    return { done: false, doubt: hosts.rank(frame).left.some(({ doubt }) => doubt) };
  },
});
