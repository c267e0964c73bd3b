/** Settings of muda, with the thesis' values as defaults, the two profiles, and what is refused. */
import * as z from 'zod';
import type { RemainingLife } from '../../estimators/index.js';
import {
  type BytesPerSecond,
  type Fraction,
  type Milliseconds,
  type ObservedGuest,
  percent,
  seconds,
} from '../../model/index.js';
import { type Classifier, thesisRule, type WorkloadClass } from '../classification/index.js';
import type { Constraint } from '../constraint.js';
import { standardConstraints } from '../constraints/standard.js';
import { settingsOf } from '../settings.js';
import { type Program, programSchema } from './programs.js';

/** Rule 1 (Muda, §6.4; M12, M14). */
export interface LoadRule {
  /** Which load average. @defaultValue 'one' */
  readonly average?: 'one' | 'five' | 'fifteen';
  /** Falling steps in a row that are ignored. @defaultValue 3 */
  readonly tolerance?: number;
  /** What the tolerance counts: falling steps, or entries that fall (M14, readings 1 and 2). @defaultValue 'steps' */
  readonly counting?: 'steps' | 'entries';
  /** Whether a falling trend is protected too. @defaultValue false */
  readonly symmetric?: boolean;
}

/** Rule 2 (Muda, §6.4; M13). Both bounds are inclusive. */
export interface UseRule {
  /** Share of processor time from which on one process counts. @defaultValue 0.7 */
  readonly process?: Fraction;
  /** Share of time waiting for input and output from which on it counts. @defaultValue 0.1 */
  readonly iowait?: Fraction;
  /** For how long. @defaultValue 20 s */
  readonly for?: Milliseconds;
  /** Contrary samples in a row that do not end a spell; 0 where the tolerance is the trend's alone (M14). @defaultValue 3 */
  readonly tolerance?: number;
  /** Whether one process must be over the bound throughout, told by its name (M9), or any one at each sample. @defaultValue 'same' */
  readonly by?: 'same' | 'any';
  /** Whether computing and waiting have spells of their own, or share one. @defaultValue 'apart' */
  readonly spells?: 'apart' | 'joined';
  /** Whether the share of a process is of one vCPU, or of all that the guest has. @defaultValue 'one' */
  readonly of?: 'one' | 'all';
}

/** Rule 3 and the time that a move is expected to take (Muda, §6.4; M15, M17, M46). */
export interface LengthRule {
  /** Whether the use must have lasted as long as the move takes, or be likely to go on as long. @defaultValue 'past' */
  readonly reading?: 'past' | 'future';
  /** Processes whose memory is sent once more: over the bound of rule 2, or all with processor time. @defaultValue 'over the bound' */
  readonly active?: 'over the bound' | 'all';
  /** The most that a migration uses of the link (M37). @defaultValue none */
  readonly ceiling?: BytesPerSecond;
  /** Least chance that the use outlasts the move, where the future is asked. @defaultValue 0.5 */
  readonly chance?: Fraction;
  /** What is believed of the rest of a use of some age. @defaultValue what is busy for a time goes on for as long (M46) */
  readonly life?: (guest: ObservedGuest, age: Milliseconds) => RemainingLife;
}

/** The largest acceptable duration, once a host is chosen (Muda, §6.5.3; M18). */
export interface AcceptableRule {
  /** Synchronisations of the occupied memory that are counted. @defaultValue 1 */
  readonly p?: number;
  /** @defaultValue 120 s */
  readonly most?: Milliseconds;
}

/** What a guest needs (Muda, §6.3; M20 to M24). */
export interface NeedRule {
  /** Which time counts as computing (M22). @defaultValue 'user' in profile `asBuilt`, else 'user+system' */
  readonly counts?: 'user' | 'user+system';
  /** Points of difference between CPU and I/O wait from which on one of them decides (M20). @defaultValue 0.3 */
  readonly dramatic?: Fraction;
  /** Share of memory in use from which on a guest counts as paging (M23). @defaultValue 0.9 */
  readonly occupied?: Fraction;
  /** Share of the present bandwidth from which on bandwidth is the first tie-breaker (M24). @defaultValue 0.5 */
  readonly network?: Fraction;
  /** Another rule in place of the thesis'. It then counts what it counts; `counts` goes on to hold for rule 2. */
  readonly classifier?: Classifier;
}

/** The change in capability against |CPU − I/O wait| (Muda, §6.3.2; M21). */
export interface CapabilityRule {
  /** Net change over both resources by their use, or that of the larger alone. @defaultValue 'net' */
  readonly change?: 'net' | 'single';
  /** Which guests must pass it. @defaultValue 'balanced' */
  readonly asked?: 'of balanced' | 'of all';
}

/** Settings of {@link muda}. */
export interface MudaSettings {
  /**
   * `asBuilt` decides as chapter 6 does, and moves I/O-bound guests too; `strategy` as §7.5 concludes: CPU-bound guests move, none
   * while an I/O-bound job runs, and jobs known to be heavy on I/O are begun near the image (M42, M43). @defaultValue 'strategy'
   */
  readonly profile?: 'asBuilt' | 'strategy';
  readonly load?: LoadRule;
  readonly use?: UseRule;
  readonly length?: LengthRule;
  readonly acceptable?: AcceptableRule;
  readonly needs?: NeedRule;
  readonly capability?: CapabilityRule;
  /** Scores this close together do not name one host (M27). @defaultValue 0.01 */
  readonly tie?: Fraction;
  /** Whether the guest's own load counts against the host that it stands on (M29). @defaultValue 'left out' */
  readonly ownLoad?: 'left out' | 'counted';
  /** Classes that may move (M42a). @defaultValue all in profile `asBuilt`; cpu, paging and network in `strategy` */
  readonly classes?: readonly WorkloadClass[];
  /** Whether a guest may move while an I/O-bound job runs in it (M42b). @defaultValue true in profile `asBuilt` only */
  readonly duringIo?: boolean;
  /** Whether a guest is brought to its image before a program known to be heavy on I/O begins (M42c, M44). @defaultValue true in profile `strategy` only */
  readonly beforeIo?: boolean;
  /** Programs that are known, and what they need (M44). @defaultValue none */
  readonly programs?: readonly Program[];
  /** What every move must keep (M28, M45). @defaultValue {@link standardConstraints} */
  readonly constraints?: readonly Constraint[];
}

/** Settings of muda with every default filled in. */
export interface MudaRules {
  readonly load: Required<LoadRule>;
  readonly use: Required<UseRule>;
  readonly length: Required<Omit<LengthRule, 'ceiling'>> & Pick<LengthRule, 'ceiling'>;
  readonly acceptable: Required<AcceptableRule>;
  readonly counts: 'user' | 'user+system';
  readonly network: Fraction;
  readonly classifier: Classifier;
  readonly capability: Required<CapabilityRule>;
  readonly tie: Fraction;
  readonly ownLoad: 'left out' | 'counted';
  readonly classes: readonly WorkloadClass[];
  readonly duringIo: boolean;
  readonly beforeIo: boolean;
  readonly programs: readonly Program[];
  readonly constraints: readonly Constraint[];
}

/** What is compute-bound tends to stay so: the rest is as long as the age (Muda, §8.3; M46). */
const asLongAsItWas = (_: ObservedGuest, age: Milliseconds): RemainingLife => ({ kind: 'aged', age });

const profiles = {
  asBuilt: {
    counts: 'user',
    classes: ['cpu', 'io', 'balanced', 'paging', 'network'],
    duringIo: true,
    beforeIo: false,
  },
  strategy: { counts: 'user+system', classes: ['cpu', 'paging', 'network'], duringIo: false, beforeIo: true },
} as const;

const schema = /* @__PURE__ */ (() => {
  const share = z.number().min(0).max(1);
  const time = z.number().nonnegative();
  const whole = z.int().nonnegative();
  const option = z.exactOptional;
  const given = <Type>(kind: 'object' | 'function', says: string): z.ZodType<Type> =>
    z.custom<Type>((value) => typeof value === kind && value !== null, `must be ${says}`);
  return z.strictObject({
    profile: z.enum(['asBuilt', 'strategy']).default('strategy'),
    load: z.prefault(
      z.strictObject({
        average: z.enum(['one', 'five', 'fifteen']).default('one'),
        tolerance: whole.default(3),
        counting: z.enum(['steps', 'entries']).default('steps'),
        symmetric: z.boolean().default(false),
      }),
      {},
    ),
    use: z.prefault(
      z.strictObject({
        process: share.default(percent(70)),
        iowait: share.default(percent(10)),
        for: time.default(seconds(20)),
        tolerance: whole.default(3),
        by: z.enum(['same', 'any']).default('same'),
        spells: z.enum(['apart', 'joined']).default('apart'),
        of: z.enum(['one', 'all']).default('one'),
      }),
      {},
    ),
    length: z.prefault(
      z.strictObject({
        reading: z.enum(['past', 'future']).default('past'),
        active: z.enum(['over the bound', 'all']).default('over the bound'),
        ceiling: option(z.number().positive()),
        chance: share.default(0.5),
        life: given<MudaRules['length']['life']>('function', 'a function').default(() => asLongAsItWas),
      }),
      {},
    ),
    acceptable: z.prefault(z.strictObject({ p: time.default(1), most: time.default(seconds(120)) }), {}),
    needs: z.prefault(
      z.strictObject({
        counts: option(z.enum(['user', 'user+system'])),
        dramatic: share.default(percent(30)),
        occupied: share.default(percent(90)),
        network: share.default(percent(50)),
        classifier: option(given<Classifier>('object', 'a classifier')),
      }),
      {},
    ),
    capability: z.prefault(
      z.strictObject({
        change: z.enum(['net', 'single']).default('net'),
        asked: z.enum(['of balanced', 'of all']).default('of balanced'),
      }),
      {},
    ),
    tie: z.number().min(0).max(0.99).default(percent(1)),
    ownLoad: z.enum(['left out', 'counted']).default('left out'),
    classes: option(z.array(z.enum(['cpu', 'io', 'balanced', 'paging', 'network'])).readonly()),
    duringIo: option(z.boolean()),
    beforeIo: option(z.boolean()),
    programs: z.array(programSchema).readonly().default([]),
    constraints: z.array(given<Constraint>('object', 'a constraint')).readonly().default(standardConstraints),
  });
})();

/**
 * The rules that settings of muda stand for.
 *
 * @throws SettingsError with the path and the rule of every value that is wrong
 */
export const mudaRules = (input: MudaSettings): MudaRules => {
  const { profile, needs, length, ...rest } = settingsOf('muda', schema, input);
  const usual = profiles[profile];
  const { ceiling, ...ofLength } = length;
  const counts = needs.counts ?? usual.counts;
  const { process: cpu, iowait, of } = rest.use;
  return {
    ...rest,
    length: { ...ofLength, ...(ceiling !== undefined && { ceiling }) },
    counts,
    network: needs.network,
    classifier:
      needs.classifier ??
      thesisRule({
        counts,
        of,
        cpu,
        iowait,
        dramatic: needs.dramatic,
        occupied: needs.occupied,
        network: needs.network,
      }),
    classes: rest.classes ?? usual.classes,
    duringIo: rest.duringIo ?? usual.duringIo,
    beforeIo: rest.beforeIo ?? usual.beforeIo,
  };
};
