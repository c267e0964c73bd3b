/** Merges several sources of the same subjects into one, field by field. */
import { defer, map, merge, mergeMap, type Observable } from 'rxjs';
import { type Milliseconds, type Reading, type Readings, type Sample, seconds } from '../model/index.js';
import { positive } from './setting.js';

/** How sources are merged. */
export interface MergeOptions {
  /** A field that a source gave within this time is its own: others of the list after it do not give it. Default 30 s. */
  readonly fresh?: Milliseconds;
}

type Field = Exclude<keyof Readings, 'at'>;

/** What is remembered of one subject. */
interface Memory {
  /** Time of the last sample that went out. */
  last: Milliseconds;
  /** By field: from which source it came last, and its time. */
  readonly owners: Map<Field, { readonly source: number; readonly at: Milliseconds }>;
  /** Fields that came with a time that had gone by: they go along with the next sample. */
  readonly waiting: Map<Field, { readonly source: number; readonly at: Milliseconds; readonly value: unknown }>;
}

const fieldsOf = (sample: Sample): readonly (readonly [Field, unknown])[] =>
  (Object.entries(sample) as [string, unknown][]).filter(
    (entry): entry is [Field, unknown] => !['kind', 'id', 'at'].includes(entry[0]),
  );

/** Whether a source gives a field: it is its own, or nobody before it in the list gave it within the time. */
const gives = (memory: Memory, field: Field, source: number, at: Milliseconds, fresh: Milliseconds): boolean => {
  const owner = memory.owners.get(field);
  return owner === undefined || source <= owner.source || at - owner.at > fresh;
};

/** Takes one sample into the memory of its subject; gives the sample that goes out, if any. */
const take = (memory: Memory, source: number, sample: Sample, fresh: Milliseconds): Sample | undefined => {
  const given = fieldsOf(sample).filter(([field]) => gives(memory, field, source, sample.at, fresh));
  for (const [field] of given) {
    const owner = memory.owners.get(field);
    memory.owners.set(field, { source, at: owner?.source === source ? Math.max(owner.at, sample.at) : sample.at });
  }
  if (sample.at <= memory.last) {
    for (const [field, value] of given) {
      const before = memory.waiting.get(field);
      if (before === undefined || before.at < sample.at) memory.waiting.set(field, { source, at: sample.at, value });
    }
    return undefined;
  }
  const own = new Set(given.map(([field]) => field));
  const along = [...memory.waiting].filter(
    ([field, { at, source: by }]) => !own.has(field) && sample.at - at <= fresh && gives(memory, field, by, at, fresh),
  );
  memory.waiting.clear();
  if (given.length === 0 && along.length === 0) return undefined;
  memory.last = sample.at;
  const { kind, id, at } = sample;
  const fields = Object.fromEntries([...along.map(([field, { value }]) => [field, value] as const), ...given]);
  // Built of the fields of samples of this very kind.
  return { kind, id, at, ...fields } as Sample;
};

/**
 * One stream of readings out of several that tell of the same subjects, such as Prometheus for the hosts' load and the hypervisor for a
 * guest's dirty rate. The list is the order of preference: a field goes out from the first source that gave it within `fresh`, and the
 * next takes over when that one falls silent.
 *
 * Each value goes out once, and the times of a subject only rise. A sample that comes later than one with a newer time waits, and what
 * of it is still fresh goes along with the subject's next sample; sources that lag, such as scrapes, so lose nothing but their exact
 * time. A sample of which nothing is given goes no further. Bad inputs pass. Completes with the last source; fails with the first that fails.
 *
 * @example
 * mergeReadings([domstats$, prometheus$], { fresh: seconds(30) });
 */
export const mergeReadings = (
  sources: readonly Observable<Reading>[],
  { fresh = seconds(30) }: MergeOptions = {},
): Observable<Reading> => {
  positive('fresh', fresh);
  return defer(() => {
    const subjects = new Map<string, Memory>();
    const memoryOf = ({ kind, id }: Sample): Memory => {
      const key = `${kind} ${id}`;
      const known = subjects.get(key);
      if (known !== undefined) return known;
      const memory: Memory = { last: Number.NEGATIVE_INFINITY, owners: new Map(), waiting: new Map() };
      subjects.set(key, memory);
      return memory;
    };
    return merge(...sources.map((source, i) => source.pipe(map((reading) => ({ reading, i }))))).pipe(
      mergeMap(({ reading, i }) => {
        if (reading.kind === 'bad-input') return [reading];
        const out = take(memoryOf(reading), i, reading, fresh);
        return out === undefined ? [] : [out];
      }),
    );
  });
};
