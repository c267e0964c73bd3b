/** Reproduce: published tables against the simulation. `npm run reproduce -- muda|wilcox [--json] [--report FILE]`. */
import { writeFileSync } from 'node:fs';
import { reproduceMuda } from './muda/index.js';
import { reproduceWilcox } from './wilcox/index.js';

const usage = `usage: npm run reproduce -- muda|wilcox [--json] [--report FILE]
  muda    chapters 5.3 and 7 of Muda (2010): migration by resource utilisation
  wilcox  chapters 5 and 6 of Wilcox (2008): dynamic load balancing on Xen; takes a minute or two
  --json  a JSON line for every row, and no comments
  --report FILE   writes a page with the rows and a figure`;

/** What can be reproduced, by name. */
const reproductions = new Map([
  ['muda', reproduceMuda],
  ['wilcox', reproduceWilcox],
]);

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const complain = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const run = (words: readonly string[]): number => {
  const at = words.indexOf('--report');
  const file = at < 0 ? undefined : words[at + 1];
  const others = at < 0 ? words : words.filter((_, i) => i !== at && i !== at + 1);
  const flags = others.filter((word) => word.startsWith('--'));
  const [name, ...more] = others.filter((word) => !word.startsWith('--'));
  const strange = more.length > 0 || flags.some((flag) => flag !== '--json') || (at >= 0 && file === undefined);
  const reproduce = reproductions.get(name ?? '');
  if (reproduce === undefined || strange) {
    complain(usage);
    return 2;
  }
  const json = flags.includes('--json');
  // A row outside of its tolerance is a finding, not a failure of the command.
  reproduce({ json, ...(file !== undefined && { report: (page) => writeFileSync(file, page) }) }, say);
  return 0;
};

try {
  process.exitCode = run(process.argv.slice(2));
} catch (error) {
  // A file that cannot be written: say which, without a stack.
  complain(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
