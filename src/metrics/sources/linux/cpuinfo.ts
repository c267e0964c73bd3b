/** Turns the text of `/proc/cpuinfo` into what it tells of the processors, on x86, ARM, POWER, RISC-V and s390 alike. */
import { type Bytes, failed, type Hertz, kibibytes, megahertz, ok } from '../../../model/index.js';
import { completeLines, decimal, type Parsed, wrongLine } from './kernel-text.js';
import { known } from './known.js';

/** What `/proc/cpuinfo` tells. Architectures differ; what one does not tell is absent. */
export interface ProcCpuinfo {
  /** Logical processors that are online. */
  readonly threads: number;
  /** Physical cores, where sockets and cores are numbered. */
  readonly cores?: number;
  readonly model?: string;
  /** Clock at this moment, the mean of all processors: low on an idle machine with frequency scaling (M11). */
  readonly currentClock?: Hertz;
  /** Cache of one processor, of a level that is not told. */
  readonly cache?: Bytes;
  readonly flags?: readonly string[];
}

type Fields = ReadonlyMap<string, string>;

/** A name is followed by a colon; s390 writes `processor 0: version = FF`. */
const fieldOf = (line: string): readonly [name: string, value: string] | undefined => {
  const colon = line.indexOf(':');
  return colon < 0 ? undefined : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
};

/** Blocks of lines, divided by empty ones; the first value of each name. */
const blocksOf = (lines: readonly string[]): readonly Fields[] => {
  const blocks = [new Map<string, string>()];
  for (const line of lines) {
    const field = fieldOf(line);
    if (line.trim() === '') blocks.push(new Map<string, string>());
    else if (field && !blocks.at(-1)?.has(field[0])) blocks.at(-1)?.set(field[0], field[1]);
  }
  return blocks.filter(({ size }) => size > 0);
};

const first = (blocks: readonly Fields[], ...names: readonly string[]): string | undefined => {
  for (const name of names) for (const block of blocks) if (block.has(name)) return block.get(name);
  return undefined;
};

const isProcessor = (block: Fields): boolean => /^\d+$/.test(block.get('processor') ?? '');

/** s390 tells its processors on lines of their own. */
const numberedLines = (lines: readonly string[]): number => lines.filter((line) => /^processor \d+:/.test(line)).length;

const coresOf = (processors: readonly Fields[]): number | undefined => {
  const names = processors.map((block) => {
    const core = block.get('core id');
    return core === undefined ? undefined : `${block.get('physical id') ?? '0'}/${core}`;
  });
  return names.length === 0 || names.includes(undefined) ? undefined : new Set(names).size;
};

const clockOf = (processors: readonly Fields[]): Hertz | undefined => {
  // POWER writes `clock : 3425.000000MHz`.
  const clocks = processors
    .map((block) => decimal((block.get('cpu MHz') ?? block.get('clock'))?.replace(/MHz$/, '')))
    .filter((clock) => clock !== undefined && clock > 0);
  return clocks.length === 0
    ? undefined
    : megahertz(clocks.reduce<number>((sum, clock) => sum + (clock ?? 0), 0) / clocks.length);
};

const cacheOf = (text: string | undefined): Bytes | undefined => {
  const size = decimal(/^(\d+) KB$/.exec(text ?? '')?.[1]);
  return size === undefined ? undefined : kibibytes(size);
};

/** Reads `/proc/cpuinfo`. */
export const parseCpuinfo = (text: string, file = '/proc/cpuinfo'): Parsed<ProcCpuinfo> => {
  const lines = completeLines(file, text);
  if (!lines.ok) return lines;
  const blocks = blocksOf(lines.value);
  const processors = blocks.filter(isProcessor);
  const threads = processors.length > 0 ? processors.length : numberedLines(lines.value);
  if (threads === 0) return failed(wrongLine(file, 1, lines.value[0] ?? '', 'no processor is told of'));
  const model = first(blocks, 'model name', 'cpu model', 'cpu', 'uarch', 'vendor_id', 'Hardware', 'CPU part');
  const flags = first(blocks, 'flags', 'Features', 'features', 'isa');
  return ok(
    known({
      threads,
      cores: coresOf(processors),
      model: model === '' ? undefined : model,
      currentClock: clockOf(processors),
      cache: cacheOf(first(blocks, 'cache size')),
      flags: flags?.split(/\s+/).filter((flag) => flag !== ''),
    }),
  );
};
