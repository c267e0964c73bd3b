/** The recorded day: which traces there are, read from the files that come along or from one of the user's own. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseTraces, type Trace, type TraceTable } from 'whither/metrics';

/** A day of utilisation: of the processors, and of the memory where that was recorded too. */
export interface Day {
  readonly name: string;
  readonly cpu: readonly Trace[];
  readonly memory: ReadonlyMap<string, Trace>;
  /** What could not be read, one sentence each. */
  readonly problems: readonly string[];
}

const read = (source: string | URL): TraceTable => {
  const bytes = readFileSync(source);
  const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return parseTraces((packed ? gunzipSync(bytes) : bytes).toString('utf8'), { source: String(source) });
};

const problemsOf = ({ bad }: TraceTable): readonly string[] =>
  bad.map(({ source, place, message, value }) => `${source}, ${place}: ${message} (${value})`);

/** The day that comes along: 320 machines of Google's cluster data (see examples/data/gcd-day). */
export const recordedDay = (): Day => {
  const at = (file: string): URL => new URL(`../data/gcd-day/${file}`, import.meta.url);
  const [cpu, memory] = [read(at('cpu.csv.gz')), read(at('mem.csv.gz'))];
  return {
    name: 'a day of 320 machines (Google cluster data, May 2011, CC BY 4.0; see examples/data/gcd-day)',
    cpu: cpu.traces,
    memory: new Map(memory.traces.map((trace) => [trace.id, trace])),
    problems: [...problemsOf(cpu), ...problemsOf(memory)],
  };
};

/**
 * A day of the user's own.
 *
 * @throws Error where the file cannot be read or holds no trace
 */
export const dayFrom = (file: string): Day => {
  const table = read(file);
  const cpu = table.traces.filter(({ values }) => values.some((value) => value !== undefined));
  const problems = problemsOf(table);
  if (cpu.length === 0) throw new Error(`${file} holds no trace${problems[0] === undefined ? '' : `: ${problems[0]}`}`);
  return { name: file, cpu, memory: new Map(), problems };
};
