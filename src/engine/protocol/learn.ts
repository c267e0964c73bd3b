/** Learn: one migration and one piece of evidence, to its next state or its end (M31, M34). */
import { match, P } from 'ts-pattern';
import type { Failure, Milliseconds } from '../../model/index.js';
import { type Evidence, type Flight, type Landing, type Phase, protocolFailure, revocable } from './flight.js';

/** A flight that goes on, or how it ended. */
export type Learned =
  { readonly kind: 'flies'; readonly flight: Flight } | { readonly kind: 'landed'; readonly landing: Landing };

const flies = (flight: Flight): Learned => ({ kind: 'flies', flight });
const landed = (landing: Landing): Learned => ({ kind: 'landed', landing });
const givenUp = (failure: Failure): Learned => landed({ kind: 'failed', failure });

const enter = (flight: Flight, phase: Phase, at: Milliseconds): Flight => ({ ...flight, phase, since: at });

const doubted = (flight: Flight, because: Failure, at: Milliseconds): Flight =>
  flight.doubt ? flight : { ...flight, doubt: { since: at, because } };

/** Before anybody was told to execute: the copy at the source is the guest, whatever happens. */
const beforeExecution = (flight: Flight, evidence: Evidence, at: Milliseconds): Learned =>
  match([flight.phase, evidence] as const)
    .returnType<Learned>()
    .with([{ kind: 'should be migrating' }, { kind: 'parameters' }], ([, { parameters }]) =>
      flies(enter(flight, { kind: 'parameters available', parameters }, at)),
    )
    .with([{ kind: 'parameters available' }, { kind: 'receiver ready' }], ([{ parameters }, { address }]) =>
      flies({ ...enter(flight, { kind: 'receiver ready', parameters, address }, at), destination: 'receiver' }),
    )
    .with([{ kind: 'receiver ready' }, { kind: 'execute given' }], ([{ address }]) =>
      // What the source said before it was told to execute says nothing of what it does now.
      flies({ ...enter(flight, { kind: 'executing', address }, at), source: 'unheard' }),
    )
    .with([P.any, { kind: 'source', view: 'gone' }], () =>
      givenUp(protocolFailure('not found', `${flight.order.from} does not run ${flight.order.guest}`)),
    )
    .with([{ kind: 'receiver ready' }, { kind: 'destination', view: 'nothing' }], () =>
      givenUp(protocolFailure('not found', `the receiver on ${flight.order.to} is gone`)),
    )
    .with([P.any, { kind: 'destination', view: 'void' }], () =>
      givenUp(protocolFailure('not found', `the receiver on ${flight.order.to} has ended`)),
    )
    .with([P.any, { kind: 'destination', view: 'runs' }], () =>
      givenUp(protocolFailure('conflict', `${flight.order.to} runs ${flight.order.guest} already`)),
    )
    .with([P.any, { kind: P.union('failed', 'give up') }], ([, { failure }]) => givenUp(failure))
    .with([P.any, { kind: 'elsewhere' }], ([, { host }]) => landed({ kind: 'elsewhere', host }))
    // What was said before, said again; and what cannot be said of a migration that has not begun.
    .with([P.any, { kind: P.union('parameters', 'receiver ready', 'execute given', 'hold', 'verdict') }], () =>
      flies(flight),
    )
    .with([P.any, { kind: 'source' }], ([, { view }]) => flies({ ...flight, source: view }))
    .with([P.any, { kind: 'destination' }], ([, { view }]) => flies({ ...flight, destination: view }))
    .exhaustive();

/** What the two views together say. */
const settled = (flight: Flight, at: Milliseconds): Learned => {
  const { order, phase, source, destination, doubt } = flight;
  const nowhere = protocolFailure('not found', `neither ${order.from} nor ${order.to} has ${order.guest}`);
  return (
    match({ source, destination, doubt, phase })
      .returnType<Learned>()
      .with({ destination: 'runs' }, () => landed({ kind: 'done' }))
      .with({ source: 'gone', destination: P.union('void', 'nothing') }, () =>
        landed({ kind: 'lost', failure: nowhere }),
      )
      // It was told to execute and has not, and it is not told again: the copy at the source stays the guest.
      .with({ source: 'runs', doubt: P.nonNullable }, ({ doubt: { because } }) => givenUp(because))
      .with({ source: 'runs', phase: { kind: 'executing', address: undefined } }, () =>
        givenUp(protocolFailure('cancelled', `${order.from} does not execute ${order.id}`)),
      )
      .with({ destination: 'void' }, () =>
        flies(doubted(flight, protocolFailure('not found', `the receiver on ${order.to} has ended`), at)),
      )
      .with({ destination: 'nothing' }, () =>
        flies(doubted(flight, protocolFailure('not found', `the receiver on ${order.to} is gone`), at)),
      )
      .with({ source: 'gone' }, () =>
        flies(doubted(flight, protocolFailure('not found', `${order.from} does not have ${order.guest}`), at)),
      )
      .with({ source: 'keeps', phase: { kind: 'executing' } }, () => flies(enter(flight, { kind: 'done' }, at)))
      .with({ source: P.any, destination: P.any }, () => flies(flight))
      .exhaustive()
  );
};

/** After somebody was told to execute: only the two hosts know, and nothing is guessed. */
const afterExecution = (flight: Flight, evidence: Evidence, at: Milliseconds): Learned =>
  match(evidence)
    .returnType<Learned>()
    .with({ kind: P.union('parameters', 'receiver ready') }, () => flies(flight))
    // Told once more: what it said before says nothing of what it does now.
    .with({ kind: 'execute given' }, () => flies({ ...flight, source: 'unheard' }))
    .with({ kind: 'source' }, ({ view }) => settled({ ...flight, source: view }, at))
    // A receiver that is void stays so, even when its host has forgotten it.
    .with({ kind: 'destination', view: 'nothing' }, ({ view }) =>
      settled({ ...flight, destination: flight.destination === 'void' ? 'void' : view }, at),
    )
    .with({ kind: 'destination' }, ({ view }) => settled({ ...flight, destination: view }, at))
    .with({ kind: 'failed', side: 'source' }, ({ failure }) =>
      settled({ ...doubted(flight, failure, at), source: 'runs' }, at),
    )
    .with({ kind: 'failed', side: 'destination' }, ({ failure }) =>
      settled({ ...doubted(flight, failure, at), destination: 'void' }, at),
    )
    .with({ kind: 'elsewhere' }, ({ host }) => landed({ kind: 'elsewhere', host }))
    .with({ kind: 'give up' }, ({ failure }) => settled(doubted(flight, failure, at), at))
    .with({ kind: 'hold' }, () => flies({ ...flight, held: true }))
    .with({ kind: 'verdict', runs: 'destination' }, () => landed({ kind: 'done' }))
    .with({ kind: 'verdict', runs: 'nowhere' }, () =>
      landed({ kind: 'lost', failure: protocolFailure('not found', `${flight.order.guest} was given up by hand`) }),
    )
    // The source may keep a standing copy, so it still has to be told, and to say that it runs.
    .with({ kind: 'verdict', runs: 'source' }, () =>
      settled({ ...doubted(flight, protocolFailure('cancelled', 'decided by hand'), at), destination: 'void' }, at),
    )
    .exhaustive();

/**
 * One migration and one piece of evidence, to its next state or its end. Total: evidence that does not fit the state
 * changes nothing, so what is said twice or too late does no harm.
 *
 * The handover between two hypervisors is the one atomic step, and it is not the protocol's: once the order to execute is
 * out, silence is never taken for an answer. The source keeps its copy until the destination is known to run; it may run
 * again only when the destination has said that its receiver never did.
 */
export const learn = (flight: Flight, evidence: Evidence, at: Milliseconds): Learned =>
  revocable(flight) ? beforeExecution(flight, evidence, at) : afterExecution(flight, evidence, at);
