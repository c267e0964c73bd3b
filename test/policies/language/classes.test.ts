/** Classes in the rule language: what a guest needs most, by whose rule, and with what is known of its host. */
import { describe, expect, test } from 'vitest';
import { mebibytesPerSecond } from '../../../src/model/index.js';
import type { Classifier, GuestTerm } from '../../../src/policies/index.js';
import { type Ask, answer, checkedOn, guestNamed, notKnown, type Row, type Site } from './answer.js';
import { type History, movesIf, siteFor } from './site.js';

const stale = { kind: 'stale', at: 0, age: 90_000 } as const;
const computing: History = Array.from({ length: 7 }, () => ({
  cpu: { used: 0.9, user: 0.9, system: 0, iowait: 0, steal: 0 },
  network: { received: 0, sent: mebibytesPerSecond(2) },
  disk: { read: 0, written: 0 },
  processes: [
    { name: 'busy', cpu: 0.9, memory: 1 },
    { name: 'idle', cpu: 0, memory: 1 },
  ],
  dirty: { rate: mebibytesPerSecond(20), window: 1000 },
}));
const site: Site = {
  guests: {
    web: { on: 'a', readings: computing },
    db: { on: 'a' },
    old: { on: 'a', readings: computing, knowledge: stale },
  },
};
const of =
  (name: string, ask: (guest: GuestTerm, ...given: Parameters<Ask>) => ReturnType<Ask>): Ask =>
  (h, words) =>
    ask(guestNamed(words, name), h, words);

describe('what it needs most (M20 to M24)', () => {
  const bound = (...classes: Parameters<GuestTerm['boundBy']>): Ask => of('web', (g) => g.boundBy(...classes));
  test('is told with the reasons of the classifier', () => {
    const { verdict, because, against } = answer(bound('cpu'), site);
    expect([verdict, because[0], against]).toEqual([
      true,
      'web class cpu',
      ['web class cpu, not one of io, balanced, idle, paging, network'],
    ]);
    expect(because.length).toBeGreaterThan(1);
  });

  test('is one of several', () => {
    const { verdict, because, against } = answer(bound(['io', 'cpu']), site);
    expect([verdict, because[0], against]).toEqual([
      true,
      'web class cpu among io, cpu',
      ['web class cpu, not one of balanced, idle, paging, network'],
    ]);
  });

  test('is not another', () => {
    const { verdict, because, against } = answer(bound('io'), site);
    expect([verdict, because, against[0]]).toEqual([
      false,
      ['web class cpu, not io'],
      'web class cpu among cpu, balanced, idle, paging, network',
    ]);
    expect(against.length).toBeGreaterThan(1);
  });

  test.each<Row>([
    notKnown(
      'of nothing that was measured',
      of('db', (g) => g.boundBy('cpu')),
      'db class not measured',
    ),
    notKnown(
      'of nobody',
      of('nobody', (g) => g.boundBy('cpu')),
      'the cluster class not in the inventory',
    ),
    notKnown(
      'of a guest that is silent',
      of('old', (g) => g.boundBy('cpu')),
      'old class stale',
    ),
    notKnown(
      'where the classifier does not know',
      bound('cpu', {
        by: { name: 'none', classify: () => ({ class: 'unknown', confidence: 0, reasons: [] }) as never },
      }),
      'web class not measured',
    ),
  ])('%s', checkedOn(site));

  test('is found with what the guest and its host have', () => {
    const seen: unknown[] = [];
    const by: Classifier = {
      name: 'spy',
      classify: (_, context) => {
        seen.push(context);
        return { class: 'unknown', confidence: 0, reasons: [] } as never;
      },
    };
    const contextOn = (host: NonNullable<Site['hosts']>[string], image?: { storage: string }): unknown => {
      seen.length = 0;
      const probe = movesIf((h) => h.guests.any((g) => g.boundBy('cpu', { by })));
      probe.plan(
        siteFor(probe, { a: host }, { web: { on: 'a', vcpus: 3, readings: computing, image: image as never } }),
      );
      return seen[0];
    };
    const subject = { kind: 'guest', id: 'web' };
    const [own, wire] = [
      { role: 'guest' as const, link: 'g', bandwidth: 5 },
      { role: 'migration' as const, link: 'm', bandwidth: 7 },
    ];
    const storage = [
      { id: 'other', access: 'nfs' as const, score: 8 },
      { id: 's', access: 'nfs' as const, score: 9 },
    ];
    expect(contextOn({ networks: [wire, own], storage }, { storage: 's' })).toStrictEqual({
      subject,
      processors: 3,
      bandwidth: 5,
      storage: 9,
    });
    expect(contextOn({ networks: [wire], storage }, { storage: 'none' })).toStrictEqual({
      subject,
      processors: 3,
      bandwidth: 7,
    });
    expect(contextOn({ networks: [], storage })).toStrictEqual({ subject, processors: 3 });
  });
});
