/** Runs the benchmarks of one module in this process, and prints each figure as a JSON line: `measure.ts MODULE NAME [SECONDS]`. */
import { pathToFileURL } from 'node:url';
import type { Benchmark } from './benchmark.js';

const isBenchmark = (value: unknown): value is Benchmark =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  typeof value.name === 'string' &&
  'run' in value &&
  typeof value.run === 'function';

const [path = '', wanted = '', milp] = process.argv.slice(2);
const module = (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
for (const benchmark of Object.values(module).filter(isBenchmark)) {
  if (!benchmark.name.startsWith(wanted)) continue;
  await benchmark.run(
    (figure) => {
      process.stdout.write(`${JSON.stringify({ benchmark: benchmark.name, ...figure })}\n`);
    },
    milp === undefined ? {} : { milp: Number(milp) },
  );
}
