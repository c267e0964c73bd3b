/** Packet: what goes from node to node without a server between them (M5), and its schema at the edge. */
import * as z from 'zod';
import { type BadInput, failed, guestSchema, hostSchema, malformed, ok, type Result } from '../../model/index.js';
import type { Message } from './messages.js';
import type { Reply } from './replies.js';
import { messageSchema, replySchema, samples } from './schema.js';
import type { Statistics } from './statistics.js';
import { ordinal } from './wire.js';

/** What goes from node to node. */
export type Packet =
  | Statistics
  /** The sender's client asks the server of the receiver's guests. */
  | { readonly kind: 'question'; readonly message: Message }
  /** The server of the sender's guests answers the receiver's client. */
  | { readonly kind: 'answer'; readonly reply: Reply };

/** A node tells of its own guests only. */
const packetSchema: z.ZodType<Packet> = /* @__PURE__ */ z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('statistics'),
      incarnation: ordinal,
      sequence: ordinal,
      host: hostSchema,
      guests: z.array(guestSchema),
      samples,
    }),
    z.strictObject({ kind: z.literal('question'), message: messageSchema }),
    z.strictObject({ kind: z.literal('answer'), reply: replySchema }),
  ])
  .superRefine((packet, context) => {
    if (packet.kind !== 'statistics') return;
    packet.guests.forEach(({ host }, i) => {
      if (host !== packet.host.id)
        context.addIssue({ code: 'custom', path: ['guests', i, 'host'], message: `is not "${packet.host.id}"` });
    });
  });

/** Reads what came from another node, or says why it is none. */
export const readPacket = (value: unknown): Result<Packet, BadInput> => {
  const read = packetSchema.safeParse(value);
  return read.success ? ok(read.data) : failed(malformed('node', 'packet', value, read.error));
};
