/** Checks the code blocks of README.md, CONTRIBUTING.md and docs/ against the built package; the rules stand in docs/blocks.ts. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { checkPages } from './docs/check.js';

const root = join(import.meta.dirname, '..');

const pages = (): readonly string[] =>
  readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md') && !path.startsWith('api'))
    .map((path) => join('docs', path))
    .concat(['README.md', 'CONTRIBUTING.md'].filter((path) => existsSync(join(root, path))))
    .sort();

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

const { problems, ran, compared, notRun } = await checkPages(
  { root, work: join(root, '.tmp', 'docs'), scripts: Object.keys(scripts) },
  pages(),
);
for (const { page, line, message } of problems) console.log(`${page}:${line}: ${message}`);
for (const { page, line, notRun: reason } of notRun) console.log(`not run ${page}:${line}: ${reason ?? ''}`);
console.log(
  `checked ${ran + notRun.length} code blocks: ${ran} run, ${compared} outputs compared, ${notRun.length} not run`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
