/** Xml: the elements of a whole XML document as libvirt writes it, or why it is none. No document types, no processing of names. */
import { failed, ok, type Result } from '../../model/index.js';

/** An element with what is in it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children. */
  readonly text: string;
}

interface Open {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/** Deeper than any that libvirt writes. */
const deepest = 64;

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const decoded = (text: string): string =>
  text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w{2,4}));/gi,
    (whole, hex?: string, digits?: string, name?: string) => {
      if (name !== undefined) return entities[name] ?? whole;
      const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );

const name = /[A-Za-z_][\w:.-]*/y;
const attribute = /\s+([A-Za-z_][\w:.-]*)\s*=\s*(?:'([^'<]*)'|"([^"<]*)")/y;
const endOfTag = /\s*(\/?)>/y;

const matchAt = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

/** Parts that hold nothing: what begins so, ends so. */
const skipped = [
  ['<?', '?>'],
  ['<!--', '-->'],
] as const;

const cdata = '<![CDATA[';

/** The root element of a document. A text that ends before the root does is refused: it was cut. */
export const parseXml = (text: string): Result<XmlElement, string> => {
  const open: Open[] = [];
  let root: XmlElement | undefined;
  let at = 0;
  const refuse = (why: string): Result<never, string> => failed(`${why} at character ${at}`);
  while (at < text.length) {
    const next = text.indexOf('<', at);
    const plain = text.slice(at, next < 0 ? text.length : next);
    const inner = open.at(-1);
    if (inner) inner.text += decoded(plain);
    else if (plain.trim() !== '') return refuse('text outside of the document');
    if (next < 0) break;
    at = next;

    const skip = skipped.find(([start]) => text.startsWith(start, at));
    if (skip) {
      const end = text.indexOf(skip[1], at);
      if (end < 0) return refuse('the text ends within a comment');
      at = end + skip[1].length;
    } else if (text.startsWith(cdata, at)) {
      const end = text.indexOf(']]>', at);
      if (end < 0 || !inner) return refuse('character data without an end or a place');
      inner.text += text.slice(at + cdata.length, end);
      at = end + 3;
    } else if (text.startsWith('</', at)) {
      const ended = matchAt(name, text, at + 2);
      const end = ended && matchAt(endOfTag, text, name.lastIndex);
      const own = open.pop();
      if (!ended || !end || !own || own.name !== ended[0]) return refuse('an element ends that did not begin');
      const element: XmlElement = own;
      const parent = open.at(-1);
      if (parent) parent.children.push(element);
      else root = element;
      at = endOfTag.lastIndex;
    } else {
      const begun = matchAt(name, text, at + 1);
      if (!begun || root || open.length >= deepest) return refuse('not an element that may stand here');
      const attributes = new Map<string, string>();
      let place = name.lastIndex;
      for (let found = matchAt(attribute, text, place); found; found = matchAt(attribute, text, place)) {
        attributes.set(found[1] ?? '', decoded(found[2] ?? found[3] ?? ''));
        place = attribute.lastIndex;
      }
      const end = matchAt(endOfTag, text, place);
      if (!end) return refuse('a tag without an end');
      at = endOfTag.lastIndex;
      const element: Open = { name: begun[0], attributes, children: [], text: '' };
      if (end[1] === '') open.push(element);
      else if (inner) inner.children.push(element);
      else root = element;
    }
  }
  if (open.length > 0) return refuse(`the text ends within <${open.at(-1)?.name}>`);
  return root ? ok(root) : refuse('no element');
};

/** The first element on a path of names below an element. */
export const descendant = (element: XmlElement, ...path: readonly string[]): XmlElement | undefined =>
  path.reduce<XmlElement | undefined>((found, step) => found?.children.find((child) => child.name === step), element);

/** All children of a name. */
export const childrenOf = (element: XmlElement | undefined, wanted: string): readonly XmlElement[] =>
  element?.children.filter((child) => child.name === wanted) ?? [];
