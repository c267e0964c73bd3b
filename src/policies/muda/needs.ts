/** Needs: what a guest needs most, whether such a guest may move, and by which score its host is chosen. */
import { compare, guestSubject, type Host, lookFor, type Reason, unknown } from '../../model/index.js';
import type { WorkloadClass } from '../classification/index.js';
import { guestBandwidth, ioScore, type Mix, type ScoreKind } from './scores.js';
import type { MudaRules } from './settings.js';
import type { MudaGuest } from './watch.js';

/** What a host is chosen by. */
export interface Wants {
  /** By which score; `capability` where both resources count (M21). */
  readonly by: ScoreKind | 'capability';
  /** How the guest uses its processor time, where a host must offer a change in capability beyond that (M21). */
  readonly mix?: Mix;
  /** Whether it uses so much of the network that bandwidth is the first tie-breaker (M24). */
  readonly carries: boolean;
}

/** What a guest needs. */
export interface Needs {
  /** Absent where it needs nothing that another host could offer. */
  readonly wants?: Wants;
  /** Why it is of this class, and whether it may move; one that does not hold speaks against a move. */
  readonly because: readonly Reason[];
}

/** By what the host of a guest of each class is chosen: paging by the disk, even where the processor is busy (M23). */
const choices: Readonly<Record<WorkloadClass, Wants['by'] | undefined>> = {
  cpu: 'cpu',
  io: 'io',
  paging: 'io',
  network: 'network',
  balanced: 'capability',
  idle: undefined,
  unknown: undefined,
};

const noIoJob = (rules: MudaRules, { id }: MudaGuest, iowait: number | undefined): readonly Reason[] => {
  if (rules.duringIo) return [];
  const common = { rule: 'muda.duringIo', subject: guestSubject(id) };
  return [
    iowait === undefined
      ? unknown({ ...common, measure: 'iowait', why: 'not measured' })
      : compare({
          ...common,
          measure: 'iowait',
          value: iowait,
          relation: 'below',
          limit: rules.use.iowait,
          unit: 'fraction',
        }),
  ];
};

/** What a guest needs, from what it did over the last seconds (M20, M21, M23, M24; strategies M42a, M42b). */
export const needsOf = (rules: MudaRules, guest: MudaGuest, from: Host): Needs => {
  const { usage } = guest.signals;
  const subject = guestSubject(guest.id);
  if (usage === undefined)
    return { because: [unknown({ rule: 'muda.needs', subject, measure: 'usage', why: 'not measured' })] };
  const [bandwidth, storage] = [guestBandwidth(from), ioScore(guest, from)];
  const { class: found } = rules.classifier.classify(usage, {
    subject,
    processors: guest.vcpus,
    ...(bandwidth !== undefined && { bandwidth }),
    ...(storage !== undefined && { storage }),
  });
  const counted = rules.counts === 'user' ? usage.user : usage.used;
  const share = (counted ?? 0) * (rules.use.of === 'one' ? guest.vcpus : 1);
  const by = choices[found];
  const weighed = by === 'capability' || rules.capability.asked === 'of all';
  return {
    ...(by && {
      wants: {
        by,
        ...(weighed && { mix: { cpu: Math.min(1, share), iowait: usage.iowait ?? 0 } }),
        carries: (usage.networkTraffic ?? 0) >= rules.network * (bandwidth ?? Infinity),
      },
    }),
    because: [
      lookFor({ rule: 'muda.needs', subject, measure: 'class', value: found, among: rules.classes }),
      ...noIoJob(rules, guest, usage.iowait),
    ],
  };
};
