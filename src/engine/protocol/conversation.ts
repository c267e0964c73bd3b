/** Conversation: one open question at a time, numbered, so that an answer that comes late is never taken for another (M4). */
import type { Milliseconds } from '../../model/index.js';
import type { Party, Stamp } from './messages.js';
import type { Reply, ReplyBody } from './replies.js';

/** A client's side of its conversation with the server. */
export interface Conversation<Body> {
  readonly incarnation: number;
  /** Of the last message sent. */
  readonly sequence: number;
  /** The life of the server that it is registered with. */
  readonly session: number | undefined;
  /** What was said last and not answered yet. */
  readonly open?: { readonly sequence: number; readonly since: Milliseconds; readonly body: Body };
  /** Another client speaks for the same party, with a later start: this one is silent for good. */
  readonly superseded: boolean;
}

/** An answer, with the question that it belongs to. */
export interface Heard<Body> {
  readonly conversation: Conversation<Body>;
  readonly said: Body;
  readonly answer: ReplyBody;
}

/** A conversation that has not begun. `incarnation` rises with each start of the client: the time of its start, or a kept counter. */
export const conversation = (incarnation: number): Conversation<never> => ({
  incarnation,
  sequence: 0,
  session: undefined,
  superseded: false,
});

/** Whether something may be said now. */
export const maySpeak = <Body>({ open, superseded }: Conversation<Body>): boolean => open === undefined && !superseded;

/** Says something and waits for its answer. */
export const say = <Sender extends Party, Body>(
  { incarnation, sequence: last, session, superseded }: Conversation<Body>,
  sender: Sender,
  body: Body,
  at: Milliseconds,
): { readonly conversation: Conversation<Body>; readonly message: Body & Stamp<Sender> } => {
  const sequence = last + 1;
  return {
    conversation: { incarnation, sequence, session, superseded, open: { sequence, since: at, body } },
    message: { ...body, sender, incarnation, sequence, ...(session === undefined ? {} : { session }) },
  };
};

const closed = <Body>({ incarnation, sequence, session, superseded }: Conversation<Body>): Conversation<Body> => ({
  incarnation,
  sequence,
  session,
  superseded,
});

/** Gives up waiting for an answer that has not come in time. What was said may or may not have been heard. */
export const impatient = <Body>(
  talk: Conversation<Body>,
  patience: Milliseconds,
  at: Milliseconds,
): Conversation<Body> => (talk.open && at - talk.open.since >= patience ? closed(talk) : talk);

/** Takes an answer, if it is one to the open question; otherwise it came late, twice, or to somebody else. */
export const hear = <Body>(talk: Conversation<Body>, sender: Party, reply: Reply): Heard<Body> | undefined => {
  const { open } = talk;
  if (reply.to.kind !== sender.kind || reply.to.id !== sender.id) return undefined;
  if (!open || reply.incarnation !== talk.incarnation || reply.sequence !== open.sequence) return undefined;
  const answer = reply.body;
  const after = closed(talk);
  if (answer.kind === 'registered')
    return { conversation: { ...after, session: reply.session }, said: open.body, answer };
  if (answer.kind === 'register first')
    return { conversation: { ...after, session: undefined }, said: open.body, answer };
  if (answer.kind === 'stale' && answer.incarnation > talk.incarnation)
    return { conversation: { ...after, superseded: true }, said: open.body, answer };
  // A server that was started anew in between knows nothing of the question.
  return talk.session === undefined || reply.session === talk.session
    ? { conversation: after, said: open.body, answer }
    : undefined;
};
