/** Judge: what a block printed against what its page says that it prints. */

const tidy = (text: string): readonly string[] =>
  text
    .replace(/\r\n/g, '\n')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/^\n+|\n+$/g, '')
    .split('\n');

/** What differs, as a message, or `undefined` where nothing does. White space at the ends of lines does not count. */
export const difference = (printed: string, expected: string): string | undefined => {
  const [is, said] = [tidy(printed), tidy(expected)];
  const at = Array.from({ length: Math.max(is.length, said.length) }, (_, i) => i).find((i) => is[i] !== said[i]);
  if (at === undefined) return undefined;
  const line = (text: string | undefined): string => (text === undefined ? 'nothing' : `"${text}"`);
  return `line ${at + 1} of the output is ${line(is[at])}, the page says ${line(said[at])}`;
};

/** The npm scripts that shell code names. */
export const scriptsNamed = (code: string): readonly string[] => [
  ...new Set(
    [...code.matchAll(/\bnpm (?:run (?:--?[\w-]+ )*([\w:-]+)|(start|test)\b)/g)].map(
      ([, run, own]) => run ?? own ?? '',
    ),
  ),
];
