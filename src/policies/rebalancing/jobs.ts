/** Jobs on processors: what load rebalancing is about. It knows nothing of guests and hosts. */

/** A job, and where it stands. */
export interface Job {
  /** What it adds to the load of the processor that it stands on; not negative. */
  readonly size: number;
  /** Index of the processor that it stands on. */
  readonly on: number;
  /** What it costs to move it. Infinite where it must not move. @defaultValue 1 */
  readonly cost?: number;
}

/** Jobs on identical processors. */
export interface Assignment {
  readonly jobs: readonly Job[];
  /** How many processors there are; at least one. */
  readonly processors: number;
}

/** A job that goes elsewhere, by index. */
export interface Relocation {
  readonly job: number;
  readonly from: number;
  readonly to: number;
}

/** What rebalancing comes to. */
export interface Rebalanced {
  /** Jobs that go elsewhere, in the order of the jobs. */
  readonly moves: readonly Relocation[];
  /** The largest load of a processor afterwards. */
  readonly load: number;
  /** What the moves cost together. */
  readonly cost: number;
}

/** What a job costs to move. */
export const costOf = ({ cost = 1 }: Job): number => cost;

/** Sum of the sizes of jobs. */
export const sizeOf = (jobs: readonly Job[]): number => jobs.reduce((sum, { size }) => sum + size, 0);

/** Loads of the processors where each job stands on the processor that `on` names. */
export const loadsOf = ({ jobs, processors }: Assignment, on: readonly number[]): number[] => {
  const loads = Array.from({ length: processors }, () => 0);
  jobs.forEach(({ size }, i) => {
    const at = on[i] ?? 0;
    loads[at] = (loads[at] ?? 0) + size;
  });
  return loads;
};

/** Index of the smallest number; of equals the first. */
export const indexOfLeast = (values: readonly number[]): number =>
  values.reduce((least, value, i) => (value < (values[least] ?? Infinity) ? i : least), 0);

/** Index of the largest number; of equals the first. */
export const indexOfLargest = (values: readonly number[]): number =>
  values.reduce((largest, value, i) => (value > (values[largest] ?? -Infinity) ? i : largest), 0);

/**
 * Checks that jobs stand on processors that there are, with sizes and costs that can be added up.
 *
 * @throws RangeError that names the job and the value
 */
export const checked = (start: Assignment): Assignment => {
  const { jobs, processors } = start;
  if (!Number.isInteger(processors) || processors < 1) throw new RangeError(`there are ${processors} processors`);
  jobs.forEach((job, i) => {
    const { size, on } = job;
    const cost = costOf(job);
    if (!Number.isFinite(size) || size < 0) throw new RangeError(`job ${i} has size ${size}`);
    if (!Number.isInteger(on) || on < 0 || on >= processors) throw new RangeError(`job ${i} stands on ${on}`);
    if (Number.isNaN(cost) || cost < 0) throw new RangeError(`job ${i} costs ${cost}`);
  });
  return start;
};

/** What a placement comes to, without the moves that the largest load is no smaller for: the smallest jobs first. */
export const settled = (start: Assignment, placed: readonly number[]): Rebalanced => {
  const { jobs } = start;
  const on = [...placed];
  const loads = loadsOf(start, on);
  const most = Math.max(...loads);
  const moved = jobs.flatMap(({ on: from }, job) => (on[job] === from ? [] : [{ job, from }]));
  for (const { job, from } of moved.sort((a, b) => (jobs[a.job]?.size ?? 0) - (jobs[b.job]?.size ?? 0))) {
    const { size } = jobs[job] ?? { size: 0 };
    const at = on[job] ?? from;
    const back = (loads[from] ?? 0) + size;
    if (back > most) continue;
    loads[from] = back;
    loads[at] = (loads[at] ?? 0) - size;
    on[job] = from;
  }
  const moves = jobs.flatMap(({ on: from }, job): readonly Relocation[] => {
    const to = on[job] ?? from;
    return to === from ? [] : [{ job, from, to }];
  });
  return {
    moves,
    load: Math.max(...loadsOf(start, on)),
    cost: moves.reduce((sum, { job }) => sum + (jobs[job]?.cost ?? 1), 0),
  };
};

/** Where every job stands. */
export const standing = ({ jobs }: Assignment): readonly number[] => jobs.map(({ on }) => on);

/** The better of two: the smaller largest load; of equal ones the cheaper; of these the first. */
export const better = (one: Rebalanced, other: Rebalanced): Rebalanced =>
  other.load < one.load || (other.load === one.load && other.cost < one.cost) ? other : one;
