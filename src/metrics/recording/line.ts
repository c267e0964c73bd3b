/** Line: an entry of a recording as one line of JSON, and back. */
import * as z from 'zod';
import { type BadInput, failed, malformed, ok, printable, type Result } from '../../model/index.js';
import { sampleFault, soundNumbers, withoutExcess } from '../sample-fault.js';
import type { RecordingEntry, RecordingHeader } from './entry.js';
import { entrySchema } from './entry-schema.js';

/** The version that is written, and the only one that is read. */
const version = 1;

const headerSchema: z.ZodType<RecordingHeader> = /* @__PURE__ */ z.strictObject({
  format: /* @__PURE__ */ z.literal('whither-recording'),
  version: /* @__PURE__ */ z.literal(version),
  about: z.exactOptional(/* @__PURE__ */ z.record(/* @__PURE__ */ z.string(), /* @__PURE__ */ z.string())),
});

/** Where a line stands: in which recording, and the how-manieth it is, counted from one. */
export interface LinePlace {
  readonly source: string;
  readonly line: number;
}

const placeText = ({ line }: LinePlace): string => `line ${line}`;

const refuse = (place: LinePlace, message: string, value: unknown): BadInput => ({
  kind: 'bad-input',
  source: place.source,
  place: placeText(place),
  problem: 'malformed',
  message,
  value: printable(value),
});

const parsed = (text: string, place: LinePlace): Result<unknown, BadInput> => {
  try {
    return ok<unknown>(JSON.parse(text));
  } catch (cause) {
    return failed(refuse(place, cause instanceof Error ? cause.message : String(cause), text));
  }
};

/** The first line of a recording, without its end. */
export const headerLine = (about?: RecordingHeader['about']): string =>
  JSON.stringify({ format: 'whither-recording', version, ...(about && { about }) } satisfies RecordingHeader);

/** Reads the first line of a recording. What is no recording is `malformed`, another version is an `unsupported version`. */
export const parseHeader = (text: string, place: LinePlace): Result<RecordingHeader, BadInput> => {
  const json = parsed(text, place);
  if (!json.ok) return json;
  const header = headerSchema.safeParse(json.value);
  if (header.success) return ok(header.data);
  const { value } = json;
  const other =
    typeof value === 'object' && value !== null && 'format' in value && value.format === 'whither-recording';
  if (other && 'version' in value && value.version !== version)
    return failed({
      ...refuse(place, `version ${printable(value.version)} is not ${version}, the only one that can be read`, value),
      problem: 'unsupported version',
    });
  return failed(malformed(place.source, placeText(place), value, header.error));
};

/** Reads a line after the first. */
export const parseEntry = (text: string, place: LinePlace): Result<RecordingEntry, BadInput> => {
  const json = parsed(text, place);
  if (!json.ok) return json;
  const entry = entrySchema.safeParse(json.value);
  return entry.success ? ok(entry.data) : failed(malformed(place.source, placeText(place), json.value, entry.error));
};

/** JSON with infinity as a text; NaN, which it has no word for, fails with the name of the field. */
const withInfinity = (entry: RecordingEntry): Result<string, string> => {
  let nowhere: string | undefined;
  const text = JSON.stringify(entry, (field, value: unknown) => {
    if (typeof value !== 'number' || Number.isFinite(value)) return value;
    if (Number.isNaN(value)) nowhere ??= field;
    return String(value);
  });
  return nowhere === undefined ? ok(text) : failed(nowhere);
};

/**
 * An entry as a line, without its end; or why it cannot be one. Samples, inventories and moves hold finite numbers only; in a
 * decision a figure may be infinite. What {@link parseEntry} would not read is not written; of a sample only the numbers are
 * looked at, for there are many.
 */
export const entryLine = (entry: RecordingEntry, source: string): Result<string, BadInput> => {
  const refused = (field: string, message: string): Result<never, BadInput> =>
    failed({
      kind: 'bad-input',
      source,
      place: `${entry.kind}: ${field}`,
      problem: 'malformed',
      message,
      value: printable(entry),
    });
  if (!Number.isFinite(entry.at)) return refused('at', `${entry.at} is not a time`);
  if (entry.kind === 'sample') {
    const fault = sampleFault(entry.sample);
    if (fault !== undefined) return refused(fault, soundNumbers);
    return ok(JSON.stringify({ ...entry, sample: withoutExcess(entry.sample) }));
  }
  const text = withInfinity(entry);
  if (!text.ok) return refused(text.error, 'NaN is no value');
  // Read once as a reader would: these lines are few, and a recording that cannot be read is found out too late.
  const read = parseEntry(text.value, { source, line: 0 });
  return read.ok ? ok(text.value) : failed({ ...read.error, place: read.error.place.replace('line 0', entry.kind) });
};
