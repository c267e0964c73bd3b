/** EngineOptions: what an engine is made from, checked before anything is begun. */
import { asyncScheduler, isObservable, type Observable, type SchedulerLike } from 'rxjs';
import * as z from 'zod';
import type { Driver } from '../drivers/index.js';
import { hours, type MigrationId, type Milliseconds, minutes, seconds } from '../model/index.js';
import { type BrokenPolicy, type Constraint, type Policy, settingsOf, standardConstraints } from '../policies/index.js';
import type { BackOff } from './back-off.js';
import { type ConvergencePolicy, leaveAlone } from './convergence/index.js';
import type { Limits, Move } from './limits.js';
import { isPolicy } from './policy-form.js';
import { type EngineState, engineStateSchema } from './state/index.js';

/** When to decide: at a tempo, or whenever something emits. */
export type Tempo =
  | { readonly every: Milliseconds; readonly trigger?: never; readonly staleAfter?: Milliseconds }
  | {
      readonly trigger: Observable<unknown>;
      readonly every?: never;
      /** Without a tempo there is no default for it. */
      readonly staleAfter: Milliseconds;
    };

/** Names an order: a pure function of the move, the time of the decision, and how many orders this engine gave before. */
export type NameOf = (move: Move, at: Milliseconds, before: number) => MigrationId;

/** What an engine is made from. */
export type EngineOptions = Tempo & {
  readonly driver: Driver;
  /** One policy, or a stream of them: the newest is in force, and one that could not be had is an event. */
  readonly policy: Policy | Observable<Policy | BrokenPolicy>;
  /** How many moves at once. Default: one per host, no limit per link or in total. Where given, what is left out is not limited. */
  readonly limits?: Limits;
  /** Age from which a subject's last sample no longer counts. Default: three times `every`. */
  readonly staleAfter?: Milliseconds;
  /** How far a sample's time may be ahead of the engine's clock. Default: that of the observatory. */
  readonly tolerateFuture?: Milliseconds;
  /** Recent samples kept per subject, to warm up the signals of a policy put in force later. Default: that of the observatory. */
  readonly keep?: number;
  /** How long guests wait after failed moves. Default: a minute, doubling up to an hour. */
  readonly backOff?: BackOff;
  /** How long to wait before a driver is asked again after it failed. Default: a second, doubling up to a minute. */
  readonly retry?: BackOff;
  /** What is asked of moves that do not settle. Default: nothing. */
  readonly convergence?: ConvergencePolicy;
  /** How long outcomes stay in snapshots. Default: an hour. */
  readonly remember?: Milliseconds;
  /**
   * How long the inventory is given to show where the guest of a finished move stands, before it is believed again.
   * Default: `staleAfter`.
   */
  readonly settle?: Milliseconds;
  /** What every admitted move has to keep. Default: the standard ones; a list that is given replaces them. */
  readonly constraints?: readonly Constraint[];
  /** Default: guest, time and count. */
  readonly idOf?: NameOf;
  /**
   * Where an earlier engine was, as it told it: this one goes on from there (W3). What it had ordered is looked for among what
   * the driver has under way; an order that is not there is judged by where its guest stands.
   */
  readonly state?: EngineState;
  /**
   * Whether the state is told: `moves`, whenever the book of moves changes, and always before an order is given;
   * `everything`, at every decision too, with the recent samples. Default: not at all.
   */
  readonly tellState?: 'moves' | 'everything';
  /** The engine's clock. Default: that of the machine. */
  readonly scheduler?: SchedulerLike;
};

/** Options with every default filled in. */
export interface EngineSettings {
  readonly driver: Driver;
  readonly policy: Policy | Observable<Policy | BrokenPolicy>;
  readonly tempo: Milliseconds | Observable<unknown>;
  readonly limits: Limits;
  readonly staleAfter: Milliseconds;
  readonly tolerateFuture: Milliseconds | undefined;
  readonly keep: number | undefined;
  readonly backOff: BackOff;
  readonly retry: BackOff;
  readonly convergence: ConvergencePolicy;
  readonly remember: Milliseconds;
  readonly settle: Milliseconds;
  readonly constraints: readonly Constraint[];
  readonly idOf: NameOf;
  readonly state: EngineState | undefined;
  readonly tellState: 'moves' | 'everything' | undefined;
  readonly scheduler: SchedulerLike;
}

const has = (value: unknown, names: readonly string[]): boolean =>
  typeof value === 'object' &&
  value !== null &&
  names.every((name) => typeof (value as Readonly<Record<string, unknown>>)[name] === 'function');

const isFunction = (value: unknown): boolean => typeof value === 'function';
const named = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'name' in value && typeof value.name === 'string';

const driverSchema = /* @__PURE__ */ z.custom<Driver>(
  (value) => named(value) && has(value, ['inventory', 'samples', 'migrate', 'steer', 'inFlight', 'follow']),
  'is not a driver: it needs a name and the functions inventory, samples, migrate, steer, inFlight, follow',
);

const length = /* @__PURE__ */ z.number().positive();
const limit = /* @__PURE__ */ z.int().nonnegative();
const optional = z.exactOptional;

const backOffSchema = /* @__PURE__ */ z
  .strictObject({ first: length, factor: /* @__PURE__ */ z.number().min(1), longest: length })
  .refine(({ first, longest }) => longest >= first, {
    path: ['longest'],
    message: 'is below the first wait',
  });

const optionsSchema = /* @__PURE__ */ z
  .strictObject({
    driver: driverSchema,
    policy: /* @__PURE__ */ z.custom<Policy | Observable<Policy | BrokenPolicy>>(
      (value) => isObservable(value) || isPolicy(value),
      'is not a policy (a name, a watch, a plan function) nor an Observable of policies',
    ),
    every: /* @__PURE__ */ optional(length),
    trigger: /* @__PURE__ */ optional(
      /* @__PURE__ */ z.custom<Observable<unknown>>(isObservable, 'is not an Observable'),
    ),
    limits: /* @__PURE__ */ optional(
      /* @__PURE__ */ z.strictObject({
        perHost: /* @__PURE__ */ optional(limit),
        perLink: /* @__PURE__ */ optional(limit),
        total: /* @__PURE__ */ optional(limit),
      }),
    ),
    staleAfter: /* @__PURE__ */ optional(length),
    tolerateFuture: /* @__PURE__ */ optional(/* @__PURE__ */ z.number().nonnegative()),
    keep: /* @__PURE__ */ optional(limit),
    backOff: /* @__PURE__ */ optional(backOffSchema),
    retry: /* @__PURE__ */ optional(backOffSchema),
    convergence: /* @__PURE__ */ optional(
      /* @__PURE__ */ z.custom<ConvergencePolicy>(isFunction, 'is not a function of progress'),
    ),
    remember: /* @__PURE__ */ optional(/* @__PURE__ */ z.number().nonnegative()),
    settle: /* @__PURE__ */ optional(/* @__PURE__ */ z.number().nonnegative()),
    constraints: /* @__PURE__ */ optional(
      /* @__PURE__ */ z.array(
        /* @__PURE__ */ z.custom<Constraint>(
          (value) => named(value) && has(value, ['judge']),
          'is not a constraint: it needs a name and the function judge',
        ),
      ),
    ),
    idOf: /* @__PURE__ */ optional(/* @__PURE__ */ z.custom<NameOf>(isFunction, 'is not a function of a move')),
    state: /* @__PURE__ */ optional(engineStateSchema),
    tellState: /* @__PURE__ */ optional(/* @__PURE__ */ z.enum(['moves', 'everything'])),
    scheduler: /* @__PURE__ */ optional(
      /* @__PURE__ */ z.custom<SchedulerLike>(
        (value) => has(value, ['now', 'schedule']),
        'is not a scheduler: it needs the functions now and schedule',
      ),
    ),
  })
  .superRefine(({ every, trigger, staleAfter }, context) => {
    if ((every === undefined) === (trigger === undefined))
      context.addIssue({ code: 'custom', path: ['every'], message: 'give either every or trigger' });
    else if (trigger && staleAfter === undefined)
      context.addIssue({ code: 'custom', path: ['staleAfter'], message: 'is needed where trigger is given' });
  });

const defaultName: NameOf = ({ guest }, at, before) => `${guest}@${at}#${before}`;

/**
 * Checks options and fills in what is left out.
 *
 * @throws SettingsError at once where an option is unknown, missing or wrong; its message has a line for each, the path first
 */
export const engineSettings = (options: EngineOptions): EngineSettings => {
  const { every, trigger, ...given } = settingsOf('engine', optionsSchema, options);
  // Checked above: there is one of them, and with a trigger there is a staleAfter.
  const tempo = (every ?? trigger) as Milliseconds | Observable<unknown>;
  const staleAfter = given.staleAfter ?? 3 * (every ?? 0);
  return {
    driver: given.driver,
    policy: given.policy,
    tempo,
    // One per host is the default of OpenStack Nova too (max_concurrent_live_migrations).
    limits: given.limits ?? { perHost: 1 },
    staleAfter,
    tolerateFuture: given.tolerateFuture,
    keep: given.keep,
    backOff: given.backOff ?? { first: minutes(1), factor: 2, longest: hours(1) },
    retry: given.retry ?? { first: seconds(1), factor: 2, longest: minutes(1) },
    convergence: given.convergence ?? leaveAlone,
    remember: given.remember ?? hours(1),
    settle: given.settle ?? staleAfter,
    constraints: given.constraints ?? standardConstraints,
    idOf: given.idOf ?? defaultName,
    state: given.state,
    tellState: given.tellState,
    scheduler: given.scheduler ?? asyncScheduler,
  };
};
