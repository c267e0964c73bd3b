/** Home: whether a guest that has left its home is idle and returns (Muda, §5.4.1; M39, M41). */
import {
  compare,
  type Fraction,
  type Guest,
  guestSubject,
  type HostId,
  lookFor,
  type Milliseconds,
  type Reason,
  type Sample,
  unknown,
} from '../../model/index.js';

/** When a guest is idle. The thesis leaves it undefined; these are the defaults of M39, with the thresholds of M13. */
export interface IdleSettings {
  /** Share of one vCPU from which on a single process is busy. */
  readonly process: Fraction;
  /** Share of the time from which on waiting for I/O is a spell of it. */
  readonly iowait: Fraction;
  /** How long it must have been idle. */
  readonly duration: Milliseconds;
  /** Reports further apart than this do not vouch for the time between them. */
  readonly gap: Milliseconds;
}

/** 70 %, 10 %, 60 s; and three reports of the slower interval that the thesis tried (5 s). */
export const defaultIdleSettings: IdleSettings = { process: 0.7, iowait: 0.1, duration: 60_000, gap: 15_000 };

const finite = (value: number | undefined): value is number => value !== undefined && Number.isFinite(value);

/** The most that a single process can have used, as a share of one vCPU: named by the sample, or bounded by all that was used. */
const busiest = ({ processes, cpu }: Sample, vcpus: number): number | undefined =>
  processes && processes.length > 0 ? Math.max(...processes.map((process) => process.cpu)) : cpu && cpu.used * vcpus;

/** Whether one sample shows an idle guest; `undefined` where it does not say. */
const isIdle = (sample: Sample, vcpus: number, settings: IdleSettings): boolean | undefined => {
  const process = busiest(sample, vcpus);
  const iowait = sample.cpu?.iowait;
  const load = sample.load?.one;
  if (finite(iowait) && iowait >= settings.iowait) return false;
  if (finite(load) && load >= vcpus) return false;
  if (!finite(process) || !finite(iowait) || !finite(load)) return undefined;
  if (process < settings.process) return true;
  // What all processes used together says nothing of a single one once it is enough for a busy one.
  return sample.processes && sample.processes.length > 0 ? false : undefined;
};

/**
 * For how long a guest has been idle without a break: no process at or above its threshold, no I/O spell, the one-minute
 * load average below the number of vCPUs (M39). Last idle report minus first, milliseconds; zero where the last report was
 * busy; `undefined` where the last report is too old or does not say.
 *
 * @param reports - of one guest, oldest first
 */
export const idleTime = (
  reports: readonly Sample[],
  vcpus: number,
  at: Milliseconds,
  settings: IdleSettings = defaultIdleSettings,
): Milliseconds | undefined => {
  const last = reports.at(-1);
  if (!last || at - last.at > settings.gap) return undefined;
  const now = isIdle(last, vcpus, settings);
  if (now !== true) return now === undefined ? undefined : 0;
  const start = reports.findLastIndex((report, i) => {
    const before = reports[i - 1];
    return !before || report.at - before.at > settings.gap || isIdle(before, vcpus, settings) !== true;
  });
  return last.at - (reports[start]?.at ?? last.at);
};

/** Whether a guest returns home, where to, and why or why not. */
export interface HomeDecision {
  /** Present where it returns. */
  readonly to?: HostId;
  readonly because: readonly Reason[];
}

/**
 * Whether a guest returns to the host nearest its user (M39). One that is at home stays there unless a migration is needed
 * (M41), which is not for this function to say. The return is an ordinary migration.
 *
 * @param guest - `guest.host` is where it stands
 * @param reports - of this guest, oldest first
 */
export const returnsHome = (
  guest: Guest,
  reports: readonly Sample[],
  at: Milliseconds,
  settings: IdleSettings = defaultIdleSettings,
): HomeDecision => {
  const subject = guestSubject(guest.id);
  const { home } = guest;
  if (home === undefined)
    return { because: [unknown({ rule: 'home.has', subject, measure: 'home', why: 'not in the inventory' })] };
  const elsewhere = lookFor({
    rule: 'home.at',
    subject,
    measure: 'host',
    value: guest.host,
    among: [home],
  });
  if (elsewhere.holds) return { because: [elsewhere] };
  const idle = idleTime(reports, guest.vcpus, at, settings);
  if (idle === undefined) {
    const why =
      reports.length === 0 ? 'unseen' : at - (reports.at(-1)?.at ?? at) > settings.gap ? 'stale' : 'not measured';
    return { because: [unknown({ rule: 'home.idle', subject, measure: 'idle', why })] };
  }
  const rested = compare({
    rule: 'home.idle',
    subject,
    measure: 'idle',
    value: idle,
    relation: 'at least',
    limit: settings.duration,
    unit: 'milliseconds',
  });
  return { ...(rested.holds ? { to: home } : {}), because: [rested] };
};
