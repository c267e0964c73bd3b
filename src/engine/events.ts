/** EngineEvent: everything that an engine tells, as plain data that survives JSON. */
import type {
  BadInput,
  Cluster,
  ConvergenceAction,
  Failure,
  Inventory,
  Migration,
  MigrationId,
  MigrationOrder,
  Milliseconds,
  Outcome,
  Plan,
  Progress,
  Proposal,
  Reason,
} from '../model/index.js';
import type { EngineState } from './state/index.js';

/** What went wrong with a policy. */
export type PolicyProblem =
  /** What was offered as a policy is none; the one in force stays. */
  | 'not a policy'
  /** Whoever brings policies could not bring it; the one in force stays. */
  | 'could not be had'
  /** The stream of policies ended in an error; the one in force stays. */
  | 'no more policies'
  | 'threw'
  | 'promised'
  | 'not a plan'
  /** What a convergence policy answered is no action. */
  | 'not an action';

/** What was asked of a driver when it failed. */
export type DriverRequest = 'inventory' | 'samples' | 'in flight' | 'migration' | 'steer';

/** What happened, without its time. */
export type Happening =
  | { readonly kind: 'policy'; readonly policy: string }
  | {
      readonly kind: 'policy-failed';
      /** Its name, where it has one. */
      readonly policy?: string;
      readonly problem: PolicyProblem;
      readonly message: string;
    }
  | { readonly kind: 'trigger-failed'; readonly message: string }
  | { readonly kind: 'inventory'; readonly inventory: Inventory }
  | { readonly kind: 'bad-input'; readonly input: BadInput }
  /** What the next `decided` was decided from: the same policy gives the same plan for it again. */
  | { readonly kind: 'snapshot'; readonly cluster: Cluster }
  | { readonly kind: 'decided'; readonly policy: string; readonly plan: Plan }
  | { readonly kind: 'admitted'; readonly order: MigrationOrder; readonly because: readonly Reason[] }
  /** `because` holds only what speaks against it. */
  | { readonly kind: 'refused'; readonly proposal: Proposal; readonly because: readonly Reason[] }
  /** A move that the driver has under way, of this engine's past or of somebody else, is followed from now on. */
  | { readonly kind: 'resumed'; readonly migration: Migration }
  | { readonly kind: 'progress'; readonly migration: MigrationId; readonly progress: Progress }
  | { readonly kind: 'steered'; readonly migration: MigrationId; readonly action: ConvergenceAction }
  /** Done. Each admitted or resumed move has one `ended` or one `failed`, and nothing after it. */
  | { readonly kind: 'ended'; readonly outcome: Outcome }
  | { readonly kind: 'failed'; readonly outcome: Outcome }
  /** What another engine needs to go on from here. Told only where the engine was asked to, and before each order is given. */
  | { readonly kind: 'state'; readonly state: EngineState }
  | {
      readonly kind: 'driver-failed';
      readonly driver: string;
      readonly request: DriverRequest;
      readonly failure: Failure;
      /** The move that it was about. */
      readonly migration?: MigrationId;
      /** When it is asked again; absent where it is not. */
      readonly retryAt?: Milliseconds;
    };

/** What happened, and when by the engine's clock, that of its scheduler. */
export type EngineEvent = { readonly at: Milliseconds } & Happening;
