/**
 * Checks the packed tarball as users get it: installed elsewhere with and without fast-check, entered by every door by import,
 * by require and by the type checker, under every major version of Node that is supported and two of TypeScript.
 */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { run } from './check/command.js';
import { mapAtOnce } from './check/map-at-once.js';
import { npm } from './tarball/npm.js';
import { disagreements, type Expectation, faults, type Format, found, type Found, probes } from './tarball/probe.js';
import { nodeMajors, nodeOf, typescript7 } from './tarball/tools.js';
import { typeConsumer } from './tarball/type-consumer.js';

const root = join(import.meta.dirname, '..');
const cache = join(root, '.tmp', 'tools');

const manifest = z
  .object({ exports: z.record(z.string(), z.unknown()), devDependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

const doors = Object.keys(manifest.exports)
  .filter((path) => !path.endsWith('.json'))
  .map((path) => `whither${path.slice(1)}`);

const packed = z
  .array(z.object({ filename: z.string(), size: z.number(), files: z.array(z.object({ path: z.string() })) }))
  .length(1);

const allowedFiles = /^(dist\/[\w.-]+\.(js|cjs|d\.ts|d\.cts)|package\.json|README\.md|LICENSE|CHANGELOG\.md)$/;

interface Consumer {
  readonly name: string;
  readonly folder: string;
  readonly expectation: Expectation;
}

/** Two folders outside of the project with the package installed: without and with the optional peer. */
const consumersOf = async (folder: string, tarball: string): Promise<readonly Consumer[]> => {
  const [bare, full] = [join(folder, 'bare'), join(folder, 'full')];
  mkdirSync(bare);
  writeFileSync(join(bare, 'package.json'), '{ "name": "consumer", "private": true }\n');
  await npm(bare, 'install', '--ignore-scripts', '--prefer-offline', tarball);
  cpSync(bare, full, { recursive: true });
  const peer = `fast-check@${manifest.devDependencies['fast-check'] ?? ''}`;
  await npm(full, 'install', '--ignore-scripts', '--prefer-offline', peer);
  return [
    {
      name: 'without fast-check',
      folder: bare,
      expectation: { doors, missing: { 'whither/testing': 'fast-check' } },
    },
    { name: 'with fast-check', folder: full, expectation: { doors, missing: {} } },
  ];
};

const probe = async (node: string, format: Format, { folder }: Consumer): Promise<Found> => {
  const { file, text } = probes[format];
  writeFileSync(join(folder, file), text);
  const { code, printed, output } = await run(node, [file, ...doors], { cwd: folder });
  if (code !== 0) throw new Error(`${file} in ${folder} ended with ${code ?? 'a signal'}:\n${output}`);
  return found.parse(JSON.parse(printed));
};

const openings = async (consumers: readonly Consumer[]): Promise<readonly string[]> => {
  const problems: string[] = [];
  for (const major of nodeMajors) {
    const node = await nodeOf(cache, major);
    if (node === undefined) {
      console.log(
        `not run under Node ${major}: the registry has no binaries for ${process.platform} on ${process.arch}`,
      );
      continue;
    }
    const tries = consumers.flatMap((consumer) =>
      (['import', 'require'] as const).map((format) => ({ consumer, format })),
    );
    const results = await mapAtOnce(tries, 2, async ({ consumer, format }) => ({
      consumer,
      format,
      got: await probe(node, format, consumer),
    }));
    for (const { consumer, format, got } of results)
      problems.push(
        ...faults(got, consumer.expectation).map((fault) => `Node ${major}, ${format}, ${consumer.name}: ${fault}`),
      );
    for (const consumer of consumers) {
      const [imported, required] = results.filter((result) => result.consumer === consumer).map(({ got }) => got);
      if (imported && required) problems.push(...disagreements(imported, required));
    }
    console.log(`checked ${doors.length} doors by import and require under Node ${major}, with and without fast-check`);
  }
  return problems;
};

const typings = async (consumers: readonly Consumer[]): Promise<readonly string[]> => {
  const compilers = {
    '6': join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    '7': await typescript7(cache),
  };
  const problems: string[] = [];
  for (const { name, folder, expectation } of consumers) {
    const open = doors.filter((door) => !(door in expectation.missing));
    for (const [file, text] of Object.entries(typeConsumer(open))) writeFileSync(join(folder, file), text);
    for (const [version, tsc] of Object.entries(compilers)) {
      const { code, output } = await run(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], { cwd: folder });
      if (code !== 0) problems.push(`TypeScript ${version}, ${name}:\n${output}`);
      else
        console.log(`checked the types of ${open.length} doors in .mts and .cts under TypeScript ${version}, ${name}`);
    }
  }
  return problems;
};

const main = async (folder: string): Promise<readonly string[]> => {
  const [pack] = packed.parse(
    JSON.parse(await npm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder)),
  );
  if (!pack) throw new Error('npm pack gave no tarball');
  const strange = pack.files.map(({ path }) => path).filter((path) => !allowedFiles.test(path));
  console.log(`checked ${pack.files.length} files, ${(pack.size / 1024).toFixed(0)} KiB packed`);
  const consumers = await consumersOf(folder, join(folder, pack.filename));
  return [
    ...strange.map((path) => `the tarball holds ${path}`),
    ...(await openings(consumers)),
    ...(await typings(consumers)),
  ];
};

const folder = mkdtempSync(join(tmpdir(), 'whither-tarball-'));
try {
  const problems = await main(folder);
  for (const problem of problems) console.log(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
