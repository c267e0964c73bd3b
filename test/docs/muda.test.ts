import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/muda.md'), 'utf8');
const items = Array.from({ length: 48 }, (_, i) => `M${i + 1}`);

const quoted = (text: string): readonly string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** Modules and tests that the table names for an item; a name without a folder lies beside the first. */
const rowOf = (item: string): { readonly modules: readonly string[]; readonly tests: readonly string[] } => {
  const row = page.split('\n').find((line) => line.startsWith(`| ${item} `)) ?? '';
  const [, , , modules = '', tests = ''] = row.split('|');
  const beside = (names: readonly string[]): readonly string[] =>
    names.map((name) => (name.includes('/') ? name : join(dirname(names[0] ?? ''), name)));
  return { modules: beside(quoted(modules)), tests: beside(quoted(tests)).map((name) => `test/${name}.test.ts`) };
};

/** The items that the code of a test file names, its comments left out: titles of tests, and cases that become titles. */
const named = (path: string): string =>
  existsSync(join(root, path))
    ? readFileSync(join(root, path), 'utf8')
        .split('\n')
        .filter((line) => !/^\s*(\/\/|\/?\*)/.test(line))
        .join('\n')
    : '';

describe('the table of items', () => {
  test.each(items)('%s names modules that are there, and tests that name it', (item) => {
    const { modules, tests } = rowOf(item);
    expect(modules.length).toBeGreaterThan(0);
    for (const module of modules) expect(existsSync(join(root, module)), module).toBe(true);
    const naming = tests.filter((path) => new RegExp(`\\b${item}[a-e]?\\b`, 'u').test(named(path)));
    expect(naming, `of ${tests.join(', ')}`).not.toEqual([]);
  });
});
