/** Plain numbers of the rule language: which are refused while the page is read. */
import { describe, expect, test } from 'vitest';
import { percent } from '../../../src/model/index.js';
import { policy, SettingsError, type Vocabulary } from '../../../src/policies/index.js';

describe('plain numbers', () => {
  const refusal = (say: (words: Vocabulary) => unknown): string | undefined => {
    try {
      policy('page', (words) => void say(words));
    } catch (thrown) {
      return SettingsError.is(thrown) ? thrown.message : `not a SettingsError: ${String(thrown)}`;
    }
    return undefined;
  };

  test.each<[string, number, 'fraction' | 'count', string | undefined]>([
    ['NaN is no number', Number.NaN, 'count', 'page: NaN is not a number to compare or reckon with'],
    ['nor is an infinite one', Infinity, 'count', 'page: Infinity is not a number to compare or reckon with'],
    ['a text is none', '5' as unknown as number, 'count', 'page: 5 is not a number to compare or reckon with'],
    [
      'a share of eighty was meant as a percentage',
      80,
      'fraction',
      'page: 80 as a share is 8000 %; shares are from 0 to 1: write percent(80)',
    ],
    [
      'and so was one below zero',
      -80,
      'fraction',
      'page: -80 as a share is -8000 %; shares are from 0 to 1: write percent(-80)',
    ],
    ['ten times all there is may be meant', 10, 'fraction', undefined],
    ['eighty of something is no share', 80, 'count', undefined],
    ['eighty percent is one', percent(80), 'fraction', undefined],
  ])('%s', (_, value, unit, message) => {
    expect(refusal(({ amount }) => amount(value, unit))).toBe(message);
  });
});
