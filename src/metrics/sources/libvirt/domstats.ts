/** Domstats: what `virsh domstats --raw` prints, turned into counters of each guest. */
import { failed, type Milliseconds, ok } from '../../../model/index.js';
import { completeLines, counter, type Parsed, wrongLine } from '../linux/kernel-text.js';
import { known } from '../linux/known.js';

/** What libvirt had counted of one guest. A field that its answer does not hold is absent. */
export interface DomainCounters {
  readonly name: string;
  /** Numbers of `virDomainState` and of its reason: they mean the same in every language. */
  readonly state?: { readonly state: number; readonly reason: number };
  /** Processor time of the whole process, in nanoseconds. */
  readonly cpuTime?: number;
  readonly vcpus?: number;
  /** Of each virtual processor, in nanoseconds: how long it ran, and how long it waited for a processor of the host. */
  readonly processors: readonly { readonly ran: number; readonly waited?: number }[];
  /** In KiB, as the guest's balloon driver told it. Absent where there is none. */
  readonly balloon?: {
    readonly total?: number;
    readonly available?: number;
    readonly unused?: number;
    /** Swapped in and out since the guest started. */
    readonly swapped?: number;
    /** When the guest told it, in milliseconds since the epoch by the host's clock. */
    readonly at: Milliseconds;
  };
  /** Bytes by disk. */
  readonly disks: Readonly<Record<string, { readonly read: number; readonly written: number }>>;
  /** Bytes by interface. */
  readonly network: Readonly<Record<string, { readonly received: number; readonly sent: number }>>;
  /** A finished measurement of the dirty rate: when it began and how long it took, in seconds, and MiB/s. */
  readonly dirty?: {
    readonly startedAt: number;
    readonly period: number;
    readonly rate: number;
    readonly mode: string;
  };
}

const file = 'domstats';

/** Fields that have to be counters where they are there at all. */
const counted =
  /^(state\.(state|reason)|cpu\.time|vcpu\.(current|\d+\.(time|delay))|balloon\.(available|usable|unused|swap_in|swap_out|last-update)|net\.\d+\.[rt]x\.bytes|block\.\d+\.(rd|wr)\.bytes)$/;

interface Fields {
  readonly name: string;
  readonly numbers: Map<string, number>;
  readonly texts: Map<string, string>;
}

/** Places in the field names of a kind: the numbers 0, 1, 2 … for which there is a name. */
const places = ({ numbers, texts }: Fields, kind: string): readonly string[] => {
  const pattern = new RegExp(`^${kind}\\.(\\d+)\\.`);
  const found = [...numbers.keys(), ...texts.keys()].flatMap((key) => pattern.exec(key)?.[1] ?? []);
  return [...new Set(found)];
};

const bothOf = <A extends string, B extends string>(
  { numbers, texts }: Fields,
  kind: string,
  [first, firstKey]: readonly [A, string],
  [second, secondKey]: readonly [B, string],
): Readonly<Record<string, Record<A | B, number>>> => {
  const found: Record<string, Record<A | B, number>> = {};
  for (const place of places({ name: '', numbers, texts }, kind)) {
    const name = texts.get(`${kind}.${place}.name`);
    const one = numbers.get(`${kind}.${place}.${firstKey}`);
    const other = numbers.get(`${kind}.${place}.${secondKey}`);
    if (name === undefined || one === undefined || other === undefined) continue;
    // The two names are the only keys; no type follows computed keys of a type parameter.
    const pair = { [first]: one, [second]: other } as Record<A | B, number>;
    Object.defineProperty(found, name, { value: pair, enumerable: true, configurable: true, writable: true });
  }
  return found;
};

const sum = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? undefined : a + b;

const balloonOf = ({ numbers }: Fields): DomainCounters['balloon'] => {
  const at = numbers.get('balloon.last-update');
  // Zero: the guest never told.
  if (at === undefined || at === 0) return undefined;
  return known({
    total: numbers.get('balloon.available'),
    available: numbers.get('balloon.usable'),
    unused: numbers.get('balloon.unused'),
    swapped: sum(numbers.get('balloon.swap_in'), numbers.get('balloon.swap_out')),
    at: at * 1000,
  });
};

/** Status 2 is `measured`; while one is under way, and before the first, there is no rate. */
const dirtyOf = ({ texts }: Fields): DomainCounters['dirty'] => {
  const startedAt = counter(texts.get('dirtyrate.calc_start_time'));
  const period = counter(texts.get('dirtyrate.calc_period'));
  const rate = counter(texts.get('dirtyrate.megabytes_per_second'));
  if (texts.get('dirtyrate.calc_status') !== '2' || startedAt === undefined || !period || rate === undefined)
    return undefined;
  return { startedAt, period, rate, mode: texts.get('dirtyrate.calc_mode') ?? 'page-sampling' };
};

const countersOf = (fields: Fields): DomainCounters => {
  const { name, numbers } = fields;
  const state = numbers.get('state.state');
  const reason = numbers.get('state.reason');
  return known({
    name,
    state: state === undefined || reason === undefined ? undefined : { state, reason },
    cpuTime: numbers.get('cpu.time'),
    vcpus: numbers.get('vcpu.current'),
    processors: places(fields, 'vcpu').flatMap((place) => {
      const ran = numbers.get(`vcpu.${place}.time`);
      return ran === undefined ? [] : [known({ ran, waited: numbers.get(`vcpu.${place}.delay`) })];
    }),
    balloon: balloonOf(fields),
    disks: bothOf(fields, 'block', ['read', 'rd.bytes'], ['written', 'wr.bytes']),
    network: bothOf(fields, 'net', ['received', 'rx.bytes'], ['sent', 'tx.bytes']),
    dirty: dirtyOf(fields),
  });
};

/** Counters of every guest in the output of `virsh domstats --raw`, whichever groups were asked for. */
export const parseDomstats = (text: string): Parsed<readonly DomainCounters[]> => {
  // No guests, no output.
  if (text === '') return ok([]);
  const lines = completeLines(file, text);
  if (!lines.ok) return lines;
  const domains: Fields[] = [];
  for (const [i, line] of lines.value.entries()) {
    if (line.trim() === '') continue;
    const name = /^Domain: '(.+)'$/.exec(line)?.[1];
    if (name !== undefined) {
      domains.push({ name, numbers: new Map(), texts: new Map() });
      continue;
    }
    const [, key, value] = /^ {2}([\w.-]+)=(.*)$/.exec(line) ?? [];
    const domain = domains.at(-1);
    if (key === undefined || value === undefined || domain === undefined)
      return failed(wrongLine(file, i + 1, line, "must be a field of a guest, or Domain: 'NAME'"));
    if (counted.test(key)) {
      const number = counter(value);
      if (number === undefined) return failed(wrongLine(file, i + 1, line, `${key} must be a counter`));
      domain.numbers.set(key, number);
    } else domain.texts.set(key, value);
  }
  return ok(domains.map(countersOf));
};
