/** Lines: cuts chunks of a file or a socket into lines, with a bound on what one line may hold in memory. */

/** A line without its end and its number, counted from one; or that it was longer than allowed, and how it began. */
export type NumberedLine =
  { readonly line: number; readonly text: string } | { readonly line: number; readonly tooLong: string };

const shown = 200;

/**
 * The lines of a text that comes in chunks, whatever the chunks are cut at. Ends of lines are `\n` or `\r\n`; the last line needs
 * none. Of a line longer than `longest` characters only the beginning is kept; the rest is let go by.
 *
 * Bytes that are no UTF-8 become U+FFFD. An error of the source ends the lines with it.
 */
export async function* linesOf(
  chunks: AsyncIterable<string | Uint8Array>,
  longest: number,
): AsyncGenerator<NumberedLine, void, undefined> {
  const decoder = new TextDecoder();
  let line = 1;
  let begun: string[] = [];
  let length = 0;
  let began = '';

  const add = (part: string): void => {
    if (length === 0) began = part.slice(0, shown);
    length += part.length;
    if (length <= longest) begun.push(part);
    else begun = [];
  };
  const end = (): NumberedLine => {
    const text = begun.join('');
    const ended: NumberedLine =
      length > longest ? { line, tooLong: began } : { line, text: text.endsWith('\r') ? text.slice(0, -1) : text };
    line += 1;
    begun = [];
    length = 0;
    return ended;
  };

  for await (const chunk of chunks) {
    const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    let from = 0;
    for (let to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
      add(text.slice(from, to));
      yield end();
      from = to + 1;
    }
    if (from < text.length) add(text.slice(from));
  }
  const rest = decoder.decode();
  if (rest !== '') add(rest);
  if (length > 0) yield end();
}
