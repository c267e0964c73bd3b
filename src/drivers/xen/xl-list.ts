/** XlList: what `xl list -v` and `xl list -l` print, turned into domains and what was given to them. */
import * as z from 'zod';
import {
  type BadInput,
  type Bytes,
  failed,
  kibibytes,
  malformed,
  mebibytes,
  ok,
  printable,
  type Result,
} from '../../model/index.js';

/** A domain of one host. */
export interface Domain {
  readonly name: string;
  /** Another one after every move; only the UUID lasts. */
  readonly domain: number;
  readonly uuid: string;
  readonly memory: Bytes;
  readonly vcpus: number;
  /** None of the letters means that it may run and just does not. */
  readonly state: 'running' | 'paused' | 'shut down' | 'crashed' | 'dying';
}

const row =
  /^(.*\S)\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,5})\s+([r-][b-][p-][s-][c-][d-])\s+\d{1,12}\.\d\s+([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\s.*$/;

/** No line is longer; what is would only cost time. */
const longest = 1000;

const stateOf = (letters: string): Domain['state'] =>
  letters.includes('d')
    ? 'dying'
    : letters.includes('c')
      ? 'crashed'
      : letters.includes('s')
        ? 'shut down'
        : letters.includes('p')
          ? 'paused'
          : 'running';

/** The domains in the output of `xl list -v`, the first of which is that of the tools. */
export const parseXlList = (text: string): Result<readonly Domain[], BadInput> => {
  const refuse = (line: number, message: string, value: string): Result<never, BadInput> =>
    failed({
      kind: 'bad-input',
      source: 'xl list -v',
      place: `line ${line}`,
      problem: 'malformed',
      message,
      value: printable(value),
    });
  const lines = text.split('\n');
  const last = lines.pop();
  if (last !== '') return refuse(lines.length + 1, 'the text ends within a line: it was cut', last ?? '');
  if (!/^Name\s+ID\s+Mem\s+VCPUs\s+State\s+Time\(s\)\s+UUID\s/.test(lines[0] ?? ''))
    return refuse(1, 'must begin with the headings Name ID Mem VCPUs State Time(s) UUID', lines[0] ?? '');
  const domains: Domain[] = [];
  for (const [i, line] of lines.slice(1).entries()) {
    if (line.trim() === '') continue;
    const [, name, domain, memory, vcpus, letters, uuid] = line.length > longest ? [] : (row.exec(line) ?? []);
    if (name === undefined || letters === undefined || uuid === undefined)
      return refuse(i + 2, 'must be a domain', line);
    domains.push({
      name,
      domain: Number(domain),
      uuid,
      memory: mebibytes(Number(memory)),
      vcpus: Number(vcpus),
      state: stateOf(letters),
    });
  }
  return ok(domains);
};

/** What was given to a domain. */
export interface DomainConfiguration {
  readonly domain: number;
  readonly uuid: string;
  readonly type: 'pv' | 'pvh' | 'hvm';
  readonly memory: Bytes;
  readonly vcpus: number;
  /** Paths of disks on the host. */
  readonly disks: readonly string[];
  /** How many devices of the host were handed to it. */
  readonly hostDevices: number;
}

const schema = /* @__PURE__ */ z.array(
  /* @__PURE__ */ z.object({
    domid: /* @__PURE__ */ z.int().nonnegative(),
    config: /* @__PURE__ */ z.object({
      c_info: /* @__PURE__ */ z.object({
        type: /* @__PURE__ */ z.enum(['pv', 'pvh', 'hvm']).optional(),
        uuid: /* @__PURE__ */ z.string().optional(),
      }),
      b_info: /* @__PURE__ */ z.object({
        max_vcpus: /* @__PURE__ */ z.int().positive().optional(),
        max_memkb: /* @__PURE__ */ z.int().positive().optional(),
      }),
      disks: /* @__PURE__ */ z.array(/* @__PURE__ */ z.object({ pdev_path: z.string().nullish() })).optional(),
      pcidevs: /* @__PURE__ */ z.array(/* @__PURE__ */ z.unknown()).optional(),
      usbdevs: /* @__PURE__ */ z.array(/* @__PURE__ */ z.unknown()).optional(),
      dtdevs: /* @__PURE__ */ z.array(/* @__PURE__ */ z.unknown()).optional(),
    }),
  }),
);

/** The guests in the output of `xl list -l`. The domain of the tools has no UUID there and is left out. */
export const parseXlListLong = (text: string): Result<readonly DomainConfiguration[], BadInput> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failed({
      kind: 'bad-input',
      source: 'xl list -l',
      place: 'output',
      problem: 'malformed',
      message: 'is not JSON',
      value: printable(text),
    });
  }
  const read = schema.safeParse(value);
  if (!read.success) return failed(malformed('xl list -l', 'output', value, read.error));
  return ok(
    read.data.flatMap(({ domid, config: { c_info, b_info, disks, pcidevs, usbdevs, dtdevs } }) =>
      domid === 0 || c_info.uuid === undefined || c_info.type === undefined || !b_info.max_memkb
        ? []
        : [
            {
              domain: domid,
              uuid: c_info.uuid,
              type: c_info.type,
              memory: kibibytes(b_info.max_memkb),
              vcpus: b_info.max_vcpus ?? 1,
              disks: (disks ?? []).flatMap(({ pdev_path }) => pdev_path || []),
              hostDevices: (pcidevs?.length ?? 0) + (usbdevs?.length ?? 0) + (dtdevs?.length ?? 0),
            },
          ],
    ),
  );
};
