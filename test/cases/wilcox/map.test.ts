/** The table of the page on Wilcox: every item, with a module that is there and a test that names it. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

interface Row {
  readonly item: string;
  readonly modules: readonly string[];
  readonly tests: readonly string[];
}

const quoted = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '');

const rows: readonly Row[] = readFileSync(root('docs/wilcox.md'), 'utf8')
  .split('\n')
  .flatMap((line): readonly Row[] => {
    const [, item, , modules, tests] = line.split('|').map((cell) => cell.trim());
    return item !== undefined && /^W\d+$/.test(item)
      ? [{ item, modules: quoted(modules ?? ''), tests: quoted(tests ?? '') }]
      : [];
  });

test('the page lists W1 to W44, each once', () => {
  expect(rows.map(({ item }) => item)).toEqual(Array.from({ length: 44 }, (_, i) => `W${i + 1}`));
});

test.each(rows)('$item has a module, and a test that says so', ({ item, modules, tests }) => {
  expect(modules.length).toBeGreaterThan(0);
  expect(tests.length).toBeGreaterThan(0);
  for (const path of [...modules, ...tests]) expect(existsSync(root(path)), path).toBe(true);
  for (const path of tests) expect(readFileSync(root(path), 'utf8')).toMatch(new RegExp(`['"\`(][^\\n]*\\b${item}\\b`));
});
