/** From the spelling of a unit to what it measures and how large it is, by mathjs: the only module that knows mathjs. */
import { create, type MathJsInstance, type Unit, unitDependencies } from 'mathjs';

let instance: MathJsInstance | undefined;

/**
 * An instance of our own with nothing but units, made at the first question: nobody's `createUnit` elsewhere changes how our
 * configuration is read, and who never reads a unit never pays for it.
 */
// The types of mathjs list its collections of factories by any name, so they may seem to be missing.
const math = (): MathJsInstance => (instance ??= create(unitDependencies ?? {}, {}));

/** Spellings that people use and mathjs does not know, as mathjs spells them. */
const asMathjs = (unit: string): string =>
  unit
    .replace(/([bB])ps$/, '$1/s')
    .replace(/^((?:[kMGTPE]|Ki|[MGTPE]i))bit\b/, '$1b')
    .replace(/^[µμ]s$/, 'us')
    .replace(/^d$/, 'day')
    .replace(/\s+/g, '');

// One name, or one name per another. Nothing else reaches mathjs, whose own grammar takes products, powers and brackets.
const oneUnit = /^[A-Za-zµμ]+(?:\s*\/\s*[A-Za-z]+)?$/;

const known = (unit: string): Unit | undefined => {
  if (!oneUnit.test(unit)) return undefined;
  try {
    return math().unit(`1 ${asMathjs(unit)}`);
  } catch {
    // mathjs has no other way to say that it does not know a unit.
    return undefined;
  }
};

/** What a spelling stands for, seen from a base unit. */
export type UnitMeaning =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'another dimension' }
  /** One of it is so many of the base unit. */
  | { readonly kind: 'known'; readonly factor: number };

/** Reads a unit's spelling. Case counts: `Mb` are megabits, `MB` megabytes. */
export const unitOf = (spelling: string, base: string): UnitMeaning => {
  const unit = known(spelling);
  if (!unit) return { kind: 'unknown' };
  return unit.equalBase(math().unit(base))
    ? { kind: 'known', factor: unit.toNumber(base) }
    : { kind: 'another dimension' };
};
