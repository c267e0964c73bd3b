/** Checks what a user's bundle holds: packages and sizes from the built doors, rooms from the sources. */
import { join } from 'node:path';
import { contentsOf } from './bundles/contents.js';
import { breaches, type BundleRule, bundleRules, ruleName } from './bundles/rules.js';

const root = join(import.meta.dirname, '..');

const code = ({ names }: BundleRule, path: string): string =>
  names ? `export { ${names.join(', ')} } from '${path}';` : `export * from '${path}';`;

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

const problems: string[] = [];
for (const rule of bundleRules) {
  const built = await contentsOf(code(rule, `./dist/${rule.door}.js`), root);
  const source = await contentsOf(
    code(rule, rule.door === 'index' ? './src/index.ts' : `./src/${rule.door}/index.ts`),
    root,
  );
  problems.push(...breaches(rule, { ...built, rooms: source.rooms }));
  const brought = [...built.packages, ...source.rooms.map((room) => `src/${room}`)].join(', ');
  console.log(
    `checked ${ruleName(rule)}: ${kilobytes(built.minified)}, ${kilobytes(built.compressed)} compressed; ${brought}`,
  );
}
for (const problem of problems) console.log(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
