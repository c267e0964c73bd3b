/** The thesis' rule: classifies by processor and I/O wait percentages, which share the whole with idle (Muda, §6.3). */
import * as z from 'zod';
import { type BytesPerSecond, type Fraction, holds, percent } from '../../model/index.js';
import { settingsOf } from '../settings.js';
import type { Classifier, ClassifierContext } from './classification.js';
import { concluded, margin, type Test, witness } from './evidence.js';
import type { Usage } from './usage.js';

/** Settings of the thesis' rule; each default is the thesis' own value, or, where it gives none, the specification's. */
export interface ThesisRuleSettings {
  /** Which time counts as CPU: the built system's `user`, or, as the thesis concludes, `user+system` (§7.4.5; M22). Default the latter. */
  readonly counts?: 'user' | 'user+system';
  /** What the CPU percentage is of: one processor, or all of the subject's (M13). Default one. */
  readonly of?: 'one' | 'all';
  /** From here the CPU is high; default 0.7 (§6.4; M13, M20). */
  readonly cpu?: Fraction;
  /** From here I/O wait is high; default 0.1 (§6.4; M13, M20). */
  readonly iowait?: Fraction;
  /** Closer together than this the two are balanced; default 0.3 (M20, M21). */
  readonly dramatic?: Fraction;
  /** From this share of memory on it is nearly full; default 0.9 (§6.3.3; M23). */
  readonly occupied?: Fraction;
  /** From this share of the bandwidth on the network is much used; default 0.5 (§6.3.3; M24). */
  readonly network?: Fraction;
}

const settingsSchema = /* @__PURE__ */ (() => {
  const share = z.number().min(0).max(1);
  return z.strictObject({
    counts: z.enum(['user', 'user+system']).default('user+system'),
    of: z.enum(['one', 'all']).default('one'),
    cpu: share.default(percent(70)),
    iowait: share.default(percent(10)),
    dramatic: share.default(percent(30)),
    occupied: share.default(percent(90)),
    network: share.default(percent(50)),
  });
})();

type Settings = z.infer<typeof settingsSchema>;

const cpuOf = ({ used, user, system }: Usage, { counts, of }: Settings, processors: number): Fraction | undefined => {
  const both = user === undefined || system === undefined ? used : user + system;
  const counted = counts === 'user' ? user : both;
  return counted === undefined ? undefined : of === 'all' ? counted : Math.min(1, counted * processors);
};

const fraction = (measure: string, value: number | undefined, limit: Fraction): Test => ({
  measure,
  value,
  relation: 'at least',
  limit,
  unit: 'fraction',
});

const trafficShare = ({ networkTraffic }: Usage, bandwidth: BytesPerSecond | undefined): Fraction | undefined =>
  networkTraffic === undefined || bandwidth === undefined || !(bandwidth > 0) ? undefined : networkTraffic / bandwidth;

/**
 * The thesis' rule. Memory nearly full or swap in growing use makes it `paging`, for then I/O weighs more than CPU even for a
 * CPU-bound guest (M23). CPU high makes it `cpu`, I/O wait high `io`, both low `idle`, or `network` where that is much used (M24);
 * where one is high and they are close together it is `balanced` (M21).
 *
 * I/O wait counts idle time only: on a processor that other work keeps busy it vanishes, and an I/O-bound guest passes for idle
 * or CPU-bound. {@link demandRule} does better there.
 *
 * @throws SettingsError where a setting is out of its range
 */
export const thesisRule = (input: ThesisRuleSettings = {}): Classifier => {
  const settings = settingsOf('thesisRule', settingsSchema, input);
  const name = `thesisRule(${JSON.stringify(settings)})`;
  const classify = (usage: Usage, context: ClassifierContext): ReturnType<Classifier['classify']> => {
    const asked = witness('thesisRule', context);
    const cpu = cpuOf(usage, settings, context.processors ?? 1);
    const { iowait, memoryUsed, swapGrowth } = usage;
    const full = asked(fraction('memory', memoryUsed, settings.occupied));
    const swap = asked({ measure: 'growth of swap', value: swapGrowth, relation: 'above', limit: 0, unit: 'fraction' });
    const paging = [full, swap].find(holds);
    if (paging?.kind === 'compared') return concluded('paging', [full, swap], [paging === swap ? 1 : margin(paging)]);
    const busy = asked(fraction('cpu', cpu, settings.cpu));
    const waits = asked(fraction('iowait', iowait, settings.iowait));
    const carries = asked(fraction('network', trafficShare(usage, context.bandwidth), settings.network));
    if (cpu === undefined || iowait === undefined) return concluded('unknown', [busy, waits], []);
    const margins = [busy, waits].flatMap((reason) => (reason.kind === 'compared' ? [margin(reason)] : []));
    if (!holds(busy) && !holds(waits))
      return concluded(holds(carries) ? 'network' : 'idle', [busy, waits, carries], margins);
    const apart = asked(fraction('|cpu - iowait|', Math.abs(cpu - iowait), settings.dramatic));
    const distance = apart.kind === 'compared' ? margin(apart) : 0;
    const found = !holds(apart) ? 'balanced' : cpu > iowait ? 'cpu' : 'io';
    return concluded(found, [busy, waits, apart], [distance]);
  };
  return { name, classify };
};
