/** Guest client: what the client in a guest says at each turn and answer, as a pure machine (M4, M6, M10, M34). */
import { match, P } from 'ts-pattern';
import type { Guest, HostId, MigrationId, Milliseconds, Sample } from '../../model/index.js';
import { type Conversation, conversation, hear, impatient, maySpeak, say } from './conversation.js';
import type { GuestBody, GuestMessage } from './messages.js';
import type { Reply } from './replies.js';

/** What happens to a guest's client. */
export type GuestInput =
  /** It is time to report. `host` is where the guest is now, as the hypervisor tells it. */
  | { readonly kind: 'turn'; readonly samples: readonly Sample[]; readonly host: HostId }
  | { readonly kind: 'reply'; readonly reply: Reply };

/** All that a guest's client knows. It moves with the guest and goes on counting. */
export interface GuestClient {
  readonly guest: Guest;
  readonly patience: Milliseconds;
  readonly talk: Conversation<GuestBody>;
  /** The migration that the last answer told of. */
  readonly migration: MigrationId | undefined;
  readonly samples: readonly Sample[];
  readonly reportDue: boolean;
}

/** What a guest's client does: at most one message to the server. */
export interface GuestStep {
  readonly client: GuestClient;
  readonly messages: readonly GuestMessage[];
}

const longestQueue = 600;

/**
 * A client at its start.
 *
 * @param guest - `guest.host` is the host that it is on (MD43)
 * @param incarnation - rises with each start of the client
 * @param patience - how long it waits for an answer, milliseconds
 */
export const guestClient = (guest: Guest, incarnation: number, patience: Milliseconds = 3000): GuestClient => ({
  guest,
  patience,
  talk: conversation(incarnation),
  migration: undefined,
  samples: [],
  reportDue: false,
});

const nextBody = ({ talk, guest, samples, reportDue, migration }: GuestClient): GuestBody | undefined => {
  if (talk.session === undefined) return { kind: 'register guest', guest };
  if (!reportDue) return undefined;
  return { kind: 'report guest', samples, host: guest.host, ...(migration === undefined ? {} : { migration }) };
};

const speak = (client: GuestClient, at: Milliseconds): GuestStep => {
  const body = maySpeak(client.talk) ? nextBody(client) : undefined;
  if (!body) return { client, messages: [] };
  const { conversation: talk, message } = say(client.talk, { kind: 'guest', id: client.guest.id }, body, at);
  return { client: { ...client, talk }, messages: [message] };
};

const reported = (client: GuestClient, said: GuestBody): GuestClient =>
  said.kind === 'report guest'
    ? {
        ...client,
        samples: client.samples.filter((sample) => !said.samples.includes(sample)),
        reportDue: false,
      }
    : client;

const heardReply = (client: GuestClient, reply: Reply, at: Milliseconds): GuestStep => {
  const heard = hear(client.talk, { kind: 'guest', id: client.guest.id }, reply);
  if (!heard) return { client, messages: [] };
  const after: GuestClient = { ...client, talk: heard.conversation };
  return (
    match(heard.answer)
      .returnType<GuestStep>()
      .with({ kind: 'accepted' }, ({ migration }) => speak({ ...reported(after, heard.said), migration }, at))
      .with({ kind: 'malformed' }, () => speak(reported(after, heard.said), at))
      .with({ kind: P.union('registered', 'register first', 'stale') }, () => speak(after, at))
      // Its host is not registered yet: it tries again at the next turn.
      .with({ kind: 'refused' }, () => ({ client: after, messages: [] }))
      .with({ kind: P.union('orders', 'ordered', 'recall') }, () => ({ client: after, messages: [] }))
      .exhaustive()
  );
};

/** What a guest's client says when something happens to it. Pure and total. */
export const guestClientStep = (client: GuestClient, input: GuestInput, at: Milliseconds): GuestStep =>
  match(input)
    .returnType<GuestStep>()
    .with({ kind: 'turn' }, ({ samples, host }) =>
      speak(
        {
          ...client,
          guest: { ...client.guest, host },
          talk: impatient(client.talk, client.patience, at),
          samples: [...client.samples, ...samples].slice(-longestQueue),
          reportDue: true,
        },
        at,
      ),
    )
    .with({ kind: 'reply' }, ({ reply }) => heardReply(client, reply, at))
    .exhaustive();
