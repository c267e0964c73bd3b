/** Rrd: what a host answers to `/rrd_updates` in JSON, turned into samples: the newest row of its round-robin databases. */
import * as z from 'zod';
import {
  type BadInput,
  failed,
  kibibytes,
  malformed,
  ok,
  printable,
  type Result,
  type Sample,
  seconds,
} from '../../../model/index.js';

const schema = /* @__PURE__ */ z.object({
  meta: z.object({ legend: z.array(z.string()) }),
  data: z.array(z.object({ t: z.number().positive(), values: z.array(z.union([z.number(), z.null(), z.string()])) })),
});

const source = 'rrd_updates';

type Columns = ReadonlyMap<string, number>;

/** Sum of the columns whose names fit; not known where there is none, or one of them is not known. */
const sumOf = (columns: Columns, pattern: RegExp): number | undefined => {
  const found = [...columns].filter(([name]) => pattern.test(name)).map(([, value]) => value);
  return found.length === 0 ? undefined : found.reduce((sum, value) => sum + value, 0);
};

const averageOf = (columns: Columns, pattern: RegExp): number | undefined => {
  const count = [...columns.keys()].filter((name) => pattern.test(name)).length;
  const sum = sumOf(columns, pattern);
  return sum === undefined ? undefined : sum / count;
};

const pairOf = <A extends string, B extends string>(
  [a, first]: readonly [A, number | undefined],
  [b, second]: readonly [B, number | undefined],
): Record<A | B, number> | undefined =>
  // The two names are the only keys; no type follows computed keys of a type parameter.
  first === undefined || second === undefined ? undefined : ({ [a]: first, [b]: second } as Record<A | B, number>);

const sampleOf = (kind: 'host' | 'vm', id: string, at: number, columns: Columns): Sample | undefined => {
  const used =
    kind === 'host' ? (columns.get('cpu_avg') ?? averageOf(columns, /^cpu\d+$/)) : averageOf(columns, /^cpu\d+$/);
  const total = columns.get('memory_total_kib');
  const free = columns.get('memory_free_kib');
  const network = pairOf(
    ['received', sumOf(columns, kind === 'host' ? /^pif_eth\d+_rx$/ : /^vif_\d+_rx$/)],
    ['sent', sumOf(columns, kind === 'host' ? /^pif_eth\d+_tx$/ : /^vif_\d+_tx$/)],
  );
  const disk = pairOf(['read', sumOf(columns, /^vbd_\w+_read$/)], ['written', sumOf(columns, /^vbd_\w+_write$/)]);
  const memory =
    total !== undefined && free !== undefined && free <= total
      ? { total: kibibytes(total), available: kibibytes(free), used: kibibytes(total - free) }
      : undefined;
  const readings = {
    ...(used === undefined || used > 1.5 ? {} : { cpu: { used: Math.min(1, used) } }),
    ...(memory ? { memory } : {}),
    ...(network ? { network } : {}),
    ...(disk ? { disk } : {}),
  };
  return Object.keys(readings).length === 0
    ? undefined
    : { kind: kind === 'vm' ? 'guest' : 'host', id, at, ...readings };
};

/**
 * The newest samples in an answer. Values that are no numbers are absent, as are subjects that nobody knows.
 *
 * @param names - names in the inventory by UUID
 */
export const parseRrd = (text: string, names: ReadonlyMap<string, string>): Result<readonly Sample[], BadInput> => {
  let value: unknown;
  try {
    // XAPI writes NaN, which JSON has not; it stands for "not known".
    value = JSON.parse(text.replace(/(?<=[[,:\s])-?(?:NaN|Infinity|inf|nan)(?=[\],\s])/g, 'null'));
  } catch {
    return failed({
      kind: 'bad-input',
      source,
      place: 'output',
      problem: 'malformed',
      message: 'is not JSON',
      value: printable(text),
    });
  }
  const read = schema.safeParse(value);
  if (!read.success) return failed(malformed(source, 'output', value, read.error));
  const { meta, data } = read.data;
  const newest = data.reduce<(typeof data)[number] | undefined>(
    (last, row) => (last && last.t >= row.t ? last : row),
    undefined,
  );
  if (!newest) return ok([]);
  const subjects = new Map<
    string,
    { readonly kind: 'host' | 'vm'; readonly id: string; readonly columns: Map<string, number> }
  >();
  for (const [i, entry] of meta.legend.entries()) {
    const [, kind, uuid, column] = /^AVERAGE:(host|vm):([0-9a-f-]{36}):(\w+)$/.exec(entry) ?? [];
    const id = uuid === undefined ? undefined : names.get(uuid);
    const raw = newest.values[i];
    const number = typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : raw;
    if (uuid === undefined || column === undefined || id === undefined) continue;
    const subject = subjects.get(uuid) ?? {
      kind: kind === 'host' ? 'host' : 'vm',
      id,
      columns: new Map<string, number>(),
    };
    subjects.set(uuid, subject);
    if (typeof number === 'number' && Number.isFinite(number) && number >= 0) subject.columns.set(column, number);
  }
  const at = seconds(newest.t);
  return ok([...subjects.values()].flatMap(({ kind, id, columns }) => sampleOf(kind, id, at, columns) ?? []));
};
