/** XlInfo: what `xl info` prints, turned into the processors and the memory of a host and what it can do. */
import {
  type BadInput,
  failed,
  megahertz,
  mebibytes,
  ok,
  printable,
  type Processor,
  type Result,
} from '../../model/index.js';

/** A host as Xen sees it. */
export interface XenHost {
  readonly name: string;
  readonly processor: Processor;
  readonly total: number;
  readonly free: number;
  /** Such as `hvm`, `hap`, `shadow`. PV guests move live only where there is `shadow`. */
  readonly capabilities: readonly string[];
  /** Such as `4.17.5`. */
  readonly version: string;
  /** Bits of the processor's features; hosts of the same bits offer guests the same. */
  readonly features: string;
}

const positive = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,12}(\.\d{1,6})?$/.test(text) && Number(text) > 0 ? Number(text) : undefined;

/** The host in the output of `xl info`. */
export const parseXlInfo = (text: string): Result<XenHost, BadInput> => {
  const refuse = (message: string): Result<never, BadInput> =>
    failed({
      kind: 'bad-input',
      source: 'xl info',
      place: 'output',
      problem: 'malformed',
      message,
      value: printable(text),
    });
  if (!text.endsWith('\n')) return refuse('the text ends within a line: it was cut');
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
  }
  const threads = positive(fields.get('nr_cpus'));
  const clock = positive(fields.get('cpu_mhz'));
  const total = positive(fields.get('total_memory'));
  const free = /^\d{1,12}$/.test(fields.get('free_memory') ?? '') ? Number(fields.get('free_memory')) : undefined;
  const perCore = positive(fields.get('threads_per_core')) ?? 1;
  const name = fields.get('host');
  const version = fields.get('xen_version');
  const capabilities = fields.get('virt_caps');
  if (!threads || !clock || !total || free === undefined || !name || !version || capabilities === undefined)
    return refuse('must tell the host, its processors, its memory, its version and what it can do');
  if (free > total) return refuse(`${free} MiB free are more than the ${total} there are`);
  return ok({
    name,
    processor: {
      clock: megahertz(clock),
      cores: Math.max(1, Math.floor(threads / perCore)),
      threads,
      architecture: fields.get('machine') ?? 'x86_64',
    },
    total: mebibytes(total),
    free: mebibytes(free),
    capabilities: capabilities.split(/\s+/),
    version,
    features: fields.get('hw_caps') ?? '',
  });
};
