/** The import rules refuse what the table of the rooms does not allow, and what is allowed passes. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { ESLint, Linter } from 'eslint';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import rules from '../../.dependency-cruiser.mjs';

describe('eslint', () => {
  const restrictions = new Map<string, Linter.RuleEntry>();
  const rooms = [
    'model',
    'configuration',
    'metrics',
    'estimators',
    'policies',
    'drivers',
    'engine',
    'simulation',
    'experiments',
    'testing',
  ];

  beforeAll(async () => {
    const eslint = new ESLint();
    for (const room of rooms) {
      const config = (await eslint.calculateConfigForFile(`src/${room}/some.ts`)) as Linter.Config;
      const entry = config.rules?.['no-restricted-imports'];
      if (entry) restrictions.set(room, entry);
    }
  });

  const complaints = (room: string, from: string): readonly string[] =>
    new Linter()
      .verify(`import { thing } from '${from}';\nthing();\n`, {
        rules: { 'no-restricted-imports': restrictions.get(room) ?? 'off' },
      })
      .map(({ message }) => message);

  test.each([
    ['model', '../metrics/index.js'],
    ['metrics', '../policies/index.js'],
    ['estimators', '../metrics/index.js'],
    ['policies', '../drivers/index.js'],
    ['policies', '../../engine/index.js'],
    ['drivers', '../policies/index.js'],
    ['engine', '../simulation/index.js'],
    ['engine', '../configuration/index.js'],
    ['simulation', '../engine/index.js'],
    ['configuration', '../engine/index.js'],
    ['simulation', '../experiments/index.js'],
    ['experiments', '../testing/index.js'],
  ])('%s may not import %s', (room, from) => {
    expect(complaints(room, from)).toEqual([expect.stringContaining(`src/${room} may import only`)]);
  });

  test.each([
    ['policies', '../metrics/index.js'],
    ['policies', './metrics.js'],
    ['engine', '../drivers/index.js'],
    ['engine', './stream/events.js'],
    ['testing', 'fast-check'],
    ['configuration', 'mathjs'],
    ['experiments', 'jstat'],
    ['experiments', '../simulation/index.js'],
    ['drivers', 'node:net'],
    ['metrics', 'node:fs'],
    ['model', 'zod'],
  ])('%s may import %s', (room, from) => {
    expect(complaints(room, from)).toEqual([]);
  });

  test('another room is entered by its index only', () => {
    expect(complaints('policies', '../model/host.js')).toEqual([expect.stringContaining('entered by its index')]);
  });

  test.each([
    ['policies', 'mathjs', 'mathjs belongs to src/configuration'],
    ['engine', 'fast-check', 'fast-check belongs to src/testing'],
    ['engine', 'jstat', 'jstat belongs to src/experiments'],
    ['policies', 'node:fs', 'touch the machine'],
    ['policies', 'fs', 'node:'],
    ['drivers', 'fs', 'node:'],
    ['engine', 'rxjs/internal/Observable', 'front door'],
    ['engine', 'whither/policies', 'relative paths'],
  ])('%s may not import %s', (room, from, why) => {
    expect(complaints(room, from)).toContainEqual(expect.stringContaining(why));
  });
});

describe('dependency-cruiser', () => {
  let folder = '';
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const broken = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> => {
    folder = mkdtempSync(join(tmpdir(), 'whither-rooms-'));
    const all = {
      'package.json': '{ "name": "house", "dependencies": { "mathjs": "1.0.0" } }',
      'tsconfig.json': '{}',
      'node_modules/mathjs/package.json': '{ "name": "mathjs", "version": "1.0.0", "main": "index.js" }',
      'node_modules/mathjs/index.js': 'exports.unit = 1;',
      ...files,
    };
    for (const [path, text] of Object.entries(all)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { options, ...ruleSet } = rules;
    const { output } = await cruise(
      ['src'],
      // tsconfig is the real house's affair, and the rules are plain data.
      { ...options, baseDir: folder, validate: true, ruleSet } as Parameters<typeof cruise>[1],
    );
    return (output as ICruiseResult).summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);
  };

  test('a circle between two files of one room is refused', async () => {
    const found = await broken({
      'src/model/index.ts': "export { a } from './a';",
      'src/model/a.ts': "import { b } from './b'; export const a = () => b;",
      'src/model/b.ts': "import { a } from './a'; export const b = () => a;",
    });
    expect(found.filter((one) => one.startsWith('no-circles'))).not.toEqual([]);
  });

  test('a circle of types alone is refused as well', async () => {
    const found = await broken({
      'src/model/a.ts': "import type { B } from './b'; export interface A { b: B }",
      'src/model/b.ts': "import type { A } from './a'; export interface B { a: A }",
    });
    expect(found.filter((one) => one.startsWith('no-circles'))).not.toEqual([]);
  });

  test('a dynamic import of a room that the table does not allow is refused', async () => {
    const found = await broken({
      'src/policies/index.ts': "export const load = () => import('../drivers/index');",
      'src/drivers/index.ts': 'export const driver = 1;',
    });
    expect(found).toEqual(['room-policies: src/policies/index.ts → src/drivers/index.ts']);
  });

  test('mathjs reached through another room is refused', async () => {
    const found = await broken({
      'src/engine/index.ts': "export { read } from '../configuration/index';",
      'src/configuration/index.ts': "import { unit } from 'mathjs'; export const read = unit;",
    });
    expect(found).toContainEqual(expect.stringMatching(/^only-there-mathjs: src\/engine\/index\.ts/));
  });

  test("the machine is out of reach of a policy's file", async () => {
    const found = await broken({
      'src/policies/index.ts': "import { readFileSync } from 'node:fs'; export const a = readFileSync;",
    });
    expect(found).toEqual(['machine: src/policies/index.ts → fs']);
  });

  test('what the table allows passes', async () => {
    const found = await broken({
      'src/policies/index.ts': "import { guest } from '../model/index'; export const policy = guest;",
      'src/model/index.ts': 'export const guest = 1;',
    });
    expect(found).toEqual([]);
  });
});
