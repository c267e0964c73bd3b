/** Messages: turns a line of QMP into what it says. */
import * as z from 'zod';
import { failed, type Milliseconds, ok, pathText, printable, type Result } from '../../model/index.js';

/** Something that happened in a QEMU. */
export interface QmpEvent {
  readonly event: string;
  /** By QEMU's clock; absent where QEMU could not read it. */
  readonly at?: Milliseconds;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Who greets: versions of QEMU. */
export interface QmpGreeting {
  readonly major: number;
  readonly minor: number;
  readonly micro: number;
  readonly package: string;
}

/** What QEMU says of a command that it did not carry out. */
export interface QmpProblem {
  readonly class: string;
  readonly desc: string;
}

/** One line of QMP. An answer without a number is to a line that QEMU could not read. */
export type QmpMessage =
  | { readonly kind: 'greeting'; readonly greeting: QmpGreeting }
  | { readonly kind: 'event'; readonly event: QmpEvent }
  | { readonly kind: 'answer'; readonly id: string | undefined; readonly value: unknown }
  | { readonly kind: 'refusal'; readonly id: string | undefined; readonly problem: QmpProblem };

const record = /* @__PURE__ */ z.record(/* @__PURE__ */ z.string(), /* @__PURE__ */ z.unknown());
const number = /* @__PURE__ */ z.int().nonnegative();
const id = /* @__PURE__ */ z.optional(/* @__PURE__ */ z.string());

const greetingSchema = /* @__PURE__ */ z
  .object({
    QMP: /* @__PURE__ */ z.object({
      version: /* @__PURE__ */ z.object({
        qemu: /* @__PURE__ */ z.object({ major: number, minor: number, micro: number }),
        package: /* @__PURE__ */ z.string().default(''),
      }),
    }),
  })
  .transform(({ QMP: { version } }): QmpMessage => ({
    kind: 'greeting',
    greeting: { ...version.qemu, package: version.package },
  }));

const eventSchema = /* @__PURE__ */ z
  .object({
    event: /* @__PURE__ */ z.string(),
    data: /* @__PURE__ */ record.default({}),
    // QEMU says -1 where it cannot read its clock.
    timestamp: /* @__PURE__ */ z.object({ seconds: z.number(), microseconds: z.number() }),
  })
  .transform(({ event, data, timestamp: { seconds, microseconds } }): QmpMessage => {
    const at = seconds * 1000 + microseconds / 1000;
    return { kind: 'event', event: { event, data, ...(seconds >= 0 ? { at } : {}) } };
  });

const answerSchema = /* @__PURE__ */ z
  .object({ return: /* @__PURE__ */ z.unknown().refine((value) => value !== undefined), id })
  .transform((answer): QmpMessage => ({ kind: 'answer', id: answer.id, value: answer.return }));

const refusalSchema = /* @__PURE__ */ z
  .object({ error: /* @__PURE__ */ z.object({ class: z.string(), desc: z.string() }), id })
  .transform(({ error, id: of }): QmpMessage => ({ kind: 'refusal', id: of, problem: error }));

const schemaOf = (message: object): z.ZodType<QmpMessage> | undefined => {
  if ('event' in message) return eventSchema;
  if ('error' in message) return refusalSchema;
  if ('return' in message) return answerSchema;
  return 'QMP' in message ? greetingSchema : undefined;
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

/** What a line says, or in which way it is none of QMP's. */
export const readMessage = (line: string): Result<QmpMessage, string> => {
  const value = parsed(line);
  if (typeof value !== 'object' || value === null) return failed(`is no JSON object: ${printable(line)}`);
  const schema = schemaOf(value);
  if (!schema) return failed(`is no message of QMP: ${printable(line)}`);
  const message = schema.safeParse(value);
  if (message.success) return ok(message.data);
  const issue = message.error.issues[0];
  return failed(`${pathText(issue?.path ?? [])}: ${issue?.message ?? 'is wrong'}: ${printable(line)}`);
};
