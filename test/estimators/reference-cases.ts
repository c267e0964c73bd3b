/** Guests and ways of migrating them for which the estimators' figures are kept. */
import {
  clarkStops,
  type Estimator,
  geometric,
  type MoveFacts,
  precopy,
  type PrecopyOptions,
  thesis,
  xenPrecopy,
} from '../../src/estimators/index.js';
import {
  type Estimate,
  gibibytes,
  hours,
  mbps,
  mebibytes,
  mebibytesPerSecond,
  minutes,
  seconds,
} from '../../src/model/index.js';
import { knownDemand, moveFacts, sampledDemand } from './facts.js';

/** A cap well below the line, as `max-bandwidth` sets it. */
const capped = (change: Partial<MoveFacts> = {}): MoveFacts =>
  moveFacts({ bandwidth: mebibytesPerSecond(64), line: mebibytesPerSecond(1400), ...change });

const hot = knownDemand({ writeRate: mebibytesPerSecond(90), workingSet: mebibytes(310) });
const small = { memory: mebibytes(300), nonZero: mebibytes(150) };

const qemu: readonly (readonly [string, MoveFacts, PrecopyOptions?])[] = [
  ['an idle guest under a cap', capped({ demand: knownDemand({ writeRate: 0, workingSet: 0 }) })],
  ['an idle guest on a slow link', moveFacts({ demand: knownDemand({ writeRate: 0, workingSet: 0 }) })],
  ['a large empty guest', capped({ memory: gibibytes(64), nonZero: mebibytes(700) })],
  ['a guest of which no zero pages are known', { ...small, demand: knownDemand(), bandwidth: mbps(700) }],
  ['random writes under a cap', capped()],
  ['random writes on a slow link', moveFacts()],
  ['random writes near the bandwidth', capped({ demand: knownDemand({ writeRate: mebibytesPerSecond(60) }) })],
  ['a sweep under a cap', capped({ demand: knownDemand({ pattern: 'sweep', workingSet: mebibytes(330) }) })],
  [
    'a fast sweep on a slow link',
    moveFacts({ demand: knownDemand({ pattern: 'sweep', writeRate: mebibytesPerSecond(70) }) }),
  ],
  ['a short stop allowed', capped(), { downtimeLimit: 35 }],
  ['a long stop allowed', capped(), { downtimeLimit: 1100 }],
  ['a long stop allowed on a slow link', moveFacts(), { downtimeLimit: 1100 }],
  ['compression', capped(), { compression: 0.45 }],
  ['three moves at once', moveFacts({ line: mbps(900) }), { concurrent: 3 }],
  ['a fixed part', moveFacts(), { fixed: seconds(7), giveUpAfter: seconds(90) }],
  ['post-copy after ten seconds', capped({ demand: hot }), { postCopyAfter: seconds(10) }],
  ['post-copy on a slow link', moveFacts({ demand: hot }), { postCopyAfter: seconds(10.02) }],
  ['auto-converge', capped({ demand: hot }), { autoConverge: true }],
  [
    'a steep auto-converge',
    capped({ demand: hot }),
    { autoConverge: { first: 0.4, step: 0.3, most: 0.9, trigger: 0.3 } },
  ],
  ['auto-converge of a guest on the clock', capped({ demand: { ...hot, boundBy: 'clock' } }), { autoConverge: true }],
  ['auto-converge on a slow link', moveFacts({ demand: hot }), { autoConverge: true }],
  [
    'a burst that ends',
    capped({
      demand: {
        ...hot,
        phases: [
          { length: seconds(21), share: 1 },
          { length: seconds(9), share: 0.3 },
          { length: 1, share: 0.1 },
        ],
      },
    }),
  ],
  ['a job that ends', capped({ demand: hot, life: { kind: 'known', left: seconds(40) } })],
  ['a job of unknown length', capped({ demand: hot, life: { kind: 'aged', age: seconds(60), exponent: 1.3 } })],
  [
    'a load that comes by the hour',
    capped({ demand: hot, life: { kind: 'recurring', into: minutes(50), hours: [1, 0.7, 0.3, 0] } }),
  ],
  ['a reading', capped({ demand: sampledDemand() })],
  [
    'a reading on a slow link',
    moveFacts({ demand: sampledDemand({ rate: mebibytesPerSecond(31) }), used: mebibytes(480) }),
  ],
  [
    'a coarse reading of few pages',
    capped({ demand: sampledDemand({ rate: mebibytesPerSecond(21), step: mebibytesPerSecond(1), sampledPages: 700 }) }),
  ],
  [
    'readings over several windows',
    capped({
      demand: sampledDemand({
        rate: mebibytesPerSecond(30),
        sampledPages: 2000,
        further: [
          { rate: mebibytesPerSecond(22), window: 3000, sampledPages: 4000 },
          { rate: mebibytesPerSecond(15), window: 8000, sampledPages: 900 },
        ],
      }),
    }),
  ],
  ['a clean reading', capped({ demand: sampledDemand({ rate: 0 }) })],
];

/** What the replay of QEMU says, by name of the case. */
export const precopyCases: readonly (readonly [string, () => Estimate])[] = qemu.map(([name, facts, options]) => [
  name,
  () => precopy(options)(facts),
]);

const slow = moveFacts({ memory: mebibytes(700), nonZero: mebibytes(610) });
const bursts = knownDemand({
  writeRate: mebibytesPerSecond(100),
  phases: [
    { length: seconds(12), share: 1 },
    { length: hours(1), share: 0.2 },
  ],
});
const adaptive = { minimum: mebibytesPerSecond(12), margin: mebibytesPerSecond(6) };

const others: readonly (readonly [string, Estimator, MoveFacts])[] = [
  ['geometric, known', geometric(), slow],
  ['geometric, a reading', geometric({ resume: 35 }), moveFacts({ demand: sampledDemand({ rate: 6e7 }) })],
  ['geometric, all of memory', geometric(), { memory: slow.memory, bandwidth: slow.bandwidth, demand: slow.demand }],
  ['geometric, bursts', geometric(), { ...slow, demand: bursts }],
  [
    'geometric, an adaptive rate',
    geometric({ rules: clarkStops(mebibytesPerSecond(60)), adaptive }),
    { ...slow, demand: sampledDemand() },
  ],
  ['geometric, too slow', geometric({ giveUpAfter: seconds(5) }), slow],
  ['xen', xenPrecopy(), slow],
  ['xen, classic', xenPrecopy({ version: 'classic' }), { ...slow, demand: hot }],
  ['xen, hot', xenPrecopy({ stop: 60, suspended: mebibytes(2), fixed: 900 }), { ...slow, demand: hot }],
  ['xen, a reading', xenPrecopy(), { ...slow, demand: sampledDemand({ rate: mebibytesPerSecond(30) }) }],
  ['thesis, completion', thesis(), slow],
  [
    'thesis, predicted',
    thesis({ rule: 'predicted', p: 0.7 }),
    moveFacts({ used: mebibytes(400), demand: sampledDemand() }),
  ],
  ['thesis, base', thesis({ rule: 'base', ceiling: mbps(300), allowance: 45 }), slow],
];

/** What the other models say, by name of the case. */
export const otherCases: readonly (readonly [string, () => Estimate])[] = others.map(([name, estimator, facts]) => [
  name,
  () => estimator(facts),
]);

/** An estimate in a line: whether it converges; duration, bounds and stop in ms; bytes; rounds; slow-down. To six digits. */
export const figuresOf = (estimate: Estimate): readonly (string | number)[] =>
  'duration' in estimate
    ? [
        estimate.convergence,
        ...[
          estimate.duration,
          estimate.interval.low,
          estimate.interval.high,
          estimate.downtime,
          estimate.bytes,
          estimate.rounds,
          estimate.slowdown ?? 0,
        ].map((figure) => Number(figure.toPrecision(6))),
      ]
    : [estimate.convergence];
