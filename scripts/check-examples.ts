/** Checks the examples: each runs to its end, and prints what its expected.txt says where it has one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { run } from './check/command.js';
import { difference } from './docs/judge.js';

const root = join(import.meta.dirname, '..');
const tsx = join(dirname(createRequire(import.meta.url).resolve('tsx/package.json')), 'dist/cli.mjs');
/** Against examples that never end, not against slow machines. */
const patience = 600_000;

/** Every folder of examples/ with an index.ts, and every program that lies there by itself. */
const examples = readdirSync(join(root, 'examples'), { withFileTypes: true })
  .map((entry) => join('examples', entry.name, ...(entry.isDirectory() ? ['index.ts'] : [])))
  .filter((path) => path.endsWith('.ts') && existsSync(join(root, path)))
  .sort();

const problems: string[] = [];
for (const path of examples) {
  const { code, printed, output, took } = await run(process.execPath, [tsx, path], {
    cwd: root,
    limit: patience,
    env: { NO_COLOR: '1' },
  });
  const expected = join(root, dirname(path), 'expected.txt');
  const compared = !path.endsWith('index.ts') ? false : existsSync(expected);
  if (code !== 0) problems.push(`${path} ended with ${code ?? 'a signal'}:\n${output}`);
  else if (compared) {
    const differs = difference(printed, readFileSync(expected, 'utf8'));
    if (differs !== undefined) problems.push(`${path}: ${differs.replace('the page', 'expected.txt')}`);
  }
  console.log(`checked ${path}: ${(took / 1000).toFixed(1)} s${compared ? ', output compared' : ''}`);
}
for (const problem of problems) console.log(problem);
if (examples.length === 0) console.log('there are no examples');
process.exitCode = problems.length === 0 && examples.length > 0 ? 0 : 1;
