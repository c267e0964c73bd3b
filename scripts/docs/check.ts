/** Checks pages: types of all their modules at once, then every block that is to run, and what it prints. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { run } from '../check/command.js';
import { mapAtOnce } from '../check/map-at-once.js';
import { type Block, blocksOf, type PageProblem } from './blocks.js';
import { difference, scriptsNamed } from './judge.js';
import { type Module, modulesOf } from './modules.js';

/** What became of the pages. */
export interface DocsVerdict {
  readonly problems: readonly PageProblem[];
  /** Blocks that ran to their end. */
  readonly ran: number;
  /** Blocks whose output was compared. */
  readonly compared: number;
  /** Blocks that are not run, with the reasons that the pages give. */
  readonly notRun: readonly Block[];
}

/** Where pages are checked. */
export interface Place {
  /** The project's folder: shell blocks run here, and the package is found by its own name from within. */
  readonly root: string;
  /** A folder within it for the modules. It is emptied first. */
  readonly work: string;
  /** Names of the npm scripts that a page may name. */
  readonly scripts: readonly string[];
}

const bin = (name: string, file: string): string =>
  join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), file);

const compilerOptions = {
  target: 'ES2022',
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  moduleDetection: 'force',
  lib: ['ES2023'],
  types: ['node'],
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  noEmit: true,
  allowJs: true,
};

/** Against blocks that never end, not against slow machines. */
const patience = 300_000;

/** Scripts that check the pages, and would so run themselves. */
const circular = ['test', 'check:docs'];

const typeProblems = async ({ root, work }: Place, modules: readonly Module[]): Promise<readonly PageProblem[]> => {
  if (modules.length === 0) return [];
  const { code, output } = await run(
    process.execPath,
    [bin('typescript', 'bin/tsc'), '-p', work, '--pretty', 'false'],
    {
      cwd: root,
    },
  );
  if (code === 0) return [];
  const found = [...output.matchAll(/^(.*?)\((\d+),\d+\): (error .*)$/gm)].map(
    ([, path = '', line = '0', message = '']) => {
      const module = modules.find(({ file }) => path.endsWith(file));
      return { page: module?.block.page ?? path, line: Number(line), message };
    },
  );
  // The blocks that go on with one another hold the same lines, and so the same mistakes.
  const once = found.filter(
    (one, i) => found.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === i,
  );
  return once.length > 0 ? once : [{ page: work, line: 0, message: `the type checker failed: ${output}` }];
};

const outcome = (
  block: Block,
  { code, output }: { readonly code: number | undefined; readonly output: string },
  printed: string,
): readonly PageProblem[] => {
  const at = { page: block.page, line: block.line };
  if (code !== 0) return [{ ...at, message: `ended with ${code ?? 'a signal'}:\n${output.trimEnd()}` }];
  const differs = block.output === undefined ? undefined : difference(printed, block.output);
  return differs === undefined ? [] : [{ ...at, message: differs }];
};

const execute = ({ root, work }: Place, file: string): ReturnType<typeof run> =>
  run(
    process.execPath,
    // The tsconfig of this folder knows no shortcuts to the sources: the package is what was built.
    [bin('tsx', 'dist/cli.mjs'), '--tsconfig', join(work, 'tsconfig.json'), join(work, file)],
    { cwd: root, limit: patience, env: { NO_COLOR: '1' } },
  );

const runModules = async (place: Place, modules: readonly Module[]): Promise<readonly PageProblem[]> => {
  const due = modules.filter(({ block }) => block.notRun === undefined);
  const ended = new Map(await mapAtOnce(due, 2, async ({ file }) => [file, await execute(place, file)] as const));
  return due.flatMap(({ file, after, block }) => {
    const own = ended.get(file);
    const earlier = after === undefined ? '' : (ended.get(after)?.printed ?? '');
    if (!own) return [];
    return outcome(block, own, own.printed.startsWith(earlier) ? own.printed.slice(earlier.length) : own.printed);
  });
};

const runShell = async ({ root, scripts }: Place, block: Block): Promise<readonly PageProblem[]> => {
  const at = { page: block.page, line: block.line };
  const strange = scriptsNamed(block.code).filter((name) => !scripts.includes(name));
  if (strange.length > 0) return [{ ...at, message: `package.json has no script ${strange.join(', ')}` }];
  if (block.notRun !== undefined) return [];
  const itself = scriptsNamed(block.code).find((name) => circular.includes(name));
  if (itself !== undefined) return [{ ...at, message: `${itself} runs this very check: say no-run, and why` }];
  const ended = await run('sh', ['-eu', '-c', block.code], { cwd: root, limit: patience, env: { NO_COLOR: '1' } });
  return outcome(block, ended, ended.printed);
};

/** Checks the code blocks of all pages; paths are relative to the project's folder. */
export const checkPages = async (place: Place, paths: readonly string[]): Promise<DocsVerdict> => {
  const { root, work } = place;
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const pages = await Promise.all(
    paths.map(async (path) =>
      blocksOf(relative(root, resolve(root, path)), await readFile(resolve(root, path), 'utf8')),
    ),
  );
  const blocks = pages.flatMap((page) => page.blocks);
  const modules = pages.flatMap((page) => modulesOf(page.blocks));
  await writeFile(join(work, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.mts', '*.mjs'] }));
  await Promise.all(modules.map(({ file, text }) => writeFile(join(work, file), text)));
  const types = await typeProblems(place, modules);
  const ran = await runModules(place, modules);
  const shell = await mapAtOnce(
    blocks.filter(({ language }) => language === 'sh'),
    1,
    (block) => runShell(place, block),
  );
  return {
    problems: [...pages.flatMap((page) => page.problems), ...types, ...ran, ...shell.flat()],
    ran: blocks.filter(({ notRun }) => notRun === undefined).length,
    compared: blocks.filter(({ output }) => output !== undefined).length,
    notRun: blocks.filter(({ notRun }) => notRun !== undefined),
  };
};
