/** Text: names that may not be there, and what is asked of them. That there is none is known too: it is in the inventory. */
import { compare, lookFor, type Reason, unknown } from '../../model/index.js';
import { conditionOf, negated } from './condition.js';
import type { Frame } from './frame.js';
import { texts, type TextInside } from './inside.js';
import { scopeOf } from './scope.js';
import type { Condition, Text } from './words.js';

const missing = ({ subject, measure }: TextInside, frame: Frame): Reason =>
  unknown({ rule: frame.rule, subject: subject(frame), measure, why: 'not in the inventory' });

/** How often something holds, once or not at all, against whether it should. */
const times = (inside: TextInside, frame: Frame, measure: string, found: boolean, asked: boolean): Reason =>
  compare({
    rule: frame.rule,
    subject: inside.subject(frame),
    measure,
    value: found ? 1 : 0,
    relation: asked ? 'at least' : 'at most',
    limit: asked ? 1 : 0,
    unit: 'count',
  });

const among = (
  inside: TextInside,
  frame: Frame,
  own: readonly string[],
  names: readonly string[],
  asked: boolean,
): Reason => {
  const [value] = own;
  if (asked && value !== undefined)
    return lookFor({ rule: frame.rule, subject: inside.subject(frame), measure: inside.measure, value, among: names });
  return times(
    inside,
    frame,
    `times that ${inside.measure}${value === undefined ? '' : ` ${value}`} is ${names.join(' or ')}`,
    own.some((name) => names.includes(name)),
    asked,
  );
};

const oneOf = (inside: TextInside, names: readonly string[]): Condition =>
  conditionOf({
    scope: inside.scope,
    holds: (frame) => inside.names(frame)?.some((name) => names.includes(name)),
    because: (frame, asked) => {
      const own = inside.names(frame);
      return [own ? among(inside, frame, own, names, asked) : missing(inside, frame)];
    },
  });

const given = (inside: TextInside): Condition =>
  conditionOf({
    scope: inside.scope,
    holds: (frame) => {
      const own = inside.names(frame);
      return own && own.length > 0;
    },
    because: (frame, asked) => {
      const own = inside.names(frame);
      return [
        own ? times(inside, frame, `names given as ${inside.measure}`, own.length > 0, asked) : missing(inside, frame),
      ];
    },
  });

const same = (a: TextInside, b: TextInside): Condition =>
  conditionOf({
    scope: scopeOf(a.scope, b.scope),
    holds: (frame) => {
      const [one, other] = [a.names(frame), b.names(frame)];
      return one && other && one.some((name) => other.includes(name));
    },
    because: (frame, asked) => {
      const [one, other] = [a.names(frame), b.names(frame)];
      if (!one) return [missing(a, frame)];
      if (!other) return [missing(b, frame)];
      return [among(a, frame, one, other, asked)];
    },
  });

/** A name as a word. */
export const textOf = (inside: TextInside): Text =>
  texts.keep<Text>(
    {
      is: (...names) => oneOf(inside, names),
      isNot: (...names) => negated(oneOf(inside, names)),
      isGiven: () => given(inside),
      equals: (other) => same(inside, texts.of(other)),
    },
    inside,
  );
