/** Every policy and combinator is held to every law of the testing room; a new one is added by one line. */
import * as fc from 'fast-check';
import { describe, test } from 'vitest';
import { precopy } from '../../src/estimators/index.js';
import { compare, gibibytes, hours, minutes, percent, wholeCluster } from '../../src/model/index.js';
import {
  allOf,
  complementary,
  consolidate,
  constrained,
  cpuCycles,
  cslb,
  damped,
  evacuate,
  even,
  everythingKnown,
  feasible,
  firstOf,
  gated,
  guestPlaces,
  held,
  inTurn,
  limited,
  lowestOf,
  memoryFree,
  memoryGranted,
  mend,
  paysOff,
  type Policy,
  productivityLoss,
  rebalance,
  relieve,
  simple,
  standardConstraints,
  stay,
  timesMean,
  withinPins,
} from '../../src/policies/index.js';
import { clusters, type Exceptions, expectLawful, lawful, type LawName } from '../../src/testing/index.js';

const bounds = { light: percent(40), heavy: percent(60) };
const calm = cslb({ ...bounds, guards: { noSwap: true } });
const eager = { ...bounds, guards: { noSwap: true, smallestGain: percent(1), keepBelowHeavy: true } };

const oddHours = {
  name: 'open',
  watch: {},
  judge: ({ at }: { readonly at: number }) => [
    compare({
      rule: 'open',
      subject: wholeCluster,
      measure: 'time',
      value: at,
      relation: 'above',
      limit: hours(1),
      unit: 'milliseconds',
    }),
  ],
};

const otherRoom =
  'a host that falls silent takes no guest, and the room that a large one does not take holds several small ones';
const otherChoice =
  'where the host that the policy prefers falls silent it chooses another one, to which the veto may not apply';
const otherWay = 'where the first policy has nothing to say, the next one may propose more';

const otherSpread = 'the spread and the mean are those of the hosts that are known, and of fewer hosts they are others';
const cool = relieve({ above: percent(60), fillTo: percent(50) });

const policies: readonly [name: string, policy: Policy, except?: Exceptions][] = [
  ['stay', stay()],
  ['evacuate', evacuate(), { lessDataNoMoreMoves: otherRoom }],
  [
    'cslb',
    cslb(bounds),
    { comesToRest: 'the swap of W15, a trap of the rule as printed; its guard is off by default' },
  ],
  ['cslb that may not swap', calm],
  ['cslb with all guards', cslb(eager)],
  ['cslb in processors', cslb({ light: 3, heavy: 5, unit: 'cpu', guards: { noSwap: true } })],
  ['cslb by the median', cslb({ ...eager, middle: 'median' })],
  [
    'cslb with moving thresholds',
    cslb({ moving: {}, guards: { noSwap: true } }),
    { lessDataNoMoreMoves: 'the average of fewer hosts is another one' },
  ],
  [
    'cslb, loads evaluated again after each move',
    cslb({ ...eager, pairing: 're-evaluated' }),
    {
      lessDataNoMoreMoves: 'a host that falls silent leaves several small amounts to the others, in place of one large',
    },
  ],
  ['relieve', cool, { lessDataNoMoreMoves: otherRoom }],
  [
    'relieve by several resources',
    relieve({
      above: percent(70),
      until: percent(50),
      fillTo: percent(60),
      under: percent(40),
      leaving: 'within surplus',
      also: [
        { resource: memoryGranted, above: memoryFree(gibibytes(4)) },
        { resource: guestPlaces(4), above: 1 },
      ],
    }),
    { lessDataNoMoreMoves: otherSpread },
  ],
  [
    'relieve before a host is hot',
    relieve({ above: lowestOf(percent(70), timesMean(1.5, { least: percent(25) })), leaving: 'smallest' }),
    { lessDataNoMoreMoves: otherSpread },
  ],
  ['even by deviation', even({ above: percent(10) }), { lessDataNoMoreMoves: otherSpread }],
  [
    'even by variation of processor and memory',
    even({
      by: 'variation',
      above: 0.3,
      margin: percent(10),
      of: [
        { resource: cpuCycles, weight: 3 },
        { resource: memoryGranted, weight: 2 },
      ],
    }),
    { lessDataNoMoreMoves: otherSpread },
  ],
  ['even by gap, while all is known', gated(even({ by: 'gap', above: percent(15) }), everythingKnown())],
  ['held', held(cool, { rounds: 2 }), { lessDataNoMoreMoves: otherRoom }],
  ['held, whatever it asks for', held(cool, { rounds: 2, same: 'anything' }), { lessDataNoMoreMoves: otherRoom }],
  ['mend', mend(), { lessDataNoMoreMoves: otherRoom }],
  ['mend where all can be mended', gated(mend(), feasible()), { lessDataNoMoreMoves: otherRoom }],
  ['inTurn', inTurn(evacuate(), cool), { lessDataNoMoreMoves: otherRoom }],
  ['consolidate', consolidate({ down: 0, up: 0 }), { lessDataNoMoreMoves: otherRoom }],
  ['complementary', complementary({ resources: [cpuCycles, memoryGranted] }), { lessDataNoMoreMoves: otherRoom }],
  ['simple', simple({ noSwap: true }), { lessDataNoMoreMoves: otherRoom }],
  ['P-loss', productivityLoss(), { lessDataNoMoreMoves: otherRoom }],
  ['rebalance', rebalance({ moves: 2 }), { lessDataNoMoreMoves: otherSpread }],
  ['damped', damped(calm, { guest: minutes(30), host: minutes(5) }), { lessDataNoMoreMoves: otherChoice }],
  ['limited', limited(calm, { moves: 1, perHost: 1 })],
  ['constrained', constrained(calm, [...standardConstraints, withinPins])],
  ['gated', gated(calm, oddHours)],
  ['firstOf', firstOf(evacuate(), calm), { lessDataNoMoreMoves: otherWay }],
  ['allOf', allOf(evacuate(), calm), { lessDataNoMoreMoves: otherRoom }],
  ['paysOff', paysOff(calm, precopy()), { lessDataNoMoreMoves: otherChoice }],
  [
    'a whole site',
    limited(
      damped(firstOf(evacuate(), paysOff(calm, precopy(), { life: () => ({ kind: 'stays' }) })), {
        guest: minutes(30),
      }),
      {
        moves: 4,
        perHost: 1,
      },
    ),
    { lessDataNoMoreMoves: otherWay },
  ],
];

// Object.keys gives the names of the laws, and no others.
const names = Object.keys(lawful) as readonly LawName[];

describe.each(policies)('%s', (_, policy, except: Exceptions = {}) => {
  for (const name of names) {
    const why = except[name];
    if (why !== undefined) test.skip(`keeps ${name}: not asked for, as ${why}`, () => undefined);
  }

  test(`keeps all other laws on any cluster`, () => {
    fc.assert(
      fc.property(clusters({ watch: policy.watch }), (cluster) => expectLawful(policy, cluster, except)),
      { numRuns: 80 },
    );
  });
});
