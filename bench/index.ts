/**
 * `npm run bench [-- NAME] [--json] [--milp SECONDS]`: runs the benchmarks of this folder, those whose name begins with NAME, and prints their
 * figures as a table or as one JSON object a line. Each module runs in a process of its own, so that memory is its own.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { type Measured, measured, page, table } from './table.js';

const here = import.meta.dirname;

const words = (): { readonly json: boolean; readonly name: string | undefined; readonly milp: string | undefined } => {
  try {
    const { values, positionals } = parseArgs({
      options: { json: { type: 'boolean' }, milp: { type: 'string' } },
      allowPositionals: true,
    });
    if (values.milp !== undefined && !(Number(values.milp) > 0))
      throw new Error(`--milp ${values.milp}: must be a number of seconds above 0`);
    return { json: values.json ?? false, name: positionals[0], milp: values.milp };
  } catch (thrown) {
    console.error(
      `${thrown instanceof Error ? thrown.message : String(thrown)}\nusage: npm run bench [-- NAME] [--json] [--milp SECONDS]`,
    );
    process.exit(2);
  }
};
const { json, name, milp } = words();

/** Modules with benchmarks lie in folders; what lies here itself runs them. */
const modules = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((path) => /[\\/].*\.ts$/.test(path))
  .sort();

const measure = async (path: string): Promise<readonly Measured[]> => {
  const args = [
    '--expose-gc',
    '--import',
    'tsx',
    join(here, 'measure.ts'),
    join(here, path),
    name ?? '',
    ...(milp === undefined ? [] : [milp]),
  ];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], cwd: join(here, '..') });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const figures: Measured[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const figure = measured.parse(JSON.parse(line));
    figures.push(figure);
    if (json) console.log(JSON.stringify(figure));
  }
  const code = await ended;
  if (code !== 0) throw new Error(`bench/${path} ended with ${code ?? 'a signal'}`);
  return figures;
};

const all: Measured[] = [];
for (const path of modules) all.push(...(await measure(path)));
if (all.length === 0) {
  console.error(`no benchmark's name begins with "${name ?? ''}"`);
  process.exitCode = 1;
} else if (!json) {
  const plain = all.filter(({ cell }) => cell === undefined);
  console.log([...(plain.length > 0 ? table(plain) : []), ...page(all)].join('\n'));
}
