/** Tools: the Node versions and the second type checker that the tarball is tried under, fetched once and kept under .tmp. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.js';

/** The major versions of Node that the package supports. */
export const nodeMajors = [20, 22, 24] as const;

const platform = `${process.platform}-${process.arch}`;

const install = async (folder: string, name: string, what: string): Promise<void> => {
  mkdirSync(folder, { recursive: true });
  if (!existsSync(join(folder, 'package.json'))) writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  await npm(folder, 'install', '--ignore-scripts', '--no-package-lock', '--save', `${name}@${what}`);
};

/**
 * The executable of a major version of Node: the running one where it fits, else from the package of this platform's binaries,
 * which the package `node` itself would fetch in an install script. `undefined` where the registry has none for this platform.
 */
export const nodeOf = async (cache: string, major: number): Promise<string | undefined> => {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  if (!['linux-x64', 'linux-arm64'].includes(platform)) return undefined;
  const folder = join(cache, `node-${major}`);
  const executable = join(folder, 'node_modules', 'node', 'bin', 'node');
  if (!existsSync(executable)) await install(folder, 'node', `npm:node-${platform}@${major}`);
  return executable;
};

/** The type checker of TypeScript 7, from a folder of its own: our tools still need 6. */
export const typescript7 = async (cache: string): Promise<string> => {
  const folder = join(cache, 'typescript-7');
  const tsc = join(folder, 'node_modules', 'typescript', 'bin', 'tsc');
  if (!existsSync(tsc)) await install(folder, 'typescript', '7.0.2');
  return tsc;
};
