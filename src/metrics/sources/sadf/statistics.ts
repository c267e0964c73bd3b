/** Turns one record of `sadf -j` into a sample. */
import * as z from 'zod';
import {
  type BadInput,
  type Bytes,
  type CpuShares,
  failed,
  type Fraction,
  kibibytes,
  malformed,
  type MemoryReading,
  type Milliseconds,
  ok,
  printable,
  type Readings,
  type Result,
  type Sample,
  sampleSchema,
  type Stall,
} from '../../../model/index.js';
import { isWholeDisk, leadsOut, type LocalSubject } from '../linux/index.js';
import { known } from '../linux/known.js';

/** How records become samples. */
export interface SadfOptions {
  /** Whose a record is, by the name of its node; by default the host of that name. */
  readonly subject?: (node: string) => LocalSubject;
  /**
   * What local time is ahead of UTC, for files written with `sadf -t` or `-T`, whose times do not say it. Without it such records are
   * refused: a time that is hours wrong is worse than none.
   */
  readonly offset?: Milliseconds;
  /** Size of a page of memory, for swap traffic; default 4 KiB. */
  readonly pageSize?: Bytes;
}

/** What is read of a record. Sections that were not asked for, or that a version does not know, are absent; others are passed over. */
const recordSchema = /* @__PURE__ */ (() => {
  const figure = z.number();
  const figures = z.record(z.string(), z.unknown());
  return z.looseObject({
    timestamp: z.looseObject({
      date: z.string(),
      time: z.string(),
      utc: z.union([z.literal(0), z.literal(1)]).optional(),
    }),
    'cpu-load': z.array(figures).optional(),
    // Versions before 11 with -u ALL.
    'cpu-load-all': z.array(figures).optional(),
    queue: z.looseObject({ 'ldavg-1': figure, 'ldavg-5': figure, 'ldavg-15': figure }).optional(),
    memory: figures.optional(),
    'swap-pages': z.looseObject({ pswpin: figure, pswpout: figure }).optional(),
    io: z
      .looseObject({ 'io-reads': z.looseObject({ bread: figure }), 'io-writes': z.looseObject({ bwrtn: figure }) })
      .optional(),
    disk: z.array(z.looseObject({ 'disk-device': z.string() })).optional(),
    network: z
      .looseObject({ 'net-dev': z.array(z.looseObject({ iface: z.string(), rxkB: figure, txkB: figure })).optional() })
      .optional(),
    psi: z
      .looseObject({ 'psi-cpu': figures.optional(), 'psi-io': figures.optional(), 'psi-mem': figures.optional() })
      .optional(),
  });
})();

type SadfRecord = z.infer<typeof recordSchema>;
type Figures = Readonly<Record<string, unknown>>;

/** The first of the names that holds a number that can be: versions name the same figure differently. */
const numberOf = (of: Figures | undefined, ...names: readonly string[]): number | undefined => {
  for (const name of names) {
    const value = of?.[name];
    if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  }
  return undefined;
};

/** Percent as a share; rounding in the tool may pass 100. */
const shareOf = (of: Figures | undefined, ...names: readonly string[]): Fraction | undefined => {
  const value = numberOf(of, ...names);
  return value === undefined ? undefined : Math.min(1, value / 100);
};

const sum = (...parts: readonly (number | undefined)[]): number | undefined =>
  parts.every((part) => part === undefined) ? undefined : parts.reduce<number>((all, part) => all + (part ?? 0), 0);

const cpuOf = (record: SadfRecord): CpuShares | undefined => {
  const all = (record['cpu-load'] ?? record['cpu-load-all'])?.find(({ cpu }) => cpu === 'all' || cpu === -1);
  const idle = shareOf(all, 'idle');
  if (idle === undefined) return undefined;
  const iowait = shareOf(all, 'iowait');
  const steal = shareOf(all, 'steal');
  // `usr` leaves guest time out, `user` holds it (sar(1), -u ALL); used is what is left of the whole, so that either gives the same.
  const user = sum(shareOf(all, 'usr', 'user'), shareOf(all, 'nice'), shareOf(all, 'guest'), shareOf(all, 'gnice'));
  const system = sum(shareOf(all, 'sys', 'system'), shareOf(all, 'irq'), shareOf(all, 'soft'));
  return known({
    used: Math.min(1, Math.max(0, 1 - idle - (iowait ?? 0))),
    user: user === undefined ? undefined : Math.min(1, user),
    system: system === undefined ? undefined : Math.min(1, system),
    iowait,
    steal,
    idle,
  });
};

/** sadf tells no total: it is the used part over its percentage, to within a hundredth of a percent. */
const totalOf = (part: number | undefined, percentage: number | undefined): Bytes | undefined =>
  part === undefined || percentage === undefined || percentage < 1 ? undefined : kibibytes(part / (percentage / 100));

const inBytes = (kib: number | undefined): Bytes | undefined => (kib === undefined ? undefined : kibibytes(kib));

const memoryOf = ({ memory, 'swap-pages': swap }: SadfRecord, pageSize: Bytes): MemoryReading | undefined => {
  const total = totalOf(numberOf(memory, 'memused'), numberOf(memory, 'memused-percent'));
  const available = inBytes(numberOf(memory, 'avail'));
  const [swapFree, swapUsed] = [numberOf(memory, 'swpfree'), numberOf(memory, 'swpused')];
  const reading = known({
    total,
    available,
    used: total === undefined || available === undefined ? undefined : Math.max(0, total - available),
    swapTotal: swapFree === undefined || swapUsed === undefined ? undefined : kibibytes(swapFree + swapUsed),
    swapUsed: inBytes(swapUsed),
    swapping: swap && swap.pswpin >= 0 && swap.pswpout >= 0 ? (swap.pswpin + swap.pswpout) * pageSize : undefined,
    dirty: inBytes(numberOf(memory, 'dirty')),
  });
  return Object.keys(reading).length === 0 ? undefined : reading;
};

/** Of a disk, bytes per second: kB in newer versions, sectors of 512 bytes in all. */
const rateOf = (disk: Figures, kib: string, sectors: string): number | undefined => {
  const [rate, old] = [numberOf(disk, kib), numberOf(disk, sectors)];
  return rate === undefined ? (old === undefined ? undefined : old * 512) : kibibytes(rate);
};

const diskOf = ({ disk, io }: SadfRecord): Readings['disk'] => {
  const listed = new Set(disk?.map((one) => one['disk-device']));
  const whole = disk?.filter((one) => isWholeDisk(one['disk-device'], listed)) ?? [];
  const [reads, writes] = [
    sum(...whole.map((one) => rateOf(one, 'rkB', 'rd_sec'))),
    sum(...whole.map((one) => rateOf(one, 'wkB', 'wr_sec'))),
  ];
  if (reads !== undefined && writes !== undefined) {
    const busy = whole
      .map((one) => shareOf(one, 'util-percent', 'util'))
      .reduce<number | undefined>(
        (most, share) => (share === undefined ? most : Math.max(most ?? 0, share)),
        undefined,
      );
    return known({ read: reads, written: writes, busy });
  }
  // Blocks of 512 bytes, of all disks (sar(1), -b).
  const [bread, bwrtn] = [numberOf(io?.['io-reads'], 'bread'), numberOf(io?.['io-writes'], 'bwrtn')];
  return bread === undefined || bwrtn === undefined ? undefined : { read: bread * 512, written: bwrtn * 512 };
};

const networkOf = ({ network }: SadfRecord): Readings['network'] => {
  const links = network?.['net-dev']?.filter(({ iface, rxkB, txkB }) => leadsOut(iface) && rxkB >= 0 && txkB >= 0);
  return links === undefined || links.length === 0
    ? undefined
    : {
        received: links.reduce((all, { rxkB }) => all + rxkB, 0) * 1024,
        sent: links.reduce((all, { txkB }) => all + txkB, 0) * 1024,
      };
};

/** `some_avg` is the share over the record's own interval; the averages over fixed times are the kernel's and lag behind. */
const stallOf = (psi: Figures | undefined): Stall | undefined => {
  const [some, full] = [shareOf(psi, 'some_avg'), shareOf(psi, 'full_avg')];
  return some === undefined ? undefined : known({ some, full });
};

const timeOf = ({ timestamp }: SadfRecord, offset: Milliseconds | undefined): Milliseconds | undefined => {
  const { date, time, utc } = timestamp;
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date) || !/^\d{2}:\d{2}:\d{2}$/.test(time)) return undefined;
  const at = Date.parse(`${date}T${time}Z`);
  const ahead = utc === 1 ? 0 : offset;
  return Number.isNaN(at) || ahead === undefined ? undefined : at - ahead;
};

/**
 * One record of `sadf -j` as a sample (M9). A section that is absent leaves its field absent. Both spellings of the processor
 * section, `-u` and `-u ALL`, are understood.
 *
 * @param place - where the record stands, for the bad input
 */
export const sampleOfRecord = (
  value: unknown,
  node: string,
  place: string,
  { subject = (id) => ({ kind: 'host', id }), offset, pageSize = kibibytes(4) }: SadfOptions = {},
): Result<Sample, BadInput> => {
  const source = `sadf ${node}`;
  const read = recordSchema.safeParse(value);
  if (!read.success) return failed(malformed(source, place, value, read.error));
  const record = read.data;
  const at = timeOf(record, offset);
  if (at === undefined)
    return failed({
      kind: 'bad-input',
      source,
      place: `${place}: timestamp`,
      problem: 'malformed',
      message:
        record.timestamp.utc === 1 || offset !== undefined
          ? 'the time must read YYYY-MM-DD and HH:MM:SS'
          : 'the time is local and nobody said how far that is ahead of UTC: leave -t and -T out, or set `offset`',
      value: printable(record.timestamp),
    });
  const { queue } = record;
  const [one, five, fifteen] = [numberOf(queue, 'ldavg-1'), numberOf(queue, 'ldavg-5'), numberOf(queue, 'ldavg-15')];
  const { 'psi-cpu': cpu, 'psi-io': io, 'psi-mem': memory } = record.psi ?? {};
  const pressure = known({ cpu: stallOf(cpu), memory: stallOf(memory), io: stallOf(io) });
  const sample = sampleSchema.safeParse({
    ...subject(node),
    ...known({
      at,
      cpu: cpuOf(record),
      load: one === undefined || five === undefined || fifteen === undefined ? undefined : { one, five, fifteen },
      pressure: Object.keys(pressure).length === 0 ? undefined : pressure,
      memory: memoryOf(record, pageSize),
      disk: diskOf(record),
      network: networkOf(record),
    }),
  });
  // Figures that are each a number may still add up to none.
  return sample.success ? ok(sample.data) : failed(malformed(source, place, value, sample.error));
};
