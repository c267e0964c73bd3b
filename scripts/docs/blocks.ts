/**
 * Blocks: the code blocks of a Markdown page, and what their info strings ask for.
 *
 * | fence | what is checked |
 * | --- | --- |
 * | ` ```ts ` | types, and it runs to its end |
 * | ` ```ts continues ` | the same, as one module with the `ts` blocks before it, up to one that does not continue |
 * | ` ```ts no-run: REASON ` | types only |
 * | ` ```js `, ` ```js no-run: REASON ` | it runs; its syntax only |
 * | ` ```sh ` | it runs in the project's folder and ends with 0 |
 * | ` ```sh no-run: REASON ` | the npm scripts that it names exist |
 * | ` ```text output ` | it is what the block before it printed |
 * | any other language | nothing |
 */

/** A code block that is to be checked. */
export interface Block {
  readonly language: 'ts' | 'js' | 'sh';
  /** The page's path. */
  readonly page: string;
  /** Line of the page on which the code begins, from 1. */
  readonly line: number;
  readonly code: string;
  /** Whether it goes on with the module of the block before. */
  readonly continues: boolean;
  /** Why it is not run. */
  readonly notRun?: string;
  /** What it prints, as the page says. */
  readonly output?: string;
}

/** A mistake in a page itself. */
export interface PageProblem {
  readonly page: string;
  readonly line: number;
  readonly message: string;
}

/** What a page holds. */
export interface Page {
  readonly blocks: readonly Block[];
  readonly problems: readonly PageProblem[];
}

interface Fence {
  readonly info: string;
  readonly line: number;
  readonly code: string;
}

const fencesOf = (text: string): { readonly fences: readonly Fence[]; readonly open?: number } => {
  const fences: Fence[] = [];
  let at: { readonly indent: string; readonly mark: string; readonly info: string; readonly line: number } | undefined;
  let code: string[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    if (at) {
      const trimmed = line.trim();
      if (trimmed.startsWith(at.mark) && new Set(trimmed).size === 1) {
        fences.push({ info: at.info, line: at.line, code: code.join('\n') });
        at = undefined;
      } else code.push(line.startsWith(at.indent) ? line.slice(at.indent.length) : line.trimStart());
      continue;
    }
    const [, indent, mark, info] = /^(\s*)(`{3,}|~{3,})\s*([^`]*)$/.exec(line) ?? [];
    if (indent === undefined || mark === undefined || info === undefined) continue;
    at = { indent, mark, info: info.trim(), line: i + 2 };
    code = [];
  }
  return at ? { fences, open: at.line - 1 } : { fences };
};

const languages = {
  ts: 'ts',
  typescript: 'ts',
  js: 'js',
  javascript: 'js',
  sh: 'sh',
  bash: 'sh',
  shell: 'sh',
  console: 'sh',
} as const;
const isChecked = (word: string): word is keyof typeof languages => Object.hasOwn(languages, word);

/** The blocks of a page that are to be checked, and the mistakes in how the page asks for it. */
export const blocksOf = (page: string, text: string): Page => {
  const { fences, open } = fencesOf(text);
  const blocks: Block[] = [];
  const problems: PageProblem[] = [];
  const problem = (line: number, message: string): unknown => problems.push({ page, line, message });
  if (open !== undefined) problem(open, 'the code block is not closed');
  // Whether the fence before was a checked block: only such a one has an output.
  let ran = false;
  for (const { info, line, code } of fences) {
    const [word = '', ...rest] = info.split(/\s+/);
    const asked = rest.join(' ');
    const before = blocks.at(-1);
    if (word === 'text' && asked === 'output') {
      if (!before || !ran || before.notRun !== undefined)
        problem(line, 'an output block must follow a block that is run');
      else blocks[blocks.length - 1] = { ...before, output: code };
      ran = false;
      continue;
    }
    ran = isChecked(word);
    if (!isChecked(word)) continue;
    const language = languages[word];
    const [, reason] = /^no-run:\s*(.*)$/.exec(asked) ?? [];
    if (asked === 'no-run' || reason === '') problem(line, 'no-run needs a reason: ```' + word + ' no-run: REASON');
    else if (asked !== '' && asked !== 'continues' && reason === undefined)
      problem(line, `"${asked}" is not understood`);
    else if (asked === 'continues' && (language !== 'ts' || before?.language !== 'ts'))
      problem(line, 'only a ts block after a ts block can continue');
    else
      blocks.push({
        language,
        page,
        line,
        code,
        continues: asked === 'continues',
        ...(reason === undefined ? {} : { notRun: reason }),
      });
  }
  return { blocks, problems };
};
