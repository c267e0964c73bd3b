/** Page: rows, a figure and lists as one page of HTML that needs nothing else. */
import { type Row, tableOf } from './row.js';

/** What stands on a page. */
export interface Page {
  readonly title: string;
  readonly heading: string;
  readonly rows: readonly Row[];
  /** A heading, what is seen, and the figure as SVG. */
  readonly figure: { readonly heading: string; readonly text: string; readonly svg: string };
  readonly lists: readonly { readonly heading: string; readonly lines: readonly string[] }[];
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const list = (lines: readonly string[]): string =>
  `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul>`;

/** The page as HTML. */
export const pageOf = ({ title, heading, rows, figure, lists }: Page): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<style>body { font-family: system-ui, sans-serif; margin: 2rem; } pre { font-size: 0.8rem; overflow-x: auto; }</style></head>
<body><h1>${escaped(heading)}</h1>
<pre>${tableOf(rows).map(escaped).join('\n')}</pre>
<h2>${escaped(figure.heading)}</h2>
<p>${escaped(figure.text)}</p>
${figure.svg}
${lists.map(({ heading: name, lines }) => `<h2>${escaped(name)}</h2>${list(lines)}`).join('\n')}
</body></html>
`;
