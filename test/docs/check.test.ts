/** The docs check really fails where it should: one page with one mistake a block. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkPages, type DocsVerdict } from '../../scripts/docs/check.js';

const root = join(import.meta.dirname, '../..');
// Within the project, so that the types of Node are found.
mkdirSync(join(root, '.tmp'), { recursive: true });
const folder = mkdtempSync(join(root, '.tmp', 'docs-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const blocks = {
  fine: ['```ts', 'export const one: number = 1;', 'console.log(one);', '```', '```text output', '1', '```'],
  continued: ['```ts continues', 'console.log(one + 1);', '```', '```text output', '2', '```'],
  throws: ['```ts', "throw new Error('thrown on purpose');", '```'],
  mistyped: ['```ts', "const wrong: number = 'one';", 'console.log(typeof wrong);', '```'],
  notRun: ['```ts no-run: would never end', "const alsoWrong: number = 'two';", 'while (alsoWrong) {}', '```'],
  printsOther: ['```js', 'console.log("a");', '```', '```text output', 'b', '```'],
  shellFails: ['```sh', 'echo before; exit 3', '```'],
  shellFine: ['```sh', 'echo hello', '```', '```text output', 'hello', '```'],
  noSuchScript: ['```sh no-run: slow', 'npm run nowhere', '```'],
  itself: ['```sh', 'npm ci && npm test', '```'],
};

const lineOf = (name: keyof typeof blocks): number => {
  const lines = Object.entries(blocks);
  const before = lines.slice(
    0,
    lines.findIndex(([key]) => key === name),
  );
  return before.reduce((sum, [, block]) => sum + block.length, 0) + 2;
};

describe('checking pages', () => {
  let verdict: DocsVerdict = { problems: [], ran: 0, compared: 0, notRun: [] };

  beforeAll(async () => {
    writeFileSync(join(folder, 'page.md'), Object.values(blocks).flat().join('\n'));
    verdict = await checkPages({ root, work: join(folder, 'work'), scripts: ['test'] }, [
      relative(root, join(folder, 'page.md')),
    ]);
  });

  const of = (name: keyof typeof blocks): readonly string[] =>
    verdict.problems.filter(({ line }) => line === lineOf(name)).map(({ message }) => message);

  test('a block that is right passes', () => expect(of('fine')).toEqual([]));
  test('a block that continues is compared with its own output', () => expect(of('continued')).toEqual([]));
  test('a block that throws is refused', () =>
    expect(of('throws')).toEqual([expect.stringContaining('thrown on purpose')]));
  test('a type error is refused, though the block runs', () =>
    expect(of('mistyped')).toEqual([expect.stringContaining('TS2322')]));
  test('a block that is not run is type-checked all the same', () =>
    expect(of('notRun')).toEqual([expect.stringContaining('TS2322')]));
  test('another output is refused', () =>
    expect(of('printsOther')).toEqual([expect.stringContaining('the page says "b"')]));
  test('a shell block that fails is refused', () =>
    expect(of('shellFails')).toEqual([expect.stringContaining('ended with 3')]));
  test('a shell block that is right passes', () => expect(of('shellFine')).toEqual([]));
  test('an npm script that does not exist is refused', () =>
    expect(of('noSuchScript')).toEqual(['package.json has no script nowhere']));
  test('a block that would run the check itself is refused', () => expect(of('itself')).toHaveLength(1));
  test('what was run, compared and not run is counted', () =>
    expect([verdict.ran, verdict.compared, verdict.notRun.length]).toEqual([8, 4, 2]));
  test('there are no other problems', () => expect(verdict.problems).toHaveLength(7));
});
