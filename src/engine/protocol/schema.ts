/** Messages and replies at the edge: what comes over a transport is either one of them or a bad input. */
import * as z from 'zod';
import {
  type BadInput,
  failed,
  guestSchema,
  hostSchema,
  malformed,
  ok,
  type Result,
  sampleSchema,
} from '../../model/index.js';
import { copySchema, migrationOrderSchema } from './copies.js';
import type { Message, Stamp } from './messages.js';
import { launchParametersSchema } from './parameters.js';
import type { Reply } from './replies.js';
import { failureSchema, name, ordinal } from './wire.js';

const hostParty = /* @__PURE__ */ z.strictObject({ kind: z.literal('host'), id: name });
const guestParty = /* @__PURE__ */ z.strictObject({ kind: z.literal('guest'), id: name });
const userParty = /* @__PURE__ */ z.strictObject({ kind: z.literal('user'), id: name });
const party = /* @__PURE__ */ z.discriminatedUnion('kind', [hostParty, guestParty, userParty]);

const counters = { incarnation: ordinal, sequence: ordinal, session: /* @__PURE__ */ z.exactOptional(ordinal) };
const ofHost = { sender: hostParty, ...counters };
const ofGuest = { sender: guestParty, ...counters };
const ofUser = { sender: userParty, ...counters };
/** Schema of the samples of a report. */
export const samples = /* @__PURE__ */ z.array(sampleSchema);

/** Schema of {@link Message}. A party registers itself and no other. */
export const messageSchema: z.ZodType<Message> = /* @__PURE__ */ z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('register host'), ...ofHost, host: hostSchema }),
    z.strictObject({ kind: z.literal('report host'), ...ofHost, samples }),
    z.strictObject({ kind: z.literal('poll'), ...ofHost, copies: z.array(copySchema) }),
    z.strictObject({ kind: z.literal('parameters'), ...ofHost, migration: name, parameters: launchParametersSchema }),
    z.strictObject({ kind: z.literal('receiver ready'), ...ofHost, migration: name, address: z.string().max(2000) }),
    z.strictObject({ kind: z.literal('done'), ...ofHost, migration: name }),
    z.strictObject({ kind: z.literal('failed'), ...ofHost, migration: name, failure: failureSchema }),
    z.strictObject({ kind: z.literal('confirm'), ...ofHost, migration: name }),
    z.strictObject({ kind: z.literal('register guest'), ...ofGuest, guest: guestSchema }),
    z.strictObject({
      kind: z.literal('report guest'),
      ...ofGuest,
      samples,
      host: name,
      migration: z.exactOptional(name),
    }),
    z.strictObject({ kind: z.literal('order'), ...ofUser, guest: name, to: name }),
    z.strictObject({ kind: z.literal('recall'), ...ofUser, host: name }),
    z.strictObject({ kind: z.literal('stay'), ...ofUser, host: name }),
    z.strictObject({
      kind: z.literal('verdict'),
      ...ofUser,
      migration: name,
      runs: z.enum(['source', 'destination', 'nowhere']),
    }),
  ])
  .superRefine((message, context) => {
    if (message.kind === 'register host' && message.host.id !== message.sender.id)
      context.addIssue({ code: 'custom', path: ['host', 'id'], message: `is not the sender "${message.sender.id}"` });
    if (message.kind === 'register guest' && message.guest.id !== message.sender.id)
      context.addIssue({ code: 'custom', path: ['guest', 'id'], message: `is not the sender "${message.sender.id}"` });
  });

/** Schema of a message's stamp alone, so that even a message that is none can be answered. */
export const stampSchema: z.ZodType<Stamp> = /* @__PURE__ */ z.object({ sender: party, ...counters });

const order = { migration: migrationOrderSchema };
const orderSchema = /* @__PURE__ */ z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('post parameters'), ...order }),
  z.strictObject({ kind: z.literal('wait'), ...order }),
  z.strictObject({ kind: z.literal('create receiver'), ...order, parameters: launchParametersSchema }),
  z.strictObject({ kind: z.literal('execute'), ...order, address: z.string() }),
  z.strictObject({ kind: z.literal('cancel'), ...order }),
  z.strictObject({ kind: z.literal('remove receiver'), ...order }),
  z.strictObject({ kind: z.literal('release'), ...order }),
  z.strictObject({ kind: z.literal('resume'), ...order }),
  z.strictObject({ kind: z.literal('forget'), ...order }),
]);

const refusal = /* @__PURE__ */ z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('unknown guest'), guest: name }),
  z.strictObject({ kind: z.literal('unknown host'), host: name }),
  z.strictObject({ kind: z.literal('not placed'), guest: name }),
  z.strictObject({ kind: z.literal('already there'), guest: name, host: name }),
  z.strictObject({ kind: z.literal('not migratable'), guest: name }),
  z.strictObject({ kind: z.literal('guest marked'), guest: name, by: name }),
  z.strictObject({ kind: z.literal('host marked'), host: name, by: name }),
  z.strictObject({ kind: z.literal('host not active'), host: name, state: z.string() }),
  z.strictObject({ kind: z.literal('host departed'), host: name }),
  z.strictObject({ kind: z.literal('host recalled'), host: name }),
  z.strictObject({ kind: z.literal('of another node'), guest: name, host: name }),
  z.strictObject({ kind: z.literal('disk not reached'), guest: name, host: name }),
]);

const awaited = /* @__PURE__ */ z.strictObject({
  guest: name,
  host: z.exactOptional(name),
  migration: z.exactOptional(name),
  refusal: z.exactOptional(refusal),
});

/** Schema of {@link Reply}. */
export const replySchema: z.ZodType<Reply> = /* @__PURE__ */ z.strictObject({
  to: party,
  incarnation: ordinal,
  sequence: ordinal,
  session: ordinal,
  body: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('registered') }),
    z.strictObject({ kind: z.literal('register first') }),
    z.strictObject({ kind: z.literal('accepted'), migration: z.exactOptional(name) }),
    z.strictObject({ kind: z.literal('stale'), incarnation: ordinal, sequence: ordinal }),
    z.strictObject({ kind: z.literal('orders'), orders: z.array(orderSchema) }),
    z.strictObject({ kind: z.literal('ordered'), migration: migrationOrderSchema }),
    z.strictObject({ kind: z.literal('refused'), refusal }),
    z.strictObject({ kind: z.literal('malformed'), message: z.string() }),
    z.strictObject({ kind: z.literal('recall'), safe: z.boolean(), awaited: z.array(awaited) }),
  ]),
});

/** Reads a message that came over a transport, or says why it is none. */
export const readMessage = (value: unknown): Result<Message, BadInput> => {
  const read = messageSchema.safeParse(value);
  return read.success ? ok(read.data) : failed(malformed('management server', 'message', value, read.error));
};

/** Reads a reply that came over a transport, or says why it is none. */
export const readReply = (value: unknown): Result<Reply, BadInput> => {
  const read = replySchema.safeParse(value);
  return read.success ? ok(read.data) : failed(malformed('management client', 'reply', value, read.error));
};
