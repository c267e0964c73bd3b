/** Plan options: the flags of `evaluate plan` as settings of a planner. */
import * as z from 'zod';
import { readExpression } from '../../src/configuration/index.js';
import type { ObservedGuest } from '../../src/model/index.js';
import type { PlannerSettings } from '../../src/policies/index.js';
import { number } from './flags.js';
import type { ClusterState } from './plan-state.js';

const share = number.pipe(z.number().min(0).max(1));
const count = number.pipe(z.number().int().nonnegative());
const positive = number.pipe(z.number().int().positive());

/** What an expression of reluctance may ask of a guest, in the units of its file. */
const guestNames = ['priority', 'vcpus', 'cpu', 'memory', 'dirty'] as const;

const weight = z.string().transform((text, context) => {
  const read = readExpression(text, guestNames);
  if (read.ok) return read.value;
  context.issues.push({ code: 'custom', message: read.error, input: text });
  return z.NEVER;
});

/** The flags. */
export const planOptions = z.strictObject({
  goal: z.enum(['relieve', 'balance', 'consolidate']).default('balance'),
  of: z.enum(['cpu', 'memory', 'cpu+memory', 'hbal']).default('cpu'),
  by: z.exactOptional(
    z
      .string()
      .transform((text) => text.replace('-', ' '))
      .pipe(z.enum(['mean deviation', 'standard deviation', 'both', 'largest host'])),
  ),
  within: z.exactOptional(share),
  budget: z.exactOptional(count),
  minimise: z.enum(['moves', 'memory', 'time']).default('moves'),
  mark: share.prefault('0.8'),
  encoding: z.enum(['given', 'measured', 'ratio']).default('given'),
  'per-host': positive.prefault('1'),
  'per-link': z.exactOptional(positive),
  reluctance: z.exactOptional(weight),
  runs: positive.prefault('15'),
  json: z.boolean().default(false),
});
export type PlanOptions = z.infer<typeof planOptions>;

/** How to call it. */
export const planUsage =
  '  plan FILE... --goal relieve|balance|consolidate --of cpu|memory|cpu+memory|hbal [--budget K] [--mark 0.8] [--json]\n' +
  '               [--by mean-deviation|standard-deviation|both|largest-host] [--within 0.01] [--runs N]\n' +
  '               [--minimise moves|memory|time] [--encoding given|measured|ratio] [--per-host 1] [--per-link N]\n' +
  `               [--reluctance EXPRESSION]   what a move of a guest weighs, by ${guestNames.join(', ')} as in its file\n` +
  '                   a plan for each cluster state (format cluster-state/1)';

/** What a move of each guest weighs, by the figures of its file; one whose priority is not given has 1. */
const reluctanceOf = (
  expression: NonNullable<PlanOptions['reluctance']>,
  { vms }: ClusterState,
): ((guest: ObservedGuest) => number) => {
  const weights = new Map(
    vms.map(({ id, priority = 1, vcpus, cpuUse, memMiB, dirtyMiBs }) => {
      const figures: Readonly<Record<string, number>> = {
        priority,
        vcpus,
        cpu: cpuUse,
        memory: memMiB,
        dirty: dirtyMiBs,
      };
      return [id, expression.value(...expression.names.map((name) => figures[name] ?? NaN))];
    }),
  );
  // What cannot be worked out is no number, and then the guest stays.
  return ({ id }) => weights.get(id) ?? NaN;
};

const goalOf = ({ goal, of, by, within, minimise, mark, encoding }: PlanOptions): PlannerSettings['goal'] => {
  if (goal === 'relieve') return { relieve: { mark, minimise } };
  if (goal === 'consolidate') return { consolidate: { fill: mark } };
  if (of === 'hbal') return { hbal: { encoding } };
  return { balance: { of, ...(by === undefined ? {} : { by }), ...(within === undefined ? {} : { within }) } };
};

/** Settings of a planner for a state. */
export const settingsFor = (options: PlanOptions, state: ClusterState): PlannerSettings => {
  const { budget, reluctance } = options;
  return {
    goal: goalOf(options),
    perHost: options['per-host'],
    ...(options['per-link'] === undefined ? {} : { perLink: options['per-link'] }),
    ...(budget === undefined ? {} : { budget: { moves: budget } }),
    ...(reluctance ? { reluctance: reluctanceOf(reluctance, state) } : {}),
  };
};
