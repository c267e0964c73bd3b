/** Xentop: what `xentop -b -f` prints, turned into the readings of each of its passes. */
import { type Bytes, failed, kibibytes, ok } from '../../../model/index.js';
import { completeLines, counter, decimal, type Parsed, wrongLine } from '../linux/kernel-text.js';
import { known } from '../linux/known.js';

/** One domain in one pass of xentop. Columns that hold `n/a` are absent. */
export interface XentopDomain {
  readonly name: string;
  /** Share of one processor since the pass before; absent in the first pass, where xentop prints a 0 that means nothing. */
  readonly cpu?: number;
  readonly memory?: Bytes;
  readonly vcpus?: number;
  /** Since the domain was built, from the guest's side. */
  readonly network?: { readonly received: Bytes; readonly sent: Bytes };
  readonly disk?: { readonly read: Bytes; readonly written: Bytes };
}

const file = 'xentop';

/** What a sector of a virtual block device holds, whatever the disk's own. */
const sector = 512;

const columns = ['STATE', 'CPU(%)', 'MEM(k)', 'VCPUS', 'NETTX(k)', 'NETRX(k)', 'VBD_RSECT', 'VBD_WSECT'] as const;

const pairOf = (
  one: number | undefined,
  other: number | undefined,
  unit: number,
): readonly [one: number, other: number] | undefined =>
  one === undefined || other === undefined ? undefined : [one * unit, other * unit];

/** No line of a domain is longer; what is would only cost time. */
const longest = 1000;

/** The name of a domain, which may hold spaces, and as many words after it as there are columns. */
const takeApart = (
  line: string,
  count: number,
): { readonly name: string; readonly words: readonly string[] } | undefined => {
  if (line.length > longest) return undefined;
  // The one value of two words.
  const words = line.replaceAll('no limit', 'no-limit').trim().split(/\s+/);
  const rest = words.slice(-count);
  const tail = new RegExp(`^\\s*(.*\\S)${'\\s+\\S+'.repeat(count)}\\s*$`);
  const name = tail.exec(line.replaceAll('no limit', 'no-limit'))?.[1];
  return name === undefined || words.length <= count ? undefined : { name, words: rest };
};

/** The passes in the output of `xentop -b -f`, in order; each begins with a line of headings. */
export const parseXentop = (text: string): Parsed<readonly (readonly XentopDomain[])[]> => {
  const lines = completeLines(file, text);
  if (!lines.ok) return lines;
  const passes: XentopDomain[][] = [];
  let headings: readonly string[] = [];
  for (const [i, line] of lines.value.entries()) {
    if (line.trim() === '') continue;
    if (/^\s*NAME\s+STATE\s/.test(line)) {
      headings = line.trim().split(/\s+/).slice(1);
      const missing = columns.find((column) => !headings.includes(column));
      if (missing !== undefined) return failed(wrongLine(file, i + 1, line, `must have a column ${missing}`));
      passes.push([]);
      continue;
    }
    const pass = passes.at(-1);
    const found = takeApart(line, headings.length);
    if (pass === undefined || found === undefined || !/^[d-][s-][b-][c-][p-][r-]$/.test(found.words[0] ?? ''))
      return failed(wrongLine(file, i + 1, line, 'must be a domain with as many columns as there are headings'));
    const at = (column: (typeof columns)[number]): string | undefined => found.words[headings.indexOf(column)];
    // The first pass has nothing to compare with and prints 0.0.
    const cpu = passes.length > 1 ? decimal(at('CPU(%)')) : undefined;
    const memory = counter(at('MEM(k)'));
    const network = pairOf(counter(at('NETRX(k)')), counter(at('NETTX(k)')), 1024);
    const disk = pairOf(counter(at('VBD_RSECT')), counter(at('VBD_WSECT')), sector);
    pass.push(
      known({
        name: found.name,
        cpu: cpu === undefined ? undefined : cpu / 100,
        memory: memory === undefined ? undefined : kibibytes(memory),
        vcpus: counter(at('VCPUS')),
        network: network && { received: network[0], sent: network[1] },
        disk: disk && { read: disk[0], written: disk[1] },
      }),
    );
  }
  return ok(passes);
};
