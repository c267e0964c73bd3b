/** Modules: the code blocks of pages as files that a type checker and a runtime take, line by line where the page has them. */
import type { Block } from './blocks.js';

/** A block as a file. */
export interface Module {
  /** Name of the file. */
  readonly file: string;
  readonly text: string;
  readonly block: Block;
  /** The file of the block that this one goes on from: what that one prints, this one prints first. */
  readonly after?: string;
}

const fileOf = ({ page, line, language }: Block): string =>
  `${page.replace(/[^A-Za-z0-9]+/g, '-')}-${line}.${language === 'js' ? 'mjs' : 'mts'}`;

/** Places code on the lines on which its page has it, so that an error names the page's own line. */
const onItsLines = (before: string, block: Block): string => {
  const taken = before === '' ? 0 : before.split('\n').length - 1;
  return `${before}${'\n'.repeat(block.line - 1 - taken)}${block.code}\n`;
};

/** The `ts` and `js` blocks of one page as files, in the page's order. */
export const modulesOf = (blocks: readonly Block[]): readonly Module[] =>
  blocks
    .filter(({ language }) => language !== 'sh')
    .reduce<readonly Module[]>((modules, block) => {
      const before = block.continues ? modules.at(-1) : undefined;
      const text = onItsLines(before?.text ?? '', block);
      // A file without import or export would be a script, whose names all files share.
      const module = { file: fileOf(block), text: text, block };
      return [...modules, before ? { ...module, after: before.file } : module];
    }, []);
