/** During: a policy that is asked only at certain hours. */
import * as z from 'zod';
import {
  type Cluster,
  compare,
  hours,
  lookFor,
  type Milliseconds,
  minutes,
  type Reason,
  wholeCluster,
} from '../../model/index.js';
import type { Policy } from '../policy.js';
import { settingsOf } from '../settings.js';
import { gated } from './gated.js';

/** A day of the week. */
export type Weekday = 'monday' | 'tuesday' | 'wednesday' | 'thursday' | 'friday' | 'saturday' | 'sunday';

const daysOfTheWeek: readonly Weekday[] = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
];

/** Hours of the day, by a clock on the wall. */
export interface DayWindow {
  /** Begin, since midnight: `hours(22)`. */
  readonly from: Milliseconds;
  /** End, since midnight; one before the begin is on the next day, the same is a whole day later. */
  readonly to: Milliseconds;
  /** Days on which it begins; all, if not given. */
  readonly days?: readonly Weekday[];
  /** Whose clock: a name of the time zone database, such as `Europe/Rome`. `UTC`, if not given. */
  readonly timeZone?: string;
}

const aDay = hours(24);

const knownZone = (name: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
};

const schema = /* @__PURE__ */ (() => {
  const time = z.number().min(0).max(aDay);
  return z.strictObject({
    from: time,
    to: time,
    days: z.exactOptional(z.array(z.enum(daysOfTheWeek)).min(1)),
    timeZone: z.exactOptional(z.string().refine(knownZone, 'no such time zone')),
  });
})();

/** What a clock on the wall shows. */
interface Shown {
  readonly day: number;
  readonly time: Milliseconds;
}

/** The clock of a zone. The database of the platform knows summer time; it is data, not a clock. */
const clockOf = (timeZone: string): ((at: Milliseconds) => Shown) => {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'long',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
    hourCycle: 'h23',
  });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    const whole = (name: Intl.DateTimeFormatPartTypes): number => Number(parts.get(name));
    const milliseconds = ((at % 1000) + 1000) % 1000;
    return {
      day: daysOfTheWeek.findIndex((day) => day === parts.get('weekday')?.toLowerCase()),
      time: hours(whole('hour')) + minutes(whole('minute')) + whole('second') * 1000 + milliseconds,
    };
  };
};

/**
 * A policy that is asked only while a window of the day is open, such as one that consolidates at night. The time is that of the snapshot,
 * which has to be epoch milliseconds then. While the window is shut the plan is empty and says what was compared.
 *
 * @example
 * const nightly = during(consolidate(), { from: hours(22), to: hours(6), days: ['friday', 'saturday'], timeZone: 'Europe/Rome' });
 * @throws SettingsError for a time that is no time of a day, or a zone or a day that there is not
 */
export const during = (policy: Policy, window: DayWindow): Policy => {
  const { from, to, days = daysOfTheWeek, timeZone = 'UTC' } = settingsOf('during', schema, window);
  const clock = clockOf(timeZone);
  const length = to > from ? to - from : to - from + aDay;
  const judge = ({ at }: Cluster): readonly Reason[] => {
    const { day, time } = clock(at);
    const since = (time - from + aDay) % aDay;
    // After midnight the window is still that of the day on which it began.
    const begun = time >= from ? day : (day + 6) % 7;
    const today = daysOfTheWeek[begun] ?? '';
    return [
      compare({
        rule: 'during',
        subject: wholeCluster,
        measure: 'time since the window opened',
        value: since,
        relation: 'below',
        limit: length,
        unit: 'milliseconds',
      }),
      lookFor({ rule: 'during', subject: wholeCluster, measure: 'day', value: today, among: days }),
    ];
  };
  return { ...gated(policy, { name: 'during', watch: {}, judge }), name: `during(${policy.name})` };
};
