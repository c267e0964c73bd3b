/** Contents: what remains in a user's bundle of an import: which packages, which of our rooms, how many bytes. */
import { isBuiltin } from 'node:module';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { loadedWhenUsed } from '../rooms.js';

/** What remains after tree shaking. */
export interface Contents {
  /** Packages with code in the bundle, and modules of Node that it imports, by name; sorted. */
  readonly packages: readonly string[];
  /** Rooms of ours with code in the bundle, where it was made from the sources; sorted. */
  readonly rooms: readonly string[];
  /** Size minified, and compressed after that, in bytes. */
  readonly minified: number;
  readonly compressed: number;
}

const packageOf = (path: string): string | undefined =>
  /(?:^|\/)node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path.replace(/.*node_modules\/(?=.*node_modules\/)/, ''))?.[1];

const roomOf = (path: string): string | undefined => /(?:^|\/)src\/([^/]+)\//.exec(path)?.[1];

const sorted = (names: readonly (string | undefined)[]): readonly string[] =>
  [...new Set(names.filter((name) => name !== undefined))].sort();

/** Bundles a module as a user's bundler would and tells what remains. Paths in the code count from `folder`. */
export const contentsOf = async (code: string, folder: string): Promise<Contents> => {
  const { metafile, outputFiles } = await build({
    stdin: { contents: code, resolveDir: folder, loader: 'ts' },
    bundle: true,
    write: false,
    minify: true,
    metafile: true,
    format: 'esm',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    logLevel: 'silent',
    plugins: [
      {
        name: 'modules of Node, and what is loaded later, stay outside',
        setup: (build) => {
          build.onResolve({ filter: /.*/ }, ({ path }) =>
            // What is loaded only when it is used is no part of what a door brings.
            isBuiltin(path) || loadedWhenUsed.includes(path) ? { path, external: true, sideEffects: false } : null,
          );
        },
      },
    ],
  });
  const [output] = Object.values(metafile.outputs);
  const [file] = outputFiles;
  if (!output || !file) throw new Error('the bundler gave no output');
  const kept = Object.entries(output.inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => path);
  return {
    packages: sorted([
      ...kept.map(packageOf),
      ...output.imports.filter(({ external, kind }) => external && kind !== 'dynamic-import').map(({ path }) => path),
    ]),
    rooms: sorted(kept.map(roomOf)),
    minified: file.contents.length,
    compressed: brotliCompressSync(file.contents).length,
  };
};
