/** Figures that the estimators give for reference guests: users see any change of a constant or a formula here. */
import { expect, test } from 'vitest';
import { figuresOf, otherCases, precopyCases } from './reference-cases.js';

const precopyFigures = [
  ['an idle guest under a cap', ['converges', 9349.08, 9243.19, 9454.98, 13.5327, 632008000, 3, 0.1]],
  ['an idle guest on a slow link', ['converges', 7358.71, 7270.86, 7446.57, 100.112, 632008000, 3, 0.1]],
  ['a large empty guest', ['converges', 24769.1, 24492.6, 25045.3, 291.446, 1132100000, 7, 0.1]],
  ['a guest of which no zero pages are known', ['converges', 2294.34, 2242.63, 2346.05, 322.157, 196465000, 5, 0.1]],
  ['random writes under a cap', ['converges', 11764.3, 11601.9, 11927, 20.3785, 803018000, 7, 0.1]],
  ['random writes on a slow link', ['converges', 8896.08, 8787.5, 9001.52, 311.476, 765182000, 7, 0.1]],
  ['random writes near the bandwidth', ['converges', 19894, 19064.7, 21116.2, 21.7259, 1348560000, 26, 0.1]],
  ['a sweep under a cap', ['converges', 13469, 13221.8, 13646.8, 19.0631, 915192000, 8, 0.1]],
  ['a fast sweep on a slow link', ['converges', 20864.5, 18456.3, 24439.9, 345.858, 1801940000, 33, 0.1]],
  ['a short stop allowed', ['converges', 12157.4, 11992.6, 12290, 8.16663, 814996000, 8, 0.1]],
  ['a long stop allowed', ['converges', 10596.5, 10443.2, 10714.1, 56.753, 775352000, 6, 0.1]],
  ['a long stop allowed on a slow link', ['converges', 8647.44, 8545.66, 8751.32, 1133.83, 743643000, 5, 0.1]],
  ['compression', ['converges', 4731.95, 4665.77, 4798.14, 12.5036, 321812000, 5, 0.1]],
  ['three moves at once', ['converges', 37672.9, 36948.8, 38476.1, 239.319, 1096500000, 18, 0.1]],
  ['a fixed part', ['converges', 15896.1, 15787.5, 16001.5, 311.476, 765182000, 7, 0.1]],
  ['post-copy after ten seconds', ['converges', 10431.2, 10315.2, 10547.3, 20, 945026000, 3, 0.1]],
  ['post-copy on a slow link', ['converges', 12411.5, 12270.7, 12551.8, 20, 1068670000, 3, 0.1]],
  ['auto-converge', ['converges', 32136, 19747.3, 44511.7, 20.9593, 2166170000, 20, 0.257798]],
  ['a steep auto-converge', ['converges', 22201.4, 13662.9, 30752.1, 21.0122, 1501870000, 10, 0.296354]],
  ['auto-converge of a guest on the clock', ['converges', 54613.3, 33538, 75697.5, 19.92, 3667900000, 23, 0.474391]],
  ['auto-converge on a slow link', ['converges', 18560.9, 11412.8, 25719.4, 337.334, 1602400000, 18, 0.184899]],
  ['a burst that ends', ['converges', 25311.4, 24912.7, 25642.7, 20.1876, 1708710000, 12, 0.1]],
  ['a job that ends', ['converges', 42370.9, 41890.1, 42818.6, 20.2234, 2849610000, 16, 0.1]],
  ['a job of unknown length', ['converges', 44676.6, 13667.4, 180452, 17.8961, 3000580000, 18, 0.1]],
  ['a load that comes by the hour', ['uncertain', 2402350, 601985, 4202700, 17.6137, 40306000000, 259, 0.1]],
  ['a reading', ['converges', 10821.8, 9433.19, 11412.8, 21.1695, 743770000, 5, 0.1]],
  ['a reading on a slow link', ['converges', 9146.93, 7783.01, 11498.5, 324.409, 779556000, 8, 0.1]],
  ['a coarse reading of few pages', ['converges', 11738.1, 9387.12, 14135.1, 19.1536, 794527000, 7, 0.1]],
  ['readings over several windows', ['converges', 12242.5, 11811.5, 12945.9, 21.026, 830803000, 7, 0.1]],
  ['a clean reading', ['converges', 9349.08, 9152.16, 9546, 13.5327, 632008000, 3, 0.1]],
] as const;

const otherFigures = [
  ['geometric, known', ['converges', 8853.09, 8853.09, 8853.09, 300.122, 772895000, 3, 0]],
  ['geometric, a reading', ['converges', 22387.2, 22387.2, 22387.2, 276.008, 1955820000, 10, 0]],
  ['geometric, all of memory', ['converges', 10146.4, 10146.4, 10146.4, 91.9844, 886060000, 4, 0]],
  ['geometric, bursts', ['converges', 13666.8, 13666.8, 13666.8, 207.867, 1194090000, 6, 0]],
  ['geometric, an adaptive rate', ['converges', 152492, 152492, 152492, 22.1983, 2558140000, 22, 0]],
  ['geometric, too slow', ['never']],
  ['xen', ['converges', 10271.9, 9869.82, 10674, 112.274, 890044000, 6, 0]],
  ['xen, classic', ['converges', 26586.3, 25520.6, 27613, 902.641, 2317550000, 14, 0]],
  ['xen, hot', ['converges', 19805.8, 19034.9, 20575.1, 1424.44, 1649010000, 6, 0]],
  ['xen, a reading', ['converges', 10791.1, 9230.8, 13183.9, 133.729, 927301000, 6, 0]],
  ['thesis, completion', ['converges', 19174, 19174, 19174, 30, 1677720000, 2, 0]],
  ['thesis, predicted', ['converges', 15626.8, 15626.8, 15626.8, 30, 1367340000, 2, 0]],
  ['thesis, base', ['converges', 19573.4, 19573.4, 19573.4, 45, 734003000, 1, 0]],
] as const;

const given = new Map([...precopyCases, ...otherCases]);

test('every case has its figures', () => {
  expect([...precopyFigures, ...otherFigures].map(([name]) => name)).toEqual([...given.keys()]);
});

test.each([...precopyFigures, ...otherFigures])('%s', (name, figures) => {
  const estimate = given.get(name)?.();
  expect(estimate && figuresOf(estimate)).toEqual(figures);
});
