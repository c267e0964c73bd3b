/** Predictions: what the thesis proposes and did not test (§7.5), by the same physics. */
import { mbps } from '../../../src/model/index.js';
import { type Row, row } from '../row.js';
import { muda } from '../../../src/policies/index.js';
import { build } from './jobs.js';
import { copyOn1, encodeOn2 } from './chapter7.js';
import { chapter74, clockOf } from './laboratory.js';
import { baseline75 } from './measured.js';
import { run, runs } from './trial.js';

/** Times in seconds; beside each what the two-rate model says. */
export const predictionRows = (): readonly Row[] => {
  const bandwidths = [
    { name: '300', migration: {}, firstThen: 144.2, paused: 159.3 },
    { name: '700', migration: { ceiling: mbps(700) }, firstThen: 128.6, paused: 143.7 },
  ] as const;
  const predicted = (name: string, seconds: number | undefined): Row =>
    row('predictions', name, null, seconds, 's', null);
  const hosts = chapter74();
  const job = build(baseline75.build.desktop2, clockOf(hosts, 'desktop2'));
  const whole = runs({ hosts, from: 'desktop2', job, order: { by: 'policy', policy: muda() } });
  return [
    predicted(
      'encoding, started at once (two-rate model: 195 to 204; measured from 60 s: 217)',
      run(encodeOn2({ by: 'hand', at: 0, to: 'desktop1' })).job,
    ),
    predicted('build, start by user and system time (user alone, measured: 114)', whole.start),
    ...bandwidths.flatMap(({ name, migration, firstThen, paused }) => [
      predicted(
        `migrate first, then copy the ISO, at ${name} Mbps (model: ${firstThen}; over NFS 159.91)`,
        run({ ...copyOn1('copyIso', { by: 'hand', at: 0, to: 'desktop2', before: true }), migration }).job,
      ),
      predicted(
        `copy of the ISO, paused at 56 s to converge, at ${name} Mbps (model: ${paused})`,
        run({ ...copyOn1('copyIso', { by: 'hand', at: 55, to: 'desktop2', pause: true }), migration }).job,
      ),
    ]),
  ];
};
