/** DomainList: what `virsh list --uuid --name` prints, turned into guests with their lasting numbers. */
import { type BadInput, failed, ok, printable, type Result } from '../../model/index.js';

/** A guest of one host. */
export interface ListedDomain {
  readonly uuid: string;
  readonly name: string;
}

const row = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}) (.+)$/;
/** One UUID, as libvirt prints it. */
const alone = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const rowsOf = <Row>(
  source: string,
  text: string,
  read: (line: string) => Row | undefined,
): Result<readonly Row[], BadInput> => {
  const rows: Row[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    // virsh pads a name with spaces where there are columns after it.
    const said = line.trimEnd();
    if (said === '') continue;
    const found = read(said);
    if (found === undefined)
      return failed({
        kind: 'bad-input',
        source,
        place: `line ${i + 1}`,
        problem: 'malformed',
        message: 'must be the UUID of a guest',
        value: printable(line),
      });
    rows.push(found);
  }
  // A name that was cut looks like a name.
  return text === '' || text.endsWith('\n')
    ? ok(rows)
    : failed({
        kind: 'bad-input',
        source,
        place: `line ${rows.length}`,
        problem: 'malformed',
        message: 'the text ends within a line: it was cut',
        value: printable(text.slice(-100)),
      });
};

/** Guests in the output of `virsh list --uuid --name`. */
export const parseDomainList = (text: string): Result<readonly ListedDomain[], BadInput> =>
  rowsOf('virsh list', text, (line) => {
    const [, uuid, name] = row.exec(line) ?? [];
    return uuid === undefined || name === undefined ? undefined : { uuid, name };
  });

/** Guests in the output of `virsh list --uuid`. */
export const parseUuids = (text: string): Result<readonly string[], BadInput> =>
  rowsOf('virsh list', text, (line) => (alone.test(line) ? line : undefined));
