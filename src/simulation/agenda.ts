/** Agenda: what is to happen when, soonest first and, at one time, in the order in which it was put down. */

/** One thing to happen. */
export interface Appointment {
  readonly at: number;
  /** Breaks ties: what was put down first happens first. */
  readonly order: number;
  readonly happen: () => void;
  cancelled: boolean;
}

/** A list of appointments (a binary heap inside). */
export interface Agenda {
  readonly add: (at: number, happen: () => void) => Appointment;
  /** Strikes an appointment out; one that is past or struck out already may be given. */
  readonly cancel: (appointment: Appointment | undefined) => void;
  /** Time of the soonest appointment, infinite where there is none. */
  readonly next: () => number;
  /** Takes the soonest appointment off the list, if its time is no later than `until`. */
  readonly take: (until: number) => Appointment | undefined;
}

const before = (a: Appointment, b: Appointment): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

/** How many struck-out appointments are carried along before they are cleared away. */
const clearance = 256;

/** An empty agenda. */
export const agenda = (): Agenda => {
  let heap: Appointment[] = [];
  let orders = 0;
  let cancelled = 0;

  const rise = (appointment: Appointment): void => {
    let i = heap.push(appointment) - 1;
    while (i > 0) {
      const up = (i - 1) >> 1;
      const parent = heap[up];
      if (parent === undefined || !before(appointment, parent)) break;
      heap[i] = parent;
      i = up;
    }
    heap[i] = appointment;
  };

  const drop = (): Appointment | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let i = 0;
    for (;;) {
      const [left, right] = [heap[2 * i + 1], heap[2 * i + 2]];
      if (left === undefined) break;
      const child = right !== undefined && before(right, left) ? right : left;
      if (!before(child, last)) break;
      heap[i] = child;
      i = child === left ? 2 * i + 1 : 2 * i + 2;
    }
    heap[i] = last;
    return first;
  };

  /** Soonest appointment that still stands. */
  const standing = (): Appointment | undefined => {
    while (heap[0]?.cancelled) {
      drop();
      cancelled -= 1;
    }
    return heap[0];
  };

  const clear = (): void => {
    const kept = heap.filter((appointment) => !appointment.cancelled);
    heap = [];
    cancelled = 0;
    kept.forEach(rise);
  };

  return {
    add: (at, happen) => {
      const appointment: Appointment = { at, order: (orders += 1), happen, cancelled: false };
      rise(appointment);
      return appointment;
    },
    cancel: (appointment) => {
      if (appointment === undefined || appointment.cancelled) return;
      appointment.cancelled = true;
      cancelled += 1;
      if (cancelled > clearance && cancelled > heap.length / 2) clear();
    },
    next: () => standing()?.at ?? Infinity,
    take: (until) => {
      const first = standing();
      if (first === undefined || first.at > until) return undefined;
      drop();
      // What has been taken can no longer be struck out of the heap.
      first.cancelled = true;
      return first;
    },
  };
};
