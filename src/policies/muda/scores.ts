/** Scores: what a host offers to one guest, by resource, and how far another host is better. */
import type { BytesPerSecond, Fraction, Hertz, Host, ObservedGuest } from '../../model/index.js';
import type { MudaRules } from './settings.js';
import type { MudaGuest, MudaHost } from './watch.js';
import { bandwidthOf } from './when.js';

/** Which score decides: processor, disk, or network (M20, M23, M24). */
export type ScoreKind = 'cpu' | 'io' | 'network';

/** Share of a host's processor time that a guest that stands on it takes there: what it ran, stolen time left out. */
const ownShare = ({ vcpus, signals }: MudaGuest, { cpu }: Host): Fraction | undefined =>
  signals.cpu === undefined ? undefined : (Math.max(0, signals.cpu - (signals.steal ?? 0)) * vcpus) / cpu.threads;

/** How busy a host is for a guest that looks for a place; its own load does not count against the host where it stands (M29). */
export const utilisationFor = ({ ownLoad }: MudaRules, guest: MudaGuest, host: MudaHost): Fraction | undefined => {
  const { cpu } = host.signals;
  if (cpu === undefined || guest.host !== host.id || ownLoad === 'counted') return cpu;
  const own = ownShare(guest, host);
  return own === undefined ? undefined : Math.max(0, cpu - own);
};

/** CPU score: clock × (1 − utilisation) (Muda, §6.5.2; M26). */
const cpuScore = (rules: MudaRules, guest: MudaGuest, host: MudaHost): Hertz | undefined => {
  const busy = utilisationFor(rules, guest, host);
  return busy === undefined ? undefined : host.cpu.clock * (1 - Math.min(1, busy));
};

/** I/O score: the disk score on the host's path to the guest's image (Muda, §6.5.2; M26, M30). */
export const ioScore = ({ image }: Pick<ObservedGuest, 'image'>, { storage }: Host): BytesPerSecond | undefined =>
  storage.find(({ id }) => id === image?.storage)?.score;

/** Bandwidth for the guests' own traffic; where no network has that role, the migration network's (M24). */
export const guestBandwidth = (host: Host): BytesPerSecond | undefined =>
  bandwidthOf(host, 'guest') ?? bandwidthOf(host, 'migration');

/** The score of a host for a guest; `undefined` where what it rests on was not measured. */
export const scoreOf = (kind: ScoreKind, rules: MudaRules, guest: MudaGuest, host: MudaHost): number | undefined => {
  switch (kind) {
    case 'cpu':
      return cpuScore(rules, guest, host);
    case 'io':
      return ioScore(guest, host);
    case 'network':
      return guestBandwidth(host);
  }
};

/** Gain of one score over another, as a share of the present one. */
const gain = (here: number | undefined, there: number | undefined): number | undefined =>
  here === undefined || there === undefined || !(here > 0) ? undefined : there / here - 1;

/** How the guest uses its processor time. */
export interface Mix {
  readonly cpu: Fraction;
  readonly iowait: Fraction;
}

/**
 * Change in capability between two hosts (Muda, §6.3.2; M21). `net` weighs both gains by the use of each, so that a gain in speed
 * that costs disk counts less; `single` takes the gain of the resource that is used more.
 */
export const capabilityChange = (
  rules: MudaRules,
  guest: MudaGuest,
  { cpu, iowait }: Mix,
  from: MudaHost,
  to: MudaHost,
): number | undefined => {
  const computing = gain(cpuScore(rules, guest, from), cpuScore(rules, guest, to));
  const disk = gain(ioScore(guest, from), ioScore(guest, to));
  if (rules.capability.change === 'single') return cpu >= iowait ? computing : disk;
  if (computing === undefined || disk === undefined || !(cpu + iowait > 0)) return undefined;
  return (cpu * computing + iowait * disk) / (cpu + iowait);
};
