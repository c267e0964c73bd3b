/** The demand rule: classifies by what a guest asks of processors and disks, whether or not the host grants it. */
import * as z from 'zod';
import { type BytesPerSecond, type Fraction, holds, mbps, percent, type Reason } from '../../model/index.js';
import { settingsOf } from '../settings.js';
import type { Classifier, ClassifierContext } from './classification.js';
import { type Demand, demandOf } from './demand.js';
import { concluded, margin, marginOfAny, type Test, witness } from './evidence.js';
import type { Usage } from './usage.js';

/** Settings of the demand rule. */
export interface DemandRuleSettings {
  /** Below this share of one processor, and of the time waiting for a disk, a guest asks for nothing worth mention; default 0.1. */
  readonly idle?: Fraction;
  /**
   * From this share of its active time on, waiting for a disk matters; and from this share of what the storage path carries on, its
   * traffic does. Default 0.1, the thesis' bound for I/O wait (Muda, §6.4; M13).
   */
  readonly io?: Fraction;
  /** From this share of its active time on, computing matters to a guest that does I/O; default one third. */
  readonly computing?: Fraction;
  /** What a storage path carries where the context does not say; default 700 Mbit/s, the thesis' storage network (Muda, §7.3). */
  readonly storage?: BytesPerSecond;
  /** From this share of the time on, waiting for memory is paging; default 0.1. */
  readonly paging?: Fraction;
  /** From this share of memory on it is nearly full, asked only where nobody measured the waiting; default 0.9 (M23). */
  readonly occupied?: Fraction;
  /** From this share of the bandwidth on the network is much used; default 0.5 (Muda, §6.3.3; M24). */
  readonly network?: Fraction;
}

const settingsSchema = /* @__PURE__ */ (() => {
  const share = z.number().min(0).max(1);
  return z.strictObject({
    idle: share.default(percent(10)),
    io: share.default(percent(10)),
    computing: share.default(1 / 3),
    storage: z.number().positive().default(mbps(700)),
    paging: share.default(percent(10)),
    occupied: share.default(percent(90)),
    network: share.default(percent(50)),
  });
})();

type Settings = z.infer<typeof settingsSchema>;
type Ask = (test: Test) => Reason;

const atLeast = (measure: string, value: number | undefined, limit: number): Test => ({
  measure,
  value,
  relation: 'at least',
  limit,
  unit: 'fraction',
});

const ratio = (part: number | undefined, whole: number | undefined): Fraction | undefined =>
  part === undefined || whole === undefined || !(whole > 0) ? undefined : part / whole;

/** Whether memory is short: by waiting and swap traffic where measured, else by how full it is (M23). */
const pagingOf = (ask: Ask, usage: Usage, storage: BytesPerSecond, settings: Settings): readonly Reason[] => {
  const { memoryPressure, swapping, memoryUsed } = usage;
  return memoryPressure === undefined && swapping === undefined
    ? [ask(atLeast('memory', memoryUsed, settings.occupied))]
    : [
        ask(atLeast('waiting for memory', memoryPressure, settings.paging)),
        ask(atLeast('swap traffic of storage', ratio(swapping, storage), settings.io)),
      ];
};

/** What is left of the confidence where something was not measured, or too little was seen of the guest. */
const gaps = ({ stallSeenBy, split, waiting, active, processors }: Demand, { idle }: Settings): readonly Fraction[] => [
  stallSeenBy === 'pressure' ? 1 : stallSeenBy === 'nothing' ? 0.6 : 0.8,
  split ? 1 : 0.8,
  waiting ? 1 : 0.9,
  // Of a starved guest little is seen; the mix of that little may be chance.
  active < idle && processors >= idle ? 0.8 : 1,
];

const marginOf = (reason: Reason): Fraction => (reason.kind === 'compared' ? margin(reason) : 0);

/**
 * The demand rule, for hosts that are shared. A guest that is held up still asks: time in run queues and stolen time count as
 * asked for. What it asks for is told by the mix of its active time, of running and of waiting for disks, which is the
 * program's own: contention stretches it and leaves its parts alike. Disk traffic is taken at the pace that it would have alone. Waiting for disks is taken from pressure stall or from the states of
 * processes, which do not vanish on a busy host as I/O wait does.
 *
 * - `paging` where waiting for memory, or swap traffic, matters (M23);
 * - `idle` where it asks neither for a processor nor for a disk;
 * - `cpu` where it asks for a processor, and disks do not matter; system time counts (M22);
 * - where disks matter, system time is the price of the I/O and only user time is computing: `io` where that is less than a third
 *   of its active time, `balanced` where it is more (M21);
 * - `network` where disks and computing do not matter and it carries half of the bandwidth or more (M24).
 *
 * What is not measured is done without, at less confidence; without processor use it is `unknown`.
 *
 * @throws SettingsError where a setting is out of its range
 */
export const demandRule = (input: DemandRuleSettings = {}): Classifier => {
  const settings = settingsOf('demandRule', settingsSchema, input);
  const name = `demandRule(${JSON.stringify(settings)})`;
  const classify = (usage: Usage, context: ClassifierContext): ReturnType<Classifier['classify']> => {
    const ask = witness('demandRule', context);
    const storage = context.storage ?? settings.storage;
    const paging = pagingOf(ask, usage, storage, settings);
    if (paging.some(holds)) return concluded('paging', paging, [marginOfAny(paging)]);

    const demand = demandOf(usage, context.processors ?? 1);
    if (demand === undefined)
      return concluded('unknown', [ask(atLeast('asked of a processor', undefined, settings.idle))], []);
    const left = gaps(demand, settings);
    const asks = ask(atLeast('asked of a processor', demand.processors, settings.idle));
    const waits = ask(atLeast('waiting for a disk', demand.stall, settings.idle));
    const traffic = ask(atLeast('disk traffic of storage', ratio(demand.diskTraffic, storage), settings.io));
    const carries = ask(atLeast('network', ratio(usage.networkTraffic, context.bandwidth), settings.network));
    const computing = ask(atLeast('computing of active time', demand.mix.computing, settings.computing));
    if (holds(carries) && !holds(computing) && !holds(waits) && !holds(traffic))
      return concluded('network', [carries, computing, waits, traffic], [marginOf(carries)], ...left);
    const active = [asks, waits, traffic];
    if (!active.some(holds)) return concluded('idle', active, [marginOfAny(active)], ...left);

    const disk = [ask(atLeast('waiting for a disk of active time', demand.mix.disk, settings.io)), traffic];
    if (!disk.some(holds)) return concluded('cpu', [asks, ...disk], [marginOf(asks), marginOfAny(disk)], ...left);
    const both = holds(computing) && holds(asks);
    return concluded(
      both ? 'balanced' : 'io',
      [...disk, asks, computing],
      [marginOfAny(disk), both ? Math.min(marginOf(computing), marginOf(asks)) : marginOf(computing)],
      ...left,
    );
  };
  return { name, classify };
};
