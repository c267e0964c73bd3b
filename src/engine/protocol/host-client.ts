/** Host client: what the client on a host says and does at each turn, answer and outcome, as a pure machine (M4, M32, M33). */
import { match, P } from 'ts-pattern';
import type { Failure, Host, MigrationId, Milliseconds, Result, Sample } from '../../model/index.js';
import { type Conversation, conversation, hear, impatient, maySpeak, say } from './conversation.js';
import { type Copy, copyOf, runs } from './copies.js';
import type { HostBody, HostMessage } from './messages.js';
import type { LaunchParameters } from './parameters.js';
import type { HostOrder, Reply } from './replies.js';

/** An order that the hypervisor carries out. */
export type Command = Exclude<HostOrder, { readonly kind: 'wait' }>;

/** What carrying out an order gives. */
export type Product =
  | { readonly kind: 'parameters'; readonly parameters: LaunchParameters }
  | { readonly kind: 'receiver'; readonly address: string }
  | { readonly kind: 'nothing' };

/** What happens to a host's client. */
export type HostInput =
  /** It is time to report and to poll: once in a report interval. */
  | { readonly kind: 'turn'; readonly samples: readonly Sample[] }
  | { readonly kind: 'reply'; readonly reply: Reply }
  /** All copies, whenever they have changed without an order: a receiver runs, a guest was shut down. */
  | { readonly kind: 'copies'; readonly copies: readonly Copy[] }
  /**
   * A command has been carried out or has failed, and all copies after it. Every command is answered once; `execute` when
   * the migration has ended.
   */
  | {
      readonly kind: 'outcome';
      readonly command: Command;
      readonly result: Result<Product, Failure>;
      readonly copies: readonly Copy[];
    };

type Notice = Extract<HostBody, { readonly migration: MigrationId }>;

/** All that a host's client knows. */
export interface HostClient {
  readonly host: Host;
  /** How long it waits for an answer. */
  readonly patience: Milliseconds;
  readonly talk: Conversation<HostBody>;
  /** All that the hypervisor holds. */
  readonly copies: readonly Copy[];
  /** Commands given to the hypervisor that it has not answered yet. */
  readonly underWay: readonly Command[];
  /** What has to be said and was not yet acknowledged, oldest first. */
  readonly notices: readonly Notice[];
  /** Arrivals that were confirmed. */
  readonly confirmed: readonly MigrationId[];
  readonly samples: readonly Sample[];
  readonly pollDue: boolean;
}

/** What a host's client does: at most one message to the server, and commands to the hypervisor, in this order. */
export interface HostStep {
  readonly client: HostClient;
  readonly messages: readonly HostMessage[];
  readonly commands: readonly Command[];
}

/** Samples that wait for a server that does not answer; the oldest are dropped. */
const longestQueue = 600;

/**
 * A client at its start.
 *
 * @param copies - all that the hypervisor holds now: a client that is started anew asks the hypervisor, and remembers nothing
 * @param incarnation - rises with each start of the client: the time of its start, or a counter that is kept
 * @param patience - how long it waits for an answer, milliseconds
 */
export const hostClient = (
  host: Host,
  copies: readonly Copy[],
  incarnation: number,
  patience: Milliseconds = 3000,
): HostClient => ({
  host,
  patience,
  talk: conversation(incarnation),
  copies,
  underWay: [],
  notices: [],
  confirmed: [],
  samples: [],
  pollDue: false,
});

/** The copies as they are told: a guest that is to be sent counts as being sent from the moment of the order. */
const toldCopies = ({ copies, underWay }: HostClient): readonly Copy[] =>
  copies.map((copy) => {
    const sending = underWay.find(({ kind, migration }) => kind === 'execute' && migration.guest === copy.guest);
    return sending && copy.state === 'running'
      ? { guest: copy.guest, state: 'outgoing', migration: sending.migration }
      : copy;
  });

const nextBody = (client: HostClient): HostBody | undefined => {
  const { talk, host, notices, samples, pollDue } = client;
  if (talk.session === undefined) return { kind: 'register host', host };
  if (notices[0]) return notices[0];
  if (samples.length > 0) return { kind: 'report host', samples };
  return pollDue ? { kind: 'poll', copies: toldCopies(client) } : undefined;
};

const speak = (client: HostClient, at: Milliseconds): HostStep => {
  const body = maySpeak(client.talk) ? nextBody(client) : undefined;
  if (!body) return { client, messages: [], commands: [] };
  const { conversation: talk, message } = say(client.talk, { kind: 'host', id: client.host.id }, body, at);
  return { client: { ...client, talk }, messages: [message], commands: [] };
};

const withNotice = (client: HostClient, notice: Notice): HostClient =>
  client.notices.some(({ kind, migration }) => kind === notice.kind && migration === notice.migration)
    ? client
    : { ...client, notices: [...client.notices, notice] };

/** The hypervisor's copies, and a confirmation for each guest that has arrived. */
const withCopies = (client: HostClient, copies: readonly Copy[]): HostClient => {
  const arrived = copies.flatMap(({ state, migration }) =>
    state === 'running' && migration?.to === client.host.id ? [migration.id] : [],
  );
  const confirmed = client.confirmed.filter((id) => arrived.includes(id));
  return arrived
    .filter((id) => !confirmed.includes(id))
    .reduce<HostClient>(
      (so, migration) => ({
        ...withNotice(so, { kind: 'confirm', migration }),
        confirmed: [...so.confirmed, migration],
      }),
      { ...client, copies, confirmed },
    );
};

/** What an outcome has to be told as. Only what the copies bear out is said in words; the rest is told by the next poll. */
const noticeOf = (command: Command, result: Result<Product, Failure>, copies: readonly Copy[]): Notice | undefined => {
  const migration = command.migration.id;
  const own = copyOf(copies, command.migration)?.state;
  const here = runs(copies, command.migration.guest);
  return match({ command, result, own, here })
    .returnType<Notice | undefined>()
    .with(
      { command: { kind: 'post parameters' }, result: { ok: true, value: { kind: 'parameters' } } },
      ({ result: { value } }) => ({ kind: 'parameters', migration, parameters: value.parameters }),
    )
    .with(
      { command: { kind: 'create receiver' }, result: { ok: true, value: { kind: 'receiver' } }, own: 'receiver' },
      ({ result: { value } }) => ({ kind: 'receiver ready', migration, address: value.address }),
    )
    .with({ command: { kind: 'execute' }, own: 'kept' }, () => ({ kind: 'done', migration }))
    .with(
      { command: { kind: P.union('post parameters', 'execute') }, result: { ok: false }, here: true },
      ({ result: { error: failure } }) => ({ kind: 'failed', migration, failure }),
    )
    .with(
      { command: { kind: 'create receiver' }, result: { ok: false }, own: P.union('void', undefined) },
      ({ result: { error: failure } }) => ({ kind: 'failed', migration, failure }),
    )
    .with({ command: P.any }, () => undefined)
    .exhaustive();
};

const sameCommand = (a: Command, b: Command): boolean => a.kind === b.kind && a.migration.id === b.migration.id;

/** What an answer settles of what was said: a notice, samples, or the poll. */
const settled = (client: HostClient, said: HostBody): HostClient =>
  match(said)
    .returnType<HostClient>()
    .with({ kind: 'register host' }, () => client)
    .with({ kind: 'report host' }, ({ samples }) => ({
      ...client,
      samples: client.samples.filter((sample) => !samples.includes(sample)),
    }))
    .with({ kind: 'poll' }, () => ({ ...client, pollDue: false }))
    .with({ kind: P.union('parameters', 'receiver ready', 'done', 'failed', 'confirm') }, (notice) => ({
      ...client,
      notices: client.notices.filter((one) => one !== notice),
    }))
    .exhaustive();

const heardReply = (client: HostClient, reply: Reply, at: Milliseconds): HostStep => {
  const heard = hear(client.talk, { kind: 'host', id: client.host.id }, reply);
  if (!heard) return { client, messages: [], commands: [] };
  const after: HostClient = { ...client, talk: heard.conversation };
  return (
    match(heard.answer)
      .returnType<HostStep>()
      .with({ kind: 'orders' }, ({ orders }) => {
        const commands = orders.flatMap((order) =>
          order.kind === 'wait' || after.underWay.some((one) => sameCommand(one, order)) ? [] : [order],
        );
        const busy: HostClient = { ...settled(after, heard.said), underWay: [...after.underWay, ...commands] };
        return { ...speak(busy, at), commands };
      })
      // What the server cannot read is not said again.
      .with({ kind: P.union('accepted', 'malformed') }, () => speak(settled(after, heard.said), at))
      .with({ kind: P.union('registered', 'register first', 'stale') }, () => speak(after, at))
      // Answers that no host is given; the next turn goes on.
      .with({ kind: P.union('ordered', 'refused', 'recall') }, () => ({ client: after, messages: [], commands: [] }))
      .exhaustive()
  );
};

/**
 * What a host's client says and does when something happens to it. Pure and total.
 *
 * At each turn it registers if it has to, says what it has to say, reports, and polls; it carries out what it is told.
 * All that it must not forget is the hypervisor's to remember, so it may crash and start anew at any time.
 */
export const hostClientStep = (client: HostClient, input: HostInput, at: Milliseconds): HostStep =>
  match(input)
    .returnType<HostStep>()
    .with({ kind: 'turn' }, ({ samples }) =>
      speak(
        {
          ...client,
          talk: impatient(client.talk, client.patience, at),
          samples: [...client.samples, ...samples].slice(-longestQueue),
          pollDue: true,
        },
        at,
      ),
    )
    .with({ kind: 'reply' }, ({ reply }) => heardReply(client, reply, at))
    .with({ kind: 'copies' }, ({ copies }) => speak(withCopies(client, copies), at))
    .with({ kind: 'outcome' }, ({ command, result, copies }) => {
      const underWay = client.underWay.filter((one) => !sameCommand(one, command));
      const notice = noticeOf(command, result, copies);
      const after = withCopies({ ...client, underWay }, copies);
      return speak(notice ? withNotice(after, notice) : after, at);
    })
    .exhaustive();
