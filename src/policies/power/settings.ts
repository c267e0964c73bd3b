/** Settings of consolidation, with their defaults, and what is refused. */
import * as z from 'zod';
import { type Fraction, type Milliseconds, minutes } from '../../model/index.js';
import type { Constraint } from '../constraint.js';
import { standardConstraints } from '../constraints/standard.js';
import { settingsOf } from '../settings.js';

/** Settings of {@link consolidate}. The defaults keep hosts at 63 ± 18 %, as VMware DPM does (Gulati et al. 2012). */
export interface ConsolidateSettings {
  /** Share of its processors below which a host may be emptied. @defaultValue 0.45 */
  readonly low?: Fraction;
  /** Share up to which hosts are filled. @defaultValue 0.63 */
  readonly fill?: Fraction;
  /** Share above which a host is relieved. @defaultValue 0.81 */
  readonly high?: Fraction;
  /** How long a host must have been below `low` before it is emptied, or switched off: down slowly. @defaultValue 40 minutes */
  readonly down?: Milliseconds;
  /** How long a host must have been above `high` before it is relieved: up fast. @defaultValue 5 minutes */
  readonly up?: Milliseconds;
  /** Hosts that one plan may empty. @defaultValue 1 */
  readonly atOnce?: number;
  /** Empty hosts to keep switched on. @defaultValue 0 */
  readonly spare?: number;
  /** What every move must keep. @defaultValue {@link standardConstraints} */
  readonly constraints?: readonly Constraint[];
}

/** Settings of consolidation with every default filled in. */
export type ConsolidateRules = Required<ConsolidateSettings>;

const schema = /* @__PURE__ */ (() => {
  const share = z.number().min(0).max(1);
  const time = z.number().nonnegative();
  return z
    .strictObject({
      low: share.default(0.45),
      fill: share.default(0.63),
      high: share.default(0.81),
      down: time.default(minutes(40)),
      up: time.default(minutes(5)),
      atOnce: z.int().nonnegative().default(1),
      spare: z.int().nonnegative().default(0),
      constraints: z
        .array(z.custom<Constraint>((value) => typeof value === 'object' && value !== null, 'must be a constraint'))
        .readonly()
        .default(standardConstraints),
    })
    .superRefine(({ low, fill, high }, context) => {
      const refuse = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message });
      if (fill < low) refuse('fill', `${fill} is below low ${low}`);
      if (high < fill) refuse('high', `${high} is below fill ${fill}`);
    });
})();

/**
 * The rules that settings of consolidation stand for.
 *
 * @throws SettingsError with the path and the rule of every value that is wrong
 */
export const consolidateRules = (settings: ConsolidateSettings): ConsolidateRules =>
  settingsOf('consolidate', schema, settings);
