import { describe, expect, test } from 'vitest';
import { blocksOf } from '../../scripts/docs/blocks.js';
import { difference, scriptsNamed } from '../../scripts/docs/judge.js';
import { modulesOf } from '../../scripts/docs/modules.js';

const page = (...lines: readonly string[]): string => lines.join('\n');

describe('blocks of a page', () => {
  test('a ts block is checked and run, and knows its line', () => {
    expect(blocksOf('a.md', page('# A', '', '```ts', 'const a = 1;', '```')).blocks).toEqual([
      { language: 'ts', page: 'a.md', line: 4, code: 'const a = 1;', continues: false },
    ]);
  });

  test('other languages are left alone', () => {
    expect(blocksOf('a.md', page('```json', '{', '```', '```', 'plain', '```'))).toEqual({ blocks: [], problems: [] });
  });

  test('a block that is not run keeps the reason', () => {
    const { blocks } = blocksOf('a.md', page('```sh no-run: takes an hour', 'npm run e2e', '```'));
    expect(blocks.map(({ notRun }) => notRun)).toEqual(['takes an hour']);
  });

  test.each(['no-run', 'no-run:', 'no-run:   '])('"%s" without a reason is a mistake', (asked) => {
    expect(blocksOf('a.md', page(`\`\`\`ts ${asked}`, 'x', '```'))).toEqual({
      blocks: [],
      problems: [{ page: 'a.md', line: 2, message: 'no-run needs a reason: ```ts no-run: REASON' }],
    });
  });

  test('a word that is not understood is a mistake, so that a typing error does not silence a check', () => {
    expect(blocksOf('a.md', page('```ts norun: x', 'x', '```')).problems).toHaveLength(1);
  });

  test('an output belongs to the block before it', () => {
    const { blocks } = blocksOf('a.md', page('```ts', 'console.log(1)', '```', 'prints', '```text output', '1', '```'));
    expect(blocks.map(({ output }) => output)).toEqual(['1']);
  });

  test('an output without a block that is run is a mistake', () => {
    const lost = blocksOf('a.md', page('```text output', '1', '```'));
    const notRun = blocksOf('a.md', page('```ts no-run: no', 'x', '```', '```text output', '1', '```'));
    const second = blocksOf(
      'a.md',
      page('```ts', 'x', '```', '```text output', '1', '```', '```text output', '2', '```'),
    );
    expect([lost, notRun, second].map(({ problems }) => problems.length)).toEqual([1, 1, 1]);
  });

  test('a block that is not closed is a mistake', () => {
    expect(blocksOf('a.md', page('```ts', 'x')).problems).toEqual([
      { page: 'a.md', line: 1, message: 'the code block is not closed' },
    ]);
  });

  test('a longer fence holds shorter ones', () => {
    expect(blocksOf('a.md', page('````md', '```ts', 'x', '```', '````'))).toEqual({ blocks: [], problems: [] });
  });

  test('a block in a list is read without its indentation', () => {
    const { blocks } = blocksOf('a.md', page('1. so', '', '   ```ts', '   if (a)', '     b();', '   ```'));
    expect(blocks.map(({ code }) => code)).toEqual(['if (a)\n  b();']);
  });

  test('only a ts block can continue, and only a ts block', () => {
    const continued = blocksOf('a.md', page('```ts', 'a', '```', '```ts continues', 'b', '```'));
    const alone = blocksOf('a.md', page('```ts continues', 'b', '```'));
    const shell = blocksOf('a.md', page('```ts', 'a', '```', '```sh continues', 'b', '```'));
    expect([continued, alone, shell].map(({ problems }) => problems.length)).toEqual([0, 1, 1]);
  });
});

describe('modules', () => {
  const modules = modulesOf(
    blocksOf('docs/a.md', page('text', '```ts', 'const a = 1;', '```', 'more', '```ts continues', 'a;', '```')).blocks,
  );

  test('code stands on the lines on which the page has it', () => {
    expect(modules.map(({ text }) => text.split('\n').indexOf('const a = 1;') + 1)).toEqual([3, 3]);
    expect(modules[1]?.text.split('\n').indexOf('a;')).toBe(6);
  });

  test('a block that continues holds the one before', () => {
    expect(modules.map(({ file, after }) => [file, after])).toEqual([
      ['docs-a-md-3.mts', undefined],
      ['docs-a-md-7.mts', 'docs-a-md-3.mts'],
    ]);
  });
});

describe('judging', () => {
  test('white space at the ends of lines and of the text does not count', () => {
    expect(difference('a \nb\n\n', '\na\nb')).toBeUndefined();
  });

  test('the first line that differs is named', () => {
    expect(difference('a\nb\n', 'a\nc')).toBe('line 2 of the output is "b", the page says "c"');
    expect(difference('a', 'a\nb')).toBe('line 2 of the output is nothing, the page says "b"');
    expect(difference('a\nb', 'a')).toBe('line 2 of the output is "b", the page says nothing');
  });

  test('npm scripts are found in shell code', () => {
    expect(
      scriptsNamed('npm ci && npm test\nnpm run bench -- signals\nnpm run --silent check:size && npm start'),
    ).toEqual(['test', 'bench', 'check:size', 'start']);
  });
});
