/** What an import brings into a user's bundle: the check sees it, and refuses what does not belong. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { markedPure } from '../../scripts/build/pure-at-the-top.js';
import { contentsOf } from '../../scripts/bundles/contents.js';
import { breaches, type BundleRule, bundleRules, ruleName } from '../../scripts/bundles/rules.js';

const folder = mkdtempSync(join(tmpdir(), 'whither-bundles-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const files = {
  'node_modules/heavy/package.json': '{ "name": "heavy", "main": "index.js", "sideEffects": false }',
  'node_modules/heavy/index.js': 'export const heavy = (n) => ({ n }); export const light = 1;',
  'src/drivers/index.ts': "import { readFileSync } from 'node:fs'; export const driver = () => readFileSync;",
  'src/policies/index.ts': "export { driver } from '../drivers/index.js'; export const policy = () => 'stay';",
  'src/marked.ts':
    "import { heavy } from 'heavy'; export const used = 1; export const unused = heavy({ ...heavy(2), at: heavy(3) });",
};
for (const [path, text] of Object.entries(files)) {
  mkdirSync(join(folder, dirname(path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}
writeFileSync(join(folder, 'src/pure.ts'), markedPure('pure.ts', files['src/marked.ts']));

describe('contents of a bundle', () => {
  test('a package whose code remains is named', async () => {
    expect((await contentsOf("export { heavy } from 'heavy'", folder)).packages).toEqual(['heavy']);
  });
  test('a room whose code remains is named, and a module of Node that it imports', async () => {
    expect(await contentsOf("export { driver } from './src/policies/index.ts'", folder)).toMatchObject({
      packages: ['node:fs'],
      rooms: ['drivers'],
    });
  });
  test('what is dropped is not named', async () => {
    expect(await contentsOf("export { policy } from './src/policies/index.ts'", folder)).toMatchObject({
      packages: [],
      rooms: ['policies'],
    });
  });
});

describe('rules of bundles', () => {
  const rule: BundleRule = {
    door: 'policies',
    names: ['cslb'],
    withoutPackages: ['mathjs'],
    withoutRooms: ['drivers'],
    withoutNode: true,
  };
  const contents = { packages: [], rooms: ['policies'], minified: 1, compressed: 1 };

  test('what belongs passes', () => {
    expect(breaches(rule, contents)).toEqual([]);
  });
  test('a package, a room and a module of Node that do not belong are refused', () => {
    expect(
      breaches(rule, { ...contents, packages: ['mathjs', 'node:fs', 'zod'], rooms: ['drivers', 'model'] }),
    ).toEqual([
      '{ cslb } from whither/policies brings mathjs',
      '{ cslb } from whither/policies brings node:fs',
      '{ cslb } from whither/policies brings src/drivers',
    ]);
  });
  test('importing one policy does not drag in mathjs, fast-check or the drivers: there is a rule for both doors', () => {
    const guarded = bundleRules.filter(({ names }) => names?.includes('cslb'));
    expect(guarded.map(ruleName)).toEqual(['{ cslb } from whither/policies', '{ cslb } from whither']);
    for (const { withoutPackages, withoutRooms } of guarded) {
      expect(withoutPackages).toEqual(expect.arrayContaining(['mathjs', 'fast-check']));
      expect(withoutRooms).toContain('drivers');
    }
  });
  test('fast-check is allowed in whither/testing alone, mathjs in whither/configuration alone', () => {
    const allowing = (name: string): readonly string[] =>
      bundleRules.filter(({ withoutPackages }) => !withoutPackages.includes(name)).map(({ door }) => door);
    expect(allowing('fast-check')).toEqual(['testing']);
    expect(allowing('mathjs')).toEqual(['configuration']);
  });
});

describe('what a module works out while it is loaded', () => {
  test('stays in a bundle as it is written, and is dropped when marked', async () => {
    const kept = await contentsOf("export { used } from './src/marked.ts'", folder);
    const dropped = await contentsOf("export { used } from './src/pure.ts'", folder);
    expect([kept.packages, dropped.packages]).toEqual([['heavy'], []]);
  });
  test('means the same when marked', () => {
    const marked = markedPure('a.ts', 'export const a = Math.max(1, 2), b = { ...[3] };');
    expect(marked).toBe(
      'export const a = /* @__PURE__ */ (() => (Math.max(1, 2)))(), b = /* @__PURE__ */ (() => ({ ...[3] }))();',
    );
  });
  test.each([
    'export const f = () => g();',
    'const n = 1;',
    'let t: ReturnType<typeof f>;',
    'f();',
    'class A { b = c(); }',
  ])('is nothing in: %s', (code) => {
    expect(markedPure('a.ts', code)).toBe(code);
  });
});
