/** Say: the rules of a document, one after the other, in the words of the rule language. */
import type { Action, Condition, GuestTerm, MoveTerm, Predicate, Vocabulary } from '../../policies/index.js';
import { conditionsOf, type Conditions, flagged, guestNames, hostNames } from './conditions.js';
import { countAt, declare, durationAt, type ParameterTable } from './parameters.js';
import type { Place } from './place.js';
import type { AskedOfGuest, AskedOfMove, PolicyDocument } from './schema.js';

type Rule = PolicyDocument['rules'][number];

interface Saying {
  readonly words: Vocabulary;
  readonly parameters: ParameterTable;
  readonly conditions: Conditions;
}

const kindOf = ({ words, conditions }: Saying, asked: readonly AskedOfGuest[], place: Place): Predicate<GuestTerm> =>
  words.guest((guest) => words.and(...asked.map((one, i) => conditions.ofGuest(guest, one, place.at(i)))));

/** What every move has to keep, and what is preferred. */
const charter = (saying: Saying, document: PolicyDocument, place: Place): void => {
  const { words, conditions } = saying;
  const over = (asked: readonly AskedOfMove[], key: string, say: (test: (move: MoveTerm) => Condition) => void): void =>
    asked.forEach((one, i) => say((move) => conditions.ofMove(move, one, place.at(key, i))));
  document.keepApart.forEach(({ guests, from }, i) => {
    const here = place.at('keepApart', i);
    words.keepApart(kindOf(saying, guests, here.at('guests')), kindOf(saying, from, here.at('from')));
  });
  document.keepTogether.forEach(({ guests }, i) =>
    words.keepTogether(kindOf(saying, guests, place.at('keepTogether', i, 'guests'))),
  );
  over(document.prefer, 'prefer', words.prefer);
  over(document.afterwards, 'afterwards', words.afterwards);
};

/** While is what a rule waits for; without it, the rule is said as it is. */
const during = ({ words, parameters }: Saying, rule: Rule, place: Place): Condition | undefined => {
  const asked = rule.while.map((one, i) => {
    const here = place.at('while', i);
    if ('flag' in one) return flagged(words, parameters, one.flag, here.at('flag'));
    return words.time.between(
      durationAt(parameters, one.time.from, here.at('time', 'from')),
      durationAt(parameters, one.time.to, here.at('time', 'to')),
    );
  });
  return asked.length === 0 ? undefined : words.and(...asked);
};

const ruleOf = (saying: Saying, rule: Rule, place: Place): void => {
  const { words, parameters, conditions } = saying;
  const wait = during(saying, rule, place);
  if ('power' in rule) {
    const on = 'on' in rule.power;
    const [choice, here] =
      'on' in rule.power ? [rule.power.on, place.at('power', 'on')] : [rule.power.off, place.at('power', 'off')];
    const switching = (): Action => {
      const host = conditions.host(conditions.hosts(words.hosts, choice.where, here.at('where')), choice, here);
      return on ? words.power.on(host) : words.power.off(host);
    };
    words.when(wait ?? words.and(), switching);
    return;
  }
  const sources = conditions.hosts(words.hosts, rule.hosts, place.at('hosts'));
  const leave = (source: { readonly guests: typeof words.guests }): Action => {
    const movers = conditions.guests(source.guests, rule.guests.where, place.at('guests', 'where'));
    const destinations = conditions.hosts(words.hosts, rule.to.where, place.at('to', 'where'));
    const journey = words
      .migrate(conditions.guest(movers, rule.guests, place.at('guests')))
      .to(conditions.host(destinations, rule.to, place.at('to')));
    if (rule.unless === undefined) return journey;
    const longest = durationAt(parameters, rule.unless.takesLongerThan, place.at('unless', 'takesLongerThan'));
    return journey.unless((move) => move.takesLongerThan(longest));
  };
  if (wait) words.when(wait, () => words.each(sources, leave));
  else words.when(sources, leave);
};

/** Says a document. */
export const say = (words: Vocabulary, document: PolicyDocument, place: Place): void => {
  const parameters = declare(words.param, document.parameters, [...hostNames, ...guestNames], place.at('parameters'));
  const saying: Saying = { words, parameters, conditions: conditionsOf(words, parameters) };
  const { every, limit, evacuate } = document;
  if (every !== undefined) words.every(durationAt(parameters, every, place.at('every')));
  if (limit)
    words.limit({
      moves: countAt(parameters, limit.moves, place.at('limit', 'moves')),
      ...(limit.perHost !== undefined && {
        perHost: countAt(parameters, limit.perHost, place.at('limit', 'perHost')),
      }),
    });
  charter(saying, document, place);
  if (evacuate === true) words.evacuate();
  else if (evacuate !== false)
    words.evacuate(
      words.host((host) =>
        words.and(...evacuate.map((one, i) => saying.conditions.ofHost(host, one, place.at('evacuate', i)))),
      ),
    );
  document.rules.forEach((rule, i) => ruleOf(saying, rule, place.at('rules', i)));
};
