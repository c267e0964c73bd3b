/** Flight: one migration under way, its state, and what each side last said of its copy. */
import type { Failure, HostId, GuestId, MigrationOrder, Milliseconds } from '../../model/index.js';
import type { LaunchParameters } from './parameters.js';

/**
 * The states of one migration (Muda, §6.2.1; M31). `none` is a guest without a flight.
 *
 * Until `receiver ready` nobody has been told to execute, and the migration can be given up at any time. From the moment in
 * which the order to execute is handed out, only the two hosts know which copy is the guest.
 */
export type Phase =
  | { readonly kind: 'should be migrating' }
  | { readonly kind: 'parameters available'; readonly parameters: LaunchParameters }
  | { readonly kind: 'receiver ready'; readonly parameters: LaunchParameters; readonly address: string }
  /** The address is not known where the migration was found under way. */
  | { readonly kind: 'executing'; readonly address: string | undefined }
  /** The source has handed the guest over; the destination has not yet been seen to run it. */
  | { readonly kind: 'done' };

/** A state by name. */
export type PhaseName = Phase['kind'];

/** What the source last said of its copy. `gone`: it holds none. */
export type SourceView = 'unheard' | 'runs' | 'sends' | 'keeps' | 'gone';

/** What the destination last said of its copy. `void`: the receiver never ran and never will. `nothing`: it holds none. */
export type DestinationView = 'unheard' | 'receiver' | 'runs' | 'void' | 'nothing';

/** Who wanted a migration. `found`: nobody; a host told of one that the server did not know. */
export type Origin = 'decision' | 'hand' | 'recall' | 'found';

/** One migration under way. */
export interface Flight {
  readonly order: MigrationOrder;
  readonly origin: Origin;
  readonly startedAt: Milliseconds;
  readonly phase: Phase;
  /** When the state was entered. */
  readonly since: Milliseconds;
  readonly source: SourceView;
  readonly destination: DestinationView;
  /**
   * Present when the end is in doubt: since when, and why. Both sides are then asked, the source to give up sending and
   * the destination to remove the receiver. Neither can undo a handover, so their answers tell the truth.
   */
  readonly doubt?: { readonly since: Milliseconds; readonly because: Failure };
  /** The doubt has lasted too long: the hosts are free again, the guest is not touched until its end is known. */
  readonly held: boolean;
}

/** What became known of a flight. */
export type Evidence =
  | { readonly kind: 'parameters'; readonly parameters: LaunchParameters }
  | { readonly kind: 'receiver ready'; readonly address: string }
  | { readonly kind: 'execute given' }
  | { readonly kind: 'source'; readonly view: Exclude<SourceView, 'unheard'> }
  | { readonly kind: 'destination'; readonly view: Exclude<DestinationView, 'unheard'> }
  /** A side said in so many words that it failed: the source runs on, or the receiver is void. */
  | { readonly kind: 'failed'; readonly side: 'source' | 'destination'; readonly failure: Failure }
  /** Another host runs the guest. */
  | { readonly kind: 'elsewhere'; readonly host: HostId }
  /** The state has lasted too long, or a side has departed, or the migration is not wanted any more. */
  | { readonly kind: 'give up'; readonly failure: Failure }
  | { readonly kind: 'hold' }
  /** A person says which copy is the guest. */
  | { readonly kind: 'verdict'; readonly runs: 'source' | 'destination' | 'nowhere' };

/** How a flight ended, and where the guest is. */
export type Landing =
  | { readonly kind: 'done' }
  /** The source runs the guest as before, or nothing had begun. */
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** No host has the guest any more. */
  | { readonly kind: 'lost'; readonly failure: Failure }
  /** Another host than both runs it. */
  | { readonly kind: 'elsewhere'; readonly host: HostId };

/** Whether nobody has been told to execute yet. */
export const revocable = ({ phase }: Flight): boolean => phase.kind !== 'executing' && phase.kind !== 'done';

/** A failure of the protocol's own making. */
export const protocolFailure = (kind: Failure['kind'], message: string): Failure => ({
  kind,
  retryable: true,
  message,
});

/** A migration at its beginning. */
export const takeOff = (order: MigrationOrder, origin: Origin, at: Milliseconds): Flight => ({
  order,
  origin,
  startedAt: at,
  phase: { kind: 'should be migrating' },
  since: at,
  source: 'unheard',
  destination: 'unheard',
  held: false,
});

/** A migration that a host told of and that the server did not know: it may be executing, and is followed to its end. */
export const foundFlight = (order: MigrationOrder, at: Milliseconds): Flight => ({
  ...takeOff(order, 'found', at),
  phase: { kind: 'executing', address: undefined },
});

/** The flight that a guest is in. */
export const flightOf = (flights: readonly Flight[], guest: GuestId): Flight | undefined =>
  flights.find(({ order }) => order.guest === guest);
